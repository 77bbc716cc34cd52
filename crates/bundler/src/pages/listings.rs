//! What feeds and sitemaps list.

use bundle::ListKind;
use bundle::address::Address;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use super::context::PageContext;
use super::paths::file;
use super::{feeds, sitemaps};
use crate::compile::named::Named;
use crate::digest::{Digest, Digester};

/// What a path of files cannot have in an address as it is.
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
    pub(super) fn feed(&self, list: Option<&'a Named>, now: i64) -> feeds::Source<'_> {
        let site = &self.manifest.site;
        let ranks = self.newest(list, now).take(feeds::STORIES);
        let (title, address, rows) = match list {
            // The newest headlines of the manifest have summaries.
            None => (site.title.clone(), Address::Home, self.manifest.newest.clone()),
            Some(list) => (
                format!("{} · {}", list.title, site.title),
                Address::list(ListKind::Category, &list.id.key),
                ranks.map(|rank| self.catalog.row(rank)).collect(),
            ),
        };
        let page = self.document.url(&address).unwrap_or_default();
        let folder = file(&address).unwrap_or_default();
        let feed =
            format!("{}/{}feed", site.url, utf8_percent_encode(folder.trim_end_matches("index.html"), PATH));
        feeds::Source { site, title, page, feed, rows }
    }

    /// Of all that goes into a feed of this kind.
    pub(super) fn feed_digest(&self, kind: &str, list: Option<&'a Named>, now: i64) -> Digest {
        let mut digester = Digester::default();
        digester.add(kind.as_bytes()).add(&self.common);
        match list {
            None => digester.add(&bundle::encode(&self.manifest.newest)),
            Some(list) => {
                digester.add(list.id.key.as_bytes()).add(list.title.as_bytes());
                let ranks = self.newest(Some(list), now).take(feeds::STORIES);
                ranks.fold(&mut digester, |digester, rank| digester.add(self.catalog.row_digest(rank)))
            }
        };
        digester.finish()
    }

    /// The addresses of stories, and when they were published.
    pub(super) fn stories(&self, ranks: &[usize]) -> Vec<sitemaps::Place> {
        let place = |rank: &usize| {
            let row = self.catalog.row(*rank);
            (self.document.url(&row.address()).unwrap_or_default(), Some(row.time))
        };
        ranks.iter().map(place).collect()
    }

    /// Of all that goes into a sitemap of these stories.
    pub(super) fn sitemap_digest(&self, ranks: &[usize]) -> Digest {
        let mut digester = Digester::default();
        // Which addresses there are depends on the site and its host.
        digester.add(&self.common);
        for rank in ranks {
            digester.add(self.catalog.row_digest(*rank));
        }
        digester.finish()
    }
}
