//! Lists of categories, tags and securities: the open part, which every build writes anew, and the closed
//! part, which stays.
//!
//! The weeks up to the one before the newest are closed: what they hold changes only when an old story comes
//! late or is edited. Each list has pages there, long ones files of their own, the short ones of a group
//! together. What came since is open, and small: its rows stand in the directories themselves.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use bundle::{
    Directories, Directory, Folder, Hash, Key, List, ListId, ListKind, PageRef, chunks, fingerprint,
    join_short_end, partition,
};
use rayon::prelude::*;

use super::{Edition, Row};
use crate::cache::Made;
use crate::site::Shelf;
use crate::story::{Digest, Digester, LabelId};

/// A list's name and its stories, oldest first.
pub(crate) struct Named {
    pub(crate) id: ListId,
    /// The commonest spelling of its name.
    pub(crate) title: String,
    /// Other names, the commonest first.
    names: Vec<String>,
    /// By their ranks.
    pub(crate) stories: Vec<usize>,
}

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
/// How long a directory should get, in bytes of JSON; how many rows or lists are about as much; and how many
/// directories of the open and of the closed part the manifest has room for.
const DIRECTORY: usize = 100_000;
const OPEN: (usize, usize) = (400, 24);
const CLOSED: (usize, usize) = (250, 32);

pub(super) fn write(edition: &Edition<'_>, made: &Made, shelf: &dyn Shelf) -> Result<Lists> {
    let all = gather(edition);
    let week = |rank: usize| {
        let date = edition.story(rank).time.date();
        date.days() - i64::from(date.weekday())
    };
    let count = edition.order.len();
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
    let closed = write_closed(edition, &closed_lists, made, shelf)?;
    let open = write_open(
        edition,
        parted.iter().map(|(list, _, open)| (*list, *open)).filter(|(_, ranks)| !ranks.is_empty()).collect(),
        shelf,
    )?;
    Ok(Lists { all, directories: Directories { open, closed } })
}

fn gather(edition: &Edition<'_>) -> Vec<Named> {
    struct Gathered {
        label: LabelId,
        titles: HashMap<LabelId, usize>,
        stories: Vec<usize>,
    }
    // A security has as many labels as names; its first stands for all.
    let mut first: HashMap<&str, LabelId> = HashMap::new();
    let firsts: Vec<LabelId> = (0..)
        .zip(&edition.library.labels.0)
        .map(|(id, label)| *first.entry(label.key.as_str()).or_insert(id))
        .collect();
    let mut lists: HashMap<(ListKind, LabelId), Gathered> = HashMap::new();
    for rank in 0..edition.order.len() {
        let story = edition.story(rank);
        let categories =
            story.categories.iter().map(|id| (ListKind::Category, edition.settled.category(*id)));
        let tags = story.tags.iter().map(|id| (ListKind::Tag, edition.settled.tag(*id)));
        let securities = story.securities.iter().map(|id| (ListKind::Quote, *id));
        for (kind, id) in categories.chain(tags).chain(securities) {
            let label = firsts[id as usize];
            let list = lists.entry((kind, label)).or_insert_with(|| Gathered {
                label,
                titles: HashMap::new(),
                stories: Vec::new(),
            });
            *list.titles.entry(id).or_default() += 1;
            list.stories.push(rank);
        }
    }
    let mut all: Vec<Named> = lists
        .into_iter()
        .map(|((kind, _), Gathered { label, titles, stories })| {
            let mut titles: Vec<(&str, usize)> =
                titles.into_iter().map(|(id, count)| (edition.label(id).title.as_str(), count)).collect();
            titles.sort_unstable_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
            let mut titles = titles.into_iter().map(|(title, _)| title.to_owned());
            let id = ListId::new(kind, edition.label(label).key.clone());
            Named {
                id,
                title: titles.next().unwrap_or_default(),
                names: titles.take(List::NAMES).collect(),
                stories,
            }
        })
        .collect();
    all.par_sort_unstable_by(|a, b| a.id.cmp(&b.id));
    all
}

/// How many partitions hold so many things, `each` to one: a power of two, or the most there may be, so that
/// growth seldom changes it.
fn partitions(things: usize, (each, most): (usize, usize)) -> usize {
    things.div_ceil(each).next_power_of_two().min(most)
}

impl Named {
    fn entry(&self, count: usize) -> List {
        List {
            title: self.title.clone(),
            names: self.names.clone(),
            count,
            newest: Vec::new(),
            pages: Vec::new(),
        }
    }
}

/// Writes the open parts: a list's rows stand in its directory, newest first, but for full pages.
fn write_open(edition: &Edition<'_>, lists: Vec<(&Named, &[usize])>, shelf: &dyn Shelf) -> Result<Vec<Hash>> {
    let entries: Result<Vec<(ListId, List)>> = lists
        .into_par_iter()
        .map(|(list, ranks)| {
            let Paged { pages, rest } = write_pages(edition, ranks, (OPEN_PAGE, 0), shelf)?;
            let newest =
                ranks[ranks.len() - rest.len()..].iter().rev().map(|rank| edition.row(*rank)).collect();
            Ok((list.id.clone(), List { newest, pages, ..list.entry(ranks.len()) }))
        })
        .collect();
    let entries = entries?;
    let rows: usize = entries.iter().map(|(_, list)| list.newest.len()).sum();
    let count = partitions(rows, OPEN);
    write_directories(entries, count, shelf)
}

/// Writes the closed parts: all rows are in pages, and two lists of the same stories share them.
fn write_closed(
    edition: &Edition<'_>,
    lists: &[(&Named, &[usize])],
    made: &Made,
    shelf: &dyn Shelf,
) -> Result<Vec<Hash>> {
    let rows_of = |ranks: &[usize]| {
        ranks
            .iter()
            .fold(Digester::default(), |mut digester, rank| {
                digester.add(edition.row_digest(*rank));
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
    let bar = crate::library::progress(groups.len(), "writing lists");
    let paged: Result<Vec<Vec<(&ListId, Pages)>>> = groups
        .par_iter()
        .map(|group| {
            let mut digester = Digester::default();
            digester.add(b"pages");
            for owner in group {
                digester.add(owner.id.to_string().as_bytes()).add(&owner.digest);
            }
            let whole = |pages: &Vec<Pages>| {
                pages.iter().flat_map(|(pages, _)| pages).all(|page| shelf.keep(Folder::Pages, &page.file))
            };
            let pages = made.part(digester.finish(), whole, || write_group(edition, group, shelf))?;
            bar.inc(1);
            Ok(group.iter().map(|owner| owner.id).zip(pages).collect())
        })
        .collect();
    bar.finish_and_clear();
    let paged: HashMap<&ListId, Pages> = paged?.into_iter().flatten().collect();
    let entry = |((list, ranks), digest): (&(&Named, &[usize]), &Digest)| {
        let (pages, unpaged) =
            owner_of.get(digest).and_then(|owner| paged.get(owner)).cloned().unwrap_or_default();
        let newest = ranks.iter().rev().take(unpaged).map(|rank| edition.row(*rank)).collect();
        (list.id.clone(), List { newest, pages, ..list.entry(ranks.len()) })
    };
    write_directories(lists.iter().zip(&digests).map(entry).collect(), count, shelf)
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
fn write_group(edition: &Edition<'_>, group: &[&Owner<'_>], shelf: &dyn Shelf) -> Result<Vec<Pages>> {
    let mut found: Vec<Pages> = Vec::with_capacity(group.len());
    let mut rests: Vec<(usize, Vec<u8>, Key)> = Vec::new();
    for (at, owner) in group.iter().enumerate() {
        let Paged { pages, rest } = write_pages(edition, owner.ranks, (PAGE, SHORT), shelf)?;
        if rest.len() <= FEW && pages.is_empty() {
            found.push((pages, rest.len()));
        } else {
            let from = owner.ranks.len() - rest.len();
            rests.push((
                at,
                bundle::array(&rest),
                edition.begin(from.checked_sub(1).map(|at| owner.ranks[at]), owner.ranks[from]),
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
            let hash = shelf.put(Folder::Pages, bundle::array(&pages))?;
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
    edition: &Edition<'_>,
    ranks: &[usize],
    (limit, least): (usize, usize),
    shelf: &dyn Shelf,
) -> Result<Paged> {
    let rows = ranks.iter().map(|rank| edition.sized(*rank, bundle::encode(&edition.row(*rank))));
    let mut paged = Paged { pages: Vec::new(), rest: Vec::new() };
    let mut newest = None;
    let mut chunks = join_short_end(chunks(rows, limit), least).peekable();
    while let Some(page) = chunks.next() {
        if chunks.peek().is_none() {
            paged.rest = page;
        } else {
            paged.pages.push(edition.put_page(&page, newest.replace(page[page.len() - 1].rank), shelf)?);
        }
    }
    Ok(paged)
}

/// Things by their partitions, of so many.
fn by_partition<T>(
    things: impl IntoIterator<Item = T>,
    count: usize,
    partition: impl Fn(&T) -> usize,
) -> Vec<Vec<T>> {
    let mut parts: Vec<Vec<T>> = Vec::new();
    parts.resize_with(count, Vec::new);
    for thing in things {
        parts[partition(&thing)].push(thing);
    }
    parts
}

/// Writes directories of lists, by `count` partitions of their names; those that would be too long in two
/// levels.
fn write_directories(entries: Vec<(ListId, List)>, count: usize, shelf: &dyn Shelf) -> Result<Vec<Hash>> {
    if entries.is_empty() {
        return Ok(Vec::new());
    }
    let sized: Vec<(ListId, List, usize)> = entries
        .into_par_iter()
        .map(|(id, list)| {
            let length = bundle::encode(&list).len() + id.key.len() + 16;
            (id, list, length)
        })
        .collect();
    let parts = by_partition(sized, count, |(id, ..)| partition(id, count));
    let directory = |part: Vec<(ListId, List, usize)>| Directory {
        lists: part.into_iter().map(|(id, list, _)| (id.to_string(), list)).collect(),
        finer: Vec::new(),
    };
    let put = |directory: &Directory| shelf.put(Folder::Lists, bundle::encode(directory));
    parts
        .into_par_iter()
        .map(|part| {
            let length: usize = part.iter().map(|(.., length)| length).sum();
            if length <= DIRECTORY * 3 || part.len() == 1 {
                return put(&directory(part));
            }
            let finer = partitions(length, (DIRECTORY, usize::MAX));
            let parts = by_partition(part, finer, |(id, ..)| partition(id, count * finer) / count);
            let finer = parts.into_par_iter().map(|part| put(&directory(part))).collect::<Result<_>>()?;
            put(&Directory { finer, ..Directory::default() })
        })
        .collect()
}
