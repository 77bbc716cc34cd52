//! A term's list: the rows that have it, and which of them have it in their titles.
//!
//! Rows are written from the newest to the oldest, each as its distance from the one before, by Golomb and Rice. The
//! parameter follows the mean of the distances so far, because news comes in bursts.

use crate::bits::{BitReader, BitWriter};

/// The rows of a term, newest first.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List {
    /// The numbers of the rows, descending.
    pub rows: Vec<u32>,
    /// Which of them have the term in their titles: positions in `rows`, ascending.
    pub titles: Vec<u32>,
}

/// The mean of the distances so far, in which the last of them count most.
struct Mean(u32);

impl Mean {
    /// In eighths.
    fn new(all: u32, count: u32) -> Self {
        Self((u64::from(all) * 8 / u64::from(count + 1)).max(8).try_into().unwrap_or(u32::MAX))
    }

    /// The parameter for the next distance: the binary logarithm of 0.69 times the mean, as for a geometric distribution.
    fn parameter(&self) -> u32 {
        // 0.69 / 8 = 11 / 128
        ((u64::from(self.0) * 11) >> 7).checked_ilog2().unwrap_or(0)
    }

    fn add(&mut self, distance: u32) {
        self.0 = (self.0 - (self.0 >> 3)).saturating_add(distance);
    }
}

impl List {
    /// Writes the list of a segment with this many rows.
    pub fn write(&self, rows: u32, bits: &mut BitWriter) {
        write_descending(&self.rows, rows, bits);
        let count = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        if !self.titles.is_empty() && self.titles.len() < self.rows.len() {
            let mut mean = Mean::new(count, u32::try_from(self.titles.len()).unwrap_or(u32::MAX));
            let mut next = 0;
            for position in &self.titles {
                let distance = position - next;
                bits.rice(u64::from(distance), mean.parameter());
                mean.add(distance);
                next = position + 1;
            }
        }
    }

    /// Reads a list of `count` rows, of which `titles` have the term in their titles; `None` if it is damaged.
    pub fn read(rows: u32, count: u32, titles: u32, bits: &mut BitReader<'_>) -> Option<Self> {
        if count > rows || titles > count {
            return None;
        }
        let mut list = Self { rows: read_descending(rows, count, bits)?, titles: Vec::new() };
        if titles == count {
            list.titles = (0..count).collect();
        } else if titles > 0 {
            let mut mean = Mean::new(count, titles);
            let mut next = 0;
            for _ in 0..titles {
                let distance = u32::try_from(bits.rice(mean.parameter())).ok()?;
                let position = distance.checked_add(next).filter(|position| *position < count)?;
                list.titles.push(position);
                mean.add(distance);
                next = position + 1;
            }
        }
        (!bits.is_past_end()).then_some(list)
    }
}

fn write_descending(numbers: &[u32], below: u32, bits: &mut BitWriter) {
    let mut mean = Mean::new(below, u32::try_from(numbers.len()).unwrap_or(u32::MAX));
    let mut before = below;
    for number in numbers {
        let distance = before - 1 - number;
        bits.rice(u64::from(distance), mean.parameter());
        mean.add(distance);
        before = *number;
    }
}

fn read_descending(below: u32, count: u32, bits: &mut BitReader<'_>) -> Option<Vec<u32>> {
    let mut mean = Mean::new(below, count);
    let mut before = below;
    let mut numbers = Vec::with_capacity(count as usize);
    for _ in 0..count {
        let distance = u32::try_from(bits.rice(mean.parameter())).ok()?;
        before = before.checked_sub(distance.checked_add(1)?)?;
        numbers.push(before);
        mean.add(distance);
    }
    Some(numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_list_is_read_as_it_was_written(chosen in prop::collection::btree_map(0_u32..100_000, any::<bool>(), 0..400), more in 1_u32..1000) {
            let rows = chosen.keys().next_back().map_or(0, |last| last + 1) + more;
            let list = List {
                rows: chosen.keys().rev().copied().collect(),
                titles: (0..).zip(chosen.values().rev()).filter(|(_, in_title)| **in_title).map(|(at, _)| at).collect(),
            };
            let mut bits = BitWriter::default();
            list.write(rows, &mut bits);
            let bytes = bits.finish();
            let (count, titles) = (list.rows.len() as u32, list.titles.len() as u32);
            prop_assert_eq!(List::read(rows, count, titles, &mut BitReader::new(&bytes)), Some(list));
        }

        #[test]
        fn a_damaged_list_is_none_or_valid(bytes in prop::collection::vec(any::<u8>(), 0..200), rows in 0_u32..5000, count in 0_u32..500, titles in 0_u32..500) {
            if let Some(list) = List::read(rows, count, titles, &mut BitReader::new(&bytes)) {
                prop_assert!(list.rows.windows(2).all(|pair| pair[0] > pair[1]) && list.rows.iter().all(|row| *row < rows));
                prop_assert!(list.titles.iter().all(|at| *at < count));
            }
        }
    }
}
