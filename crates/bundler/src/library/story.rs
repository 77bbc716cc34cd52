//! Stories: posts without their text, which is in the spool or only in the post's file.

use bundle::{Label, Time};
use indexmap::IndexSet;
use posts::{Post, Warning};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::spool::Position;
use crate::digest::Digest;

/// A file's size and times, by which a change is noticed without reading the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    /// The size in bytes.
    pub(crate) size: u64,
    /// When its content was last written, in nanoseconds since 1970.
    pub(crate) modified: i64,
    /// When its inode last changed, in nanoseconds since 1970; 0 if unknown.
    pub(crate) changed: i64,
}

/// A post without its text. A million of them may be in memory, so each field is as small as possible.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Story {
    /// The path relative to `Config::root`, with `/` as separator on every system.
    pub(crate) path: Box<str>,
    pub(crate) stamp: Stamp,
    /// The digest of the file's bytes.
    pub(crate) digest: Digest,
    /// The slug that the post claims.
    pub(crate) slug: Box<str>,
    pub(crate) title: Box<str>,
    pub(crate) time: Time,
    pub(crate) categories: Ids,
    pub(crate) tags: Ids,
    pub(crate) securities: Ids,
    pub(crate) published: bool,
    pub(crate) warnings: Box<[Warning]>,
    /// The article's position in the spool, if the post was parsed in this build.
    #[serde(skip)]
    pub(crate) position: Option<Position>,
}

/// The ids of a story's categories, tags or securities: usually one category, one tag, and a few securities.
/// Up to four ids need no allocation.
pub(crate) type Ids = SmallVec<[LabelId; 4]>;

/// The index of a label in [`Labels`].
pub(crate) type LabelId = u32;

/// All labels of all stories, each once.
#[derive(Debug, Default)]
pub(crate) struct Labels(pub(crate) IndexSet<Label>);

impl Labels {
    /// Returns the id of a label. A new label is added first.
    pub(crate) fn intern(&mut self, label: Label) -> LabelId {
        LabelId::try_from(self.0.insert_full(label).0).unwrap_or(LabelId::MAX)
    }

    pub(crate) fn get(&self, id: LabelId) -> &Label {
        &self.0[id as usize]
    }
}

impl Story {
    pub(crate) fn new(
        path: Box<str>,
        stamp: Stamp,
        digest: Digest,
        post: &Post,
        labels: &mut Labels,
    ) -> Self {
        let mut ids = |own: &[Label]| own.iter().map(|label| labels.intern(label.clone())).collect();
        let article = &post.article;
        Self {
            path,
            stamp,
            digest,
            slug: article.slug.as_str().into(),
            title: article.title.as_str().into(),
            time: article.time,
            categories: ids(&article.categories),
            tags: ids(&article.tags),
            securities: ids(&article.securities),
            published: post.published,
            warnings: post.warnings.clone().into(),
            position: None,
        }
    }
}
