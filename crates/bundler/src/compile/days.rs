//! Writes months: the shards of their articles, and the lists of their days.

use std::collections::{BTreeMap, VecDeque};

use anyhow::Result;
use bundle::{
    Date, Day, Folder, Headline, List, Month, MonthRef, ShardRef, chunks, fingerprint, join_short_end,
};
use rayon::prelude::*;

use super::artifacts::ArtifactCache;
use super::catalog::Catalog;
use super::lists::MIN_NEWEST_ROWS;
use super::writer::BundleWriter;
use crate::digest::{Digest, Digester};
use crate::library::spool::SpooledArticle;
use crate::progress::progress;

/// The largest size of a shard, in bytes of JSON: at most 63 KB compressed, because news compresses to 40% of
/// its size or less.
const SHARD_BYTES: usize = 158_000;
/// The largest size of a day's page, in bytes of JSON, before a short last page is merged into it: a day of
/// 400 stories fits on one page.
const PAGE_BYTES: usize = 240_000;

/// Writes the months and all their files, and returns the months, oldest first.
pub(super) fn write(
    catalog: &Catalog<'_>,
    artifacts: &ArtifactCache,
    writer: &dyn BundleWriter,
) -> Result<Vec<MonthRef>> {
    // Ranks do not always order stories by date: where clocks are set back at midnight, a story may belong to
    // an earlier day than the story before it.
    let mut by_date: BTreeMap<Date, Vec<usize>> = BTreeMap::new();
    for rank in 0..catalog.order.len() {
        by_date.entry(catalog.story(rank).time.date()).or_default().push(rank);
    }
    let by_date: Vec<(Date, Vec<usize>)> = by_date.into_iter().collect();
    let months: Vec<&[(Date, Vec<usize>)]> =
        by_date.chunk_by(|(a, _), (b, _)| a.year_month() == b.year_month()).collect();
    let bar = progress(catalog.order.len(), "writing articles");
    let months = months
        .into_par_iter()
        .map(|days| {
            let is_valid = |month: &Month| {
                month
                    .days
                    .iter()
                    .flat_map(|day| &day.list.pages)
                    .all(|page| writer.reuse(Folder::Pages, &page.file))
                    && month.shards.iter().all(|shard| writer.reuse(Folder::Shards, &shard.file))
            };
            let month = artifacts
                .get_or_build(digest(catalog, days), is_valid, || write_month(catalog, days, writer))?;
            let count = days.iter().map(|(_, ranks)| ranks.len()).sum();
            bar.inc(count as u64);
            Ok(MonthRef {
                month: days[0].0.year_month(),
                count,
                file: writer.put(Folder::Months, bundle::encode(&month))?,
            })
        })
        .collect();
    bar.finish_and_clear();
    months
}

/// The digest of everything in a month's files.
fn digest(catalog: &Catalog<'_>, days: &[(Date, Vec<usize>)]) -> Digest {
    let mut digester = Digester::default();
    digester.add(b"month");
    for rank in days.iter().flat_map(|(_, ranks)| ranks) {
        catalog.digest_article(*rank, &mut digester);
    }
    digester.finish()
}

/// How many posts are read again at a time, on all cores.
const BATCH: usize = 64;

/// Writes a month. It holds only the articles of one shard and of one batch, and the rows of one day in memory.
fn write_month(
    catalog: &Catalog<'_>,
    days: &[(Date, Vec<usize>)],
    writer: &dyn BundleWriter,
) -> Result<Month> {
    let mut month = Month::default();
    let mut articles = Articles {
        catalog,
        writer,
        days: days.iter(),
        date: days[0].0,
        ranks: Vec::new().into_iter(),
        batch: VecDeque::new(),
        rows: Vec::new(),
        written_days: Vec::new(),
        failure: None,
    };
    let sized = std::iter::from_fn(|| articles.next()).map(|article| {
        let (length, fingerprint) = (article.json.len() + 1, fingerprint(article.slug));
        (article, length, fingerprint)
    });
    let shards: Result<Vec<ShardRef>> = chunks(sized, SHARD_BYTES)
        .map(|shard| {
            let json: Vec<&[u8]> = shard.iter().map(|article| article.json.as_slice()).collect();
            Ok(ShardRef {
                file: writer.put(Folder::Shards, bundle::join_array(&json))?,
                date: shard[0].date,
                slug: shard[0].slug.to_owned(),
            })
        })
        .collect();
    month.shards = shards?;
    month.days = articles.written_days;
    match articles.failure {
        Some(error) => Err(error),
        None => Ok(month),
    }
}

/// An encoded article for a shard.
struct EncodedArticle<'a> {
    date: Date,
    slug: &'a str,
    json: Vec<u8>,
}

/// Iterates over the articles of a month by date and slug, and writes the list of each day after its last
/// article.
struct Articles<'a> {
    catalog: &'a Catalog<'a>,
    writer: &'a dyn BundleWriter,
    days: std::slice::Iter<'a, (Date, Vec<usize>)>,
    date: Date,
    /// The remaining stories of the day.
    ranks: std::vec::IntoIter<usize>,
    /// The articles that were read and are not yet returned.
    batch: VecDeque<(usize, SpooledArticle)>,
    /// The rows of the day's articles so far.
    rows: Vec<(usize, Vec<u8>)>,
    written_days: Vec<Day>,
    failure: Option<anyhow::Error>,
}

impl<'a> Articles<'a> {
    fn next(&mut self) -> Option<EncodedArticle<'a>> {
        let next = self.try_next();
        next.unwrap_or_else(|error| {
            self.failure = Some(error);
            None
        })
    }

    fn try_next(&mut self) -> Result<Option<EncodedArticle<'a>>> {
        let (rank, spooled) = loop {
            if self.batch.is_empty() {
                self.read_batch()?;
            }
            if let Some(article) = self.batch.pop_front() {
                break article;
            }
            self.end_day()?;
            let Some((date, ranks)) = self.days.next() else { return Ok(None) };
            let mut ranks = ranks.clone();
            ranks.sort_unstable_by_key(|rank| self.catalog.slug(*rank));
            (self.date, self.ranks) = (*date, ranks.into_iter());
        };
        self.rows
            .push((rank, bundle::encode(&Headline { summary: spooled.excerpt, ..self.catalog.row(rank) })));
        Ok(Some(EncodedArticle {
            date: self.date,
            slug: self.catalog.slug(rank),
            json: bundle::encode(&spooled.article),
        }))
    }

    /// Reads the next articles of the day: one from the spool, or several from posts that must be parsed again.
    fn read_batch(&mut self) -> Result<()> {
        let is_spooled = self.ranks.as_slice().first().is_some_and(|rank| self.catalog.is_spooled(*rank));
        let ranks: Vec<usize> = self.ranks.by_ref().take(if is_spooled { 1 } else { BATCH }).collect();
        let read = |rank: usize| Ok((rank, self.catalog.article(rank)?));
        self.batch = ranks.into_par_iter().map(read).collect::<Result<_>>()?;
        Ok(())
    }

    /// Writes the list of the day that has ended.
    fn end_day(&mut self) -> Result<()> {
        let mut rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(());
        }
        rows.sort_unstable_by_key(|(rank, _)| *rank);
        let count = rows.len();
        let sized = rows.into_iter().map(|(rank, json)| self.catalog.sized(rank, json));
        let mut newest = None;
        let pages = join_short_end(chunks(sized, PAGE_BYTES), MIN_NEWEST_ROWS)
            .map(|page| self.catalog.put_page(&page, newest.replace(page[page.len() - 1].rank), self.writer))
            .collect::<Result<_>>()?;
        self.written_days.push(Day { date: self.date, list: List { count, pages, ..List::default() } });
        Ok(())
    }
}
