//! Reads lists of headlines: their pages, their newest rows, and the neighbours of a story.

use bundle::{Directories, Folder, Hash, Headline, Key, List, ListId, PageFile, PageRef, partition};

use crate::archive::Archive;
use crate::source::{Failure, Source};

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListPage {
    /// The list.
    pub id: ListId,
    /// The name to show.
    pub title: String,
    /// Other names of a security, the most frequent first.
    pub names: Vec<String>,
    /// How many stories the list has.
    pub count: usize,
    /// The page's rows, newest first.
    pub rows: Vec<Headline>,
    /// Whether this is the newest page.
    pub newest: bool,
    /// The key before which the next older page begins; `None` on the oldest page.
    pub older: Option<Key>,
}

/// The usual number of rows on a page of a list; see [`MIN_ROWS`].
pub const PAGE_ROWS: usize = 50;

/// The smallest number of rows on a page while older rows exist.
///
/// A page has fewer than [`PAGE_ROWS`] rows if the stored page ends earlier, and more if fewer than
/// `MIN_ROWS` rows of the stored page would be left.
pub const MIN_ROWS: usize = 25;

/// A story's neighbours in a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// The next older story.
    pub older: Option<Headline>,
    /// The next newer story.
    pub newer: Option<Headline>,
}

/// Consecutive rows, and the key before which older ones follow, if there are any.
#[derive(Debug, Default)]
pub(crate) struct Slice {
    pub(crate) rows: Vec<Headline>,
    pub(crate) older: Option<Key>,
}

impl<S: Source> Archive<'_, S> {
    /// Reads a page of a list: the newest, or the one with the rows before a key. Returns `None` if the list
    /// does not exist.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub async fn list(&self, id: &ListId, before: Option<&Key>) -> Result<Option<ListPage>, Failure> {
        let Some(parts) = self.parts(id).await? else { return Ok(None) };
        let Slice { rows, older } = self.slice(&parts, before, PAGE_ROWS).await?;
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

    /// Reads a list's title and its newest rows, at most `count`, newest first. Returns `None` if the list
    /// does not exist. It skips the closed part if the open one has enough rows. `web/widget/archive.js`
    /// does the same; a test compares the two.
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

    /// Reads a story's neighbours in a list.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub async fn neighbours(&self, id: &ListId, key: &Key) -> Result<Neighbours, Failure> {
        let Some(parts) = self.parts(id).await? else { return Ok(Neighbours::default()) };
        let mut neighbours = Neighbours {
            older: self.slice(&parts, Some(key), 1).await?.rows.into_iter().next(),
            newer: None,
        };
        for part in &parts {
            // The closed part comes second. Its rows are older, so its row is nearer than the open part's.
            if let Some(newer) = self.next_newer(part, key).await? {
                neighbours.newer = Some(newer);
            }
        }
        Ok(neighbours)
    }

    /// Returns the oldest of those rows of a part that are newer than a key.
    async fn next_newer(&self, part: &List, key: &Key) -> Result<Option<Headline>, Failure> {
        let in_newest = part.newest.iter().rev().find(|row| row.key() > *key);
        // The last page that begins at or before the key may hold the next row; otherwise the page after it
        // does.
        let at = part.pages.partition_point(|page| page.oldest <= *key);
        for page in part.pages.iter().take(at + 1).skip(at.saturating_sub(1)) {
            if let Some(row) = self.page(page).await?.into_iter().find(|row| row.key() > *key) {
                let nearer = in_newest.filter(|newest| newest.key() < row.key()).cloned();
                return Ok(Some(nearer.unwrap_or(row)));
            }
        }
        Ok(in_newest.cloned())
    }

    /// Reads the open and the closed part of a list, newest first. Returns `None` if the list does not exist.
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
        // Of the directory's hundreds of lists, only this one is read.
        directory.at(&["lists", &id.to_string()]).map_err(|_| Failure::Damaged)
    }

    /// Returns about `target` rows older than `before`, newest first, and the key before which older ones
    /// follow. It reads another stored page only while it has fewer rows than the smaller of [`MIN_ROWS`] and
    /// `target`.
    pub(crate) async fn slice(
        &self,
        parts: &[List],
        before: Option<&Key>,
        target: usize,
    ) -> Result<Slice, Failure> {
        let mut rows: Vec<Headline> = Vec::new();
        for (at, part) in parts.iter().enumerate() {
            let is_older = |row: &Headline, than: Option<&Key>| than.is_none_or(|than| row.key() < *than);
            rows.extend(part.newest.iter().filter(|row| is_older(row, before)).cloned());
            if rows.len() > target {
                rows.truncate(target);
                let older = rows.last().map(Headline::key);
                return Ok(Slice { rows, older });
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
                let wanted = target - rows.len().min(target);
                if left.len() < wanted.saturating_add(MIN_ROWS) {
                    rows.append(&mut left);
                } else {
                    rows.extend(left.drain(..wanted));
                }
                next = page.checked_sub(1);
                if rows.len() >= MIN_ROWS.min(target) {
                    let older = if !left.is_empty() {
                        rows.last().map(Headline::key)
                    } else if next.is_some() || parts[at + 1..].iter().any(|part| part.count > 0) {
                        // The page's first key, so that the next request skips this page.
                        Some(part.pages[page].oldest.clone())
                    } else {
                        None
                    };
                    return Ok(Slice { rows, older });
                }
            }
        }
        Ok(Slice { rows, older: None })
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

/// Appends the rows that are older than the last one, up to `count` in all.
fn append_older(rows: &mut Vec<Headline>, more: Vec<Headline>, count: usize) {
    for row in more {
        let is_older =
            rows.last().is_none_or(|last| (row.time.unix, &row.slug) < (last.time.unix, &last.slug));
        if is_older && rows.len() < count {
            rows.push(row);
        }
    }
}
