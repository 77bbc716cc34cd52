//! The kinds of compressed copies that hosts can send.

use anyhow::Result;

use crate::compress;

/// A kind of compressed copy.
pub(super) struct Copy {
    pub(super) extension: &'static str,
    pub(super) of_page: fn(&[u8]) -> Result<Vec<u8>>,
    pub(super) of_data: fn(&[u8]) -> Result<Vec<u8>>,
}

pub(super) const COPIES: [Copy; 2] = [
    // Quality 11 would take days for a bundle of gigabytes.
    Copy {
        extension: ".br",
        of_page: |bytes| compress::brotli(bytes, 11),
        of_data: |bytes| compress::brotli(bytes, 9),
    },
    Copy { extension: ".gz", of_page: compress::gzip, of_data: compress::gzip },
];
/// Removes a copy's extension from a path.
pub(super) fn without_copy(path: &str) -> &str {
    COPIES.iter().find_map(|copy| path.strip_suffix(copy.extension)).unwrap_or(path)
}
