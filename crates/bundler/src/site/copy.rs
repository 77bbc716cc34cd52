//! The kinds of compressed copies that hosts can send.

use anyhow::Result;

use crate::compress;

/// A kind of compressed copy.
pub(super) struct CopyKind {
    pub(super) extension: &'static str,
    pub(super) compress_page: fn(&[u8]) -> Result<Vec<u8>>,
    pub(super) compress_data: fn(&[u8]) -> Result<Vec<u8>>,
}

pub(super) const COPIES: [CopyKind; 2] = [
    // With quality 11, compressing a bundle of several gigabytes would take days.
    CopyKind {
        extension: ".br",
        compress_page: |bytes| compress::brotli(bytes, 11),
        compress_data: |bytes| compress::brotli(bytes, 9),
    },
    CopyKind { extension: ".gz", compress_page: compress::gzip, compress_data: compress::gzip },
];
/// Removes a copy's extension from a path.
pub(super) fn without_copy_extension(path: &str) -> &str {
    COPIES.iter().find_map(|copy| path.strip_suffix(copy.extension)).unwrap_or(path)
}
