//! Writes the index for full-text search: segments of stories by their weeks, and the head that names them.
//!
//! The newest week, that of the hundredth newest story and all after it, is a segment of its own, which each build writes.
//! The weeks before it in the same season are divided into segments of four, two and one, so that the close of a week
//! writes little. The season before is a segment, and the seasons before that are divided as a number is into binary digits:
//! each segment is of twice as many seasons as the next, or more, so that a story's segment is written a few times in its
//! life. Where stories are few, neighbours are one. Late and edited stories go to a segment of amendments, and the older rows
//! of edited, late and withdrawn stories are masked, until their segment is written again.

mod names;
mod rows;
mod segment;

use std::collections::{BTreeMap, HashSet};

use ::search::head::{Head, SegmentHead};
use ::search::write::Cut;
use anyhow::Result;
use bundle::{Folder, Hash};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use self::segment::SegmentFiles;
use super::catalog::Catalog;
use super::catalog_list::CatalogList;
use super::writer::BundleWriter;
use crate::cache::Cache;
use crate::digest::Digester;
use crate::progress::progress;

/// How the index is written.
pub(crate) struct Options<'a> {
    pub(crate) cut: Cut,
    /// Whether the newest season is also cut whole.
    pub(crate) is_season_whole: bool,
    pub(crate) cache: &'a Cache,
    /// Whether no word of a story that is no longer published may stay.
    pub(crate) is_swept: bool,
    /// The time of the build, as Unix seconds.
    pub(crate) now: i64,
    /// For how long masked rows stay at most.
    pub(crate) keep_seconds: i64,
}

/// What an index weighs.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Weight {
    pub(crate) files: usize,
    pub(crate) bytes: u64,
}

impl Weight {
    /// Prints what an index of this many stories weighs.
    pub(crate) fn print(&self, stories: usize) {
        let each = self.bytes / u64::try_from(stories).unwrap_or(u64::MAX).max(1);
        println!("the search index: {} files; {} bytes, {each} a story", self.files, self.bytes);
    }
}

/// The segments that the last build cut in a way.
#[derive(Default, Serialize, Deserialize)]
struct Remembered {
    /// What all segments depend on.
    form: String,
    segments: Vec<RememberedSegment>,
}

/// A segment of the last build.
#[derive(Clone, Serialize, Deserialize)]
struct RememberedSegment {
    weeks: Weeks,
    /// The digests of its rows.
    rows: Vec<u64>,
    #[serde(with = "as_json")]
    head: SegmentHead,
    /// Since when it has masked rows, as Unix seconds.
    masked_since: Option<i64>,
    /// The names of its files, and their lengths.
    files: Vec<(String, u64)>,
}

/// The cache's format cannot leave out values, as the head's JSON does.
mod as_json {
    use ::search::head::SegmentHead;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(head: &SegmentHead, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&bundle::encode(head))
    }

    pub(super) fn deserialize<'d, D: Deserializer<'d>>(deserializer: D) -> Result<SegmentHead, D::Error> {
        let json = <Vec<u8>>::deserialize(deserializer)?;
        serde_json::from_slice(&json).map_err(D::Error::custom)
    }
}

/// The weeks of a segment, counted from 1970; none are those of the amendments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Weeks {
    first: i64,
    count: i64,
}

/// The number of weeks of a season.
const SEASON: i64 = 13;
/// The largest number of weeks of the open season in a segment; more would be much to write at the close of a week.
const MAX_WEEKS: i64 = 4;

const AMENDMENTS: Weeks = Weeks { first: i64::MAX, count: 0 };

/// A segment is written again if more of its rows than this part of them have changed.
const MAX_CHANGED_PART: usize = 16;
/// The newest week begins at the latest before this many stories.
const OPEN_ROWS: usize = 100;
/// Neighbouring segments of closed weeks are one if they have at most this many rows. Each segment more costs a reader of
/// whole files another file for each word.
const fn max_joined_rows(cut: Cut) -> usize {
    match cut {
        Cut::Range => 8_192,
        Cut::Whole => 16_384,
    }
}
/// As few changed rows as this are always amendments.
const MIN_CHANGED: usize = 64;

/// Writes the index of a catalog, and returns the hash of its head.
///
/// # Errors
/// Fails if a file cannot be written, or if a post cannot be read again.
pub(crate) fn write(
    catalog: &Catalog<'_>,
    lists: &[CatalogList],
    options: &Options<'_>,
    writer: &dyn BundleWriter,
) -> Result<(Hash, Weight)> {
    let blocks = blocks(catalog, options);
    let segments = write_segments(catalog, &blocks, options.cut, options, writer)?;
    let whole = if options.is_season_whole {
        write_segments(catalog, newest_season(&blocks), Cut::Whole, options, writer)?
    } else {
        Vec::new()
    };
    let mut weight = Weight::default();
    for (name, length) in segments.iter().chain(&whole).flat_map(|segment| &segment.files) {
        writer.reuse_file(&path(name), *length);
        weight.files += 1;
        weight.bytes += length;
    }
    let heads = |segments: Vec<RememberedSegment>| segments.into_iter().map(|segment| segment.head).collect();
    let head = Head {
        cut: options.cut.name().to_owned(),
        lang: catalog.config.site.lang.clone(),
        names: writer.put(Folder::Search, names::write(lists))?,
        segments: heads(segments),
        whole: heads(whole),
    };
    Ok((writer.put(Folder::Search, bundle::encode(&head))?, weight))
}

/// Cuts the segments of stories in a way, and writes those that are not as the last build left them.
fn write_segments(
    catalog: &Catalog<'_>,
    blocks: &[Block],
    cut: Cut,
    options: &Options<'_>,
    writer: &dyn BundleWriter,
) -> Result<Vec<RememberedSegment>> {
    let form = format!("{} {:?}", catalog.config.site.lang, writer.store());
    let name = format!("search-{}", cut.name());
    let known: Remembered =
        options.cache.read(&name).filter(|known: &Remembered| known.form == form).unwrap_or_default();
    let known: BTreeMap<Weeks, RememberedSegment> =
        known.segments.into_iter().map(|segment| (segment.weeks, segment)).collect();
    let known = |weeks| known.get(&weeks).filter(|old| is_there(old, writer)).cloned();
    let bar = progress(blocks.iter().map(|(_, ranks)| ranks.len()).sum(), "indexing words");
    let cache = options.cache.folder();
    let segment_files = SegmentFiles { catalog, cut, cache, writer, bar };
    let newest = blocks.last().map(|(weeks, _)| *weeks);
    // Merging lists keeps one core busy, so that other segments are written at the same time.
    let written = blocks.par_iter().map(|(weeks, ranks)| {
        let rows: Vec<u64> = ranks.par_iter().map(|rank| digest(catalog, *rank)).collect();
        let kept = known(*weeks).and_then(|old| old.kept(ranks, &rows, Some(*weeks) == newest, options));
        match kept {
            Some(kept) => Ok(kept),
            None => Ok((segment_files.write(*weeks, ranks, rows)?, Vec::new())),
        }
    });
    let (mut segments, amendments): (Vec<_>, Vec<_>) =
        written.collect::<Result<Vec<_>>>()?.into_iter().unzip();
    let mut amendments = amendments.concat();
    if !amendments.is_empty() {
        amendments.sort_unstable_by_key(|rank| place(catalog, *rank));
        let rows: Vec<u64> = amendments.iter().map(|rank| digest(catalog, *rank)).collect();
        segments.push(match known(AMENDMENTS).filter(|old| old.rows == rows) {
            Some(old) => old,
            None => segment_files.write(AMENDMENTS, &amendments, rows)?,
        });
    }
    segment_files.bar.finish_and_clear();
    let remembered = Remembered { form, segments };
    options.cache.write(&name, &remembered)?;
    Ok(remembered.segments)
}

impl RememberedSegment {
    /// The segment with the rows masked that are no longer there, and the stories that are new; `None` if it should be
    /// written anew.
    fn kept(
        self,
        ranks: &[usize],
        rows: &[u64],
        is_newest: bool,
        options: &Options<'_>,
    ) -> Option<(Self, Vec<usize>)> {
        if self.rows == rows {
            // What an earlier build has masked may count again.
            let head = SegmentHead { masked: Vec::new(), ..self.head };
            return Some((Self { head, masked_since: None, ..self }, Vec::new()));
        }
        if is_newest {
            return None;
        }
        let (now, before): (HashSet<u64>, HashSet<u64>) =
            (rows.iter().copied().collect(), self.rows.iter().copied().collect());
        let masked: Vec<u32> =
            (0..).zip(&self.rows).filter(|(_, row)| !now.contains(row)).map(|(at, _)| at).collect();
        let new: Vec<usize> =
            ranks.iter().zip(rows).filter(|(_, row)| !before.contains(row)).map(|(rank, _)| *rank).collect();
        let changed = masked.len() + new.len();
        let masked_since = (!masked.is_empty()).then(|| self.masked_since.unwrap_or(options.now));
        let is_old = masked_since.is_some_and(|since| options.now - since >= options.keep_seconds);
        let is_written = (options.is_swept && !masked.is_empty())
            || is_old
            || changed > MIN_CHANGED.max(self.rows.len() / MAX_CHANGED_PART);
        let head = SegmentHead { masked, ..self.head };
        (!is_written).then_some((Self { head, masked_since, ..self }, new))
    }
}

/// The path of a file of a segment.
fn path(name: &str) -> String {
    format!("bundle/{}/{name}", Folder::Search.name())
}

/// Whether all files of a segment are as the last build left them.
fn is_there(segment: &RememberedSegment, writer: &dyn BundleWriter) -> bool {
    segment.files.iter().all(|(name, length)| writer.has_file(&path(name), *length))
}

/// Where a story stands in its segment: by its day, because rows tell only their days, and then by its rank.
fn place(catalog: &Catalog<'_>, rank: usize) -> (i64, usize) {
    (catalog.time(rank).date().days(), rank)
}

/// The digest of a story, from which its row and its terms follow.
fn digest(catalog: &Catalog<'_>, rank: usize) -> u64 {
    let mut digester = Digester::default();
    catalog.digest_article(rank, &mut digester);
    let digest = digester.finish();
    digest.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// The weeks of a segment, and the ranks of their stories, from the oldest to the newest.
type Block = (Weeks, Vec<usize>);

/// The stories of each segment, from the oldest to the newest. If the newest season is also cut whole, a segment begins with
/// it.
fn blocks(catalog: &Catalog<'_>, options: &Options<'_>) -> Vec<Block> {
    let mut ranks: Vec<usize> = (0..catalog.count()).collect();
    ranks.sort_unstable_by_key(|rank| place(catalog, *rank));
    // Weeks begin on Mondays; the first day of 1970 was a Thursday.
    let week = |rank: usize| (catalog.time(rank).date().days() + 3).div_euclid(7);
    let Some(first) = ranks.first().map(|rank| week(*rank)) else { return Vec::new() };
    // A few stories dated in the future do not close the current week.
    let last = week(ranks[ranks.len().saturating_sub(OPEN_ROWS)]);
    let season = if options.is_season_whole { season_before(last) } else { i64::MIN };
    let mut blocks: Vec<Block> = Vec::new();
    let mut rest = ranks.as_slice();
    for weeks in divided(first, last) {
        let is_newest = weeks.first == last;
        let is_in = |rank: &usize| is_newest || week(*rank) < weeks.first + weeks.count;
        let (own, after) = rest.split_at(rest.partition_point(is_in));
        rest = after;
        if own.is_empty() {
            continue;
        }
        let can_join = |before: &Block| {
            let is_apart = before.0.first < season && weeks.first >= season;
            !is_newest && !is_apart && before.1.len() + own.len() <= max_joined_rows(options.cut)
        };
        match blocks.pop_if(|before| can_join(before)) {
            Some((joined, mut before)) => {
                before.extend(own);
                let count = weeks.first + weeks.count - joined.first;
                blocks.push((Weeks { first: joined.first, count }, before));
            }
            None => blocks.push((weeks, own.to_vec())),
        }
    }
    blocks
}

/// The first week of the last season that is complete.
fn season_before(week: i64) -> i64 {
    (week.div_euclid(SEASON) - 1) * SEASON
}

/// The blocks of the newest season: from the last one that is complete.
fn newest_season(blocks: &[Block]) -> &[Block] {
    let Some((newest, _)) = blocks.last() else { return blocks };
    let first = season_before(newest.first);
    &blocks[blocks.partition_point(|(weeks, _)| weeks.first < first)..]
}

/// The weeks from the first to the last in parts: the seasons, the last complete one, the weeks of the season after it, and
/// the last week.
fn divided(first: i64, last: i64) -> Vec<Weeks> {
    let (oldest, season) = (first.div_euclid(SEASON), last.div_euclid(SEASON));
    let mut parts = powers(oldest * SEASON, season - 1 - oldest, SEASON, i64::MAX);
    parts.push(Weeks { first: season_before(last), count: SEASON });
    parts.extend(powers(season * SEASON, last - season * SEASON, 1, MAX_WEEKS));
    parts.push(Weeks { first: last, count: 1 });
    parts
}

/// Divides a number of units of weeks into parts, each the largest power of two that is left, and at most `largest`.
fn powers(mut first: i64, mut number: i64, unit: i64, largest: i64) -> Vec<Weeks> {
    let mut parts = Vec::new();
    while number > 0 {
        let power = (1 << number.ilog2()).min(largest);
        parts.push(Weeks { first, count: power * unit });
        first += power * unit;
        number -= power;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_seasons_and_weeks_are_divided_into_powers_of_two() {
        let parts = |first, last| -> Vec<(i64, i64)> {
            divided(first, last).into_iter().map(|weeks| (weeks.first, weeks.count)).collect()
        };
        assert_eq!(parts(130, 130), [(117, 13), (130, 1)]);
        assert_eq!(parts(130, 133), [(117, 13), (130, 2), (132, 1), (133, 1)]);
        assert_eq!(parts(98, 134), [(91, 26), (117, 13), (130, 4), (134, 1)]);
        assert_eq!(parts(98, 142), [(91, 26), (117, 13), (130, 4), (134, 4), (138, 4), (142, 1)]);
        assert_eq!(parts(98, 143), [(91, 26), (117, 13), (130, 13), (143, 1)]);
        // Seven years are at most ten segments.
        assert!((0..364).all(|weeks| parts(0, weeks).len() <= 10));
    }
}
