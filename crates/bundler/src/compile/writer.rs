//! The interface through which the bundle's files are written.

use anyhow::Result;
use bundle::{Folder, Hash, Store};

/// Writes the files of a bundle.
pub(crate) trait BundleWriter: Sync {
    /// Writes a file and returns its hash.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    fn put(&self, folder: Folder, json: Vec<u8>) -> Result<Hash>;

    /// Whether the last build left this file intact. If so, it becomes part of this bundle.
    fn reuse(&self, folder: Folder, hash: &str) -> bool;

    /// Writes a file that is not JSON, whose name contains a hash.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    fn put_file(&self, path: &str, bytes: &[u8]) -> Result<()>;

    /// Whether such a file of an earlier build has this length.
    fn has_file(&self, path: &str, length: u64) -> bool;

    /// Makes such a file of an earlier build a part of this bundle.
    fn reuse_file(&self, path: &str, length: u64);

    /// How files are stored.
    fn store(&self) -> Store;
}
