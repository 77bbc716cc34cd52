//! Writes what a page says of a term.

use crate::bits::BitWriter;
use crate::page::LENGTH_BITS;

/// Writes the bits of an entry. `distance` is that of its key from the one before, less one, or of the first key from the
/// page's; `length` that of its list in bytes, if it does not stand here.
pub(super) fn write(distance: u64, gap_parameter: u32, list: &ListBits, bits: &mut BitWriter) {
    bits.rice(distance, gap_parameter);
    bits.gamma(list.count - 1);
    if list.count == 1 {
        bits.bits(list.titles, 1);
    } else {
        bits.gamma(list.titles);
    }
    match &list.written {
        Written::Inline(inline, length) => {
            for (at, byte) in inline.iter().enumerate() {
                let left = length - 8 * at as u32;
                if left >= 8 {
                    bits.bits(u32::from(*byte), 8);
                } else {
                    bits.bits(u32::from(byte >> (8 - left)), left);
                }
            }
        }
        Written::Apart(length) => {
            bits.gamma(length >> LENGTH_BITS);
            bits.bits(length & ((1 << LENGTH_BITS) - 1), LENGTH_BITS);
        }
    }
}

/// A list as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ListBits {
    pub(super) count: u32,
    pub(super) titles: u32,
    pub(super) written: Written,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Written {
    /// On the page: the bits, and their number.
    Inline(Vec<u8>, u32),
    /// In a file: the length in bytes, with the checksum.
    Apart(u32),
}
