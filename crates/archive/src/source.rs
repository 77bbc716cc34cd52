//! The interface through which an archive gets its files, and why a file may fail to arrive.

use std::fmt;

use bundle::{Document, Folder, Store};

/// Provides the bundle's files.
pub trait Source {
    /// Reads a file by its hash, and inflates it if it is stored compressed.
    ///
    /// # Errors
    /// Fails if the file cannot be read, or its bytes do not match the hash.
    fn document(
        &self,
        folder: Folder,
        hash: &str,
        store: Store,
    ) -> impl Future<Output = Result<Document, Failure>>;
}

/// Why a file of the bundle could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The network does not answer.
    Offline,
    /// The host answers with this status, which is not success.
    Refused(u16),
    /// The host does not have the file, usually because a deploy has replaced it or is not finished.
    Gone,
    /// The bytes do not match the file's hash, or are not of the format.
    Damaged,
    /// The program is older than the site: it does not know the site's format, which has this number, or a
    /// deploy has removed a part of the program that is not loaded yet.
    Newer(u32),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}
