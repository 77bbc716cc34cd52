//! Months, their days, and the days' shards and headlines.

use std::collections::BTreeMap;

use anyhow::Result;
use bundle::{Date, Day, Folder, Headline, List, Month, MonthRef, PageRef, ShardRef, chunks, fingerprint};
use rayon::prelude::*;

use super::Edition;
use crate::cache::Made;
use crate::site::Shelf;
use crate::story::{Digest, Digester};

/// How long a shard gets, in bytes of JSON: news text compresses to 0.43 and less, so that 60 KB compressed hold it.
const SHARD: usize = 140_000;
/// How long a page of a day gets, in bytes of JSON: a day of 400 stories has one.
const PAGE: usize = 240_000;

/// Writes the month indexes and all they name, oldest first.
pub(super) fn write(edition: &Edition<'_>, made: &Made, shelf: &dyn Shelf) -> Result<Vec<MonthRef>> {
    // Not always in the order of instants, where a story was dated on another clock.
    let mut by_date: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
    for rank in 0..edition.order.len() {
        by_date.entry(edition.story(rank).time.date()).or_default().push(rank);
    }
    let by_date: Vec<(Date, Vec<usize>)> = by_date.into_iter().collect();
    let bar = crate::library::progress(by_date.len(), "writing days");
    let days: Result<Vec<Day>> = by_date
        .par_iter()
        .map(|(date, stories)| {
            let whole = |day: &Day| day.list.pages.iter().all(|page| shelf.keep(Folder::Pages, &page.file)) && day.shards.iter().all(|shard| shelf.keep(Folder::Shards, &shard.file));
            let day = made.part(digest(edition, stories), whole, || write_day(edition, *date, stories, shelf));
            bar.inc(1);
            day
        })
        .collect();
    bar.finish_and_clear();
    let days = days?;
    days.chunk_by(|a, b| a.date.year_month() == b.date.year_month())
        .map(|days| {
            let month = Month { days: days.to_vec() };
            let count = days.iter().map(|day| day.list.count).sum();
            Ok(MonthRef { month: days[0].date.year_month(), count, file: shelf.put(Folder::Months, bundle::encode(&month))? })
        })
        .collect()
}

/// Of all that goes into a day's files.
fn digest(edition: &Edition<'_>, stories: &[usize]) -> Digest {
    let mut digester = Digester::default();
    digester.add(b"day");
    for rank in stories {
        let story = edition.story(*rank);
        digester.add(&story.digest).add(story.path.as_bytes()).add(&edition.rows[*rank]);
        let categories = story.categories.iter().map(|id| edition.settled.category(*id));
        for id in categories.chain(story.tags.iter().map(|id| edition.settled.tag(*id))) {
            digester.add(edition.label(id).title.as_bytes());
        }
    }
    digester.finish()
}

fn write_day(edition: &Edition<'_>, date: Date, stories: &[usize], shelf: &dyn Shelf) -> Result<Day> {
    let mut rows = Vec::with_capacity(stories.len());
    let mut articles = Vec::with_capacity(stories.len());
    for rank in stories {
        let words = edition.words(*rank)?;
        articles.push((edition.slug(*rank), bundle::encode(&words.article)));
        rows.push((*rank, bundle::encode(&Headline { summary: words.excerpt, ..edition.row(*rank) })));
    }
    articles.sort_unstable_by_key(|(slug, _)| *slug);
    let pages = chunks(rows.into_iter().map(|(rank, row)| { let length = row.len() + 1; ((rank, row), length, fingerprint(edition.slug(rank))) }), PAGE);
    let pages = pages
        .map(|page| {
            let (stories, rows): (Vec<usize>, Vec<Vec<u8>>) = page.into_iter().unzip();
            let file = shelf.put(Folder::Pages, bundle::array(&[bundle::array(&rows)]))?;
            Ok(PageRef { file, index: 0, oldest: edition.key(stories[0]) })
        })
        .collect::<Result<_>>()?;
    let shards = chunks(articles.into_iter().map(|article| { let (length, fingerprint) = (article.1.len() + 1, fingerprint(article.0)); (article, length, fingerprint) }), SHARD);
    let shards = shards
        .map(|shard| {
            let (slugs, articles): (Vec<&str>, Vec<Vec<u8>>) = shard.into_iter().unzip();
            let (first, last) = (slugs[0].to_owned(), slugs[slugs.len() - 1].to_owned());
            Ok(ShardRef { file: shelf.put(Folder::Shards, bundle::array(&articles))?, first, last })
        })
        .collect::<Result<_>>()?;
    Ok(Day { date, list: List { count: stories.len(), pages, ..List::default() }, shards })
}
