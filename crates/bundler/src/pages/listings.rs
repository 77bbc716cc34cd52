//! Gathers the content of feeds and sitemaps, and computes its digests.

use bundle::ListKind;
use bundle::address::Address;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::context::PageContext;
use super::{feeds, sitemaps};
use crate::compile::catalog_list::CatalogList;
use crate::digest::{Digest, Digester};
use crate::paths::file;

/// The characters of a file's path that must be encoded in a URL.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}');

impl<'a> PageContext<'a> {
    /// The feed of a category, or of all stories.
    pub(super) fn feed(&self, list: Option<&'a CatalogList>) -> feeds::FeedContent<'_> {
        let site = &self.manifest.site;
        let ranks: Vec<usize> = self.newest(list).take(feeds::MAX_STORIES).collect();
        let (title, address, rows) = match list {
            // Unlike the catalog's rows, the manifest's newest headlines have summaries.
            None => (site.title.clone(), Address::Home, self.manifest.newest.clone()),
            Some(list) => (
                format!("{} · {}", list.title, site.title),
                Address::list(ListKind::Category, &list.id.key),
                ranks.iter().map(|rank| self.catalog.row(*rank)).collect(),
            ),
        };
        let entries = rows.into_iter().zip(ranks).map(|(row, rank)| (row, self.catalog.rare(rank))).collect();
        let page = self.document.url(&address).unwrap_or_default();
        let path = file(&address).unwrap_or_default();
        let feed =
            format!("{}/{}feed", site.url, utf8_percent_encode(path.trim_end_matches("index.html"), PATH));
        feeds::FeedContent {
            site,
            title,
            page,
            feed,
            author: &self.config.author,
            permalink: &self.manifest.settings.permalink,
            entries,
        }
    }

    /// The digest of everything in a feed of this format.
    pub(super) fn feed_digest(&self, kind: &str, list: Option<&'a CatalogList>) -> Digest {
        let mut digester = Digester::default();
        digester.add(kind.as_bytes()).add(&self.common);
        match list {
            None => digester.add(&bundle::encode(&self.manifest.newest)),
            Some(list) => digester.add(list.id.key.as_bytes()).add(list.title.as_bytes()),
        };
        for rank in self.newest(list).take(feeds::MAX_STORIES) {
            digester.add(self.catalog.row_digest(rank));
            if let Some(rare) = self.catalog.rare(rank) {
                let text =
                    [&[rare.updated.clone(), rare.lang.clone(), rare.image.clone()], &rare.authors[..]];
                text.concat().iter().for_each(|text| _ = digester.add(text.as_bytes()));
            }
        }
        digester.finish()
    }

    /// The sitemap entries of stories: their URLs and publication times.
    pub(super) fn sitemap_entries(&self, ranks: &[usize]) -> Vec<sitemaps::Entry> {
        let entry = |rank: &usize| {
            let row = self.catalog.row(*rank);
            let updated = self.catalog.rare(*rank).map(|rare| rare.updated.clone());
            let modified = updated.filter(|updated| !updated.is_empty()).unwrap_or_else(|| row.datetime());
            (self.document.url(&self.catalog.address(*rank)).unwrap_or_default(), Some(modified))
        };
        ranks.iter().map(entry).collect()
    }

    /// The digest of everything in a sitemap of these stories.
    pub(super) fn sitemap_digest(&self, ranks: &[usize]) -> Digest {
        let mut digester = Digester::default();
        // The URLs depend on the site's address and its host.
        digester.add(&self.common);
        for rank in ranks {
            let updated = self.catalog.rare(*rank).map_or("", |rare| &rare.updated);
            digester.add(self.catalog.row_digest(*rank)).add(updated.as_bytes());
        }
        digester.finish()
    }
}
