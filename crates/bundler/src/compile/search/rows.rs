//! The pages of a segment's rows: what lists show of its stories.

use ::search::segment::{File, ROWS, with_checksum};
use ::search::write::{Cut, push};
use anyhow::Result;
use rayon::prelude::*;

use crate::compile::catalog::Catalog;
use crate::compress;

/// Pages of rows, in files.
pub(super) struct RowFiles {
    pub(super) files: Vec<(File, Vec<u8>)>,
    /// The lengths of all pages, in bytes of seven bits.
    pub(super) lengths: Vec<u8>,
    pub(super) pages_per_file: u32,
}

/// Writes the rows of stories. A page is a JSON array of headlines, compressed with deflate, and a checksum.
pub(super) fn write(catalog: &Catalog<'_>, ranks: &[usize], cut: Cut) -> Result<RowFiles> {
    let page = |ranks: &[usize]| -> Result<Vec<u8>> {
        let rows: Vec<Vec<u8>> = ranks.iter().map(|rank| bundle::encode(&catalog.row(*rank))).collect();
        Ok(with_checksum(compress::deflate(&bundle::join_array(&rows))?))
    };
    let pages: Vec<Vec<u8>> = ranks.par_chunks(ROWS as usize).map(page).collect::<Result<_>>()?;
    let all: usize = pages.iter().map(Vec::len).sum();
    let pages_per_file = match cut {
        Cut::Range => (pages.len() as u64 * cut.file_bytes()).div_ceil((all as u64).max(1)).max(1),
        // Rows that are shown stand on pages far from each other.
        Cut::Whole => 1,
    };
    let mut lengths = Vec::new();
    for page in &pages {
        push(&mut lengths, page.len() as u64);
    }
    let files = (0..).zip(pages.chunks(usize::try_from(pages_per_file)?));
    Ok(RowFiles {
        files: files.map(|(number, pages)| (File::Rows(number), pages.concat())).collect(),
        lengths,
        pages_per_file: u32::try_from(pages_per_file)?,
    })
}
