//! Compiles a catalog into the bundle: articles, days, lists, names, the front and the manifest.

pub(crate) mod artifacts;
pub(crate) mod catalog;
pub(crate) mod catalog_list;
mod days;
mod directories;
pub(crate) mod files;
mod lists;
mod paths;
pub(crate) mod search;
pub(crate) mod writer;

use std::collections::HashSet;

use anyhow::Result;
use bundle::{
    Block, Counts, FORMAT, Folder, Front, Headline, Index, ListKind, Manifest, NameFile, NameFiles, NamedList,
};

use self::artifacts::ArtifactCache;
use self::catalog::Catalog;
use self::catalog_list::CatalogList;
use self::writer::BundleWriter;

/// The bundle of a catalog. All of its files are written except the manifest.
pub(crate) struct WrittenBundle {
    pub(crate) manifest: Manifest,
    /// All lists, sorted by kind and key.
    pub(crate) lists: Vec<CatalogList>,
    /// What the search index weighs, if there is one.
    pub(crate) search: Option<search::Weight>,
}

/// Writes a catalog's bundle, except the manifest.
///
/// # Errors
/// Fails if a file cannot be written, or if a post cannot be read again.
pub(crate) fn write(
    catalog: &Catalog<'_>,
    artifacts: &ArtifactCache,
    index: Option<&search::Options<'_>>,
    writer: &dyn BundleWriter,
) -> Result<WrittenBundle> {
    let months = days::write(catalog, artifacts, writer)?;
    let lists = lists::write(catalog, artifacts, writer)?;
    let front = Front { blocks: blocks(catalog, &lists.all), names: write_names(&lists.all, writer)? };
    let (search, weight) = match index {
        Some(options) => {
            let (hash, weight) = search::write(catalog, &lists.all, options, writer)?;
            (hash, Some(weight))
        }
        None => (String::new(), None),
    };
    let count = |kind| lists.all.iter().filter(|list| list.id.kind == kind).count();
    let newest: Result<Vec<Headline>> = (0..catalog.order.len())
        .rev()
        .take(Manifest::NEWEST)
        .map(|rank| Ok(Headline { summary: catalog.article(rank)?.excerpt, ..catalog.row(rank) }))
        .collect();
    let manifest = Manifest {
        format: FORMAT,
        site: catalog.config.site.clone(),
        settings: catalog.config.settings.clone(),
        counts: Counts {
            articles: catalog.order.len(),
            days: (0..catalog.order.len())
                .map(|rank| catalog.story(rank).time.date())
                .collect::<HashSet<_>>()
                .len(),
            categories: count(ListKind::Category),
            tags: count(ListKind::Tag),
            securities: count(ListKind::Quote),
        },
        newest: newest?,
        index: Index {
            store: writer.store(),
            front: writer.put(Folder::Front, bundle::encode(&front))?,
            months,
            lists: lists.directories,
            paths: paths::write(catalog, writer)?,
            home: match &catalog.standalone.home {
                Some(home) => writer.put(Folder::Standalone, bundle::encode(&home.page))?,
                None => String::new(),
            },
            search,
        },
    };
    Ok(WrittenBundle { manifest, lists: lists.all, search: weight })
}

fn blocks(catalog: &Catalog<'_>, lists: &[CatalogList]) -> Vec<Block> {
    let mut categories: Vec<&CatalogList> =
        lists.iter().filter(|list| list.id.kind == ListKind::Category).collect();
    categories.sort_by_key(|list| (std::cmp::Reverse(list.stories.len()), &list.id.key));
    let block = |list: &CatalogList| Block {
        category: named_list(list),
        // They show only titles.
        rows: (list.stories.iter().rev().take(Front::ROWS))
            .map(|at| Headline { image: String::new(), ..catalog.row(*at) })
            .collect(),
    };
    categories.into_iter().take(Front::BLOCKS).map(block).collect()
}

fn named_list(list: &CatalogList) -> NamedList {
    NamedList { key: list.id.key.clone(), title: list.title.clone(), count: list.stories.len() }
}

fn write_names(lists: &[CatalogList], writer: &dyn BundleWriter) -> Result<NameFiles> {
    let write = |kind| -> Result<Vec<String>> {
        let mut names: Vec<NamedList> =
            lists.iter().filter(|list| list.id.kind == kind).map(named_list).collect();
        names.sort_by(|a, b| (b.count, &a.key).cmp(&(a.count, &b.key)));
        names
            .chunks(NameFile::MAX_NAMES)
            .map(|names| writer.put(Folder::Names, bundle::encode(&NameFile { names: names.to_vec() })))
            .collect()
    };
    Ok(NameFiles {
        category: write(ListKind::Category)?,
        tag: write(ListKind::Tag)?,
        quote: write(ListKind::Quote)?,
    })
}
