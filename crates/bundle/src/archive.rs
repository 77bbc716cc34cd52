//! Reading the archive: from an address, through the chain of hashes, to the rows or the article it means.
//!
//! Knows nothing of the network: a [`Source`] hands over files. So the same reading is tested natively over a
//! folder.

use std::cell::RefCell;
use std::fmt;

use serde::Deserialize;

use crate::address::Address;
use crate::{
    Article, Date, Directories, Document, File, Folder, Front, Hash, Headline, Index, Key, List, ListId,
    ListKind, Month, MonthRef, NameFile, NamedList, PageFile, PageRef, Store, Time, partition,
};

/// Why a file of the bundle is not to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The network does not answer.
    Offline,
    /// The host answers, but not with the file: the status it gave.
    Refused(u16),
    /// The host does not have the file: it is of another deploy, or a deploy is half done.
    Gone,
    /// The bytes are not those the file's name promises, or not what the format says.
    Damaged,
    /// The site is written in a format this program does not know yet.
    Newer(u32),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

/// Where files of the bundle come from.
pub trait Source {
    /// The file of this hash, inflated where it is stored compressed.
    ///
    /// # Errors
    /// Where it is not to be had, or is not what it should be.
    fn document(
        &self,
        folder: Folder,
        hash: &str,
        store: Store,
    ) -> impl Future<Output = Result<Document, Failure>>;
}

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

/// A page of a day's headlines, and the days around it that have any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayPage {
    /// The day.
    pub date: Date,
    /// How many stories it has.
    pub count: usize,
    /// The page's headlines, newest first; empty where the day has none.
    pub rows: Vec<Headline>,
    /// Whether this is the newest page.
    pub newest: bool,
    /// Where the next older page begins; none on the oldest.
    pub older: Option<Key>,
    /// The last day before it that has stories.
    pub earlier: Option<Date>,
    /// The first day after it that has stories.
    pub later: Option<Date>,
}

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
struct View {
    rows: Vec<Headline>,
    older: Option<Key>,
}

/// The archive that an index opens.
#[derive(Clone, Copy)]
pub struct Archive<'a, S> {
    /// Where the files come from.
    pub source: &'a S,
    /// What names them.
    pub index: &'a Index,
    /// Notes the path of each file that is read.
    asked: Option<&'a RefCell<Vec<String>>>,
}

/// What tells an article from the others of its shard.
#[derive(Deserialize)]
struct ArticleId {
    slug: String,
    time: Time,
}

impl<'a, S: Source> Archive<'a, S> {
    /// The archive that an index opens, its files from a source.
    pub fn new(source: &'a S, index: &'a Index) -> Self {
        Self { source, index, asked: None }
    }

    async fn document(&self, folder: Folder, hash: &str) -> Result<Document, Failure> {
        if let Some(asked) = self.asked {
            note(asked, folder.path(hash, self.index.store));
        }
        self.source.document(folder, hash, self.index.store).await
    }

    async fn file<T: File>(&self, folder: Folder, hash: &str) -> Result<T, Failure> {
        self.document(folder, hash).await?.read().map_err(|_| Failure::Damaged)
    }

    /// What the home page shows below the newest headlines.
    ///
    /// # Errors
    /// Where a file is not to be had.
    pub async fn front(&self) -> Result<Front, Failure> {
        self.file(Folder::Front, &self.index.front).await
    }

    /// The article of a slug; `date` is a hint one day either way.
    ///
    /// # Errors
    /// Where a file is not to be had.
    pub async fn article(&self, date: Date, slug: &str) -> Result<Option<Article>, Failure> {
        let mut month: Option<(String, Month)> = None;
        for date in [date, date.plus(-1), date.plus(1)] {
            let name = date.year_month();
            if month.as_ref().is_none_or(|(loaded, _)| *loaded != name) {
                month = self.month(date).await?.map(|index| (name, index));
            }
            let shard = month
                .as_ref()
                .and_then(|(_, month)| month.shard(date, slug).filter(|_| month.day(date).is_some()));
            let Some(shard) = shard else { continue };
            let shard = self.document(Folder::Shards, &shard.file).await?;
            let is_wanted = |article: &ArticleId| article.slug == slug && article.time.date() == date;
            if let Some(article) = shard.find(is_wanted).map_err(|_| Failure::Damaged)? {
                return Ok(Some(article));
            }
        }
        Ok(None)
    }

    /// The index of a date's month, if it has stories.
    ///
    /// # Errors
    /// Where the file is not to be had.
    pub async fn month(&self, date: Date) -> Result<Option<Month>, Failure> {
        match self.index.month(&date.year_month()) {
            Some(month) => self.file(Folder::Months, &month.file).await.map(Some),
            None => Ok(None),
        }
    }

    /// A page of a day's headlines, from the newest or from the first before a key, and the way to other
    /// days.
    ///
    /// # Errors
    /// Where a file is not to be had.
    pub async fn day(&self, date: Date, before: Option<&Key>) -> Result<DayPage, Failure> {
        let month = self.month(date).await?.unwrap_or_default();
        // A page as it is in its file: most days have one.
        let View { rows, older } = match month.day(date) {
            Some(day) => self.view(std::slice::from_ref(&day.list), before, usize::MAX).await?,
            None => View::default(),
        };
        let count = month.day(date).map_or(0, |day| day.list.count);
        let earlier = match month.days.iter().rev().find(|day| day.date < date) {
            Some(day) => Some(day.date),
            None => {
                self.edge_of_month(
                    self.index.months.iter().rev().find(|month| month.month < date.year_month()),
                    true,
                )
                .await
            }
        };
        let later = match month.days.iter().find(|day| day.date > date) {
            Some(day) => Some(day.date),
            None => {
                self.edge_of_month(
                    self.index.months.iter().find(|month| month.month > date.year_month()),
                    false,
                )
                .await
            }
        };
        Ok(DayPage { date, count, rows, newest: before.is_none(), older, earlier, later })
    }

    /// The day of a month beside this one; none where it is not to be had, for a page is no worse without a
    /// link.
    async fn edge_of_month(&self, month: Option<&MonthRef>, last: bool) -> Option<Date> {
        let month: Month = self.file(Folder::Months, &month?.file).await.ok()?;
        let day = if last { month.days.last() } else { month.days.first() };
        day.map(|day| day.date)
    }

    /// A page of a list, from the newest row or from the first before a key; none where there is no such
    /// list.
    ///
    /// # Errors
    /// Where a file is not to be had.
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
    /// Where a file is not to be had.
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

    /// A row with its summary, which the lists of days have and other lists have not; none where it is not
    /// there.
    ///
    /// # Errors
    /// Where a file is not to be had.
    pub async fn summarised(&self, row: &Headline) -> Result<Option<Headline>, Failure> {
        let (date, key) = (row.time.date(), row.key());
        let Some(month) = self.month(date).await? else { return Ok(None) };
        let Some(day) = month.day(date) else { return Ok(None) };
        let at = day.list.pages.partition_point(|page| page.oldest <= key);
        let mut rows = day.list.newest.clone();
        if let Some(page) = at.checked_sub(1).map(|at| &day.list.pages[at]) {
            rows.extend(self.page(page).await?);
        }
        Ok(rows.into_iter().find(|row| row.key() == key))
    }

    /// The stories next to one in a list.
    ///
    /// # Errors
    /// Where a file is not to be had.
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
    async fn view(&self, parts: &[List], before: Option<&Key>, most: usize) -> Result<View, Failure> {
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

    async fn page(&self, page: &PageRef) -> Result<Vec<Headline>, Failure> {
        let mut file: PageFile = self.file(Folder::Pages, &page.file).await?;
        if page.index < file.pages.len() {
            Ok(file.pages.swap_remove(page.index))
        } else {
            Err(Failure::Damaged)
        }
    }

    /// The paths of all files that a month's page and its stories are read from, or a list's newest page and
    /// its stories; of no other address any.
    ///
    /// # Errors
    /// Where a file is not to be had.
    pub async fn files(&self, address: &Address) -> Result<Vec<String>, Failure> {
        let asked = RefCell::default();
        let archive = Archive { asked: Some(&asked), ..*self };
        match address {
            Address::Month(date) => {
                if let Some(month) = archive.month(*date).await? {
                    let pages = month
                        .days
                        .iter()
                        .flat_map(|day| &day.list.pages)
                        .map(|page| (Folder::Pages, &page.file));
                    for (folder, hash) in
                        pages.chain(month.shards.iter().map(|shard| (Folder::Shards, &shard.file)))
                    {
                        note(&asked, folder.path(hash, self.index.store));
                    }
                }
            }
            Address::List { id, .. } => {
                for row in archive.list(id, None).await?.map(|list| list.rows).unwrap_or_default() {
                    archive.article(row.time.date(), &row.slug).await?;
                }
            }
            _ => {}
        }
        Ok(asked.into_inner())
    }

    /// Names of a kind of list, most stories first: the first file of them, or all.
    ///
    /// # Errors
    /// Where a file is not to be had.
    pub async fn names(&self, kind: ListKind, all: bool) -> Result<Vec<NamedList>, Failure> {
        let front = self.front().await?;
        let mut names = Vec::new();
        for hash in front.names.of(kind).iter().take(if all { usize::MAX } else { 1 }) {
            let file: NameFile = self.file(Folder::Names, hash).await?;
            names.extend(file.names);
        }
        Ok(names)
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

fn note(asked: &RefCell<Vec<String>>, path: String) {
    let mut asked = asked.borrow_mut();
    if !asked.contains(&path) {
        asked.push(path);
    }
}
