//! From stories to the bundle: days, lists, names and the manifest.

mod days;
mod lists;

use std::collections::HashSet;

use anyhow::Result;
use bundle::{
    Block, Counts, FORMAT, Folder, Front, Headline, Index, Key, Label, ListKind, Manifest, NameFile,
    NameFiles, NamedList, PageRef, Time, fingerprint,
};
use rayon::prelude::*;

pub(crate) use self::lists::Named;
use crate::cache::Made;
use crate::config::Config;
use crate::library::Library;
use crate::settle::Settled;
use crate::site::{Shelf, State};
use crate::spill::Words;
use crate::story::{Digest, Digester, LabelId, Story};

/// The stories that are to be published, and all that is needed to write of them.
pub(crate) struct Edition<'a> {
    library: &'a Library,
    settled: &'a Settled,
    config: &'a Config,
    /// The stories' places in the library, by instant and slug. A story's place here is its rank.
    order: Vec<u32>,
    /// The digest of each story's row, by rank.
    rows: Vec<Digest>,
}

/// An edition's bundle as it was written.
pub(crate) struct Written {
    pub(crate) manifest: Manifest,
    /// All lists, in the order of their names.
    pub(crate) lists: Vec<Named>,
}

/// A row of a list, encoded.
struct Row {
    rank: usize,
    json: Vec<u8>,
}

impl AsRef<[u8]> for Row {
    fn as_ref(&self) -> &[u8] {
        &self.json
    }
}

impl<'a> Edition<'a> {
    /// All stories but those unpublished and those that were purged.
    pub(crate) fn new(library: &'a Library, settled: &'a Settled, config: &'a Config, state: &State) -> Self {
        let is_shown = |story: &Story| {
            story.published
                && !state.purged.contains(&*story.slug)
                && !state.purged_posts.contains_key(&*story.path)
        };
        let mut order: Vec<u32> =
            (0..).zip(&library.stories).filter(|(_, story)| is_shown(story)).map(|(at, _)| at).collect();
        let slug = |at: u32| settled.slug(at, &library.stories[at as usize]);
        order.par_sort_unstable_by(|a, b| {
            let key = |at: u32| (library.stories[at as usize].time.unix, slug(at));
            key(*a).cmp(&key(*b))
        });
        let mut edition = Self { library, settled, config, order, rows: Vec::new() };
        edition.rows =
            (0..edition.order.len()).into_par_iter().map(|rank| edition.digest_row(rank)).collect();
        edition
    }

    /// How many stories there are. Their ranks are below it, the oldest's 0.
    pub(crate) fn count(&self) -> usize {
        self.order.len()
    }

    fn story(&self, rank: usize) -> &'a Story {
        &self.library.stories[self.order[rank] as usize]
    }

    fn slug(&self, rank: usize) -> &'a str {
        self.settled.slug(self.order[rank], self.story(rank))
    }

    fn key(&self, rank: usize) -> Key {
        Key { unix: self.story(rank).time.unix, slug: self.slug(rank).to_owned() }
    }

    /// Where a page begins, whose oldest row is this one's, the row before it being the page before's newest:
    /// the second alone, where it tells them apart, since a directory has thousands of these.
    fn begin(&self, before: Option<usize>, first: usize) -> Key {
        let unix = self.story(first).time.unix;
        if before.is_none_or(|before| self.story(before).time.unix < unix) {
            Key { unix, slug: String::new() }
        } else {
            self.key(first)
        }
    }

    /// An encoded row as [`bundle::chunks`] takes it.
    fn sized(&self, rank: usize, json: Vec<u8>) -> (Row, usize, u64) {
        let length = json.len() + 1;
        (Row { rank, json }, length, fingerprint(self.slug(rank)))
    }

    /// Puts a page in a file of its own; `before` is the newest row of the page before.
    fn put_page(&self, page: &[Row], before: Option<usize>, shelf: &dyn Shelf) -> Result<PageRef> {
        let file = shelf.put(Folder::Pages, bundle::array(&[bundle::array(page)]))?;
        Ok(PageRef { file, index: 0, oldest: self.begin(before, page[0].rank) })
    }

    fn label(&self, id: LabelId) -> &'a Label {
        self.library.labels.get(id)
    }

    /// The row a list shows of a story: without the summary, which the newest headlines and the days have.
    pub(crate) fn row(&self, rank: usize) -> Headline {
        let story = self.story(rank);
        Headline {
            slug: self.slug(rank).to_owned(),
            title: story.title.to_string(),
            time: story.time,
            category: story.categories.first().map(|id| self.label(self.settled.category(*id)).clone()),
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
        self.story(rank).categories.first().map(|id| self.label(self.settled.category(*id)).key.as_str())
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
        let categories = story.categories.iter().map(|id| self.settled.category(*id));
        for id in categories.chain(story.tags.iter().map(|id| self.settled.tag(*id))) {
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
        let category = story.categories.iter().take(1).map(|id| self.settled.category(*id));
        // A story without a category has its securities in another place.
        digester.add(&[u8::from(story.categories.is_empty())]);
        for id in category.chain(story.securities.iter().take(Headline::SECURITIES).copied()) {
            digester.add(self.label(id).key.as_bytes()).add(self.label(id).title.as_bytes());
        }
        digester.finish()
    }

    /// A story's words with its slug and its labels as they were settled.
    pub(crate) fn words(&self, rank: usize) -> Result<Words> {
        let mut words = self.library.words(self.order[rank])?;
        let story = self.story(rank);
        self.slug(rank).clone_into(&mut words.article.slug);
        for (label, id) in words.article.categories.iter_mut().zip(&story.categories) {
            label.title.clone_from(&self.label(self.settled.category(*id)).title);
        }
        for (label, id) in words.article.tags.iter_mut().zip(&story.tags) {
            label.title.clone_from(&self.label(self.settled.tag(*id)).title);
        }
        Ok(words)
    }

    /// Writes the bundle but for its manifest.
    ///
    /// `now` is the instant, in Unix seconds, until which stories count as published for the newest
    /// headlines.
    ///
    /// # Errors
    /// Where the shelf cannot take a file, or a post cannot be read again.
    pub(crate) fn write(&self, now: i64, made: &Made, shelf: &dyn Shelf) -> Result<Written> {
        let months = days::write(self, made, shelf)?;
        let lists = lists::write(self, made, shelf)?;
        let front = Front { blocks: self.blocks(&lists.all), names: write_names(&lists.all, shelf)? };
        let count = |kind| lists.all.iter().filter(|list| list.id.kind == kind).count();
        let newest: Result<Vec<Headline>> = (0..self.order.len())
            .rev()
            .filter(|rank| self.story(*rank).time.unix <= now)
            .take(Manifest::NEWEST)
            .map(|rank| Ok(Headline { summary: self.words(rank)?.excerpt, ..self.row(rank) }))
            .collect();
        let manifest = Manifest {
            format: FORMAT,
            site: self.config.site.clone(),
            settings: self.config.settings.clone(),
            counts: Counts {
                articles: self.order.len(),
                days: (0..self.order.len())
                    .map(|rank| self.story(rank).time.date())
                    .collect::<HashSet<_>>()
                    .len(),
                categories: count(ListKind::Category),
                tags: count(ListKind::Tag),
                securities: count(ListKind::Quote),
            },
            newest: newest?,
            index: Index {
                store: shelf.store(),
                front: shelf.put(Folder::Front, bundle::encode(&front))?,
                months,
                lists: lists.directories,
            },
        };
        Ok(Written { manifest, lists: lists.all })
    }

    fn blocks(&self, lists: &[Named]) -> Vec<Block> {
        let mut categories: Vec<&Named> =
            lists.iter().filter(|list| list.id.kind == ListKind::Category).collect();
        categories.sort_by_key(|list| (std::cmp::Reverse(list.stories.len()), &list.id.key));
        let block = |list: &Named| Block {
            category: named(list),
            rows: list.stories.iter().rev().take(Front::ROWS).map(|at| self.row(*at)).collect(),
        };
        categories.into_iter().take(Front::BLOCKS).map(block).collect()
    }
}

fn named(list: &Named) -> NamedList {
    NamedList { key: list.id.key.clone(), title: list.title.clone(), count: list.stories.len() }
}

fn write_names(lists: &[Named], shelf: &dyn Shelf) -> Result<NameFiles> {
    let write = |kind| -> Result<Vec<String>> {
        let mut names: Vec<NamedList> = lists.iter().filter(|list| list.id.kind == kind).map(named).collect();
        names.sort_by(|a, b| (b.count, &a.key).cmp(&(a.count, &b.key)));
        names
            .chunks(NameFile::NAMES)
            .map(|names| shelf.put(Folder::Names, bundle::encode(&NameFile { names: names.to_vec() })))
            .collect()
    };
    Ok(NameFiles {
        category: write(ListKind::Category)?,
        tag: write(ListKind::Tag)?,
        quote: write(ListKind::Quote)?,
    })
}
