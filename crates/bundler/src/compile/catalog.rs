//! The catalog: the stories to publish, in order, with their rows and articles.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use anyhow::Result;
use bundle::address::Address;
use bundle::{Base, Date, Folder, Headline, Key, Label, ListKind, PageRef, Time, fingerprint};
use rayon::prelude::*;

use super::writer::BundleWriter;
use crate::config::Config;
use crate::digest::{Digest, Digester};
use crate::library::Library;
use crate::library::resolve::Resolved;
use crate::library::spool::SpooledArticle;
use crate::library::standalone::StandalonePages;
use crate::library::story::{LabelId, Rare, Story};

/// The stories to publish, with everything needed to write them.
pub(crate) struct Catalog<'a> {
    pub(super) library: &'a Library<'a>,
    pub(super) resolved: &'a Resolved,
    pub(crate) standalone: &'a StandalonePages,
    pub(crate) config: &'a Config,
    /// Indices of stories in the library, sorted by instant and slug. A story's position here is its rank.
    pub(super) order: Vec<u32>,
    /// The digest of each story's row, by rank.
    row_digests: Vec<Digest>,
}

/// An encoded row of a list.
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
    /// Takes all stories except unpublished and purged ones.
    pub(crate) fn new(
        library: &'a Library<'a>,
        resolved: &'a Resolved,
        standalone: &'a StandalonePages,
        config: &'a Config,
        is_purged: impl Fn(&Story) -> bool,
    ) -> Self {
        let is_included = |story: &Story| story.published && !is_purged(story);
        let mut order: Vec<u32> =
            (0..).zip(&library.stories).filter(|(_, story)| is_included(story)).map(|(at, _)| at).collect();
        let slug = |at: u32| resolved.slug(at, &library.stories[at as usize]);
        order.par_sort_unstable_by(|a, b| {
            let key = |at: u32| (library.stories[at as usize].time.unix, slug(at));
            key(*a).cmp(&key(*b))
        });
        let mut catalog = Self { library, resolved, standalone, config, order, row_digests: Vec::new() };
        catalog.row_digests =
            (0..catalog.order.len()).into_par_iter().map(|rank| catalog.digest_row(rank)).collect();
        catalog
    }

    /// The number of stories. Ranks go from 0, the oldest story, to one less than this.
    pub(crate) fn count(&self) -> usize {
        self.order.len()
    }

    /// The kinds and keys of all categories and tags.
    pub(crate) fn lists(&self) -> impl Iterator<Item = (ListKind, &'a str)> {
        let all = (0..self.count()).flat_map(|rank| self.lists_of(rank));
        all.filter(|(kind, _)| *kind != ListKind::Quote)
    }

    /// The kinds and keys of the lists that a story is in.
    pub(crate) fn lists_of(&self, rank: usize) -> impl Iterator<Item = (ListKind, &'a str)> {
        let story = self.story(rank);
        let categories = story.categories.iter().map(|id| (ListKind::Category, self.resolved.category(*id)));
        let tags = story.tags.iter().map(|id| (ListKind::Tag, self.resolved.tag(*id)));
        let securities = self.securities(story).map(|id| (ListKind::Quote, id));
        let all = categories.chain(tags).chain(securities);
        all.map(|(kind, id)| (kind, self.label(id).key.as_str()))
    }

    /// The addresses of the stories by the paths of their files.
    pub(crate) fn addresses_by_source(&self) -> HashMap<&'a str, String> {
        (0..self.count()).map(|rank| (&*self.story(rank).path, self.address(rank).path())).collect()
    }

    /// What the stories link to within the site, with the paths of their files.
    pub(crate) fn links(&self) -> impl Iterator<Item = (&'a str, &'a [String])> {
        self.library.links.iter().map(|(source, links)| (&**source, links.as_slice()))
    }

    /// The path in the folder of a file to publish.
    pub(crate) fn source_of(&self, path: &'a str) -> &'a str {
        self.library.files.others.source(path)
    }

    /// The real path of a post's or page's file.
    pub(crate) fn file(&self, source: &str) -> PathBuf {
        self.library.files.file(source)
    }

    /// The site's folder on its host.
    pub(crate) fn base(&self) -> &'a Base {
        &self.config.base
    }

    pub(super) fn story(&self, rank: usize) -> &'a Story {
        &self.library.stories[self.order[rank] as usize]
    }

    pub(crate) fn slug(&self, rank: usize) -> &'a str {
        self.resolved.slug(self.order[rank], self.story(rank))
    }

    fn key(&self, rank: usize) -> Key {
        Key { unix: self.story(rank).time.unix, slug: self.slug(rank).to_owned() }
    }

    /// Returns the key at which a page begins.
    ///
    /// `first` is the rank of the page's oldest row, and `before` that of the previous page's newest row, if
    /// there is one. The key has a slug only if both rows have the same time: without slugs, a directory,
    /// which contains thousands of keys, is much shorter.
    pub(super) fn first_key(&self, before: Option<usize>, first: usize) -> Key {
        let unix = self.story(first).time.unix;
        if before.is_none_or(|before| self.story(before).time.unix < unix) {
            Key { unix, slug: String::new() }
        } else {
            self.key(first)
        }
    }

    /// Wraps an encoded row for [`bundle::chunks`].
    pub(super) fn sized(&self, rank: usize, json: Vec<u8>) -> (Row, usize, u64) {
        let length = json.len() + 1;
        (Row { rank, json }, length, fingerprint(self.slug(rank)))
    }

    /// Writes a page as a file of its own; `before` is the rank of the previous page's newest row.
    pub(super) fn put_page(
        &self,
        page: &[Row],
        before: Option<usize>,
        writer: &dyn BundleWriter,
    ) -> Result<PageRef> {
        let file = writer.put(Folder::Pages, bundle::join_array(&[bundle::join_array(page)]))?;
        Ok(PageRef { file, index: 0, oldest: self.first_key(before, page[0].rank) })
    }

    pub(super) fn label(&self, id: LabelId) -> &'a Label {
        self.library.labels.get(id)
    }

    /// The keys of addresses that must be looked up, with the dates and slugs of their stories.
    pub(crate) fn lookups(&self) -> Vec<(&'a str, Date, &'a str)> {
        let is_included: HashSet<u32> = if self.resolved.addresses.lookups.is_empty() {
            HashSet::new()
        } else {
            self.order.iter().copied().collect()
        };
        let lookups = self.resolved.addresses.lookups.iter().filter(|(_, at)| is_included.contains(at));
        lookups
            .map(|(key, at)| {
                let story = &self.library.stories[*at as usize];
                (&**key, story.time.date(), self.resolved.slug(*at, story))
            })
            .collect()
    }

    /// The address of a story.
    pub(crate) fn address(&self, rank: usize) -> Address {
        self.row(rank).address(&self.config.settings.permalink)
    }

    /// The row of a story in lists. It has no summary; only the rows in the manifest and in the lists of days
    /// have summaries.
    pub(crate) fn row(&self, rank: usize) -> Headline {
        let story = self.story(rank);
        Headline {
            slug: self.slug(rank).to_owned(),
            title: story.title.to_string(),
            time: story.time,
            date_only: story.date_only,
            path: self.path(rank).to_owned(),
            category: story.categories.first().map(|id| self.label(self.resolved.category(*id)).clone()),
            securities: self
                .securities(story)
                .take(Headline::MAX_SECURITIES)
                .map(|id| self.label(id).clone())
                .collect(),
            image: story.rare.as_ref().map(|rare| rare.small_image.clone()).unwrap_or_default(),
            summary: String::new(),
        }
    }

    /// The securities of a story, with the names that the site shows.
    fn securities(&self, story: &Story) -> impl Iterator<Item = LabelId> {
        story.securities.iter().filter_map(|id| self.resolved.security(*id))
    }

    /// The path of a story, if the site's usual form does not give it.
    fn path(&self, rank: usize) -> &'a str {
        self.resolved.addresses.paths.get(&self.order[rank]).map_or("", |path| path)
    }

    /// The key of a story's canonical category.
    pub(crate) fn category_key(&self, rank: usize) -> Option<&'a str> {
        self.story(rank).categories.first().map(|id| self.label(self.resolved.category(*id)).key.as_str())
    }

    fn is_shared(&self, rank: usize) -> bool {
        self.resolved.addresses.shared.contains(&self.order[rank])
    }

    /// What few stories have.
    pub(crate) fn rare(&self, rank: usize) -> Option<&'a Rare> {
        self.story(rank).rare.as_deref()
    }

    /// The publication time of a story.
    pub(crate) fn time(&self, rank: usize) -> Time {
        self.story(rank).time
    }

    /// The year and month of a story.
    pub(crate) fn story_month(&self, rank: usize) -> (i32, u8) {
        let date = self.time(rank).date();
        (date.year(), date.month())
    }

    /// The digest of everything in a row.
    pub(crate) fn row_digest(&self, rank: usize) -> &Digest {
        &self.row_digests[rank]
    }

    /// Adds everything that goes into an article to a digest.
    pub(crate) fn digest_article(&self, rank: usize, digester: &mut Digester) {
        let story = self.story(rank);
        digester
            .add(&self.config.digest)
            .add(&story.digest)
            .add(story.path.as_bytes())
            .add(self.row_digest(rank));
        let categories = story.categories.iter().map(|id| self.resolved.category(*id));
        let tags = story.tags.iter().map(|id| self.resolved.tag(*id));
        for id in categories.chain(tags) {
            digester.add(self.label(id).title.as_bytes());
        }
        for id in self.securities(story) {
            digester.add(self.label(id).key.as_bytes()).add(self.label(id).title.as_bytes());
        }
    }

    fn digest_row(&self, rank: usize) -> Digest {
        let story = self.story(rank);
        let mut digester = Digester::default();
        digester
            .add(self.slug(rank).as_bytes())
            .add(self.path(rank).as_bytes())
            .add(&[u8::from(self.is_shared(rank))])
            .add(story.title.as_bytes())
            .add(&story.time.unix.to_le_bytes())
            .add(&story.time.offset.to_le_bytes())
            .add(&[u8::from(story.date_only)])
            .add(story.rare.as_ref().map_or("", |rare| &rare.small_image).as_bytes());
        let category = story.categories.iter().take(1).map(|id| self.resolved.category(*id));
        // Distinguishes a category from a security at the same position.
        digester.add(&[u8::from(story.categories.is_empty())]);
        for id in category.chain(self.securities(story).take(Headline::MAX_SECURITIES)) {
            digester.add(self.label(id).key.as_bytes()).add(self.label(id).title.as_bytes());
        }
        digester.finish()
    }

    /// Whether reading a story's article needs no parsing.
    pub(crate) fn is_spooled(&self, rank: usize) -> bool {
        self.story(rank).position.is_some()
    }

    /// Reads a story's article, with its final slug and labels.
    pub(crate) fn article(&self, rank: usize) -> Result<SpooledArticle> {
        let mut spooled = self.library.article(self.order[rank])?;
        let story = self.story(rank);
        self.slug(rank).clone_into(&mut spooled.article.slug);
        spooled.article.shared = self.is_shared(rank);
        if spooled.article.lang == self.config.site.lang {
            spooled.article.lang.clear();
        }
        for (label, id) in spooled.article.categories.iter_mut().zip(&story.categories) {
            label.title.clone_from(&self.label(self.resolved.category(*id)).title);
        }
        for (label, id) in spooled.article.tags.iter_mut().zip(&story.tags) {
            label.title.clone_from(&self.label(self.resolved.tag(*id)).title);
        }
        let article = &mut spooled.article;
        for (label, id) in std::mem::take(&mut article.securities).into_iter().zip(&story.securities) {
            let Some(shown) = self.resolved.security(*id).map(|id| self.label(id)) else { continue };
            if shown.key != label.key {
                article.body = posts::link_american_stock(&article.body, &label.key, &shown.key);
            }
            article.securities.push(shown.clone());
        }
        Ok(spooled)
    }
}
