//! Writes the lists of categories, tags and securities. Each has an open part, which every build rewrites,
//! and a closed part, which stays.
//!
//! The open part begins with the week of the hundredth newest story. The weeks before are closed: they change
//! only if an old story is added late, edited or removed. In the closed part, long lists have page files of
//! their own, and the short lists of a group share files. The open part is small: its rows are in the
//! directories, except those that fill a page.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use bundle::{
    Directories, Folder, Key, List, ListId, PageRef, chunks, fingerprint, join_short_end, partition,
};
use rayon::prelude::*;

use super::artifacts::ArtifactCache;
use super::catalog::{Catalog, Row};
use super::catalog_list::{CatalogList, gather};
use super::directories::{WrittenDirectories, by_partition, partition_count, write_directories};
use super::writer::BundleWriter;
use crate::digest::{Digest, Digester};
use crate::progress::progress;

/// All lists, and their directories.
pub(super) struct Lists {
    /// Sorted by kind and key.
    pub(super) all: Vec<CatalogList>,
    pub(super) directories: Directories,
}

/// The largest size of a list's page, and of a file that several pages share, in bytes of JSON: at most 40 KB
/// compressed, because rows compress to a quarter or less. The newest page of a list may be longer by up to
/// 50 rows, because a shorter one is joined to it ([`join_short_end`]).
const PAGE_BYTES: usize = 155_000;
/// The largest size of a page in the open part, in bytes of JSON. It is smaller than [`PAGE_BYTES`], because
/// the rows after the last full page are in a directory, and no single list should take up a whole directory.
const OPEN_PAGE_BYTES: usize = 32_000;
/// The smallest number of rows in the newest of several pages of a day or of a list's closed part.
///
/// It is one more than `archive::PAGE_ROWS`, the usual number of rows that readers are shown at a time, so
/// that they need only one file.
pub(super) const MIN_NEWEST_ROWS: usize = 51;
/// A list with at most this many rows in the closed part has them in the directory, because a reference to a
/// page would be as long.
const INLINE_ROWS: usize = 2;
/// The open part begins with the week of the story at this position from the newest, so that a few stories
/// dated in the future do not close the current week.
const OPEN_STORIES: usize = 100;
/// For the open part: the number of rows that make about [`super::directories::DIRECTORY_BYTES`], and the
/// largest number of directories for which the manifest has room.
const OPEN_PARTITIONING: (usize, usize) = (400, 24);
/// For the closed part: the number of lists that make about [`super::directories::DIRECTORY_BYTES`], and the
/// largest number of directories for which the manifest has room.
const CLOSED_PARTITIONING: (usize, usize) = (250, 32);

pub(super) fn write(
    catalog: &Catalog<'_>,
    artifacts: &ArtifactCache,
    writer: &dyn BundleWriter,
) -> Result<Lists> {
    let mut all = gather(catalog);
    let week = |rank: usize| {
        let date = catalog.story(rank).time.date();
        date.days() - i64::from(date.weekday())
    };
    let count = catalog.order.len();
    let open_from = count
        .checked_sub(OPEN_STORIES)
        .and_then(|opening| (0..count).find(|rank| week(*rank) >= week(opening)))
        .unwrap_or(0);
    let split: Vec<(&CatalogList, &[usize], &[usize])> = all
        .iter()
        .map(|list| {
            let (closed, open) =
                list.stories.split_at(list.stories.partition_point(|rank| *rank < open_from));
            (list, closed, open)
        })
        .collect();
    let closed_lists: Vec<(&CatalogList, &[usize])> = split
        .iter()
        .map(|(list, closed, _)| (*list, *closed))
        .filter(|(_, ranks)| !ranks.is_empty())
        .collect();
    let closed = write_closed(catalog, &closed_lists, artifacts, writer)?;
    let open = write_open(
        catalog,
        split.iter().map(|(list, _, open)| (*list, *open)).filter(|(_, ranks)| !ranks.is_empty()).collect(),
        writer,
    )?;
    let mut entries: HashMap<ListId, Digester> = HashMap::new();
    for (id, digest) in open.categories.into_iter().chain(closed.categories) {
        entries.entry(id).or_default().add(&digest);
    }
    for list in &mut all {
        list.entries_digest = entries.get(&list.id).map(Digester::finish).unwrap_or_default();
    }
    Ok(Lists { all, directories: Directories { open: open.files, closed: closed.files } })
}

/// Writes the open parts: a list's newest rows go into its directory, full pages into files.
fn write_open(
    catalog: &Catalog<'_>,
    lists: Vec<(&CatalogList, &[usize])>,
    writer: &dyn BundleWriter,
) -> Result<WrittenDirectories> {
    let entries: Result<Vec<(ListId, List)>> = lists
        .into_par_iter()
        .map(|(list, ranks)| {
            let FullPages { pages, rest } = write_pages(catalog, ranks, (OPEN_PAGE_BYTES, 0), writer)?;
            let newest =
                ranks[ranks.len() - rest.len()..].iter().rev().map(|rank| catalog.row(*rank)).collect();
            Ok((list.id.clone(), List { newest, pages, ..list.entry(ranks.len()) }))
        })
        .collect();
    let entries = entries?;
    let rows: usize = entries.iter().map(|(_, list)| list.newest.len()).sum();
    let count = partition_count(rows, OPEN_PARTITIONING);
    write_directories(entries, count, writer)
}

/// Writes the closed parts. Rows are in pages, except those of the shortest lists; lists of the same stories
/// share pages.
fn write_closed(
    catalog: &Catalog<'_>,
    lists: &[(&CatalogList, &[usize])],
    artifacts: &ArtifactCache,
    writer: &dyn BundleWriter,
) -> Result<WrittenDirectories> {
    let digest_of = |ranks: &[usize]| {
        ranks
            .iter()
            .fold(Digester::default(), |mut digester, rank| {
                digester.add(catalog.row_digest(*rank));
                digester
            })
            .finish()
    };
    let digests: Vec<Digest> = lists.par_iter().map(|(_, ranks)| digest_of(ranks)).collect();
    // Of several lists with the same stories, the first by kind and key owns the pages.
    let mut owners: BTreeMap<&ListId, Owner<'_>> = BTreeMap::new();
    let mut owner_of: HashMap<Digest, &ListId> = HashMap::new();
    for ((list, ranks), digest) in lists.iter().zip(&digests) {
        owner_of.entry(*digest).or_insert_with(|| {
            owners.insert(&list.id, Owner { id: &list.id, ranks, digest: *digest });
            &list.id
        });
    }
    // Short lists share page files only with other lists of their directory, in the order of their names, so
    // that the directory repeats the hashes of these files and compresses well.
    let count = partition_count(lists.len(), CLOSED_PARTITIONING);
    let groups = by_partition(owners.values(), count, |owner| partition(owner.id, count));
    let bar = progress(groups.len(), "writing lists");
    let list_pages: Result<Vec<Vec<(&ListId, ListPages)>>> = groups
        .par_iter()
        .map(|group| {
            let mut digester = Digester::default();
            digester.add(b"pages");
            for owner in group {
                digester.add(owner.id.to_string().as_bytes()).add(&owner.digest);
            }
            let is_valid = |pages: &Vec<ListPages>| {
                pages.iter().flat_map(|(pages, _)| pages).all(|page| writer.reuse(Folder::Pages, &page.file))
            };
            let pages = artifacts
                .get_or_build(digester.finish(), is_valid, || write_group(catalog, group, writer))?;
            bar.inc(1);
            Ok(group.iter().map(|owner| owner.id).zip(pages).collect())
        })
        .collect();
    bar.finish_and_clear();
    let list_pages: HashMap<&ListId, ListPages> = list_pages?.into_iter().flatten().collect();
    let entry = |((list, ranks), digest): (&(&CatalogList, &[usize]), &Digest)| {
        let (pages, unpaged) =
            owner_of.get(digest).and_then(|owner| list_pages.get(owner)).cloned().unwrap_or_default();
        let newest = ranks.iter().rev().take(unpaged).map(|rank| catalog.row(*rank)).collect();
        (list.id.clone(), List { newest, pages, ..list.entry(ranks.len()) })
    };
    write_directories(lists.iter().zip(&digests).map(entry).collect(), count, writer)
}

/// A list that owns its pages.
struct Owner<'a> {
    id: &'a ListId,
    ranks: &'a [usize],
    digest: Digest,
}

/// A list's pages, and the number of its newest rows that are in no page.
type ListPages = (Vec<PageRef>, usize);

/// Writes the pages of a group of lists.
///
/// Every page of a list except the newest is a file of its own; the newest pages of several lists of a kind
/// share files. The rows of lists that have at most [`INLINE_ROWS`] are not written.
fn write_group(
    catalog: &Catalog<'_>,
    group: &[&Owner<'_>],
    writer: &dyn BundleWriter,
) -> Result<Vec<ListPages>> {
    let mut group_pages: Vec<ListPages> = Vec::with_capacity(group.len());
    let mut rests: Vec<(usize, Vec<u8>, Key)> = Vec::new();
    for (at, owner) in group.iter().enumerate() {
        let FullPages { pages, rest } =
            write_pages(catalog, owner.ranks, (PAGE_BYTES, MIN_NEWEST_ROWS), writer)?;
        if rest.len() <= INLINE_ROWS && pages.is_empty() {
            group_pages.push((pages, rest.len()));
        } else {
            let from = owner.ranks.len() - rest.len();
            rests.push((
                at,
                bundle::join_array(&rest),
                catalog.first_key(from.checked_sub(1).map(|at| owner.ranks[at]), owner.ranks[from]),
            ));
            group_pages.push((pages, 0));
        }
    }
    // Each kind has its own files. Tags in other directories often share the files of categories, so these
    // should not change when a security's list changes.
    for rests in rests.chunk_by(|a, b| group[a.0].id.kind == group[b.0].id.kind) {
        let sized =
            rests.iter().map(|rest| (rest, rest.1.len() + 1, fingerprint(&group[rest.0].id.to_string())));
        for file in chunks(sized, PAGE_BYTES) {
            let pages: Vec<&[u8]> = file.iter().map(|(_, rows, _)| rows.as_slice()).collect();
            let hash = writer.put(Folder::Pages, bundle::join_array(&pages))?;
            for (index, (at, _, oldest)) in file.into_iter().enumerate() {
                group_pages[*at].0.push(PageRef { file: hash.clone(), index, oldest: oldest.clone() });
            }
        }
    }
    Ok(group_pages)
}

/// A list's pages except the newest, and the rows of the newest page; both are sorted oldest first.
struct FullPages {
    pages: Vec<PageRef>,
    rest: Vec<Row>,
}

/// Writes all pages of a list except the newest, whose rows it returns.
///
/// A page has at most `limit` bytes. But if the newest page would have fewer than `min_rows` rows, it is
/// joined with the page before it.
fn write_pages(
    catalog: &Catalog<'_>,
    ranks: &[usize],
    (limit, min_rows): (usize, usize),
    writer: &dyn BundleWriter,
) -> Result<FullPages> {
    let rows = ranks.iter().map(|rank| catalog.sized(*rank, bundle::encode(&catalog.row(*rank))));
    let mut paged = FullPages { pages: Vec::new(), rest: Vec::new() };
    let mut previous_newest = None;
    let mut chunks = join_short_end(chunks(rows, limit), min_rows).peekable();
    while let Some(page) = chunks.next() {
        if chunks.peek().is_none() {
            paged.rest = page;
        } else {
            paged.pages.push(catalog.put_page(
                &page,
                previous_newest.replace(page[page.len() - 1].rank),
                writer,
            )?);
        }
    }
    Ok(paged)
}
