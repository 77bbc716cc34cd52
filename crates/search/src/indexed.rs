//! A segment of an index, as a search knows it: where its pages are, and the days of its rows.

use crate::segment::{File, PAGE_UNIT, Part, ROWS, Segment};

/// A segment of an index, with what the index says of its rows.
#[derive(Debug, Clone, Default)]
pub struct IndexedSegment {
    /// Where it has what.
    pub segment: Segment,
    /// The days of its rows, ascending, in days since 1970, each with the number of rows up to it.
    pub days: Vec<(i32, u32)>,
    /// The rows that count no longer, ascending.
    pub masked: Vec<u32>,
    /// The pages of terms: the place of each in its file, and its length.
    pub term_pages: Vec<(u32, u32)>,
    /// The same of the pages of rows.
    pub row_pages: Vec<(u32, u32)>,
}

impl IndexedSegment {
    /// A segment whose first row is of a day, with the numbers of rows on that day and on each after it, and with the
    /// lengths of its pages; `None` if some are missing.
    pub fn new(
        segment: Segment,
        first_day: i32,
        days: &[u32],
        masked: Vec<u32>,
        lengths: &[u8],
    ) -> Option<Self> {
        let lengths = numbers(lengths);
        let (term_pages, row_pages) = lengths.split_at_checked(segment.pages as usize)?;
        let term_pages = places(term_pages, PAGE_UNIT, segment.pages_per_file);
        let row_pages = places(row_pages, 1, segment.row_pages_per_file);
        let mut end = 0_u32;
        let with_rows = (first_day..).zip(days).filter(|(_, count)| **count > 0);
        let days = with_rows
            .map(|(day, count)| {
                end = end.saturating_add(*count);
                (day, end)
            })
            .collect();
        Some(Self { segment, days, masked, term_pages, row_pages })
    }

    /// The day of a row.
    pub fn day(&self, row: u32) -> i32 {
        let at = self.days.partition_point(|(_, end)| *end <= row);
        self.days.get(at).map_or(0, |(day, _)| *day)
    }

    /// The rows from one day to another, both included.
    pub(crate) fn rows_between(&self, from: i32, to: i32) -> (u32, u32) {
        let end_before =
            |at: usize| at.checked_sub(1).and_then(|at| self.days.get(at)).map_or(0, |(_, end)| *end);
        let first = self.days.partition_point(|(day, _)| *day < from);
        let last = self.days.partition_point(|(day, _)| *day <= to);
        (end_before(first), end_before(last))
    }

    /// Where a page of terms is.
    pub fn term_page(&self, page: u32) -> Part {
        // There are as many as the segment says.
        let (from, length) = self.term_pages.get(page as usize).copied().unwrap_or_default();
        Part { file: File::Terms(page / self.segment.pages_per_file.max(1)), from, length }
    }

    /// Where the page of a row is, and the row's position there.
    pub fn row_page(&self, row: u32) -> Option<(Part, u32)> {
        let page = row / ROWS;
        let (from, length) = *self.row_pages.get(page as usize)?;
        let file = File::Rows(page / self.segment.row_pages_per_file.max(1));
        Some((Part { file, from, length }, row % ROWS))
    }
}

/// Numbers in bytes of seven bits, the lowest first, of which all but the last have the eighth bit.
fn numbers(bytes: &[u8]) -> Vec<u32> {
    let (mut numbers, mut number, mut shift) = (Vec::new(), 0_u32, 0);
    for byte in bytes {
        number |= u32::from(byte & 127).wrapping_shl(shift);
        shift += 7;
        if *byte < 128 {
            numbers.push(number);
            (number, shift) = (0, 0);
        }
    }
    numbers
}

/// The place and the length of each page in its file, in bytes; lengths are in units of some bytes.
fn places(lengths: &[u32], unit: u32, per_file: u32) -> Vec<(u32, u32)> {
    let mut from = 0_u32;
    (0_u32..)
        .zip(lengths)
        .map(|(page, length)| {
            if page.checked_rem(per_file) == Some(0) {
                from = 0;
            }
            let length = length.saturating_mul(unit);
            let place = (from, length);
            from = from.saturating_add(length);
            place
        })
        .collect()
}
