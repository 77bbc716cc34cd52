//! Months, their days, and the days' shards and headlines.

use std::collections::BTreeMap;

use anyhow::Result;
use bundle::{Date, Day, Folder, Headline, List, Month, MonthRef, PageRef, ShardRef, chunks, fingerprint};
use rayon::prelude::*;

use super::Edition;
use crate::cache::Made;
use crate::site::Shelf;
use crate::story::{Digest, Digester};

/// How long a shard gets, in bytes of JSON: news compresses to 0.4 and less, so that 60 KB compressed hold it.
const SHARD: usize = 154_000;
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
    let months: Vec<&[(Date, Vec<usize>)]> = by_date.chunk_by(|(a, _), (b, _)| a.year_month() == b.year_month()).collect();
    let bar = crate::library::progress(edition.order.len(), "writing articles");
    let months = months
        .into_par_iter()
        .map(|days| {
            let whole = |month: &Month| {
                month.days.iter().flat_map(|day| &day.list.pages).all(|page| shelf.keep(Folder::Pages, &page.file))
                    && month.shards.iter().all(|shard| shelf.keep(Folder::Shards, &shard.file))
            };
            let month = made.part(digest(edition, days), whole, || write_month(edition, days, shelf))?;
            let count = days.iter().map(|(_, ranks)| ranks.len()).sum();
            bar.inc(count as u64);
            Ok(MonthRef { month: days[0].0.year_month(), count, file: shelf.put(Folder::Months, bundle::encode(&month))? })
        })
        .collect();
    bar.finish_and_clear();
    months
}

/// Of all that goes into a month's files.
fn digest(edition: &Edition<'_>, days: &[(Date, Vec<usize>)]) -> Digest {
    let mut digester = Digester::default();
    digester.add(b"month");
    for rank in days.iter().flat_map(|(_, ranks)| ranks) {
        let story = edition.story(*rank);
        digester.add(&story.digest).add(story.path.as_bytes()).add(&edition.rows[*rank]);
        let categories = story.categories.iter().map(|id| edition.settled.category(*id));
        for id in categories.chain(story.tags.iter().map(|id| edition.settled.tag(*id))) {
            digester.add(edition.label(id).title.as_bytes());
        }
    }
    digester.finish()
}

/// An article on its way into a shard.
struct Encoded {
    date: Date,
    slug: String,
    json: Vec<u8>,
}

/// Writes a month; no more than a day's words are in memory at a time.
fn write_month(edition: &Edition<'_>, days: &[(Date, Vec<usize>)], shelf: &dyn Shelf) -> Result<Month> {
    let mut month = Month::default();
    let mut failure = None;
    let articles = days.iter().map_while(|(date, ranks)| match write_day(edition, *date, ranks, shelf) {
        Ok((day, articles)) => {
            month.days.push(day);
            Some(articles)
        }
        Err(error) => {
            failure = Some(error);
            None
        }
    });
    let sized = articles.flatten().map(|article| {
        let (length, fingerprint) = (article.json.len() + 1, fingerprint(&article.slug));
        (article, length, fingerprint)
    });
    let shards: Result<Vec<ShardRef>> = chunks(sized, SHARD)
        .map(|shard| {
            let articles: Vec<&[u8]> = shard.iter().map(|article| article.json.as_slice()).collect();
            Ok(ShardRef { file: shelf.put(Folder::Shards, bundle::array(&articles))?, date: shard[0].date, slug: shard[0].slug.clone() })
        })
        .collect();
    month.shards = shards?;
    match failure {
        Some(error) => Err(error),
        None => Ok(month),
    }
}

/// Writes a day's headlines and hands over its articles, in the order of their slugs' bytes.
fn write_day(edition: &Edition<'_>, date: Date, ranks: &[usize], shelf: &dyn Shelf) -> Result<(Day, Vec<Encoded>)> {
    let mut rows = Vec::with_capacity(ranks.len());
    let mut articles = Vec::with_capacity(ranks.len());
    for rank in ranks {
        let words = edition.words(*rank)?;
        articles.push(Encoded { date, json: bundle::encode(&words.article), slug: words.article.slug });
        rows.push(bundle::encode(&Headline { summary: words.excerpt, ..edition.row(*rank) }));
    }
    articles.sort_unstable_by(|a, b| a.slug.cmp(&b.slug));
    let sized = ranks.iter().zip(rows).map(|(rank, row)| {
        let length = row.len() + 1;
        ((*rank, row), length, fingerprint(edition.slug(*rank)))
    });
    let pages = chunks(sized, PAGE)
        .map(|page| {
            let (ranks, rows): (Vec<usize>, Vec<Vec<u8>>) = page.into_iter().unzip();
            let file = shelf.put(Folder::Pages, bundle::array(&[bundle::array(&rows)]))?;
            Ok(PageRef { file, index: 0, oldest: edition.key(ranks[0]) })
        })
        .collect::<Result<_>>()?;
    Ok((Day { date, list: List { count: ranks.len(), pages, ..List::default() } }, articles))
}
