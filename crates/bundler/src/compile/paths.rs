//! Writes the table of addresses that do not tell their stories, and of standalone pages.

use std::collections::BTreeMap;

use anyhow::Result;
use bundle::{Folder, Hash, PathFile};
use rayon::prelude::*;

use super::catalog::Catalog;
use super::writer::BundleWriter;

/// The number of stories' addresses that make a file: at most 35 KB compressed. One of a standalone page takes the room of
/// two.
const ADDRESSES_PER_FILE: usize = 1500;

/// Writes the standalone pages and the files of the table, and returns the hashes of the latter by partition.
pub(super) fn write(catalog: &Catalog<'_>, writer: &dyn BundleWriter) -> Result<Vec<Hash>> {
    let (lookups, pages) = (catalog.lookups(), catalog.standalone.addresses());
    let count = (lookups.len() + 2 * pages.len()).div_ceil(ADDRESSES_PER_FILE);
    let mut files: Vec<BTreeMap<String, String>> = vec![BTreeMap::new(); count];
    let mut put = |key: &str, value: String| {
        let (partition, place) = PathFile::place(key, count);
        files[partition].insert(place, value);
    };
    for (key, page) in pages {
        put(&key, writer.put(Folder::Standalone, bundle::encode(&page.page))?);
    }
    // A story comes before a page with its address.
    for (key, date, slug) in lookups {
        put(key, PathFile::value(key, date, slug));
    }
    files
        .into_par_iter()
        .map(|targets| writer.put(Folder::Paths, bundle::encode(&PathFile { targets })))
        .collect()
}
