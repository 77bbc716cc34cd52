//! Renders pages with the viewer's components.

use std::sync::Arc;

use anyhow::Result;
use archive::{Archive, Neighbours};
use bundle::address::Address;
use bundle::{Headline, ListKind};
use futures::executor::block_on;
use viewer::prerender::{self, Preloaded};
use viewer::routes;
use viewer::state::folder::SiteFolder;
use viewer::state::page::{self, Page};
use viewer::state::remote::Remote;

use super::context::PageContext;
use super::embed;
use super::head::{ArticleMetadata, Head};
use crate::compile::catalog_list::CatalogList;
use crate::digest::{Digest, Digester};
use crate::library::standalone::Standalone;
use crate::paths::file;
use crate::site::Site;

impl PageContext<'_> {
    /// The digest of everything on the home page.
    pub(super) fn home_digest(&self) -> Digest {
        Digester::default().add(b"home").add(&self.common).add(&bundle::encode(self.manifest)).finish()
    }

    pub(super) fn home(&self, site: &Site) -> Result<Vec<u8>> {
        let folder = SiteFolder::new(site.root());
        let archive = Archive::new(&folder, &self.manifest.index);
        let description = match self.manifest.site.description.as_str() {
            "" => first_titles(&self.manifest.newest),
            description => description.to_owned(),
        };
        let front = block_on(archive.front())
            .map_err(|failure| anyhow::anyhow!("the home page's data: {failure}"))?;
        let words = self
            .catalog
            .standalone
            .home
            .as_ref()
            .map(|home| (Arc::new(home.page.clone()), markdown::parse(&home.page.body)));
        self.render(
            &Address::Home,
            Page::Home(words),
            Preloaded { front: Remote::Ready(front.blocks), ..Preloaded::default() },
            &description,
            None,
        )
    }

    /// The digest of everything on a category's page.
    pub(super) fn category_digest(&self, list: &CatalogList) -> Digest {
        let id = list.id.to_string();
        // Rows show the year only if it differs from that of the newest story.
        let year = self.manifest.newest.first().map_or(0, |newest| newest.time.date().year());
        let mut digester = Digester::default();
        digester.add(b"category").add(&self.common).add(id.as_bytes()).add(&list.entries_digest);
        digester.add(&year.to_le_bytes()).finish()
    }

    pub(super) fn category(&self, site: &Site, list: &CatalogList) -> Result<Vec<u8>> {
        let folder = SiteFolder::new(site.root());
        let archive = Archive::new(&folder, &self.manifest.index);
        let address = Address::list(ListKind::Category, &list.id.key);
        let page = block_on(page::read(archive, &address))
            .map_err(|failure| anyhow::anyhow!("the category “{}”: {failure}", list.id.key))?;
        let description = match &page {
            Page::List(list) => first_titles(&list.rows),
            _ => String::new(),
        };
        self.render(&address, page, Preloaded::default(), &description, None)
    }

    /// The digest of everything on a standalone page.
    pub(super) fn standalone_digest(&self, page: &Standalone) -> Digest {
        let mut digester = Digester::default();
        digester.add(b"standalone").add(&self.common).add(page.path.as_bytes());
        digester.add(page.excerpt.as_bytes()).add(&bundle::encode(&page.page)).finish()
    }

    pub(super) fn standalone(&self, page: &Standalone) -> Result<Vec<u8>> {
        let content = Page::Article(Arc::new(page.page.clone()), markdown::parse(&page.page.body));
        let address = Address::Path(page.path.clone());
        self.render(&address, content, Preloaded::default(), &page.excerpt, None)
    }

    pub(super) fn search(&self) -> Result<Vec<u8>> {
        self.render(&Address::Search, Page::Search, Preloaded::default(), "", None)
    }

    /// The digest of everything on an article's page.
    pub(super) fn article_digest(&self, rank: usize) -> Digest {
        let mut digester = Digester::default();
        digester.add(&self.common);
        self.catalog.digest_article(rank, &mut digester);
        for neighbour in self.neighbours(rank) {
            digester.add(neighbour.map_or(&[], |rank| self.catalog.row_digest(rank)));
        }
        digester.finish()
    }

    pub(super) fn article(&self, rank: usize) -> Result<Vec<u8>> {
        let spooled = self.catalog.article(rank)?;
        let article = spooled.article;
        let ops = markdown::parse(&article.body);
        let address = self.catalog.address(rank);
        let metadata = ArticleMetadata::of(&article, &self.manifest.site.url, &self.config.author);
        let [older, newer] = self.neighbours(rank).map(|rank| rank.map(|rank| self.catalog.row(rank)));
        let page = Page::Article(Arc::new(article), ops);
        self.render(
            &address,
            page,
            Preloaded { neighbours: Remote::Ready(Neighbours { older, newer }), ..Preloaded::default() },
            &spooled.excerpt,
            Some(metadata),
        )
    }

    fn render(
        &self,
        address: &Address,
        page: Page,
        preloaded: Preloaded,
        description: &str,
        story: Option<ArticleMetadata>,
    ) -> Result<Vec<u8>> {
        let title = routes::title(&self.view, &page);
        let oembed = match (&page, address) {
            (Page::Home(_), _) => embed::oembed_path(None),
            (Page::List(_), Address::List { id, .. }) => {
                self.categories.get(id.key.as_str()).and_then(|list| embed::oembed_path(Some(list)))
            }
            _ => None,
        };
        let feed = if let (Page::List(list), Some(path)) = (&page, file(address)) {
            Some((list.title.clone(), path.trim_end_matches("index.html").to_owned()))
        } else {
            None
        };
        let window = prerender::page(&self.view, &self.header, address, page, preloaded);
        let tells_search = self.config.has_search && matches!(address, Address::Home | Address::Search);
        let search = tells_search.then(|| self.document.url(&Address::Search)).flatten();
        let head = Head { title: &title, description, address, story, feed, oembed, search };
        Ok(self.document.page(&head, &window)?.into_bytes())
    }
}

/// A description made of the first three titles.
fn first_titles(rows: &[Headline]) -> String {
    rows.iter().take(3).map(|row| row.title.as_str()).collect::<Vec<_>>().join(" · ")
}
