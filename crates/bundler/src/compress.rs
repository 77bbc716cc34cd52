//! Compression: of bundles that are stored compressed, and of the copies that hosts send as they are.

use anyhow::Result;
use libdeflater::{CompressionLvl, Compressor, Decompressor};

/// At this level libdeflate takes a twentieth off what zlib's best makes of news, and its next levels hardly
/// more; it is paid for once, and every reader gains. Neither a name nor a time is in it: the same bytes
/// whenever it is made.
const LEVEL: i32 = 10;

/// By gzip.
pub(crate) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let level = CompressionLvl::new(LEVEL).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let mut compressor = Compressor::new(level);
    let mut compressed = vec![0; compressor.gzip_compress_bound(bytes.len())];
    let length = compressor.gzip_compress(bytes, &mut compressed)?;
    compressed.truncate(length);
    Ok(compressed)
}

/// What gzip made of bytes.
///
/// # Errors
/// Where it is not gzip's.
pub(crate) fn gunzip(bytes: &[u8]) -> Result<Vec<u8>> {
    // The last four bytes tell the length: https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1
    let length = bytes.last_chunk::<4>().map_or(0, |length| u32::from_le_bytes(*length));
    let mut inflated = vec![0; length as usize];
    let length = Decompressor::new().gzip_decompress(bytes, &mut inflated)?;
    inflated.truncate(length);
    Ok(inflated)
}

/// By Brotli: as far as it goes for the program and for pages; a bundle of gigabytes would take days, so its
/// files a little less.
pub(crate) fn brotli(bytes: &[u8], quality: i32) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let parameters =
        brotli::enc::BrotliEncoderParams { quality, size_hint: bytes.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

/// Whether a file's kind gains by compression.
pub(crate) fn is_text(path: &str) -> bool {
    let extension = path.rsplit('.').next().unwrap_or_default();
    matches!(extension, "html" | "json" | "js" | "css" | "wasm" | "svg" | "xml" | "txt" | "webmanifest")
}
