//! The pages of a segment's rows: what lists show of its stories.

use ::search::segment::{File, ROWS, checksum};
use ::search::write::Cut;
use anyhow::Result;

use crate::compile::catalog::Catalog;
use crate::compress;

/// Pages of rows, in files.
pub(super) struct RowFiles {
    pub(super) files: Vec<(File, Vec<u8>)>,
    /// The lengths of all pages in bytes of seven bits, and a checksum.
    pub(super) lengths: Vec<u8>,
    pub(super) pages_per_file: u32,
}

/// Writes the rows of stories. A page is a JSON array of headlines, compressed with deflate, and a checksum.
pub(super) fn write(catalog: &Catalog<'_>, ranks: &[usize], cut: Cut) -> Result<RowFiles> {
    let mut pages = Vec::new();
    for ranks in ranks.chunks(ROWS as usize) {
        let rows: Vec<Vec<u8>> = ranks.iter().map(|rank| bundle::encode(&catalog.row(*rank))).collect();
        let mut page = compress::deflate(&bundle::join_array(&rows))?;
        let sum = checksum(&page);
        page.extend(sum.to_le_bytes());
        pages.push(page);
    }
    let all: usize = pages.iter().map(Vec::len).sum();
    let pages_per_file = (pages.len() as u64 * cut.file_bytes()).div_ceil((all as u64).max(1)).max(1);
    let mut lengths = Vec::new();
    for page in &pages {
        let mut length = page.len();
        while length > 127 {
            lengths.push(length.to_le_bytes()[0] | 128);
            length >>= 7;
        }
        lengths.push(length.to_le_bytes()[0]);
    }
    let sum = checksum(&lengths);
    lengths.extend(sum.to_le_bytes());
    let files = (0..).zip(pages.chunks(usize::try_from(pages_per_file)?));
    Ok(RowFiles {
        files: files.map(|(number, pages)| (File::Rows(number), pages.concat())).collect(),
        lengths,
        pages_per_file: u32::try_from(pages_per_file)?,
    })
}
