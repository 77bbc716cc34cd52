//! Files at addresses: pages prerendered by the viewer's own components, feeds, sitemaps, and what a host
//! reads.
//!
//! A page is complete without the program; what is not rendered ahead a host answers with 404.html, and the
//! program opens it. An article's page is made anew only when something that it shows has changed.

mod document;
mod embed;
mod feeds;
mod sitemaps;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use anyhow::Result;
use bundle::address::Address;
use bundle::archive::{Archive, Neighbours};
use bundle::{Headline, ListKind, Manifest, Time};
use futures::executor::block_on;
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use rayon::prelude::*;
use viewer::prerender::{self, Known};
use viewer::routes;
use viewer::state::folder::SiteFolder;
use viewer::state::page::{self, Page};
use viewer::state::remote::Remote;
use viewer::state::site::SiteContext;

use self::document::{Document, Head, Story as Described};
use crate::compile::{Edition, Named};
use crate::config::Config;
use crate::hosts::{Host, Place};
use crate::program;
use crate::site::Site;
use crate::story::{Digest, Digester, digest};

/// What is made of an edition beside its bundle.
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

/// How many of the largest categories are rendered ahead, and have feeds.
const CATEGORIES: usize = 200;

/// The pages of an edition.
pub(crate) struct Pages<'a> {
    edition: &'a Edition<'a>,
    /// The category lists by their keys.
    categories: HashMap<&'a str, &'a Named>,
    /// The same, largest first.
    largest: Vec<&'a Named>,
    manifest: &'a Manifest,
    /// The edition as views know it.
    view: SiteContext,
    config: &'a Config,
    document: Document<'a>,
    /// Of all that every page shows.
    common: Digest,
}

/// A file to be.
enum Planned<'a> {
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

impl<'a> Pages<'a> {
    pub(crate) fn new(
        edition: &'a Edition<'a>,
        lists: &'a [Named],
        manifest: &'a Manifest,
        config: &'a Config,
        host: Option<Host>,
    ) -> Result<Self> {
        let document = Document::new(config, host)?;
        let mut largest: Vec<&Named> =
            lists.iter().filter(|list| list.id.kind == ListKind::Category).collect();
        let categories = largest.iter().map(|list| (list.id.key.as_str(), *list)).collect();
        largest.sort_by_key(|list| (std::cmp::Reverse(list.stories.len()), &list.id.key));
        let view = SiteContext::new(manifest.clone(), config.base.clone());
        let settings = bundle::encode(&(&manifest.site, &manifest.settings));
        let shell = document.shell(&view.header());
        let common = digest(&[shell.as_bytes(), &settings, &[u8::from(document.strips_html)]].concat());
        Ok(Self { edition, categories, largest, manifest, view, config, document, common })
    }

    /// Writes the pages, the one for all other addresses, feeds, sitemaps, and what the host reads.
    ///
    /// # Errors
    /// Where a file cannot be written, or a post cannot be read again.
    pub(crate) fn write(&self, site: &mut Site, options: &Options) -> Result<()> {
        let planned = self.plan(site, options);
        site.announce(planned.iter().map(|(path, _)| path.as_str()), options.precompress)?;
        let site = &*site;
        let bar = crate::library::progress(planned.len(), "rendering pages");
        planned.par_iter().try_for_each(|(path, page)| {
            bar.inc(1);
            match page {
                Planned::Home => site.page(path, None, || self.home(site)),
                Planned::Category(list) => site.page(path, None, || self.category(site, list)),
                Planned::Article(rank) => {
                    site.page(path, Some(self.article_digest(*rank)), || self.article(*rank))
                }
                Planned::Shell => {
                    site.page(path, None, || Ok(self.document.shell(&self.view.header()).into_bytes()))
                }
                Planned::Worker => site.page(path, None, || {
                    Ok(program::worker(&self.document.shell(&self.view.header()))?.into_bytes())
                }),
                Planned::Frame(newest) => site.page(path, None, || Ok(self.frame(*newest)?.into_bytes())),
                Planned::Examples => site.page(path, None, || {
                    Ok(embed::examples(self.config, &self.document, self.of_size())?.into_bytes())
                }),
                Planned::Oembed(list) => {
                    site.page(path, None, || Ok(embed::oembed(self.config, *list).into_bytes()))
                }
                Planned::Atom(list) => {
                    site.page(path, None, || Ok(self.feed(*list, options.now).atom()?.into_bytes()))
                }
                Planned::JsonFeed(list) => {
                    site.page(path, None, || Ok(self.feed(*list, options.now).json().into_bytes()))
                }
                Planned::Sitemap(ranks) => site.page(path, Some(self.sitemap_digest(ranks)), || {
                    Ok(sitemaps::sitemap(&self.stories(ranks))?.into_bytes())
                }),
                Planned::Text(text) => site.page(path, None, || Ok(text.clone().into_bytes())),
                Planned::Public(bytes) => site.page(path, None, || Ok(bytes.to_vec())),
            }
        })?;
        bar.finish_and_clear();
        Ok(())
    }

    /// All files of plain names, by their paths.
    fn plan(&self, site: &Site, options: &Options) -> Vec<(String, Planned<'a>)> {
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
        let place = self.place(site);
        planned.extend(
            options
                .host
                .into_iter()
                .flat_map(|host| host.files(&place))
                .map(|(path, text)| (path.to_owned(), Planned::Text(text))),
        );
        if !self.manifest.site.url.is_empty() {
            let lists = std::iter::once(None).chain(self.of_size().iter().map(|list| Some(*list)));
            planned.extend(lists.filter_map(|list| Some((embed::oembed_path(list)?, Planned::Oembed(list)))));
            self.plan_feeds(options, &mut planned);
            self.plan_sitemaps(options, &articles, &mut planned);
        }
        planned.extend(articles.into_iter().map(|(path, rank)| (path, Planned::Article(rank))));
        planned
    }

    /// The newest articles, and those that were among them and still have their pages, newest first.
    fn plan_articles(&self, site: &Site, options: &Options) -> Vec<(String, usize)> {
        let mut there: BTreeSet<&str> =
            site.pages().filter(|path| path.ends_with(".html") && path.matches('/').count() >= 3).collect();
        // A category has a page, two feeds and an answer for oEmbed; months have sitemaps; and what is out of
        // use stays for some days.
        let others = 4 * self.of_size().len() + self.manifest.index.months.len() + 30;
        let copies = if options.precompress { 3 } else { 1 };
        let files = options.host.and_then(Host::most_files).unwrap_or(usize::MAX).min(options.files);
        let room = files.saturating_sub((site.counts().total + others) * copies + site.out_of_use()) / copies;
        let count = self.edition.count();
        let mut articles = Vec::new();
        for rank in (0..count).rev() {
            let is_new = count - rank <= options.prerender;
            if !is_new && (there.is_empty() || articles.len() >= room) {
                break;
            }
            let Some(path) = file(&self.edition.row(rank).address()) else { continue };
            if there.remove(path.as_str()) || is_new {
                articles.push((path, rank));
            }
        }
        articles
    }

    fn plan_feeds(&self, options: &Options, planned: &mut Vec<(String, Planned<'a>)>) {
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
        planned: &mut Vec<(String, Planned<'a>)>,
    ) {
        let url = |address: &Address| self.document.url(address).unwrap_or_default();
        let answers_all = options.host.is_some_and(Host::answers_all);
        let mut ranks: Vec<usize> = if answers_all {
            (0..self.edition.count()).collect()
        } else {
            articles.iter().map(|(_, rank)| *rank).collect()
        };
        ranks.sort_by_key(|rank| (self.edition.row_month(*rank), *rank));
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
        for month in ranks.chunk_by(|a, b| self.edition.row_month(*a) == self.edition.row_month(*b)) {
            let name =
                month.first().map(|rank| self.edition.time(*rank).date().year_month()).unwrap_or_default();
            for (at, ranks) in month.chunks(sitemaps::ADDRESSES).enumerate() {
                let part = if at == 0 { String::new() } else { format!("-{}", at + 1) };
                all.push((format!("sitemap-{name}{part}.xml"), Planned::Sitemap(ranks.to_vec())));
            }
        }
        let newest = self.newest_rank(options.now).map(|rank| self.edition.time(rank).unix);
        let is_news = |rank: &&usize| {
            newest.is_some_and(|newest| {
                (0..=sitemaps::NEWS_SECONDS).contains(&(newest - self.edition.time(**rank).unix))
            })
        };
        let news: Vec<usize> = ranks.iter().filter(is_news).copied().collect();
        let news: Vec<(String, Time, String)> = news
            .into_iter()
            .rev()
            .take(sitemaps::NEWS)
            .map(|rank| self.edition.row(rank))
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

    /// The largest categories, which have pages and feeds.
    fn of_size(&self) -> &[&'a Named] {
        &self.largest[..self.largest.len().min(CATEGORIES)]
    }

    fn frame(&self, newest: bool) -> Result<String> {
        embed::frame(self.config, &self.document, if newest { &self.manifest.newest } else { &[] })
    }

    /// What a host's files are made from.
    pub(crate) fn place<'b>(&'b self, site: &'b Site) -> Place<'b> {
        Place {
            url: &self.manifest.site.url,
            base: &self.view.base,
            folder: site.root(),
            policy: self.document.policy(),
            pinned: site.pinned(),
        }
    }

    /// The newest story that is not in the future.
    fn newest_rank(&self, now: i64) -> Option<usize> {
        (0..self.edition.count()).rev().find(|rank| self.edition.time(*rank).unix <= now)
    }

    /// The stories of a category, or all, newest first, without those in the future.
    fn newest(&self, list: Option<&'a Named>, now: i64) -> impl Iterator<Item = usize> {
        let (of_list, of_all) = match list {
            Some(list) => (Some(list.stories.iter().rev().copied()), None),
            None => (None, Some((0..self.edition.count()).rev())),
        };
        of_list
            .into_iter()
            .flatten()
            .chain(of_all.into_iter().flatten())
            .filter(move |rank| self.edition.time(*rank).unix <= now)
    }

    fn feed(&self, list: Option<&'a Named>, now: i64) -> feeds::Source<'_> {
        let site = &self.manifest.site;
        let ranks = self.newest(list, now).take(feeds::STORIES);
        let (title, address, rows) = match list {
            // The newest headlines of the manifest have summaries.
            None => (site.title.clone(), Address::Home, self.manifest.newest.clone()),
            Some(list) => (
                format!("{} · {}", list.title, site.title),
                Address::list(ListKind::Category, &list.id.key),
                ranks.map(|rank| self.edition.row(rank)).collect(),
            ),
        };
        let page = self.document.url(&address).unwrap_or_default();
        let folder = file(&address).unwrap_or_default();
        let feed =
            format!("{}/{}feed", site.url, utf8_percent_encode(folder.trim_end_matches("index.html"), PATH));
        feeds::Source { site, title, page, feed, rows }
    }

    /// The addresses of stories, and when they were published.
    fn stories(&self, ranks: &[usize]) -> Vec<sitemaps::Place> {
        let place = |rank: &usize| {
            let row = self.edition.row(*rank);
            (self.document.url(&row.address()).unwrap_or_default(), Some(row.time))
        };
        ranks.iter().map(place).collect()
    }

    fn sitemap_digest(&self, ranks: &[usize]) -> Digest {
        let mut digester = Digester::default();
        // Which addresses there are depends on the site and its host.
        digester.add(&self.common);
        for rank in ranks {
            digester.add(self.edition.row_digest(*rank));
        }
        digester.finish()
    }

    fn home(&self, site: &Site) -> Result<Vec<u8>> {
        let folder = SiteFolder::new(site.root());
        let archive = Archive::new(&folder, &self.manifest.index);
        let description = match self.manifest.site.description.as_str() {
            "" => titles(&self.manifest.newest),
            description => description.to_owned(),
        };
        let front = block_on(archive.front())
            .map_err(|failure| anyhow::anyhow!("the front page's file: {failure}"))?;
        Ok(self.render(
            &Address::Home,
            Page::Home,
            Known { front: Remote::Ready(front.blocks), ..Known::default() },
            &description,
            None,
        ))
    }

    fn category(&self, site: &Site, list: &Named) -> Result<Vec<u8>> {
        let folder = SiteFolder::new(site.root());
        let archive = Archive::new(&folder, &self.manifest.index);
        let address = Address::list(ListKind::Category, &list.id.key);
        let page = block_on(page::read(archive, &address))
            .map_err(|failure| anyhow::anyhow!("the category “{}”: {failure}", list.id.key))?;
        let description = match &page {
            Page::List(list) => titles(&list.rows),
            _ => String::new(),
        };
        Ok(self.render(&address, page, Known::default(), &description, None))
    }

    fn article(&self, rank: usize) -> Result<Vec<u8>> {
        let words = self.edition.words(rank)?;
        let article = words.article;
        let outline = markdown::outline(&article.body);
        let address = Address::article(article.categories.first(), article.time, &article.slug);
        let described = Described::of(&article);
        let [older, newer] = self.neighbours(rank).map(|rank| rank.map(|rank| self.edition.row(rank)));
        let page = Page::Article(Arc::new(article), outline);
        Ok(self.render(
            &address,
            page,
            Known { neighbours: Remote::Ready(Neighbours { older, newer }), ..Known::default() },
            &words.excerpt,
            Some(described),
        ))
    }

    fn render(
        &self,
        address: &Address,
        page: Page,
        known: Known,
        description: &str,
        story: Option<Described>,
    ) -> Vec<u8> {
        let title = routes::title(&self.view, &page);
        let oembed = match (&page, address) {
            (Page::Home, _) => embed::oembed_path(None),
            (Page::List(_), Address::List { id, .. }) => {
                self.categories.get(id.key.as_str()).and_then(|list| embed::oembed_path(Some(list)))
            }
            _ => None,
        };
        let feed = if let (Page::List(list), Some(folder)) = (&page, file(address)) {
            Some((list.title.clone(), folder.trim_end_matches("index.html").to_owned()))
        } else {
            None
        };
        let window = prerender::page(&self.view, address, page, known);
        self.document
            .page(&Head { title: &title, description, address, story, feed, oembed }, &window)
            .into_bytes()
    }

    /// The stories before and after one in its category.
    fn neighbours(&self, rank: usize) -> [Option<usize>; 2] {
        let list = self.edition.category(rank).and_then(|key| self.categories.get(key));
        let Some((list, at)) = list.and_then(|list| Some((list, list.stories.binary_search(&rank).ok()?)))
        else {
            return [None, None];
        };
        [at.checked_sub(1).map(|at| list.stories[at]), list.stories.get(at + 1).copied()]
    }

    /// Of all that goes into an article's page.
    fn article_digest(&self, rank: usize) -> Digest {
        let mut digester = Digester::default();
        digester.add(&self.common);
        self.edition.add_story(rank, &mut digester);
        for neighbour in self.neighbours(rank) {
            digester.add(neighbour.map_or(&[], |rank| self.edition.row_digest(rank)));
        }
        digester.finish()
    }
}

/// The newest titles of some rows, for those who ask what a page is about.
fn titles(rows: &[Headline]) -> String {
    rows.iter().take(3).map(|row| row.title.as_str()).collect::<Vec<_>>().join(" · ")
}

/// The file that hosts answer an address with; none where one of its parts is no name that every file system
/// and host takes as it is: the program opens such an address.
pub(crate) fn file(address: &Address) -> Option<String> {
    let path = address.to_string();
    let mut parts: Vec<String> = path
        .split('/')
        .skip(1)
        .map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned())
        .collect();
    let (last, folders) = parts.split_last_mut()?;
    let is_plain = |part: &String| {
        let odd = |c: char| c.is_control() || "/\\<>:\"|?*%#".contains(c);
        let stem = part.split('.').next().unwrap_or_default();
        // Names of devices on Windows.
        let is_device = matches!(stem, "con" | "prn" | "aux" | "nul")
            || (stem.len() == 4 && (stem.starts_with("com") || stem.starts_with("lpt")));
        !is_device
            && !part.is_empty()
            && part.len() <= 200
            && !part.contains(odd)
            && !part.starts_with(['.', '_', ' '])
            && !part.ends_with(['.', ' '])
    };
    // A folder with a dot in its name might bear the name of one of our files, and one of our own names those
    // of the bundle.
    let is_folder = |part: &String| is_plain(part) && !part.contains('.');
    let is_ours = folders.first().is_some_and(|first| bundle::address::RESERVED.contains(&first.as_str()));
    if last.is_empty() {
        "index.html".clone_into(last);
    }
    (!is_ours && folders.iter().all(is_folder) && is_plain(last)).then(|| parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_every_host_takes_as_they_are_have_a_file() {
        let file_of = |path: &str| file(&Address::parse(path, ""));
        assert_eq!(file_of("/").as_deref(), Some("index.html"));
        assert_eq!(file_of("/emnews/").as_deref(), Some("emnews/index.html"));
        assert_eq!(file_of("/emnews/2026/03/02/a.html").as_deref(), Some("emnews/2026/03/02/a.html"));
        assert_eq!(
            file_of("/%E5%B8%82%E5%9C%BA/2026/03/02/%E5%A4%B4.html").as_deref(),
            Some("市场/2026/03/02/头.html")
        );
        for odd in [
            "/bundle/2026/03/02/a.html",
            "/feed.xml/2026/03/02/a.html",
            "/_a/2026/03/02/a.html",
            "/a%3Fb/",
            "/category/tag.html",
            "/con%2Fx/",
            "/con/",
            "/aux/2026/03/02/a.html",
        ] {
            assert_eq!(file_of(odd), None, "{odd}");
        }
    }
}
