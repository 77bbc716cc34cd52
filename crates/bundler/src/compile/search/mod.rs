//! Writes the index for full-text search: segments of stories by their weeks, and the head that names them.
//!
//! The newest week, that of the hundredth newest story and all after it, is a segment of its own, which each build writes.
//! The weeks before it are divided into segments as a binary counter is into digits: each is of twice as many weeks as the
//! next, or more, so that a story's segment is written a few times in its life. Late and edited stories go to a segment of amendments, and the older rows of edited, late and
//! withdrawn stories are masked, until their segment is written again.

mod names;
mod rows;
mod segment;

use std::collections::{BTreeMap, HashSet};

use ::search::head::{Head, SegmentHead};
use ::search::write::Cut;
use anyhow::Result;
use bundle::{Folder, Hash};
use serde::{Deserialize, Serialize};

use self::segment::write_segment;
use super::catalog::Catalog;
use super::catalog_list::CatalogList;
use super::writer::BundleWriter;
use crate::cache::Cache;
use crate::digest::Digester;

/// How the index is written.
pub(crate) struct Options<'a> {
    pub(crate) cut: Cut,
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

/// The name of what the cache remembers.
const NAME: &str = "search";

/// The index of the last build.
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

const AMENDMENTS: Weeks = Weeks { first: i64::MAX, count: 0 };

/// A segment is written again if more of its rows than this part of them have changed.
const MAX_CHANGED_PART: usize = 16;
/// The newest week begins at the latest before this many stories.
const OPEN_ROWS: usize = 100;
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
    let lang = catalog.config.site.lang.clone();
    let form = format!("{:?} {lang} {:?}", options.cut, writer.store());
    let known: Remembered =
        options.cache.read(NAME).filter(|known: &Remembered| known.form == form).unwrap_or_default();
    let mut known: BTreeMap<Weeks, RememberedSegment> =
        known.segments.into_iter().map(|segment| (segment.weeks, segment)).collect();
    let mut segments = Vec::new();
    let mut amendments = Vec::new();
    let blocks = blocks(catalog);
    let newest = blocks.last().map(|(weeks, _)| *weeks);
    for (weeks, ranks) in blocks {
        let rows: Vec<u64> = ranks.iter().map(|rank| digest(catalog, *rank)).collect();
        let old = known.remove(&weeks).filter(|old| is_there(old, writer));
        let kept = old.and_then(|old| {
            if old.rows == rows {
                // What an earlier build has masked may count again.
                let head = SegmentHead { masked: Vec::new(), ..old.head };
                return Some((RememberedSegment { head, masked_since: None, ..old }, Vec::new()));
            }
            if Some(weeks) == newest {
                return None;
            }
            let (now, before): (HashSet<u64>, HashSet<u64>) =
                (rows.iter().copied().collect(), old.rows.iter().copied().collect());
            let masked: Vec<u32> =
                (0..).zip(&old.rows).filter(|(_, row)| !now.contains(row)).map(|(at, _)| at).collect();
            let new: Vec<usize> = ranks
                .iter()
                .zip(&rows)
                .filter(|(_, row)| !before.contains(row))
                .map(|(rank, _)| *rank)
                .collect();
            let changed = masked.len() + new.len();
            let masked_since = (!masked.is_empty()).then(|| old.masked_since.unwrap_or(options.now));
            let is_old = masked_since.is_some_and(|since| options.now - since >= options.keep_seconds);
            let is_written = (options.is_swept && !masked.is_empty())
                || is_old
                || changed > MIN_CHANGED.max(old.rows.len() / MAX_CHANGED_PART);
            let head = SegmentHead { masked, ..old.head };
            (!is_written).then_some((RememberedSegment { head, masked_since, ..old }, new))
        });
        match kept {
            Some((old, new)) => {
                amendments.extend(new);
                segments.push(old);
            }
            None => segments.push(write_segment(catalog, weeks, &ranks, rows, options, writer)?),
        }
    }
    if !amendments.is_empty() {
        amendments.sort_unstable_by_key(|rank| place(catalog, *rank));
        let rows: Vec<u64> = amendments.iter().map(|rank| digest(catalog, *rank)).collect();
        let old = known.remove(&AMENDMENTS).filter(|old| old.rows == rows && is_there(old, writer));
        segments.push(match old {
            Some(old) => old,
            None => write_segment(catalog, AMENDMENTS, &amendments, rows, options, writer)?,
        });
    }
    let mut weight = Weight::default();
    for segment in &segments {
        for (name, length) in &segment.files {
            writer.reuse_file(&path(name), *length);
            weight.files += 1;
            weight.bytes += length;
        }
    }
    let head = Head {
        cut: match options.cut {
            Cut::Range => "range".to_owned(),
            Cut::Whole => "whole".to_owned(),
        },
        lang,
        names: writer.put(Folder::Search, names::write(lists))?,
        segments: segments.iter().map(|segment| segment.head.clone()).collect(),
    };
    let hash = writer.put(Folder::Search, bundle::encode(&head))?;
    options.cache.write(NAME, &Remembered { form, segments })?;
    Ok((hash, weight))
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

/// The stories of each segment, from the oldest to the newest.
fn blocks(catalog: &Catalog<'_>) -> Vec<(Weeks, Vec<usize>)> {
    let mut ranks: Vec<usize> = (0..catalog.count()).collect();
    ranks.sort_unstable_by_key(|rank| place(catalog, *rank));
    // Weeks begin on Mondays; the first day of 1970 was a Thursday.
    let week = |rank: usize| (catalog.time(rank).date().days() + 3).div_euclid(7);
    let Some(first) = ranks.first().map(|rank| week(*rank)) else { return Vec::new() };
    // A few stories dated in the future do not close the current week.
    let last = week(ranks[ranks.len().saturating_sub(OPEN_ROWS)]);
    let mut blocks = Vec::new();
    let mut rest = ranks.as_slice();
    for weeks in divided(first, last) {
        let is_in = |rank: &usize| weeks.first == last || week(*rank) < weeks.first + weeks.count;
        let (own, after) = rest.split_at(rest.partition_point(is_in));
        if !own.is_empty() {
            blocks.push((weeks, own.to_vec()));
        }
        rest = after;
    }
    blocks
}

/// The weeks from the first to the last in parts: as many weeks each as a binary digit of the number of closed weeks is
/// worth, and the last week.
fn divided(first: i64, last: i64) -> Vec<Weeks> {
    let closed = last - first;
    let mut parts = Vec::new();
    let mut at = first;
    for digit in (0..63).rev().map(|digit| 1_i64 << digit).filter(|digit| closed & digit != 0) {
        parts.push(Weeks { first: at, count: digit });
        at += digit;
    }
    parts.push(Weeks { first: last, count: 1 });
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_weeks_are_divided_as_a_binary_number() {
        let parts = |first, last| -> Vec<(i64, i64)> {
            divided(first, last).into_iter().map(|weeks| (weeks.first, weeks.count)).collect()
        };
        assert_eq!(parts(100, 100), [(100, 1)]);
        assert_eq!(parts(100, 103), [(100, 2), (102, 1), (103, 1)]);
        assert_eq!(parts(100, 104), [(100, 4), (104, 1)]);
        // Seven years are at most nine segments.
        assert!((0..364).all(|weeks| parts(0, weeks).len() <= 9));
    }
}
