//! A segment: the stories of some weeks, and where its files have what.

use crate::page::Entry;

/// The number of bits of a term's key.
pub const KEY_BITS: u32 = 40;

/// The key of a term, category, tag or security in a segment: the upper 40 bits of its fingerprint.
pub fn key(term: &str) -> u64 {
    bundle::fingerprint(term) >> (64 - KEY_BITS)
}

/// The number of rows on a page of rows.
pub const ROWS: u32 = 32;
/// Pages of terms are as long as some times this number of bytes, so that their lengths take little room.
pub const PAGE_UNIT: u32 = 16;
/// Lists of at most this many rows stand in the page of their term.
pub const INLINE_ROWS: u32 = 16;

/// Where a segment has what. All its terms are sorted by their keys and divided into pages; each page is for as large a
/// part of all keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Segment {
    /// The number of rows: stories, from the oldest, which is 0, to the newest.
    pub rows: u32,
    /// The number of pages of terms.
    pub pages: u32,
    /// The number of pages in a file, before the lists of their terms.
    pub pages_per_file: u32,
    /// The parameter for the distances between keys on a page.
    pub gap_parameter: u32,
    /// Lists longer than this, in bytes, have files of their own; `u32::MAX` if none has.
    pub apart_above: u32,
    /// The number of pages of rows in a file.
    pub row_pages_per_file: u32,
}

/// A file of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum File {
    /// Pages of terms, and their lists.
    Terms(u32),
    /// One long list.
    List(u32),
    /// Pages of rows.
    Rows(u32),
}

/// A part of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Part {
    /// The file.
    pub file: File,
    /// The first byte.
    pub from: u32,
    /// The number of bytes.
    pub length: u32,
}

impl File {
    /// Its name within its segment.
    pub fn name(self) -> String {
        match self {
            Self::Terms(number) => format!("t{number}"),
            Self::List(number) => format!("l{number}"),
            Self::Rows(number) => format!("r{number}"),
        }
    }
}

impl Segment {
    /// The page of a key.
    pub fn page_of(&self, key: u64) -> u32 {
        // Below `pages`.
        ((key * u64::from(self.pages)) >> KEY_BITS) as u32
    }

    /// The smallest key of a page.
    pub fn first_key(&self, page: u32) -> u64 {
        (u64::from(page) << KEY_BITS).div_ceil(u64::from(self.pages.max(1)))
    }

    /// Where the list of an entry of a page is; `None` if the page has it.
    pub fn list(&self, page: u32, entry: &Entry) -> Option<Part> {
        let place = entry.place.as_ref()?;
        Some(if place.length > self.apart_above {
            Part { file: File::List(place.apart), from: 0, length: place.length }
        } else {
            let file = File::Terms(page / self.pages_per_file.max(1));
            Part { file, from: place.offset, length: place.length }
        })
    }
}

/// The checksum of a part of a file: 32-bit FNV-1a.
pub fn checksum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// Bytes with the checksum that ends them.
pub fn with_checksum(mut bytes: Vec<u8>) -> Vec<u8> {
    let sum = checksum(&bytes);
    bytes.extend(sum.to_le_bytes());
    bytes
}

/// The bytes before the checksum that ends them; `None` if they are damaged.
pub fn verified(bytes: &[u8]) -> Option<&[u8]> {
    let (content, sum) = bytes.split_last_chunk::<4>()?;
    (checksum(content) == u32::from_le_bytes(*sum)).then_some(content)
}
