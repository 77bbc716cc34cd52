//! Which files of plain names a site has.

use std::collections::BTreeSet;

use anyhow::Result;
use bundle::address::Address;
use bundle::{ListKind, Time};

use super::context::{CATEGORIES, PageContext};
use super::paths::file;
use super::{embed, sitemaps};
use crate::compile::named::Named;
use crate::hosts::Host;
use crate::hosts::limits::is_article;
use crate::program;
use crate::site::Site;

/// What is made of a catalog beside its bundle.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    /// How many of the newest articles are rendered ahead; none means that nothing is, not even the home
    /// page.
    pub(crate) prerender: usize,
    /// How many files the site may have: articles that are among the newest no longer keep their pages as
    /// long as that allows.
    pub(crate) files: usize,
    pub(crate) host: Option<Host>,
    /// Whether there are compressed copies of all files.
    pub(crate) precompress: bool,
    /// Until when stories count as published, in Unix seconds.
    pub(crate) now: i64,
}

/// A file to be.
pub(super) enum Planned<'a> {
    Home,
    Category(&'a Named),
    /// By its rank.
    Article(usize),
    /// What is answered where there is no page.
    Shell,
    /// The service worker.
    Worker,
    /// The widget's page for an iframe; with the newest headlines in it.
    Frame(bool),
    /// The page on which the widget is tried.
    Examples,
    /// What is answered to oEmbed, of a category or of all stories.
    Oembed(Option<&'a Named>),
    /// Of a category, or of all stories.
    Atom(Option<&'a Named>),
    JsonFeed(Option<&'a Named>),
    /// Of stories by their ranks.
    Sitemap(Vec<usize>),
    Text(String),
    /// Of the program.
    Public(&'static [u8]),
}

/// A file to be, and its path from the site's root.
pub(super) type PlannedFile<'a> = (String, Planned<'a>);

impl<'a> PageContext<'a> {
    /// All files of plain names, by their paths.
    ///
    /// # Errors
    /// Fails if a template is wrong.
    pub(super) fn plan(&self, site: &Site, options: &Options) -> Result<Vec<PlannedFile<'a>>> {
        // Most static hosts answer 404.html where they have no file: the address stays, and the viewer opens
        // it.
        let mut planned = vec![("404.html".to_owned(), Planned::Shell)];
        planned.push(("sw.js".to_owned(), Planned::Worker));
        planned.push(("app.webmanifest".to_owned(), Planned::Text(self.document.web_app_manifest())));
        planned.extend(
            program::plain_files().into_iter().map(|(path, bytes)| (path.to_owned(), Planned::Public(bytes))),
        );
        planned.push(("embed/index.html".to_owned(), Planned::Frame(options.prerender > 0)));
        planned.push(("embed/examples/index.html".to_owned(), Planned::Examples));
        let mut articles = Vec::new();
        if options.prerender == 0 {
            planned.push(("index.html".to_owned(), Planned::Shell));
        } else {
            planned.push(("index.html".to_owned(), Planned::Home));
            let categories = self.largest.iter().take(CATEGORIES);
            planned.extend(categories.filter_map(|list| {
                Some((file(&Address::list(ListKind::Category, &list.id.key))?, Planned::Category(list)))
            }));
            articles = self.plan_articles(site, options);
        }
        if let Some(host) = options.host {
            let files = host.files(&self.place(site))?;
            planned.extend(files.into_iter().map(|(path, text)| (path.to_owned(), Planned::Text(text))));
        }
        if !self.manifest.site.url.is_empty() {
            let lists = std::iter::once(None).chain(self.with_pages().iter().map(|list| Some(*list)));
            planned.extend(lists.filter_map(|list| Some((embed::oembed_path(list)?, Planned::Oembed(list)))));
            self.plan_feeds(options, &mut planned);
            self.plan_sitemaps(options, &articles, &mut planned);
        }
        planned.extend(articles.into_iter().map(|(path, rank)| (path, Planned::Article(rank))));
        Ok(planned)
    }

    /// The newest articles, and those that were among them and still have their pages, newest first.
    fn plan_articles(&self, site: &Site, options: &Options) -> Vec<(String, usize)> {
        let mut there: BTreeSet<&str> = site.pages().filter(|path| is_article(path)).collect();
        // A category has a page, two feeds and an answer for oEmbed; months have sitemaps; and what is out of
        // use stays for some days.
        let others = 4 * self.with_pages().len() + self.manifest.index.months.len() + 30;
        let copies = if options.precompress { 3 } else { 1 };
        let files = options.host.and_then(Host::most_files).unwrap_or(usize::MAX).min(options.files);
        let room = files.saturating_sub((site.files_so_far() + others) * copies + site.out_of_use()) / copies;
        let count = self.catalog.count();
        let mut articles = Vec::new();
        for rank in (0..count).rev() {
            let is_new = count - rank <= options.prerender;
            if !is_new && (there.is_empty() || articles.len() >= room) {
                break;
            }
            let Some(path) = file(&self.catalog.row(rank).address()) else { continue };
            if there.remove(path.as_str()) || is_new {
                articles.push((path, rank));
            }
        }
        articles
    }

    fn plan_feeds(&self, options: &Options, planned: &mut Vec<PlannedFile<'a>>) {
        let categories = self.largest.iter().take(CATEGORIES).map(|list| Some(*list));
        for list in std::iter::once(None).chain(categories) {
            let folder = match list.map(|list| file(&Address::list(ListKind::Category, &list.id.key))) {
                None => String::new(),
                Some(Some(page)) => page.trim_end_matches("index.html").to_owned(),
                Some(None) => continue,
            };
            if self.newest(list, options.now).next().is_some() {
                planned.push((format!("{folder}feed.xml"), Planned::Atom(list)));
                planned.push((format!("{folder}feed.json"), Planned::JsonFeed(list)));
            }
        }
    }

    /// Sitemaps list what answers with 200: everything on hosts that answer so, else what has a file.
    fn plan_sitemaps(
        &self,
        options: &Options,
        articles: &[(String, usize)],
        planned: &mut Vec<PlannedFile<'a>>,
    ) {
        let url = |address: &Address| self.document.url(address).unwrap_or_default();
        let answers_all = options.host.is_some_and(Host::answers_all);
        let mut ranks: Vec<usize> = if answers_all {
            (0..self.catalog.count()).collect()
        } else {
            articles.iter().map(|(_, rank)| *rank).collect()
        };
        ranks.sort_by_key(|rank| (self.catalog.row_month(*rank), *rank));
        let mut places = vec![(url(&Address::Home), None)];
        let categories =
            self.largest.iter().take(if answers_all { sitemaps::ADDRESSES - 1 } else { CATEGORIES });
        let category = |list: &Named| Address::list(ListKind::Category, &list.id.key);
        let categories = categories
            .map(|list| category(list))
            .filter(|address| answers_all || (options.prerender > 0 && file(address).is_some()));
        places.extend(categories.map(|address| (url(&address), None)));
        let mut all = vec![(
            "sitemap-pages.xml".to_owned(),
            Planned::Text(sitemaps::sitemap(&places).unwrap_or_default()),
        )];
        for month in ranks.chunk_by(|a, b| self.catalog.row_month(*a) == self.catalog.row_month(*b)) {
            let name =
                month.first().map(|rank| self.catalog.time(*rank).date().year_month()).unwrap_or_default();
            for (at, ranks) in month.chunks(sitemaps::ADDRESSES).enumerate() {
                let part = if at == 0 { String::new() } else { format!("-{}", at + 1) };
                all.push((format!("sitemap-{name}{part}.xml"), Planned::Sitemap(ranks.to_vec())));
            }
        }
        let newest = self.newest_rank(options.now).map(|rank| self.catalog.time(rank).unix);
        let is_news = |rank: &&usize| {
            newest.is_some_and(|newest| {
                (0..=sitemaps::NEWS_SECONDS).contains(&(newest - self.catalog.time(**rank).unix))
            })
        };
        let news: Vec<usize> = ranks.iter().filter(is_news).copied().collect();
        let news: Vec<(String, Time, String)> = news
            .into_iter()
            .rev()
            .take(sitemaps::NEWS)
            .map(|rank| self.catalog.row(rank))
            .map(|row| (url(&row.address()), row.time, row.title))
            .collect();
        if !news.is_empty() {
            all.push((
                "sitemap-news.xml".to_owned(),
                Planned::Text(sitemaps::news(&self.manifest.site, &news).unwrap_or_default()),
            ));
        }
        let index: Vec<sitemaps::Place> =
            all.iter().map(|(path, _)| (format!("{}/{path}", self.manifest.site.url), None)).collect();
        planned.append(&mut all);
        planned.push(("sitemap.xml".to_owned(), Planned::Text(sitemaps::index(&index).unwrap_or_default())));
        // A host has one, in its root.
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
