//! Stories as a build remembers them: everything but their words, which stay on the disk.

use bundle::{Label, Time};
use indexmap::IndexSet;
use posts::{Post, Warning};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::spool::Place;
use crate::digest::Digest;

/// By what a file that has changed is told without reading it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamp {
    /// In bytes.
    pub(crate) size: u64,
    /// When it was last written, in nanoseconds since 1970.
    pub(crate) modified: i64,
    /// When its entry was last changed, likewise; 0 where that is not told.
    pub(crate) changed: i64,
}

/// A post without its words. A million of them are held in memory, so each field is the smallest that does.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Story {
    /// Where it stands, relative to the folder given, with `/` between folders on every system.
    pub(crate) path: Box<str>,
    pub(crate) stamp: Stamp,
    /// Of the file's bytes.
    pub(crate) digest: Digest,
    /// As the post claims it.
    pub(crate) slug: Box<str>,
    pub(crate) title: Box<str>,
    pub(crate) time: Time,
    pub(crate) categories: Ids,
    pub(crate) tags: Ids,
    pub(crate) securities: Ids,
    pub(crate) published: bool,
    pub(crate) warnings: Box<[Warning]>,
    /// Where its words were put aside, if it was read in this build.
    #[serde(skip)]
    pub(crate) place: Option<Place>,
}

/// Labels by their ids: mostly a category, a tag and few securities.
pub(crate) type Ids = SmallVec<[LabelId; 4]>;

/// A label's place among [`Labels`].
pub(crate) type LabelId = u32;

/// Every label of every story, once.
#[derive(Debug, Default)]
pub(crate) struct Labels(pub(crate) IndexSet<Label>);

impl Labels {
    pub(crate) fn id(&mut self, label: Label) -> LabelId {
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
        let mut ids = |of: &[Label]| of.iter().map(|label| labels.id(label.clone())).collect();
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
            place: None,
        }
    }
}
