//! Writes compressed copies of files.

use std::fs;

use anyhow::{Context as _, Result};
use rayon::prelude::*;

use super::Site;
use super::copy::COPIES;
use super::files::{SiteFile, is_hashed};
use crate::compress;
use crate::progress::progress;

/// Smaller files are not compressed, because they fit into one network packet anyway.
const MIN_BYTES: u64 = 1024;

impl Site {
    /// Writes compressed copies of the compressible files that this build has written or reused so far,
    /// except those shorter than [`MIN_BYTES`], for hosts that can send the copies.
    ///
    /// # Errors
    /// Fails if a file cannot be read or written.
    pub(crate) fn precompress(&self) -> Result<()> {
        let files: Vec<(String, SiteFile)> =
            self.stats().files.iter().map(|(path, file)| (path.clone(), *file)).collect();
        let compressible = files
            .par_iter()
            .filter(|(path, file)| compress::is_compressible(path) && file.length >= MIN_BYTES);
        let bar = progress(files.len(), "compressing");
        compressible.try_for_each(|(path, file)| {
            bar.inc(1);
            let read = || fs::read(self.root.join(path)).with_context(|| format!("{path} could not be read"));
            COPIES.iter().try_for_each(|copy| {
                let target = format!("{path}{}", copy.extension);
                if !is_hashed(path) {
                    return self.write_page(&target, file.digest, || (copy.compress_page)(&read()?));
                }
                if let Some(length) = self.existing.get(&target) {
                    self.count_file(target, SiteFile::hashed(*length), false);
                    return Ok(());
                }
                let make = if path.starts_with("bundle/") { copy.compress_data } else { copy.compress_page };
                self.add(target, &make(&read()?)?)
            })
        })?;
        bar.finish_and_clear();
        Ok(())
    }
}
