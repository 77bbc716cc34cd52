//! The files of a site, and how finews recognises its own by their names.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use bundle::Store;
use serde::{Deserialize, Serialize};

use super::copy::without_copy_extension;
use crate::digest::Digest;

/// The files and counts of this build.
#[derive(Default)]
pub(super) struct BuildStats {
    pub(super) files: SiteFiles,
    /// The files whose paths contain no hash, which are removed when a build no longer makes them.
    pub(super) pages: BTreeSet<String>,
    pub(super) counts: FileCounts,
}

/// The files of a site by path.
pub(crate) type SiteFiles = BTreeMap<String, SiteFile>;

/// A file of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SiteFile {
    /// The digest of its inputs; zeros if its name contains a hash.
    pub(crate) made_of: Digest,
    /// The digest of its bytes; zeros if its name contains a hash.
    pub(crate) digest: Digest,
    /// The length in bytes.
    pub(crate) length: u64,
}

impl SiteFile {
    /// A file whose name contains a hash.
    pub(crate) const fn hashed(length: u64) -> Self {
        Self { made_of: [0; 16], digest: [0; 16], length }
    }

    /// A file whose only input is its bytes, with this digest.
    pub(crate) const fn of_bytes(digest: Digest, length: usize) -> Self {
        Self { made_of: digest, digest, length: length as u64 }
    }

    /// Whether two files have the same bytes.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        (self.digest, self.length) == (other.digest, other.length)
    }
}

/// The number of files and bytes in the site, including unused files.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct FileCounts {
    pub(super) total: usize,
    pub(super) bytes: u64,
    /// Files whose paths contain no hash: prerendered pages, feeds, sitemaps and others.
    pub(super) pages: usize,
    /// Files that this build added or changed.
    pub(super) new: usize,
    pub(super) new_bytes: u64,
    /// Files that the manifest no longer reaches.
    pub(super) unused: usize,
    /// For how many days unused files stay.
    pub(super) keep_days: u32,
}

impl FileCounts {
    /// Whether this build added or changed a file.
    pub(crate) fn has_new(&self) -> bool {
        self.new > 0
    }

    /// Prints the counts.
    pub(crate) fn print(&self) {
        println!("{} files, {} new; {} bytes, {} new", self.total, self.new, self.bytes, self.new_bytes);
        if self.pages > 0 {
            println!("{} of them pages, feeds and the like", self.pages);
        }
        if self.unused > 0 {
            println!("{} of them unused; they stay for {} days", self.unused, self.keep_days);
        }
    }
}

/// Adds to `found` the hashed files in a folder of the site, with their lengths in bytes.
///
/// # Errors
/// Fails if the folder cannot be read.
pub(super) fn list_hashed(root: &Path, folder: &str, found: &mut HashMap<String, u64>) -> Result<()> {
    for entry in fs::read_dir(root.join(folder)).with_context(|| format!("{folder} could not be read"))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if is_hashed(&path) {
            found.insert(path, entry.metadata()?.len());
        }
    }
    Ok(())
}

/// Whether a path is that of a hashed file made by finews.
pub(super) fn is_hashed(path: &str) -> bool {
    let is_hash = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let Some((stem, extension)) = name.split_once('.') else { return false };
    let extension = without_copy_extension(extension);
    match stem.split_once('-') {
        None => {
            folder.starts_with("bundle/")
                && is_hash(stem, 64)
                && [Store::Plain, Store::Gzip].iter().any(|store| store.extension() == extension)
        }
        Some((segment, _)) if folder == "bundle/search" => is_hash(segment, 64) && extension == "bin",
        Some((program, hash)) => {
            let plain = without_copy_extension(path);
            let is_widget = folder.is_empty() && program == "widget" && extension == "js";
            hosting::is_program(plain) || is_widget && is_hash(hash, 16)
        }
    }
}
