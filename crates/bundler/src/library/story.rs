//! Stories: posts without their text, which is in the spool or only in the post's file.

use bundle::{Label, Time};
use indexmap::IndexSet;
use posts::{NamedFile, Post, Visibility, Warning};
use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::spool::Position;
use crate::digest::{Digest, digest};

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

impl Stamp {
    pub(crate) fn digest(self) -> Digest {
        let numbers = [self.size.to_le_bytes(), self.modified.to_le_bytes(), self.changed.to_le_bytes()];
        digest(numbers.as_flattened())
    }
}

/// A post without its text. A million of them may be in memory, so each field is as small as possible.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Story {
    /// The path relative to `Config::root`, with `/` as separator on every system.
    pub(crate) path: Box<str>,
    pub(crate) stamp: Stamp,
    /// The digest of the file's bytes, and of what the words take from other files.
    pub(crate) digest: Digest,
    /// The slug that the post claims.
    pub(crate) slug: Box<str>,
    pub(crate) title: Box<str>,
    pub(crate) time: Time,
    /// Whether only the date of `time` is known.
    pub(crate) date_only: bool,
    pub(crate) categories: Ids,
    pub(crate) tags: Ids,
    pub(crate) securities: Ids,
    /// Whether the post is EastMoney's.
    pub(crate) is_eastmoney: bool,
    /// Whether this build, or in the cache the last one, publishes it.
    pub(crate) published: bool,
    pub(crate) warnings: Box<[Warning]>,
    /// What few posts have.
    pub(crate) rare: Option<Box<Rare>>,
    /// The article's position in the spool, if the post was parsed in this build.
    #[serde(skip)]
    pub(crate) position: Option<Position>,
}

/// What few posts have.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rare {
    pub(crate) visibility: Visibility,
    /// Whether it has no date, and is therefore a page and not a story.
    pub(crate) is_page: bool,
    /// The address or the form of addresses that the post gives itself; empty if it does not.
    pub(crate) permalink: String,
    /// Old addresses.
    pub(crate) aliases: Vec<String>,
    /// The name in Jekyll's addresses, if it differs from the slug.
    pub(crate) title: String,
    /// Whether its words take something from other files, so that it is read in each build.
    pub(crate) depends_on_others: bool,
    /// The files that it names.
    pub(crate) files: Vec<NamedFile>,
    /// See [`bundle::Article`].
    pub(crate) updated: String,
    pub(crate) authors: Vec<String>,
    pub(crate) lang: String,
    pub(crate) image: String,
    /// See [`posts::Post`].
    pub(crate) small_image: String,
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
        let common = Rare {
            visibility: Visibility::always_from(article.time),
            is_page: false,
            permalink: String::new(),
            aliases: Vec::new(),
            title: String::new(),
            depends_on_others: false,
            files: Vec::new(),
            updated: String::new(),
            authors: Vec::new(),
            lang: String::new(),
            image: String::new(),
            small_image: String::new(),
        };
        let rare = Rare {
            visibility: post.visibility,
            is_page: !post.has_date,
            permalink: post.permalink.clone(),
            aliases: post.aliases.clone(),
            title: post.title_slug.clone(),
            depends_on_others: post.outside != 0,
            files: post.files.clone(),
            updated: article.updated.clone(),
            authors: article.authors.clone(),
            lang: article.lang.clone(),
            image: article.image.clone(),
            small_image: post.small_image.clone(),
        };
        Self {
            path,
            stamp,
            digest,
            slug: article.slug.as_str().into(),
            title: article.title.as_str().into(),
            time: article.time,
            date_only: article.date_only,
            categories: ids(&article.categories),
            tags: ids(&article.tags),
            securities: ids(&article.securities),
            is_eastmoney: post.is_eastmoney,
            published: false,
            warnings: post.warnings.clone().into(),
            rare: (rare != common).then(|| Box::new(rare)),
            position: None,
        }
    }

    /// Whether and when it may be shown.
    pub(crate) fn visibility(&self) -> Visibility {
        self.rare.as_ref().map_or_else(|| Visibility::always_from(self.time), |rare| rare.visibility)
    }

    /// Whether it is a page and not a story.
    pub(crate) fn is_page(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.is_page)
    }

    /// Whether its words take something from other files.
    pub(crate) fn depends_on_others(&self) -> bool {
        self.rare.as_ref().is_some_and(|rare| rare.depends_on_others)
    }

    /// The files of the folder that it names.
    pub(crate) fn files(&self) -> &[NamedFile] {
        self.rare.as_ref().map_or(&[], |rare| &rare.files)
    }

    /// Whether a build at this time publishes it.
    pub(crate) fn is_due(&self, now: i64, future: bool) -> bool {
        !self.is_page() && self.visibility().is_shown(now, future)
    }
}
