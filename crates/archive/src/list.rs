//! Lists of headlines: their pages, their newest rows, the stories next to one.

use bundle::{Directories, Folder, Hash, Headline, Key, List, ListId, PageFile, PageRef, partition};

use crate::archive::Archive;
use crate::source::{Failure, Source};

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPage {
    /// Which list.
    pub id: ListId,
    /// The name to show.
    pub title: String,
    /// Other names of a security, the commonest first.
    pub names: Vec<String>,
    /// How many stories the list has.
    pub count: usize,
    /// The page's rows, newest first.
    pub rows: Vec<Headline>,
    /// Whether this is the newest page.
    pub newest: bool,
    /// Where the next older page begins; none on the oldest.
    pub older: Option<Key>,
}

/// How many rows a page of a list shows.
pub const ROWS: usize = 50;

/// A page shows fewer than [`ROWS`] where the file that is read ends, but not fewer than this while there are
/// older rows; and it shows what is left of the file where that is less.
pub const LEAST_ROWS: usize = 25;

/// The stories before and after one in its category.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// The next older.
    pub older: Option<Headline>,
    /// The next newer.
    pub newer: Option<Headline>,
}

/// Rows to show, and before which key older ones are, if there are any.
#[derive(Debug, Default)]
pub(crate) struct View {
    pub(crate) rows: Vec<Headline>,
    pub(crate) older: Option<Key>,
}

impl<S: Source> Archive<'_, S> {
    /// A page of a list, from the newest row or from the first before a key; none where there is no such
    /// list.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub async fn list(&self, id: &ListId, before: Option<&Key>) -> Result<Option<ListPage>, Failure> {
        let Some(parts) = self.parts(id).await? else { return Ok(None) };
        let View { rows, older } = self.view(&parts, before, ROWS).await?;
        Ok(Some(ListPage {
            id: id.clone(),
            title: parts
                .iter()
                .map(|part| &part.title)
                .find(|title| !title.is_empty())
                .unwrap_or(&id.key)
                .clone(),
            names: parts
                .iter()
                .map(|part| &part.names)
                .find(|names| !names.is_empty())
                .cloned()
                .unwrap_or_default(),
            count: parts.iter().map(|part| part.count).sum(),
            older,
            newest: before.is_none(),
            rows,
        }))
    }

    /// The name of a list and its newest rows, at most `count`, newest first. Returns `None` if the list does
    /// not exist. Reads the fewest files: nothing of the list's finished part if the open one has rows
    /// enough. `web/widget/archive.js` does the same; a test holds it to this.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub async fn newest(
        &self,
        id: &ListId,
        count: usize,
    ) -> Result<Option<(String, Vec<Headline>)>, Failure> {
        let Directories { open, closed } = &self.index.lists;
        let (mut title, mut rows): (Option<String>, Vec<Headline>) = (None, Vec::new());
        for directories in [open, closed] {
            if rows.len() >= count {
                break;
            }
            let Some(part) = self.part(directories, id).await? else { continue };
            title.get_or_insert(part.title);
            append_older(&mut rows, part.newest, count);
            for page in part.pages.iter().rev() {
                if rows.len() >= count {
                    break;
                }
                let mut page = self.page(page).await?;
                page.reverse();
                append_older(&mut rows, page, count);
            }
        }
        Ok(title.map(|title| (if title.is_empty() { id.key.clone() } else { title }, rows)))
    }

    /// The stories next to one in a list.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub async fn neighbours(&self, id: &ListId, key: &Key) -> Result<Neighbours, Failure> {
        let Some(parts) = self.parts(id).await? else { return Ok(Neighbours::default()) };
        let mut neighbours =
            Neighbours { older: self.view(&parts, Some(key), 1).await?.rows.into_iter().next(), newer: None };
        for part in &parts {
            // The parts come newest first, so what a later one has is nearer.
            if let Some(newer) = self.after(part, key).await? {
                neighbours.newer = Some(newer);
            }
        }
        Ok(neighbours)
    }

    /// The oldest row of a part newer than a key.
    async fn after(&self, part: &List, key: &Key) -> Result<Option<Headline>, Failure> {
        let in_newest = part.newest.iter().rev().find(|row| row.key() > *key);
        // Pages that begin at or before the key may hold the next row; else the page after does.
        let at = part.pages.partition_point(|page| page.oldest <= *key);
        for page in part.pages.iter().take(at + 1).skip(at.saturating_sub(1)) {
            if let Some(row) = self.page(page).await?.into_iter().find(|row| row.key() > *key) {
                let nearer = in_newest.filter(|newest| newest.key() < row.key()).cloned();
                return Ok(Some(nearer.unwrap_or(row)));
            }
        }
        Ok(in_newest.cloned())
    }

    /// The open and the closed part of a list, newest first; none where neither is.
    async fn parts(&self, id: &ListId) -> Result<Option<Vec<List>>, Failure> {
        let Directories { open, closed } = &self.index.lists;
        let (open, closed) = futures::future::join(self.part(open, id), self.part(closed, id)).await;
        let parts: Vec<List> = open?.into_iter().chain(closed?).collect();
        Ok(if parts.is_empty() { None } else { Some(parts) })
    }

    async fn part(&self, directories: &[Hash], id: &ListId) -> Result<Option<List>, Failure> {
        let count = directories.len();
        let Some(hash) = directories.get(partition(id, count)) else { return Ok(None) };
        let mut directory = self.document(Folder::Lists, hash).await?;
        let finer: Vec<Hash> = directory.at(&["finer"]).map_err(|_| Failure::Damaged)?.unwrap_or_default();
        if let Some(hash) = finer.get(partition(id, count * finer.len()) / count) {
            directory = self.document(Folder::Lists, hash).await?;
        }
        // Of its hundreds of lists, the one that is asked for.
        directory.at(&["lists", &id.to_string()]).map_err(|_| Failure::Damaged)
    }

    /// Rows of a list older than `before`, newest first, and where older ones still begin: about `most`, and
    /// from no more than one file of pages, unless pages are shorter than [`LEAST_ROWS`].
    pub(crate) async fn view(
        &self,
        parts: &[List],
        before: Option<&Key>,
        most: usize,
    ) -> Result<View, Failure> {
        let mut rows: Vec<Headline> = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let is_older = |row: &Headline, than: Option<&Key>| than.is_none_or(|than| row.key() < *than);
            rows.extend(part.newest.iter().filter(|row| is_older(row, before)).cloned());
            if rows.len() > most {
                rows.truncate(most);
                let older = rows.last().map(Headline::key);
                return Ok(View { rows, older });
            }
            let mut next = part.page_before(rows.last().map(Headline::key).as_ref().or(before));
            while let Some(page) = next {
                let last = rows.last().map(Headline::key);
                let bound = last.as_ref().or(before);
                let mut left: Vec<Headline> = self
                    .page(&part.pages[page])
                    .await?
                    .into_iter()
                    .rev()
                    .filter(|row| is_older(row, bound))
                    .collect();
                let wanted = most - rows.len().min(most);
                if left.len() < wanted.saturating_add(LEAST_ROWS) {
                    rows.append(&mut left);
                } else {
                    rows.extend(left.drain(..wanted));
                }
                next = page.checked_sub(1);
                if rows.len() >= LEAST_ROWS.min(most) {
                    let older = if !left.is_empty() {
                        rows.last().map(Headline::key)
                    } else if next.is_some() || parts[at + 1..].iter().any(|part| part.count > 0) {
                        // Where the page begins, so that it is not asked for again.
                        Some(part.pages[page].oldest.clone())
                    } else {
                        None
                    };
                    return Ok(View { rows, older });
                }
            }
        }
        Ok(View { rows, older: None })
    }

    pub(crate) async fn page(&self, page: &PageRef) -> Result<Vec<Headline>, Failure> {
        let mut file: PageFile = self.file(Folder::Pages, &page.file).await?;
        if page.index < file.pages.len() {
            Ok(file.pages.swap_remove(page.index))
        } else {
            Err(Failure::Damaged)
        }
    }
}

/// Appends rows that are older than the last one, until there are `count`.
fn append_older(rows: &mut Vec<Headline>, more: Vec<Headline>, count: usize) {
    for row in more {
        let is_older =
            rows.last().is_none_or(|last| (row.time.unix, &row.slug) < (last.time.unix, &last.slug));
        if is_older && rows.len() < count {
            rows.push(row);
        }
    }
}
