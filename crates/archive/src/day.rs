//! Reads months and the pages of days.

use bundle::{Date, Folder, Headline, Key, Month, MonthRef};

use crate::archive::Archive;
use crate::list::Slice;
use crate::source::{Failure, Source};

/// A page of a day's headlines, and the nearest days that have any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayPage {
    /// The day.
    pub date: Date,
    /// How many stories the day has.
    pub count: usize,
    /// The page's headlines, newest first; empty if the day has no stories.
    pub rows: Vec<Headline>,
    /// Whether this is the newest page.
    pub newest: bool,
    /// The key before which the next older page begins; `None` on the oldest page.
    pub older: Option<Key>,
    /// The last day before this one that has stories.
    pub earlier: Option<Date>,
    /// The first day after this one that has stories.
    pub later: Option<Date>,
}

impl<S: Source> Archive<'_, S> {
    /// Reads the index of a date's month. Returns `None` if the month has no stories.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub async fn month(&self, date: Date) -> Result<Option<Month>, Failure> {
        match self.index.month(&date.year_month()) {
            Some(month) => self.file(Folder::Months, &month.file).await.map(Some),
            None => Ok(None),
        }
    }

    /// Reads a page of a day's headlines (the newest, or the one with the rows before a key), and finds the
    /// nearest days with stories.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub async fn day(&self, date: Date, before: Option<&Key>) -> Result<DayPage, Failure> {
        let month = self.month(date).await?.unwrap_or_default();
        // `usize::MAX`, because a stored page is shown whole. Most days have only one page.
        let Slice { rows, older } = match month.day(date) {
            Some(day) => self.slice(std::slice::from_ref(&day.list), before, usize::MAX).await?,
            None => Slice::default(),
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

    /// Reads the first or last day of a neighbouring month. Returns `None` if that fails, because the page
    /// then only lacks a link.
    async fn edge_of_month(&self, month: Option<&MonthRef>, last: bool) -> Option<Date> {
        let month: Month = self.file(Folder::Months, &month?.file).await.ok()?;
        let day = if last { month.days.last() } else { month.days.first() };
        day.map(|day| day.date)
    }

    /// Reads a row's version with a summary, from its day's list. Returns `None` if it is not there.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub async fn with_summary(&self, row: &Headline) -> Result<Option<Headline>, Failure> {
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
}
