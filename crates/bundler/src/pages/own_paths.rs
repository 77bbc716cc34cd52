//! The paths of the site's own files, at which a publisher's files give way.

use std::collections::HashSet;

use bundle::ListKind;
use bundle::address::{Address, RESERVED};
use hosting::Files;

use crate::compile::catalog::Catalog;
use crate::config::Config;
use crate::paths::file;
use crate::program;

/// What is said of a file that gives way.
pub(crate) const GIVES_WAY: &str =
    "the site has a file of its own at this address, so yours is left out; rename it";

/// Files of every site beside the program's and those for an address.
const USUAL: [&str; 9] = [
    "404.html",
    "app.webmanifest",
    "feed.json",
    "feed.xml",
    "index.html",
    "opensearch.xml",
    "robots.txt",
    "sitemap.xml",
    "sw.js",
];

/// Whether every site has a file at the path of an address.
pub(crate) fn is_own_file(address: &str) -> bool {
    let path = address.trim_start_matches('/').to_lowercase();
    USUAL.contains(&path.as_str())
        || (path.starts_with("sitemap") && path.ends_with(".xml"))
        || program::unhashed_files().iter().any(|(own, _)| *own == path)
}

/// The paths of files, and of the folders above them, in small letters: on some systems, names in small and in capital
/// letters are the same.
pub(crate) struct OwnPaths {
    files: HashSet<String>,
    folders: HashSet<String>,
}

impl OwnPaths {
    /// These files, and the folders that every site has.
    pub(crate) fn new<'p>(paths: impl IntoIterator<Item = &'p str>) -> Self {
        let mut own = Self { files: HashSet::new(), folders: RESERVED.map(str::to_owned).into() };
        paths.into_iter().for_each(|path| own.add(path));
        own
    }

    /// The files that a site of these stories has, or can have.
    pub(crate) fn usual(catalog: &Catalog<'_>, config: &Config) -> Self {
        // Feeds and sitemaps name the site's address, and robots.txt counts at the root of a host alone.
        let has_url = !config.site.url.is_empty();
        let is_written = |path: &&str| match *path {
            "feed.json" | "feed.xml" | "sitemap.xml" => has_url,
            "opensearch.xml" => has_url && config.has_search,
            "robots.txt" => has_url && config.base.as_str() == "/",
            _ => true,
        };
        let mut own = Self::new(USUAL.into_iter().filter(is_written));
        for (path, _) in program::unhashed_files() {
            own.add(path);
        }
        let stories = (0..catalog.count()).map(|rank| catalog.address(rank));
        let lists = catalog.lists().filter(|(kind, _)| *kind == ListKind::Category);
        let lists = lists.map(|(kind, key)| Address::list(kind, key));
        let pages = catalog.standalone.pages.iter().map(|page| Address::Path(page.path.clone()));
        for path in stories.chain(lists).chain(pages).filter_map(|address| file(&address)) {
            own.add(&path);
        }
        own
    }

    /// Adds a file.
    pub(crate) fn add(&mut self, path: &str) {
        let name = path.to_lowercase();
        self.folders.extend(ancestors(&name).map(str::to_owned));
        self.files.insert(name);
    }

    /// Whether there is a file or a folder at a path.
    pub(crate) fn has(&self, path: &str) -> bool {
        let name = path.to_lowercase();
        self.files.contains(&name) || self.folders.contains(&name)
    }

    /// Whether a publisher's file at a path gives way: it can be neither where another one is, nor where another one's
    /// folder is, nor below a file, nor may it be taken for one of the site's.
    pub(crate) fn contain(&self, path: &str) -> bool {
        let name = path.to_lowercase();
        let is_page = name.ends_with(".html") || name.ends_with(".htm");
        let is_below_ours = name.split('/').next().is_some_and(|first| RESERVED.contains(&first));
        self.has(path)
            || ancestors(&name).any(|folder| self.files.contains(folder))
            || (is_page && is_below_ours)
            || Files::Hashed.contains(path)
            || name.starts_with("bundle/")
    }
}

/// The folders above a path.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}
