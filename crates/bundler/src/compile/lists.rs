//! Writes the lists of categories, tags and securities. Each has an open part, which every build rewrites,
//! and a closed part, which stays.
//!
//! Weeks before the newest one are closed: they change only if an old story is added late or edited. In the
//! closed part, long lists have page files of their own, and the short lists of a group share files. The open
//! part is small: its rows are in the directories themselves.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use bundle::{
    Directories, Folder, Key, List, ListId, PageRef, chunks, fingerprint, join_short_end, partition,
};
use rayon::prelude::*;

use super::artifacts::ArtifactCache;
use super::catalog::{Catalog, Row};
use super::catalog_list::{CatalogList, gather};
use super::directories::{WrittenDirectories, by_partition, partitions, write_directories};
use super::writer::BundleWriter;
use crate::digest::{Digest, Digester};
use crate::progress::progress;

/// All lists, and their directories.
pub(super) struct Lists {
    /// Sorted by name.
    pub(super) all: Vec<CatalogList>,
    pub(super) directories: Directories,
}

/// The largest size of a list's page, in bytes of JSON: at most 40 KB compressed, because rows compress to a
/// quarter or less.
const PAGE_BYTES: usize = 155_000;
/// The largest size of a page in the open part, in bytes of JSON. It is smaller than [`PAGE_BYTES`], because
/// a list's rows that do not fill a page are in a directory, which no list should fill.
const OPEN_PAGE_BYTES: usize = 32_000;
/// The newest page of a list has at least as many rows as readers are shown at a time, so that they need one
/// file.
pub(super) const MIN_ROWS: usize = 51;
/// Lists with at most this many rows have them in the directory, because a reference to a page would be as
/// long.
const INLINE_ROWS: usize = 2;
/// The open part begins with the week of the story at this position from the newest, so that a few stories
/// dated in the future do not close the current week.
const OPEN_STORIES: usize = 100;
/// For the open part: the number of rows that make about [`super::directories::DIRECTORY_BYTES`], and the
/// largest number of directories for which the manifest has room.
const OPEN_PARTITIONS: (usize, usize) = (400, 24);
/// For the closed part: the number of lists that make about [`super::directories::DIRECTORY_BYTES`], and the
/// largest number of directories for which the manifest has room.
const CLOSED_PARTITIONS: (usize, usize) = (250, 32);

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
            let Paged { pages, rest } = write_pages(catalog, ranks, (OPEN_PAGE_BYTES, 0), writer)?;
            let newest =
                ranks[ranks.len() - rest.len()..].iter().rev().map(|rank| catalog.row(*rank)).collect();
            Ok((list.id.clone(), List { newest, pages, ..list.entry(ranks.len()) }))
        })
        .collect();
    let entries = entries?;
    let rows: usize = entries.iter().map(|(_, list)| list.newest.len()).sum();
    let count = partitions(rows, OPEN_PARTITIONS);
    write_directories(entries, count, writer)
}

/// Writes the closed parts: all rows are in pages, which lists of the same stories share.
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
    // Of several lists with the same stories, the first by name owns the pages.
    let mut owners: BTreeMap<&ListId, Owner<'_>> = BTreeMap::new();
    let mut owner_of: HashMap<Digest, &ListId> = HashMap::new();
    for ((list, ranks), digest) in lists.iter().zip(&digests) {
        owner_of.entry(*digest).or_insert_with(|| {
            owners.insert(&list.id, Owner { id: &list.id, ranks, digest: *digest });
            &list.id
        });
    }
    // Lists that share page files are in the same directory, in the order of their names, so that the
    // directory repeats the hashes of these files and compresses well.
    let count = partitions(lists.len(), CLOSED_PARTITIONS);
    let groups = by_partition(owners.values(), count, |owner| partition(owner.id, count));
    let bar = progress(groups.len(), "writing lists");
    let paged: Result<Vec<Vec<(&ListId, Pages)>>> = groups
        .par_iter()
        .map(|group| {
            let mut digester = Digester::default();
            digester.add(b"pages");
            for owner in group {
                digester.add(owner.id.to_string().as_bytes()).add(&owner.digest);
            }
            let is_valid = |pages: &Vec<Pages>| {
                pages.iter().flat_map(|(pages, _)| pages).all(|page| writer.reuse(Folder::Pages, &page.file))
            };
            let pages = artifacts
                .get_or_build(digester.finish(), is_valid, || write_group(catalog, group, writer))?;
            bar.inc(1);
            Ok(group.iter().map(|owner| owner.id).zip(pages).collect())
        })
        .collect();
    bar.finish_and_clear();
    let paged: HashMap<&ListId, Pages> = paged?.into_iter().flatten().collect();
    let entry = |((list, ranks), digest): (&(&CatalogList, &[usize]), &Digest)| {
        let (pages, unpaged) =
            owner_of.get(digest).and_then(|owner| paged.get(owner)).cloned().unwrap_or_default();
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
type Pages = (Vec<PageRef>, usize);

/// Writes the pages of a group of lists: full pages as files of their own, the remaining rows together.
fn write_group(catalog: &Catalog<'_>, group: &[&Owner<'_>], writer: &dyn BundleWriter) -> Result<Vec<Pages>> {
    let mut found: Vec<Pages> = Vec::with_capacity(group.len());
    let mut rests: Vec<(usize, Vec<u8>, Key)> = Vec::new();
    for (at, owner) in group.iter().enumerate() {
        let Paged { pages, rest } = write_pages(catalog, owner.ranks, (PAGE_BYTES, MIN_ROWS), writer)?;
        if rest.len() <= INLINE_ROWS && pages.is_empty() {
            found.push((pages, rest.len()));
        } else {
            let from = owner.ranks.len() - rest.len();
            rests.push((
                at,
                bundle::join_array(&rest),
                catalog.first_key(from.checked_sub(1).map(|at| owner.ranks[at]), owner.ranks[from]),
            ));
            found.push((pages, 0));
        }
    }
    // Each kind has its own files, so that a change of a security does not affect the files of categories,
    // which tags in other directories often share.
    for rests in rests.chunk_by(|a, b| group[a.0].id.kind == group[b.0].id.kind) {
        let sized =
            rests.iter().map(|rest| (rest, rest.1.len() + 1, fingerprint(&group[rest.0].id.to_string())));
        for file in chunks(sized, PAGE_BYTES) {
            let pages: Vec<&[u8]> = file.iter().map(|(_, rows, _)| rows.as_slice()).collect();
            let hash = writer.put(Folder::Pages, bundle::join_array(&pages))?;
            for (index, (at, _, oldest)) in file.into_iter().enumerate() {
                found[*at].0.push(PageRef { file: hash.clone(), index, oldest: oldest.clone() });
            }
        }
    }
    Ok(found)
}

/// A list's full pages, and its newest rows, which do not fill a page. Both are sorted oldest first.
struct Paged {
    pages: Vec<PageRef>,
    rest: Vec<Row>,
}

/// Writes the full pages of a list, of at most `limit` bytes. The rest has at least `min_rows` rows if there
/// are pages before it.
fn write_pages(
    catalog: &Catalog<'_>,
    ranks: &[usize],
    (limit, min_rows): (usize, usize),
    writer: &dyn BundleWriter,
) -> Result<Paged> {
    let rows = ranks.iter().map(|rank| catalog.sized(*rank, bundle::encode(&catalog.row(*rank))));
    let mut paged = Paged { pages: Vec::new(), rest: Vec::new() };
    let mut newest = None;
    let mut chunks = join_short_end(chunks(rows, limit), min_rows).peekable();
    while let Some(page) = chunks.next() {
        if chunks.peek().is_none() {
            paged.rest = page;
        } else {
            paged.pages.push(catalog.put_page(&page, newest.replace(page[page.len() - 1].rank), writer)?);
        }
    }
    Ok(paged)
}
