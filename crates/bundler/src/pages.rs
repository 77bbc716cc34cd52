//! Pages rendered ahead, by the viewer's own components: the home page, the largest categories, the newest articles.
//!
//! Each is a file at its address, complete without the program; what is not rendered ahead a host answers with 404.html, and the
//! program opens it. A page is made anew only when something that it shows has changed.

mod document;

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;
use bundle::address::Address;
use bundle::{ListKind, Manifest};
use futures::executor::block_on;
use percent_encoding::percent_decode_str;
use rayon::prelude::*;
use viewer::ahead::{self, Known};
use viewer::routes;
use viewer::state::archive::{Archive, Neighbours};
use viewer::state::folder::SiteFolder;
use viewer::state::page::{self, Page};

use self::document::{Document, Head, Story as Described};
use crate::compile::{Edition, Named};
use crate::config::Config;
use crate::site::Site;
use crate::story::{Digest, Digester, digest};

/// How much is rendered ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ahead {
    /// How many of the newest articles; none means that nothing is, not even the home page.
    pub(crate) articles: usize,
    /// How many files the site may have: articles that are among the newest no longer stay as long as that allows.
    pub(crate) files: usize,
}

/// How many of the largest categories are rendered ahead.
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
    view: viewer::edition::Edition,
    document: Document<'a>,
    /// Of all that every page shows.
    common: Digest,
}

/// A page to be.
enum Planned<'a> {
    Home,
    Category(&'a Named),
    /// By its rank.
    Article(usize),
}

impl<'a> Pages<'a> {
    pub(crate) fn new(edition: &'a Edition<'a>, lists: &'a [Named], manifest: &'a Manifest, config: &'a Config) -> Result<Self> {
        let document = Document::new(config)?;
        let mut largest: Vec<&Named> = lists.iter().filter(|list| list.id.kind == ListKind::Category).collect();
        let categories = largest.iter().map(|list| (list.id.key.as_str(), *list)).collect();
        largest.sort_by_key(|list| (std::cmp::Reverse(list.stories.len()), &list.id.key));
        let view = viewer::edition::Edition::new(manifest.clone(), config.base.clone());
        let settings = bundle::encode(&(&manifest.site, &manifest.settings));
        let shell = document.shell(&view.nameplate());
        let common = digest(&[shell.as_bytes(), &settings].concat());
        Ok(Self { edition, categories, largest, manifest, view, document, common })
    }

    /// Writes the pages, and the one for all other addresses.
    ///
    /// # Errors
    /// Where a file cannot be written, or a post cannot be read again.
    pub(crate) fn write(&self, site: &mut Site, ahead: Ahead) -> Result<()> {
        let shell = self.document.shell(&self.view.nameplate());
        let planned = self.plan(site, ahead);
        site.announce(planned.iter().map(|(path, _)| path.as_str()).chain(["index.html", "404.html"]))?;
        let site = &*site;
        let bar = crate::library::progress(planned.len(), "rendering pages");
        planned.par_iter().try_for_each(|(path, page)| {
            bar.inc(1);
            match page {
                Planned::Home => site.page(path, None, || self.home(site)),
                Planned::Category(list) => site.page(path, None, || self.category(site, list)),
                Planned::Article(rank) => site.page(path, Some(self.article_digest(*rank)), || self.article(*rank)),
            }
        })?;
        bar.finish_and_clear();
        // Most static hosts answer 404.html where they have no file: the address stays, and the viewer opens it.
        site.page("404.html", None, || Ok(shell.clone()))?;
        if ahead.articles == 0 {
            site.page("index.html", None, || Ok(shell))?;
        }
        Ok(())
    }

    /// The pages by their paths.
    fn plan(&self, site: &Site, ahead: Ahead) -> Vec<(String, Planned<'a>)> {
        if ahead.articles == 0 {
            return Vec::new();
        }
        let mut planned = vec![("index.html".to_owned(), Planned::Home)];
        let categories = self.largest.iter().take(CATEGORIES);
        planned.extend(categories.filter_map(|list| Some((file(&Address::list(ListKind::Category, &list.id.key))?, Planned::Category(list)))));
        let mut there: BTreeSet<&str> = site.pages().filter(|path| path.matches('/').count() >= 3).collect();
        let room = ahead.files.saturating_sub(site.counts().total + planned.len());
        let count = self.edition.count();
        let mut articles = 0;
        for rank in (0..count).rev() {
            let is_new = count - rank <= ahead.articles;
            if !is_new && (there.is_empty() || articles >= room) {
                break;
            }
            let Some(path) = file(&self.edition.row(rank).address()) else { continue };
            if there.remove(path.as_str()) || is_new {
                planned.push((path, Planned::Article(rank)));
                articles += 1;
            }
        }
        planned
    }

    fn home(&self, site: &Site) -> Result<String> {
        let folder = SiteFolder::new(site.root());
        let archive = Archive { source: &folder, manifest: self.manifest };
        let front = block_on(archive.front()).map_err(|failure| anyhow::anyhow!("the front page's file: {failure}"))?;
        Ok(self.render(&Address::Home, Page::Home, Known { front: front.blocks, ..Known::default() }, &self.manifest.site.description, None))
    }

    fn category(&self, site: &Site, list: &Named) -> Result<String> {
        let folder = SiteFolder::new(site.root());
        let archive = Archive { source: &folder, manifest: self.manifest };
        let address = Address::list(ListKind::Category, &list.id.key);
        let page = block_on(page::read(archive, &address)).map_err(|failure| anyhow::anyhow!("the category “{}”: {failure}", list.id.key))?;
        let titles = match &page {
            Page::List(list) => list.rows.iter().take(3).map(|row| row.title.as_str()).collect::<Vec<_>>().join(" · "),
            _ => String::new(),
        };
        Ok(self.render(&address, page, Known::default(), &titles, None))
    }

    fn article(&self, rank: usize) -> Result<String> {
        let words = self.edition.words(rank)?;
        let article = words.article;
        let outline = markdown::outline(&article.body);
        let address = Address::article(article.categories.first(), article.time, &article.slug);
        let described = Described::of(&article);
        let [older, newer] = self.neighbours(rank).map(|rank| rank.map(|rank| self.edition.row(rank)));
        let page = Page::Article(Box::new(article), outline);
        Ok(self.render(&address, page, Known { neighbours: Neighbours { older, newer }, ..Known::default() }, &words.excerpt, Some(described)))
    }

    fn render(&self, address: &Address, page: Page, known: Known, description: &str, story: Option<Described>) -> String {
        let title = routes::title(&self.view, &page);
        let window = ahead::page(&self.view, address, page, known);
        self.document.page(&Head { title: &title, description, address, story }, &window)
    }

    /// The stories before and after one in its category.
    fn neighbours(&self, rank: usize) -> [Option<usize>; 2] {
        let list = self.edition.category(rank).and_then(|key| self.categories.get(key));
        let Some((list, at)) = list.and_then(|list| Some((list, list.stories.binary_search(&rank).ok()?))) else { return [None, None] };
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

/// The file that hosts answer an address with; none where one of its parts is no name that every file system and host takes as it
/// is: the program opens such an address.
pub(crate) fn file(address: &Address) -> Option<String> {
    let path = address.to_string();
    let mut parts: Vec<String> = path.split('/').skip(1).map(|part| percent_decode_str(part).decode_utf8_lossy().into_owned()).collect();
    let (last, folders) = parts.split_last_mut()?;
    let is_plain = |part: &String| {
        let odd = |c: char| c.is_control() || "/\\<>:\"|?*%#".contains(c);
        !part.is_empty() && part.len() <= 200 && !part.contains(odd) && !part.starts_with(['.', '_', ' ']) && !part.ends_with(['.', ' '])
    };
    // A folder with a dot in its name might bear the name of one of our files, and one of our own names those of the bundle.
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
        assert_eq!(file_of("/%E5%B8%82%E5%9C%BA/2026/03/02/%E5%A4%B4.html").as_deref(), Some("市场/2026/03/02/头.html"));
        for odd in ["/bundle/2026/03/02/a.html", "/feed.xml/2026/03/02/a.html", "/_a/2026/03/02/a.html", "/a%3Fb/", "/category/tag.html", "/con%2Fx/"] {
            assert_eq!(file_of(odd), None, "{odd}");
        }
    }
}
