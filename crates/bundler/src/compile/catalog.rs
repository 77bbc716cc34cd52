//! The catalog: the stories that are to be published, in their order, as rows of lists and as articles.

use anyhow::Result;
use bundle::{Folder, Headline, Key, Label, PageRef, Time, fingerprint};
use rayon::prelude::*;

use super::writer::BundleWriter;
use crate::config::Config;
use crate::digest::{Digest, Digester};
use crate::library::Library;
use crate::library::resolve::Resolved;
use crate::library::spool::Words;
use crate::library::story::{LabelId, Story};

/// The stories that are to be published, and all that is needed to write of them.
pub(crate) struct Catalog<'a> {
    pub(super) library: &'a Library,
    pub(super) resolved: &'a Resolved,
    pub(super) config: &'a Config,
    /// The stories' places in the library, by instant and slug. A story's place here is its rank.
    pub(super) order: Vec<u32>,
    /// The digest of each story's row, by rank.
    rows: Vec<Digest>,
}

/// A row of a list, encoded.
pub(super) struct Row {
    pub(super) rank: usize,
    pub(super) json: Vec<u8>,
}

impl AsRef<[u8]> for Row {
    fn as_ref(&self) -> &[u8] {
        &self.json
    }
}

impl<'a> Catalog<'a> {
    /// All stories but those unpublished and those that were purged.
    pub(crate) fn new(
        library: &'a Library,
        resolved: &'a Resolved,
        config: &'a Config,
        is_purged: impl Fn(&Story) -> bool,
    ) -> Self {
        let is_shown = |story: &Story| story.published && !is_purged(story);
        let mut order: Vec<u32> =
            (0..).zip(&library.stories).filter(|(_, story)| is_shown(story)).map(|(at, _)| at).collect();
        let slug = |at: u32| resolved.slug(at, &library.stories[at as usize]);
        order.par_sort_unstable_by(|a, b| {
            let key = |at: u32| (library.stories[at as usize].time.unix, slug(at));
            key(*a).cmp(&key(*b))
        });
        let mut catalog = Self { library, resolved, config, order, rows: Vec::new() };
        catalog.rows =
            (0..catalog.order.len()).into_par_iter().map(|rank| catalog.digest_row(rank)).collect();
        catalog
    }

    /// How many stories there are. Their ranks are below it, the oldest's 0.
    pub(crate) fn count(&self) -> usize {
        self.order.len()
    }

    pub(super) fn story(&self, rank: usize) -> &'a Story {
        &self.library.stories[self.order[rank] as usize]
    }

    pub(super) fn slug(&self, rank: usize) -> &'a str {
        self.resolved.slug(self.order[rank], self.story(rank))
    }

    fn key(&self, rank: usize) -> Key {
        Key { unix: self.story(rank).time.unix, slug: self.slug(rank).to_owned() }
    }

    /// Where a page begins, whose oldest row is this one's, the row before it being the page before's newest:
    /// the second alone, where it tells them apart, since a directory has thousands of these.
    pub(super) fn begin(&self, before: Option<usize>, first: usize) -> Key {
        let unix = self.story(first).time.unix;
        if before.is_none_or(|before| self.story(before).time.unix < unix) {
            Key { unix, slug: String::new() }
        } else {
            self.key(first)
        }
    }

    /// An encoded row as [`bundle::chunks`] takes it.
    pub(super) fn sized(&self, rank: usize, json: Vec<u8>) -> (Row, usize, u64) {
        let length = json.len() + 1;
        (Row { rank, json }, length, fingerprint(self.slug(rank)))
    }

    /// Puts a page in a file of its own; `before` is the newest row of the page before.
    pub(super) fn put_page(
        &self,
        page: &[Row],
        before: Option<usize>,
        writer: &dyn BundleWriter,
    ) -> Result<PageRef> {
        let file = writer.put(Folder::Pages, bundle::array(&[bundle::array(page)]))?;
        Ok(PageRef { file, index: 0, oldest: self.begin(before, page[0].rank) })
    }

    pub(super) fn label(&self, id: LabelId) -> &'a Label {
        self.library.labels.get(id)
    }

    /// The row a list shows of a story: without the summary, which the newest headlines and the days have.
    pub(crate) fn row(&self, rank: usize) -> Headline {
        let story = self.story(rank);
        Headline {
            slug: self.slug(rank).to_owned(),
            title: story.title.to_string(),
            time: story.time,
            category: story.categories.first().map(|id| self.label(self.resolved.category(*id)).clone()),
            securities: story
                .securities
                .iter()
                .take(Headline::SECURITIES)
                .map(|id| self.label(*id).clone())
                .collect(),
            summary: String::new(),
        }
    }

    /// The key of a story's canonical category.
    pub(crate) fn category(&self, rank: usize) -> Option<&'a str> {
        self.story(rank).categories.first().map(|id| self.label(self.resolved.category(*id)).key.as_str())
    }

    /// When a story was published.
    pub(crate) fn time(&self, rank: usize) -> Time {
        self.story(rank).time
    }

    /// The month a story is of, as it sorts.
    pub(crate) fn row_month(&self, rank: usize) -> (i32, u8) {
        let date = self.time(rank).date();
        (date.year(), date.month())
    }

    /// Of all that goes into a row.
    pub(crate) fn row_digest(&self, rank: usize) -> &Digest {
        &self.rows[rank]
    }

    /// Adds all that goes into an article.
    pub(crate) fn add_story(&self, rank: usize, digester: &mut Digester) {
        let story = self.story(rank);
        digester.add(&story.digest).add(story.path.as_bytes()).add(self.row_digest(rank));
        let categories = story.categories.iter().map(|id| self.resolved.category(*id));
        for id in categories.chain(story.tags.iter().map(|id| self.resolved.tag(*id))) {
            digester.add(self.label(id).title.as_bytes());
        }
    }

    fn digest_row(&self, rank: usize) -> Digest {
        let story = self.story(rank);
        let mut digester = Digester::default();
        digester
            .add(self.slug(rank).as_bytes())
            .add(story.title.as_bytes())
            .add(&story.time.unix.to_le_bytes())
            .add(&story.time.offset.to_le_bytes());
        let category = story.categories.iter().take(1).map(|id| self.resolved.category(*id));
        // A story without a category has its securities in another place.
        digester.add(&[u8::from(story.categories.is_empty())]);
        for id in category.chain(story.securities.iter().take(Headline::SECURITIES).copied()) {
            digester.add(self.label(id).key.as_bytes()).add(self.label(id).title.as_bytes());
        }
        digester.finish()
    }

    /// A story's words with its slug and its labels as they were resolved.
    pub(crate) fn words(&self, rank: usize) -> Result<Words> {
        let mut words = self.library.words(self.order[rank])?;
        let story = self.story(rank);
        self.slug(rank).clone_into(&mut words.article.slug);
        for (label, id) in words.article.categories.iter_mut().zip(&story.categories) {
            label.title.clone_from(&self.label(self.resolved.category(*id)).title);
        }
        for (label, id) in words.article.tags.iter_mut().zip(&story.tags) {
            label.title.clone_from(&self.label(self.resolved.tag(*id)).title);
        }
        Ok(words)
    }
}
