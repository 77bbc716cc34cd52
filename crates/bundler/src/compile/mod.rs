//! From stories to the bundle: days, lists, names and the manifest.

pub(crate) mod artifacts;
pub(crate) mod catalog;
mod days;
mod directories;
mod lists;
pub(crate) mod named;
pub(crate) mod writer;

use std::collections::HashSet;

use anyhow::Result;
use bundle::{
    Block, Counts, FORMAT, Folder, Front, Headline, Index, ListKind, Manifest, NameFile, NameFiles, NamedList,
};

use self::artifacts::ArtifactCache;
use self::catalog::Catalog;
use self::named::Named;
use self::writer::BundleWriter;

/// A catalog's bundle as it was written.
pub(crate) struct Written {
    pub(crate) manifest: Manifest,
    /// All lists, in the order of their names.
    pub(crate) lists: Vec<Named>,
}

/// Writes the bundle of a catalog but for its manifest.
///
/// `now` is the instant, in Unix seconds, until which stories count as published for the newest
/// headlines.
///
/// # Errors
/// Where the writer cannot take a file, or a post cannot be read again.
pub(crate) fn write(
    catalog: &Catalog<'_>,
    now: i64,
    artifacts: &ArtifactCache,
    writer: &dyn BundleWriter,
) -> Result<Written> {
    let months = days::write(catalog, artifacts, writer)?;
    let lists = lists::write(catalog, artifacts, writer)?;
    let front = Front { blocks: blocks(catalog, &lists.all), names: write_names(&lists.all, writer)? };
    let count = |kind| lists.all.iter().filter(|list| list.id.kind == kind).count();
    let newest: Result<Vec<Headline>> = (0..catalog.order.len())
        .rev()
        .filter(|rank| catalog.story(*rank).time.unix <= now)
        .take(Manifest::NEWEST)
        .map(|rank| Ok(Headline { summary: catalog.words(rank)?.excerpt, ..catalog.row(rank) }))
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
        },
    };
    Ok(Written { manifest, lists: lists.all })
}

fn blocks(catalog: &Catalog<'_>, lists: &[Named]) -> Vec<Block> {
    let mut categories: Vec<&Named> =
        lists.iter().filter(|list| list.id.kind == ListKind::Category).collect();
    categories.sort_by_key(|list| (std::cmp::Reverse(list.stories.len()), &list.id.key));
    let block = |list: &Named| Block {
        category: named(list),
        rows: list.stories.iter().rev().take(Front::ROWS).map(|at| catalog.row(*at)).collect(),
    };
    categories.into_iter().take(Front::BLOCKS).map(block).collect()
}

fn named(list: &Named) -> NamedList {
    NamedList { key: list.id.key.clone(), title: list.title.clone(), count: list.stories.len() }
}

fn write_names(lists: &[Named], writer: &dyn BundleWriter) -> Result<NameFiles> {
    let write = |kind| -> Result<Vec<String>> {
        let mut names: Vec<NamedList> = lists.iter().filter(|list| list.id.kind == kind).map(named).collect();
        names.sort_by(|a, b| (b.count, &a.key).cmp(&(a.count, &b.key)));
        names
            .chunks(NameFile::NAMES)
            .map(|names| writer.put(Folder::Names, bundle::encode(&NameFile { names: names.to_vec() })))
            .collect()
    };
    Ok(NameFiles {
        category: write(ListKind::Category)?,
        tag: write(ListKind::Tag)?,
        quote: write(ListKind::Quote)?,
    })
}
