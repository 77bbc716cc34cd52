//! Plans the files whose paths contain no hash.

use std::collections::BTreeSet;

use anyhow::Result;
use bundle::address::Address;
use bundle::{ListKind, picture_copy};

use super::context::{MAX_CATEGORY_PAGES, PageContext};
use super::own_paths::{GIVES_WAY, OwnPaths};
use super::{embed, head, sitemaps};
use crate::compile::catalog_list::CatalogList;
use crate::hosts::Host;
use crate::hosts::limits::is_article_page;
use crate::library::standalone::Standalone;
use crate::library::story::Stamp;
use crate::paths::file;
use crate::program;
use crate::site::Site;

/// Options that affect pages.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    /// How many of the newest articles to prerender; 0 also leaves out the home page and categories.
    pub(crate) prerender: usize,
    /// The largest number of files in the site. Within this limit, older articles keep their pages; the
    /// newest articles get pages even beyond it.
    pub(crate) max_files: usize,
    pub(crate) host: Option<Host>,
    /// Whether text files get compressed copies.
    pub(crate) precompress: bool,
}

/// A file to write.
pub(super) enum Planned<'a> {
    Home,
    Category(&'a CatalogList),
    Standalone(&'a Standalone),
    /// The page for full-text search.
    Search,
    /// An article, by its rank.
    Article(usize),
    /// The page for addresses without a page of their own.
    Shell,
    /// The service worker.
    Worker,
    /// The widget's page for an iframe, with or without the newest headlines.
    Frame(bool),
    /// The page for trying the widget.
    Examples,
    /// The oEmbed answer for a category or for the site.
    Oembed(Option<&'a CatalogList>),
    /// The feed of a category or of the site.
    Atom(Option<&'a CatalogList>),
    JsonFeed(Option<&'a CatalogList>),
    /// A sitemap of stories, by their ranks.
    Sitemap(Vec<usize>),
    Text(String),
    /// One of the program's files whose paths contain no hash.
    Public(&'static [u8]),
    /// A file of the folder: its path there, and its stamp.
    Copy(&'a str, Stamp),
    /// A smaller copy of a picture of the folder: its path there, its stamp, and the copy's width in pixels.
    SmallerCopy(&'a str, Stamp, u32),
}

/// A file to write, with its path from the site's root.
pub(super) type PlannedFile<'a> = (String, Planned<'a>);

impl<'a> PageContext<'a> {
    /// Plans all files whose paths contain no hash.
    ///
    /// # Errors
    /// Fails if a template is wrong.
    pub(super) fn plan(&self, site: &Site, options: &Options) -> Result<Vec<PlannedFile<'a>>> {
        // Most static hosts answer with 404.html if an address has no file; the address stays, and the
        // viewer shows its page.
        let mut planned = vec![("404.html".to_owned(), Planned::Shell)];
        planned.push(("sw.js".to_owned(), Planned::Worker));
        planned.push(("app.webmanifest".to_owned(), Planned::Text(self.document.web_app_manifest())));
        planned.extend(
            program::unhashed_files()
                .into_iter()
                .map(|(path, bytes)| (path.to_owned(), Planned::Public(bytes))),
        );
        planned.push(("embed/index.html".to_owned(), Planned::Frame(options.prerender > 0)));
        planned.push(("embed/examples/index.html".to_owned(), Planned::Examples));
        let mut articles = Vec::new();
        if options.prerender == 0 {
            planned.push(("index.html".to_owned(), Planned::Shell));
        } else {
            planned.push(("index.html".to_owned(), Planned::Home));
            let categories = self.categories_by_size.iter().take(MAX_CATEGORY_PAGES);
            planned.extend(categories.filter_map(|list| {
                Some((file(&Address::list(ListKind::Category, &list.id.key))?, Planned::Category(list)))
            }));
            let standalone = self.catalog.standalone.pages.iter();
            planned.extend(standalone.filter_map(|page| {
                Some((file(&Address::Path(page.path.clone()))?, Planned::Standalone(page)))
            }));
            articles = self.plan_articles(site, options);
        }
        if self.config.has_search {
            planned.push(("search/index.html".to_owned(), Planned::Search));
            if let Some(url) = self.document.url(&Address::Search) {
                let text = head::open_search(&self.config.site, &url)?;
                planned.push(("opensearch.xml".to_owned(), Planned::Text(text)));
            }
        }
        if let Some(host) = options.host {
            let files = host.files(&self.host_context(site))?;
            planned.extend(files.into_iter().map(|(path, text)| (path.to_owned(), Planned::Text(text))));
        }
        if !self.manifest.site.url.is_empty() {
            let lists =
                std::iter::once(None).chain(self.categories_with_pages().iter().map(|list| Some(*list)));
            planned.extend(lists.filter_map(|list| Some((embed::oembed_path(list)?, Planned::Oembed(list)))));
            self.plan_feeds(&mut planned);
            self.plan_sitemaps(options, &articles, &mut planned);
        }
        planned.extend(articles.into_iter().map(|(path, rank)| (path, Planned::Article(rank))));
        self.plan_copies(&mut planned);
        Ok(planned)
    }

    /// Plans the copies of files. A file gives way to one of ours with its path.
    fn plan_copies(&self, planned: &mut Vec<PlannedFile<'a>>) {
        let mut taken = OwnPaths::new(planned.iter().map(|(path, _)| path.as_str()));
        let (mut copies, mut smaller) = (Vec::new(), Vec::new());
        for (path, file) in &self.files {
            if taken.contain(path) {
                eprintln!("{path}: {GIVES_WAY}");
                continue;
            }
            taken.add(path);
            let source = self.catalog.source_of(path);
            copies.push(((*path).to_owned(), Planned::Copy(source, file.stamp)));
            smaller.extend(file.copies.iter().map(|width| {
                (picture_copy(path, &width.to_string()), Planned::SmallerCopy(source, file.stamp, *width))
            }));
        }
        // A publisher's own file or folder may have such a name.
        smaller.retain(|(path, _)| !taken.has(path));
        planned.append(&mut copies);
        planned.append(&mut smaller);
    }

    /// Plans the pages of articles, newest first.
    ///
    /// These are the newest articles and, while the site has room for them, older ones that already have a
    /// page.
    fn plan_articles(&self, site: &Site, options: &Options) -> Vec<(String, usize)> {
        let mut existing: BTreeSet<&str> = site.pages().filter(|path| is_article_page(path)).collect();
        // A category has a page, two feeds and an oEmbed answer, a month has a sitemap, and files are copied. 30 is
        // enough for the site's other files. Unused files are counted too, because they stay for some days.
        let others = 4 * self.categories_with_pages().len()
            + self.manifest.index.months.len()
            + self.files.values().map(|file| 1 + file.copies.len()).sum::<usize>()
            + self.catalog.standalone.pages.len()
            + 30;
        let copies = if options.precompress { 3 } else { 1 };
        let max_files = options.host.and_then(Host::max_files).unwrap_or(usize::MAX).min(options.max_files);
        let room = max_files.saturating_sub((site.files_so_far() + others) * copies + site.unused()) / copies;
        let count = self.catalog.count();
        let mut articles = Vec::new();
        for rank in (0..count).rev() {
            let is_new = count - rank <= options.prerender;
            if !is_new && (existing.is_empty() || articles.len() >= room) {
                break;
            }
            let Some(path) = file(&self.catalog.address(rank)) else { continue };
            if existing.remove(path.as_str()) || is_new {
                articles.push((path, rank));
            }
        }
        articles
    }

    fn plan_feeds(&self, planned: &mut Vec<PlannedFile<'a>>) {
        let categories = self.categories_by_size.iter().take(MAX_CATEGORY_PAGES).map(|list| Some(*list));
        for list in std::iter::once(None).chain(categories) {
            let folder = match list.map(|list| file(&Address::list(ListKind::Category, &list.id.key))) {
                None => String::new(),
                Some(Some(page)) => page.trim_end_matches("index.html").to_owned(),
                Some(None) => continue,
            };
            if self.newest(list).next().is_some() {
                planned.push((format!("{folder}feed.xml"), Planned::Atom(list)));
                planned.push((format!("{folder}feed.json"), Planned::JsonFeed(list)));
            }
        }
    }

    /// Plans sitemaps of the home page, the categories and the articles.
    ///
    /// They list the addresses that the host answers with 200: on some hosts all of these, on others only
    /// those with a file.
    fn plan_sitemaps(
        &self,
        options: &Options,
        articles: &[(String, usize)],
        planned: &mut Vec<PlannedFile<'a>>,
    ) {
        let url = |address: &Address| self.document.url(address).unwrap_or_default();
        let lists_all = options.host.is_some_and(Host::falls_back_with_ok);
        let mut ranks: Vec<usize> = if lists_all {
            (0..self.catalog.count()).collect()
        } else {
            articles.iter().map(|(_, rank)| *rank).collect()
        };
        ranks.sort_by_key(|rank| (self.catalog.story_month(*rank), *rank));
        let mut entries = vec![(url(&Address::Home), None)];
        let categories = self.categories_by_size.iter().take(if lists_all {
            sitemaps::MAX_ENTRIES - 1
        } else {
            MAX_CATEGORY_PAGES
        });
        let category = |list: &CatalogList| Address::list(ListKind::Category, &list.id.key);
        let categories = categories
            .map(|list| category(list))
            .filter(|address| lists_all || (options.prerender > 0 && file(address).is_some()));
        entries.extend(categories.map(|address| (url(&address), None)));
        let standalone = self.catalog.standalone.pages.iter().map(|page| Address::Path(page.path.clone()));
        let standalone =
            standalone.filter(|address| lists_all || (options.prerender > 0 && file(address).is_some()));
        entries.extend(standalone.map(|address| (url(&address), None)));
        let mut all = vec![(
            "sitemap-pages.xml".to_owned(),
            Planned::Text(sitemaps::sitemap(&entries).unwrap_or_default()),
        )];
        for month in ranks.chunk_by(|a, b| self.catalog.story_month(*a) == self.catalog.story_month(*b)) {
            let name =
                month.first().map(|rank| self.catalog.time(*rank).date().year_month()).unwrap_or_default();
            for (at, ranks) in month.chunks(sitemaps::MAX_ENTRIES).enumerate() {
                let part = if at == 0 { String::new() } else { format!("-{}", at + 1) };
                all.push((format!("sitemap-{name}{part}.xml"), Planned::Sitemap(ranks.to_vec())));
            }
        }
        let newest = self.newest(None).next().map(|rank| self.catalog.time(rank).unix);
        let is_news = |rank: &&usize| {
            newest.is_some_and(|newest| {
                (0..=sitemaps::NEWS_SECONDS).contains(&(newest - self.catalog.time(**rank).unix))
            })
        };
        let news: Vec<usize> = ranks.iter().filter(is_news).copied().collect();
        let news: Vec<(String, String, String)> = news
            .into_iter()
            .rev()
            .take(sitemaps::MAX_NEWS)
            .map(|rank| (self.catalog.address(rank), self.catalog.row(rank)))
            .map(|(address, row)| (url(&address), row.datetime(), row.title))
            .collect();
        if !news.is_empty() {
            all.push((
                "sitemap-news.xml".to_owned(),
                Planned::Text(sitemaps::news(&self.manifest.site, &news).unwrap_or_default()),
            ));
        }
        let index: Vec<sitemaps::Entry> =
            all.iter().map(|(path, _)| (format!("{}/{path}", self.manifest.site.url), None)).collect();
        planned.append(&mut all);
        planned.push(("sitemap.xml".to_owned(), Planned::Text(sitemaps::index(&index).unwrap_or_default())));
        // Crawlers read robots.txt only at the host's root.
        if self.view.base.as_str() == "/" {
            planned.push((
                "robots.txt".to_owned(),
                Planned::Text(format!(
                    "User-agent: *\nAllow: /\nSitemap: {}/sitemap.xml\n",
                    self.manifest.site.url
                )),
            ));
        }
    }
}
