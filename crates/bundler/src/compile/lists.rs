//! Lists of categories, tags and securities: the open part, which every build writes anew, and the closed
//! part, which stays.
//!
//! The weeks up to the one before the newest are closed: what they hold changes only when an old story comes
//! late or is edited. Each list has pages there, long ones files of their own, the short ones of a group
//! together. What came since is open, and small: its rows stand in the directories themselves.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use bundle::{
    Directories, Folder, Key, List, ListId, PageRef, chunks, fingerprint, join_short_end, partition,
};
use rayon::prelude::*;

use super::artifacts::ArtifactCache;
use super::catalog::{Catalog, Row};
use super::directories::{WrittenDirectories, by_partition, partitions, write_directories};
use super::named::{Named, gather};
use super::writer::BundleWriter;
use crate::digest::{Digest, Digester};
use crate::progress::progress;

/// All lists, and the files that hold them.
pub(super) struct Lists {
    /// In the order of their names.
    pub(super) all: Vec<Named>,
    pub(super) directories: Directories,
}

/// How long a page of a list gets, in bytes of JSON: rows compress to a quarter and less, so that 40 KB
/// compressed hold it.
const PAGE: usize = 155_000;
/// The same where the list is open, so that no list fills a directory.
const OPEN_PAGE: usize = 32_000;
/// A list's newest page has at least as many rows as a reader is shown at a time, so that one file has them.
pub(super) const SHORT: usize = 51;
/// Lists this short have their rows in the directory: to name a page would take as much.
const FEW: usize = 2;
/// The week of the story so many from the newest is the open one: a few stories dated in the future do not
/// close it.
const OPENING: usize = 100;
/// How many rows or lists are about as much as [`super::directories::DIRECTORY`], and how many directories of
/// the open and of the closed part the manifest has room for.
const OPEN: (usize, usize) = (400, 24);
const CLOSED: (usize, usize) = (250, 32);

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
        .checked_sub(OPENING)
        .and_then(|opening| (0..count).find(|rank| week(*rank) >= week(opening)))
        .unwrap_or(0);
    let parted: Vec<(&Named, &[usize], &[usize])> = all
        .iter()
        .map(|list| {
            let (closed, open) =
                list.stories.split_at(list.stories.partition_point(|rank| *rank < open_from));
            (list, closed, open)
        })
        .collect();
    let closed_lists: Vec<(&Named, &[usize])> = parted
        .iter()
        .map(|(list, closed, _)| (*list, *closed))
        .filter(|(_, ranks)| !ranks.is_empty())
        .collect();
    let closed = write_closed(catalog, &closed_lists, artifacts, writer)?;
    let open = write_open(
        catalog,
        parted.iter().map(|(list, _, open)| (*list, *open)).filter(|(_, ranks)| !ranks.is_empty()).collect(),
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

/// Writes the open parts: a list's rows stand in its directory, newest first, but for full pages.
fn write_open(
    catalog: &Catalog<'_>,
    lists: Vec<(&Named, &[usize])>,
    writer: &dyn BundleWriter,
) -> Result<WrittenDirectories> {
    let entries: Result<Vec<(ListId, List)>> = lists
        .into_par_iter()
        .map(|(list, ranks)| {
            let Paged { pages, rest } = write_pages(catalog, ranks, (OPEN_PAGE, 0), writer)?;
            let newest =
                ranks[ranks.len() - rest.len()..].iter().rev().map(|rank| catalog.row(*rank)).collect();
            Ok((list.id.clone(), List { newest, pages, ..list.entry(ranks.len()) }))
        })
        .collect();
    let entries = entries?;
    let rows: usize = entries.iter().map(|(_, list)| list.newest.len()).sum();
    let count = partitions(rows, OPEN);
    write_directories(entries, count, writer)
}

/// Writes the closed parts: all rows are in pages, and two lists of the same stories share them.
fn write_closed(
    catalog: &Catalog<'_>,
    lists: &[(&Named, &[usize])],
    artifacts: &ArtifactCache,
    writer: &dyn BundleWriter,
) -> Result<WrittenDirectories> {
    let rows_of = |ranks: &[usize]| {
        ranks
            .iter()
            .fold(Digester::default(), |mut digester, rank| {
                digester.add(catalog.row_digest(*rank));
                digester
            })
            .finish()
    };
    let digests: Vec<Digest> = lists.par_iter().map(|(_, ranks)| rows_of(ranks)).collect();
    // Of lists with the same stories the first in the order of names has the pages.
    let mut owners: BTreeMap<&ListId, Owner<'_>> = BTreeMap::new();
    let mut owner_of: HashMap<Digest, &ListId> = HashMap::new();
    for ((list, ranks), digest) in lists.iter().zip(&digests) {
        owner_of.entry(*digest).or_insert_with(|| {
            owners.insert(&list.id, Owner { id: &list.id, ranks, digest: *digest });
            &list.id
        });
    }
    // Those that share pages share a directory, in the order of names: so the directory's text repeats
    // itself, and compresses.
    let count = partitions(lists.len(), CLOSED);
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
            let whole = |pages: &Vec<Pages>| {
                pages.iter().flat_map(|(pages, _)| pages).all(|page| writer.keep(Folder::Pages, &page.file))
            };
            let pages =
                artifacts.get_or_build(digester.finish(), whole, || write_group(catalog, group, writer))?;
            bar.inc(1);
            Ok(group.iter().map(|owner| owner.id).zip(pages).collect())
        })
        .collect();
    bar.finish_and_clear();
    let paged: HashMap<&ListId, Pages> = paged?.into_iter().flatten().collect();
    let entry = |((list, ranks), digest): (&(&Named, &[usize]), &Digest)| {
        let (pages, unpaged) =
            owner_of.get(digest).and_then(|owner| paged.get(owner)).cloned().unwrap_or_default();
        let newest = ranks.iter().rev().take(unpaged).map(|rank| catalog.row(*rank)).collect();
        (list.id.clone(), List { newest, pages, ..list.entry(ranks.len()) })
    };
    write_directories(lists.iter().zip(&digests).map(entry).collect(), count, writer)
}

/// A list whose pages are written.
struct Owner<'a> {
    id: &'a ListId,
    ranks: &'a [usize],
    digest: Digest,
}

/// A list's pages, and how many of its newest rows are in none.
type Pages = (Vec<PageRef>, usize);

/// Writes the pages of the lists of a group: full ones as files of their own, the rests of all together.
fn write_group(catalog: &Catalog<'_>, group: &[&Owner<'_>], writer: &dyn BundleWriter) -> Result<Vec<Pages>> {
    let mut found: Vec<Pages> = Vec::with_capacity(group.len());
    let mut rests: Vec<(usize, Vec<u8>, Key)> = Vec::new();
    for (at, owner) in group.iter().enumerate() {
        let Paged { pages, rest } = write_pages(catalog, owner.ranks, (PAGE, SHORT), writer)?;
        if rest.len() <= FEW && pages.is_empty() {
            found.push((pages, rest.len()));
        } else {
            let from = owner.ranks.len() - rest.len();
            rests.push((
                at,
                bundle::array(&rest),
                catalog.begin(from.checked_sub(1).map(|at| owner.ranks[at]), owner.ranks[from]),
            ));
            found.push((pages, 0));
        }
    }
    // Each kind by itself: a category's pages are often a tag's as well, whose directory is another, so what
    // changes with a security should not change these.
    for rests in rests.chunk_by(|a, b| group[a.0].id.kind == group[b.0].id.kind) {
        let sized =
            rests.iter().map(|rest| (rest, rest.1.len() + 1, fingerprint(&group[rest.0].id.to_string())));
        for file in chunks(sized, PAGE) {
            let pages: Vec<&[u8]> = file.iter().map(|(_, rows, _)| rows.as_slice()).collect();
            let hash = writer.put(Folder::Pages, bundle::array(&pages))?;
            for (index, (at, _, oldest)) in file.into_iter().enumerate() {
                found[*at].0.push(PageRef { file: hash.clone(), index, oldest: oldest.clone() });
            }
        }
    }
    Ok(found)
}

/// Full pages, and the rows of what is left, oldest first: the newest, less than a page of them.
struct Paged {
    pages: Vec<PageRef>,
    rest: Vec<Row>,
}

/// Writes the pages of a list but the newest, which is the rest: each of so many bytes, the rest of at least
/// `least` rows where there are others.
fn write_pages(
    catalog: &Catalog<'_>,
    ranks: &[usize],
    (limit, least): (usize, usize),
    writer: &dyn BundleWriter,
) -> Result<Paged> {
    let rows = ranks.iter().map(|rank| catalog.sized(*rank, bundle::encode(&catalog.row(*rank))));
    let mut paged = Paged { pages: Vec::new(), rest: Vec::new() };
    let mut newest = None;
    let mut chunks = join_short_end(chunks(rows, limit), least).peekable();
    while let Some(page) = chunks.next() {
        if chunks.peek().is_none() {
            paged.rest = page;
        } else {
            paged.pages.push(catalog.put_page(&page, newest.replace(page[page.len() - 1].rank), writer)?);
        }
    }
    Ok(paged)
}
