//! Where a bundle's files go.

use anyhow::Result;
use bundle::{Folder, Hash, Store};

/// Takes the files of a bundle.
pub(crate) trait BundleWriter: Sync {
    /// Puts a file and tells its hash.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    fn put(&self, folder: Folder, json: Vec<u8>) -> Result<Hash>;

    /// Whether a file is there as the last build left it, which is then one of this bundle's.
    fn keep(&self, folder: Folder, hash: &str) -> bool;

    /// How files are stored.
    fn store(&self) -> Store;
}
