//! The files of a site: what is known of each, and which names say that finews made them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use bundle::Store;
use serde::{Deserialize, Serialize};

use super::copy::without_copy;
use crate::digest::Digest;

/// The files of this build.
#[derive(Default)]
pub(super) struct BuildStats {
    pub(super) files: SiteFiles,
    /// Those of plain names that go when they are no longer made.
    pub(super) pages: BTreeSet<String>,
    pub(super) counts: FileCounts,
}

/// Files of a site by their paths.
pub(crate) type SiteFiles = BTreeMap<String, SiteFile>;

/// A file of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SiteFile {
    /// Of what it was made of, if its name does not say what is in it; else nothing but zeros.
    pub(crate) made_of: Digest,
    /// Of its bytes, likewise.
    pub(crate) digest: Digest,
    /// In bytes.
    pub(crate) length: u64,
}

impl SiteFile {
    /// A file whose name says what is in it.
    pub(crate) const fn hashed(length: u64) -> Self {
        Self { made_of: [0; 16], digest: [0; 16], length }
    }

    /// A file that was made of nothing but its bytes, which have this digest.
    pub(crate) const fn of_bytes(digest: Digest, length: usize) -> Self {
        Self { made_of: digest, digest, length: length as u64 }
    }

    /// Whether both have the same bytes.
    pub(crate) fn is_same_as(&self, other: &Self) -> bool {
        (self.digest, self.length) == (other.digest, other.length)
    }
}

/// How many files and bytes the site has, those out of use included.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct FileCounts {
    pub(super) total: usize,
    pub(super) bytes: u64,
    /// Those of plain names: prerendered pages, feeds, sitemaps, and the like.
    pub(super) pages: usize,
    /// Those that were not there before.
    pub(super) new: usize,
    pub(super) new_bytes: u64,
    /// Those that no manifest reaches any more.
    pub(super) out_of_use: usize,
    /// For how many days these stay.
    pub(super) keep_days: u32,
}

impl FileCounts {
    /// Prints the counts.
    pub(crate) fn print(&self) {
        println!("{} files, {} new; {} bytes, {} new", self.total, self.new, self.bytes, self.new_bytes);
        if self.pages > 0 {
            println!("{} of them pages, feeds and the like", self.pages);
        }
        if self.out_of_use > 0 {
            println!("{} of them out of use, which stay for {} days", self.out_of_use, self.keep_days);
        }
    }
}

/// The files of a folder whose names say that finews made them, and what is in them, with their lengths.
///
/// # Errors
/// Fails if the folder cannot be read.
pub(super) fn list_hashed(root: &Path, folder: &str, there: &mut HashMap<String, u64>) -> Result<()> {
    for entry in fs::read_dir(root.join(folder)).with_context(|| format!("{folder} could not be read"))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if is_hashed(&path) {
            there.insert(path, entry.metadata()?.len());
        }
    }
    Ok(())
}

/// Whether a file's name says that finews made it, and what is in it.
pub(super) fn is_hashed(path: &str) -> bool {
    let is_hash = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let Some((stem, extension)) = name.split_once('.') else { return false };
    let extension = without_copy(extension);
    match stem.split_once('-') {
        None => {
            folder.starts_with("bundle/")
                && is_hash(stem, 64)
                && [Store::Plain, Store::Gzip].iter().any(|store| store.extension() == extension)
        }
        Some((program, hash)) => {
            let is_program = program.bytes().all(|b| b.is_ascii_lowercase()) && is_hash(hash, 16);
            let is_asset = folder == "assets" && matches!(extension, "js" | "wasm" | "css" | "svg" | "png");
            is_program && (is_asset || (folder.is_empty() && program == "widget" && extension == "js"))
        }
    }
}
