//! A page of terms: for each, how many rows have it and where its list is.

use crate::bits::BitReader;
use crate::list::List;
use crate::segment::{INLINE_ROWS, Segment};

/// What a page says of a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The number of rows that have it.
    pub count: u32,
    /// The number of those that have it in their titles.
    pub titles: u32,
    /// The rows, if they are few.
    pub list: Option<List>,
    /// Where its list is, if the page does not have it.
    pub place: Option<Place>,
}

/// Where a list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its first byte in the file of the page.
    pub offset: u32,
    /// The number of its file, if it has one of its own.
    pub apart: u32,
    /// Its length in bytes, with its checksum.
    pub length: u32,
}

/// The bytes before the entries: where the page's first list is, and the number of its first list with a file of its own.
pub(crate) const HEAD: usize = 8;

/// Looks up a term by its key on its page, whose bytes are verified.
pub fn find(segment: &Segment, page: u32, bytes: &[u8], key: u64) -> Option<Entry> {
    let number = |at: usize| Some(u32::from_le_bytes(*bytes.get(at..)?.first_chunk()?));
    let (mut offset, mut apart) = (number(0)?, number(4)?);
    let mut bits = BitReader::new(bytes.get(HEAD..)?);
    let mut at = segment.first_key(page);
    let entries = bits.bits(16);
    for _ in 0..entries {
        at = at.checked_add(bits.rice(segment.gap_parameter))?;
        if at > key || bits.is_past_end() {
            return None;
        }
        let count = bits.gamma() + 1;
        let titles = if count == 1 { bits.bits(1) } else { bits.gamma() };
        let entry = if count <= INLINE_ROWS {
            Entry {
                count,
                titles,
                list: Some(List::read(segment.rows, count, titles, &mut bits)?),
                place: None,
            }
        } else {
            let length = read_length(&mut bits);
            let place = Place { offset, apart, length };
            if length > segment.apart_above {
                apart = apart.checked_add(1)?;
            } else {
                offset = offset.checked_add(length)?;
            }
            Entry { count, titles, list: None, place: Some(place) }
        };
        if at == key {
            return Some(entry);
        }
        at += 1;
    }
    None
}

/// Lengths of lists are written with this many lower bits.
pub(crate) const LENGTH_BITS: u32 = 4;

fn read_length(bits: &mut BitReader<'_>) -> u32 {
    let upper = bits.gamma();
    upper.wrapping_shl(LENGTH_BITS) | bits.bits(LENGTH_BITS)
}
