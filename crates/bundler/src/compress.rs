//! Compresses bundles that are stored with gzip, and makes the copies that `--precompress` writes.

use anyhow::Result;
use libdeflater::{CompressionError, CompressionLvl, Compressor};

/// For news, libdeflate's output at this level is a twentieth smaller than the best of zlib; higher levels
/// gain hardly more. The effort lengthens only the build, whereas every reader downloads less. The output
/// contains neither a file name nor a time, so it is deterministic.
const LEVEL: i32 = 10;
/// At this level, pages of rows take a fiftieth more bytes, and a tenth of the time: each search reads a few of them.
const ROW_LEVEL: i32 = 7;

/// Compresses with gzip.
pub(crate) fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    compress(bytes, LEVEL, Compressor::gzip_compress_bound, Compressor::gzip_compress)
}

/// Compresses pages of rows with deflate.
pub(crate) fn deflate(bytes: &[u8]) -> Result<Vec<u8>> {
    compress(bytes, ROW_LEVEL, Compressor::deflate_compress_bound, Compressor::deflate_compress)
}

fn compress(
    bytes: &[u8],
    level: i32,
    bound: impl FnOnce(&mut Compressor, usize) -> usize,
    compress: impl FnOnce(&mut Compressor, &[u8], &mut [u8]) -> Result<usize, CompressionError>,
) -> Result<Vec<u8>> {
    let level = CompressionLvl::new(level).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    let mut compressor = Compressor::new(level);
    let mut compressed = vec![0; bound(&mut compressor, bytes.len())];
    let length = compress(&mut compressor, bytes, &mut compressed)?;
    compressed.truncate(length);
    Ok(compressed)
}

/// Compresses with Brotli.
///
/// The program, the pages and the manifest use the highest quality, 11. The bundle's hashed files use a lower
/// one, because compressing gigabytes at the highest quality would take days.
pub(crate) fn brotli(bytes: &[u8], quality: i32) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let parameters =
        brotli::enc::BrotliEncoderParams { quality, size_hint: bytes.len(), ..Default::default() };
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

/// Whether files of this kind become smaller by compression.
pub(crate) fn is_compressible(path: &str) -> bool {
    let extension = path.rsplit('.').next().unwrap_or_default();
    matches!(extension, "html" | "json" | "js" | "css" | "wasm" | "svg" | "xml" | "txt" | "webmanifest")
}
