//! The data that all pages of a site are made from.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use bundle::href::Href;
use bundle::{Label, ListKind, Manifest};
use viewer::state::site::{SiteContext, SiteHeader};

use super::document::Document;
use crate::compile::catalog::Catalog;
use crate::compile::catalog_list::CatalogList;
use crate::compile::files::{FolderFiles, PublishedFile};
use crate::config::Config;
use crate::digest::{Digest, digest};
use crate::hosts::{Host, HostContext};
use crate::site::Site;

/// How many of the largest categories get a prerendered page and feeds.
pub(super) const MAX_CATEGORY_PAGES: usize = 200;

/// A catalog, its bundle, and the HTML document for its pages.
pub(crate) struct PageContext<'a> {
    pub(super) catalog: &'a Catalog<'a>,
    /// The category lists by key.
    pub(super) categories: HashMap<&'a str, &'a CatalogList>,
    /// The category lists, largest first.
    pub(super) categories_by_size: Vec<&'a CatalogList>,
    pub(super) manifest: &'a Manifest,
    /// The site as views need it.
    pub(super) view: SiteContext,
    pub(super) config: &'a Config,
    pub(super) document: Document<'a>,
    /// What the frame shows of the site.
    pub(super) header: SiteHeader,
    /// The page for addresses without a page of their own.
    pub(super) shell: String,
    /// The digest of everything that all pages show.
    pub(super) common: Digest,
    /// The files to publish as they are.
    pub(super) files: BTreeMap<&'a str, PublishedFile>,
    /// Those that are left out because only what is kept back names them.
    pub(crate) kept_back_files: Vec<&'a str>,
}

impl<'a> PageContext<'a> {
    pub(crate) fn new(
        catalog: &'a Catalog<'a>,
        lists: &'a [CatalogList],
        manifest: &'a Manifest,
        config: &'a Config,
        host: Option<Host>,
    ) -> Result<Self> {
        let document = Document::new(config, host)?;
        let mut categories_by_size: Vec<&CatalogList> =
            lists.iter().filter(|list| list.id.kind == ListKind::Category).collect();
        let categories = categories_by_size.iter().map(|list| (list.id.key.as_str(), *list)).collect();
        categories_by_size.sort_by_key(|list| (std::cmp::Reverse(list.stories.len()), &list.id.key));
        let view = SiteContext::new(manifest.clone(), config.base.clone());
        let header = SiteHeader { menu: menu(catalog, config), ..view.header() };
        let settings = bundle::encode(&(&manifest.site, &manifest.settings));
        let shell = document.shell(&header);
        let common = digest(&[shell.as_bytes(), &settings, &[u8::from(document.strips_html)]].concat());
        let FolderFiles { published: files, kept_back: kept_back_files } = catalog.files();
        Ok(Self {
            catalog,
            categories,
            categories_by_size,
            manifest,
            view,
            config,
            document,
            header,
            shell,
            common,
            files,
            kept_back_files,
        })
    }

    /// The largest categories, which get pages and feeds.
    pub(super) fn categories_with_pages(&self) -> &[&'a CatalogList] {
        &self.categories_by_size[..self.categories_by_size.len().min(MAX_CATEGORY_PAGES)]
    }

    /// The values for a host's files.
    pub(crate) fn host_context<'b>(&'b self, site: &'b Site) -> HostContext<'b> {
        HostContext {
            url: &self.manifest.site.url,
            base: &self.view.base,
            folder: site.root(),
            policy: self.document.policy(),
            program: site.program_files(),
        }
    }

    /// The stories of a category, or all stories, newest first.
    pub(super) fn newest(&self, list: Option<&'a CatalogList>) -> impl Iterator<Item = usize> {
        let (list_ranks, all_ranks) = match list {
            Some(list) => (Some(list.stories.iter().rev().copied()), None),
            None => (None, Some((0..self.catalog.count()).rev())),
        };
        list_ranks.into_iter().flatten().chain(all_ranks.into_iter().flatten())
    }

    /// The older and the newer neighbour of a story in its category.
    pub(super) fn neighbours(&self, rank: usize) -> [Option<usize>; 2] {
        let list = self.catalog.category_key(rank).and_then(|key| self.categories.get(key));
        let Some((list, at)) = list.and_then(|list| Some((list, list.stories.binary_search(&rank).ok()?)))
        else {
            return [None, None];
        };
        [at.checked_sub(1).map(|at| list.stories[at]), list.stories.get(at + 1).copied()]
    }
}

/// The menu with `href`s on the site's host.
fn menu(catalog: &Catalog<'_>, config: &Config) -> Vec<Label> {
    let href = |target: &str| match Href::parse(target)? {
        Href::Internal(path) => Some(config.base.path_href(&path)),
        Href::External(href) => Some(href),
        _ => None,
    };
    let entries = catalog.standalone.menu.iter();
    entries.filter_map(|entry| Some(Label { key: href(&entry.key)?, title: entry.title.clone() })).collect()
}
