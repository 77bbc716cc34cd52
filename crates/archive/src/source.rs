//! Where files come from, and why one cannot be read.

use std::fmt;

use bundle::{Document, Folder, Store};

/// Where files of the bundle come from.
pub trait Source {
    /// The file of this hash, inflated where it is stored compressed.
    ///
    /// # Errors
    /// Where it is not to be had, or is not what it should be.
    fn document(
        &self,
        folder: Folder,
        hash: &str,
        store: Store,
    ) -> impl Future<Output = Result<Document, Failure>>;
}

/// Why a file of the bundle is not to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The network does not answer.
    Offline,
    /// The host answers, but not with the file: the status it gave.
    Refused(u16),
    /// The host does not have the file: it is of another deploy, or a deploy is half done.
    Gone,
    /// The bytes are not those the file's name promises, or not what the format says.
    Damaged,
    /// The site is written in a format this program does not know yet.
    Newer(u32),
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}
