//! Lists of categories, tags and securities: the open part, which every build writes anew, and the closed part, which stays.
//!
//! The months up to the one before the newest are closed: what they hold changes only when an old story comes late or is edited.
//! Each list has pages there, long ones files of their own, the short ones of a partition together; a directory for each
//! partition of names says where. What came since is open, and small: a file for each of fewer partitions.

use std::collections::BTreeMap;
use std::collections::HashMap;

use anyhow::Result;
use bundle::{Directory, Folder, Hash, Headline, List, ListId, ListKind, PageFile, PageRef, chunks, fingerprint, partition};

use super::months::cut;
use super::{PAGE, Story, row};
use crate::site::Shelf;

/// A list's name and its stories, oldest first.
pub(super) struct Named {
    pub(super) id: ListId,
    /// The commonest spelling of its name.
    pub(super) title: String,
    /// Other names, the commonest first.
    names: Vec<String>,
    /// Indexes into the stories.
    pub(super) stories: Vec<usize>,
}

/// All lists, and the files that hold them.
pub(super) struct Lists {
    pub(super) all: Vec<Named>,
    /// The directories of the open parts, which name those of the closed.
    pub(super) directories: Vec<Hash>,
}

/// How many newest rows a closed list has in its directory: what fills a screen though the month is young.
const NEWEST: usize = 30;
/// The month of the story so many from the newest is the open one: a few stories dated in the future do not close it.
const OPENING: usize = 100;

pub(super) fn write(stories: &[Story], shelf: &dyn Shelf) -> Result<Lists> {
    let all = gather(stories);
    let open_from = stories.len().checked_sub(OPENING).and_then(|at| {
        let month = stories[at].headline.time.date().year_month();
        stories.iter().position(|story| story.headline.time.date().year_month() >= month)
    });
    let open_from = open_from.unwrap_or(0);
    let rows: usize = all.iter().map(|list| list.stories.len() - list.stories.partition_point(|at| *at < open_from)).sum();
    let open = partitions(rows, 1000, 32);
    let closed = write_closed(&all, stories, open_from, open, shelf)?;
    let directories = write_open(&all, stories, open_from, open, &closed, shelf)?;
    Ok(Lists { all, directories })
}

fn gather(stories: &[Story]) -> Vec<Named> {
    let mut lists: BTreeMap<ListId, (HashMap<&str, usize>, Vec<usize>)> = BTreeMap::new();
    for (at, story) in stories.iter().enumerate() {
        let article = &story.article;
        for (kind, labels) in [(ListKind::Category, &article.categories), (ListKind::Tag, &article.tags), (ListKind::Quote, &article.securities)] {
            for label in labels {
                let (titles, members) = lists.entry(ListId::new(kind, label.key.clone())).or_default();
                *titles.entry(label.title.as_str()).or_default() += 1;
                members.push(at);
            }
        }
    }
    lists
        .into_iter()
        .map(|(id, (titles, stories))| {
            let mut titles: Vec<(&str, usize)> = titles.into_iter().collect();
            titles.sort_unstable_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
            let mut titles = titles.into_iter().map(|(title, _)| title.to_owned());
            Named { id, title: titles.next().unwrap_or_default(), names: titles.take(List::NAMES).collect(), stories }
        })
        .collect()
}

/// How many partitions hold so many things, `each` to one: a power of two, so that growth seldom changes it.
fn partitions(things: usize, each: usize, most: usize) -> usize {
    things.div_ceil(each).next_power_of_two().min(most)
}

fn write_open(all: &[Named], stories: &[Story], open_from: usize, open: usize, closed: &[Hash], shelf: &dyn Shelf) -> Result<Vec<Hash>> {
    let finer = |at: usize| closed.iter().skip(at).step_by(open).cloned().collect();
    let mut directories: Vec<Directory> = (0..open).map(|at| Directory { closed: finer(at), ..Directory::default() }).collect();
    for list in all {
        let members = &list.stories[list.stories.partition_point(|at| *at < open_from)..];
        if members.is_empty() {
            continue;
        }
        let (pages, rest) = write_pages(members, stories, shelf)?;
        let newest = rest.iter().rev().map(|at| row(&stories[*at])).collect();
        let entry = List { title: list.title.clone(), names: list.names.clone(), count: members.len(), newest, pages };
        directories[partition(&list.id, open)].lists.insert(list.id.to_string(), entry);
    }
    directories.iter().map(|directory| shelf.put(Folder::Lists, &bundle::encode(directory))).collect()
}

/// Writes the closed parts; as many directories as `open` ones or a multiple of it, none where nothing is closed.
fn write_closed(all: &[Named], stories: &[Story], open_from: usize, open: usize, shelf: &dyn Shelf) -> Result<Vec<Hash>> {
    let part = |list: &Named| list.stories.partition_point(|at| *at < open_from);
    let closed: Vec<&Named> = all.iter().filter(|list| part(list) > 0).collect();
    if closed.is_empty() {
        return Ok(Vec::new());
    }
    let count = partitions(closed.len(), 20, 256).max(open);
    let mut parts: Vec<Vec<(&Named, &[usize])>> = vec![Vec::new(); count];
    for list in closed {
        parts[partition(&list.id, count)].push((list, &list.stories[..part(list)]));
    }
    parts.iter().map(|part| write_directory(part, stories, shelf)).collect()
}

/// Writes the lists of a partition: their full pages as files of their own, what is left of each together with the others'.
fn write_directory(part: &[(&Named, &[usize])], stories: &[Story], shelf: &dyn Shelf) -> Result<Hash> {
    let mut directory = Directory::default();
    let mut rests: Vec<(String, Vec<Headline>)> = Vec::new();
    for (list, members) in part {
        let (pages, rest) = write_pages(members, stories, shelf)?;
        let newest = members.iter().rev().take(NEWEST).map(|at| row(&stories[*at])).collect();
        let name = list.id.to_string();
        // What is among the newest rows anyway needs no page.
        if rest.len() > NEWEST {
            rests.push((name.clone(), rest.iter().map(|at| row(&stories[*at])).collect()));
        }
        directory.lists.insert(name, List { title: list.title.clone(), names: list.names.clone(), count: members.len(), newest, pages });
    }
    for range in chunks(rests.iter().map(|(name, rows)| (bundle::encode(rows).len() + 1, fingerprint(name))), PAGE) {
        let rests = &mut rests[range];
        let file = PageFile { pages: rests.iter_mut().map(|(_, rows)| std::mem::take(rows)).collect() };
        let hash = shelf.put(Folder::Pages, &bundle::encode(&file))?;
        for (index, (name, _)) in rests.iter().enumerate() {
            if let Some(list) = directory.lists.get_mut(name) {
                list.pages.push(PageRef { file: hash.clone(), index, oldest: file.pages[index][0].key() });
            }
        }
    }
    shelf.put(Folder::Lists, &bundle::encode(&directory))
}

/// Writes the full pages of a list and tells what is left: the newest stories, less than a page of them.
fn write_pages<'a>(members: &'a [usize], stories: &[Story], shelf: &dyn Shelf) -> Result<(Vec<PageRef>, &'a [usize])> {
    let rows: Vec<Headline> = members.iter().map(|at| row(&stories[*at])).collect();
    let mut ranges = cut(&rows, |row| &row.slug, PAGE);
    let rest = ranges.pop().map_or(0, |last| last.start);
    let pages = ranges
        .into_iter()
        .map(|range| {
            let page = rows[range].to_vec();
            let oldest = page[0].key();
            Ok(PageRef { file: shelf.put(Folder::Pages, &bundle::encode(&PageFile { pages: vec![page] }))?, index: 0, oldest })
        })
        .collect::<Result<_>>()?;
    Ok((pages, &members[rest..]))
}
