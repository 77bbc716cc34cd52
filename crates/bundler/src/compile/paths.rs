//! Writes the table of addresses that do not tell their stories.

use std::collections::BTreeMap;

use anyhow::Result;
use bundle::{Folder, Hash, PathFile};
use rayon::prelude::*;

use super::catalog::Catalog;
use super::writer::BundleWriter;

/// The number of addresses that make a file: at most 35 KB compressed.
const ADDRESSES_PER_FILE: usize = 1500;

/// Writes the files of the table, and returns their hashes by partition.
pub(super) fn write(catalog: &Catalog<'_>, writer: &dyn BundleWriter) -> Result<Vec<Hash>> {
    let lookups = catalog.lookups();
    let count = lookups.len().div_ceil(ADDRESSES_PER_FILE);
    let mut files: Vec<BTreeMap<String, String>> = vec![BTreeMap::new(); count];
    for (key, date, slug) in lookups {
        let (partition, place) = PathFile::place(key, count);
        files[partition].insert(place, PathFile::value(key, date, slug));
    }
    files
        .into_par_iter()
        .map(|stories| writer.put(Folder::Paths, bundle::encode(&PathFile { stories })))
        .collect()
}
