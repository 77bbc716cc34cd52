//! Months, their days, and the days' shards and headlines.

use anyhow::Result;
use bundle::{Article, Date, Day, Folder, Headline, List, Month, MonthRef, PageFile, PageRef, ShardFile, ShardRef, chunks, fingerprint};
use rayon::prelude::*;

use super::{PAGE, SHARD, Story};
use crate::site::Shelf;

/// Writes the month indexes and all they name, oldest first.
pub(super) fn write(stories: &[Story], shelf: &dyn Shelf) -> Result<Vec<MonthRef>> {
    let mut by_day: Vec<&Story> = stories.iter().collect();
    // Not the order of instants where a story was dated on another clock.
    by_day.sort_by_key(|story| story.headline.time.date());
    let days: Vec<&[&Story]> = by_day.chunk_by(|a, b| a.headline.time.date() == b.headline.time.date()).collect();
    let days: Result<Vec<Day>> = days.into_par_iter().map(|day| write_day(day[0].headline.time.date(), day, shelf)).collect();
    let days = days?;
    days.chunk_by(|a, b| a.date.year_month() == b.date.year_month())
        .map(|days| {
            let month = Month { days: days.to_vec() };
            let count = days.iter().map(|day| day.list.count).sum();
            Ok(MonthRef { month: days[0].date.year_month(), count, file: shelf.put(Folder::Months, &bundle::encode(&month))? })
        })
        .collect()
}

fn write_day(date: Date, stories: &[&Story], shelf: &dyn Shelf) -> Result<Day> {
    let rows: Vec<&Headline> = stories.iter().map(|story| &story.headline).collect();
    let pages = cut(&rows, |row| &row.slug, PAGE)
        .into_iter()
        .map(|range| {
            let rows: Vec<Headline> = rows[range].iter().map(|row| (*row).clone()).collect();
            let oldest = rows[0].key();
            Ok(PageRef { file: shelf.put(Folder::Pages, &bundle::encode(&PageFile { pages: vec![rows] }))?, index: 0, oldest })
        })
        .collect::<Result<_>>()?;
    let mut articles: Vec<&Article> = stories.iter().map(|story| &story.article).collect();
    articles.sort_by(|a, b| a.slug.cmp(&b.slug));
    let shards = cut(&articles, |article| &article.slug, SHARD)
        .into_iter()
        .map(|range| {
            let articles: Vec<Article> = articles[range].iter().map(|article| (*article).clone()).collect();
            let (first, last) = (articles[0].slug.clone(), articles[articles.len() - 1].slug.clone());
            Ok(ShardRef { file: shelf.put(Folder::Shards, &bundle::encode(&ShardFile { articles }))?, first, last })
        })
        .collect::<Result<_>>()?;
    Ok(Day { date, list: List { count: rows.len(), pages, ..List::default() }, shards })
}

/// Where the content says to cut a row of items, so that each piece has at most `limit` bytes of JSON.
pub(super) fn cut<T: serde::Serialize>(items: &[T], slug: impl Fn(&T) -> &str, limit: usize) -> Vec<std::ops::Range<usize>> {
    chunks(items.iter().map(|item| (bundle::encode(item).len() + 1, fingerprint(slug(item)))), limit)
}
