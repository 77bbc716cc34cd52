//! An open archive: reads its files, the home page's categories, and names.

use std::cell::RefCell;

use bundle::{Document, File, Folder, Front, Index, ListKind, NameFile, NamedList};

use crate::source::{Failure, Source};

/// An archive, opened with the index from its manifest.
#[derive(Clone, Copy)]
pub struct Archive<'a, S> {
    /// The source of the files.
    pub source: &'a S,
    /// The manifest's references, from which a chain of hashes reaches every other file.
    pub index: &'a Index,
    /// Records the path of each file that is read.
    pub(crate) paths_read: Option<&'a RefCell<Vec<String>>>,
}

impl<'a, S: Source> Archive<'a, S> {
    /// Opens the archive of an index.
    pub fn new(source: &'a S, index: &'a Index) -> Self {
        Self { source, index, paths_read: None }
    }

    pub(crate) async fn document(&self, folder: Folder, hash: &str) -> Result<Document, Failure> {
        if let Some(paths) = self.paths_read {
            record(paths, folder.path(hash, self.index.store));
        }
        self.source.document(folder, hash, self.index.store).await
    }

    pub(crate) async fn file<T: File>(&self, folder: Folder, hash: &str) -> Result<T, Failure> {
        self.document(folder, hash).await?.read().map_err(|_| Failure::Damaged)
    }

    /// Reads the categories of the home page.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub async fn front(&self) -> Result<Front, Failure> {
        self.file(Folder::Front, &self.index.front).await
    }

    /// Reads the names of a kind's lists, those with the most stories first: from all files of names if `all`
    /// is true, otherwise only from the first.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub async fn names(&self, kind: ListKind, all: bool) -> Result<Vec<NamedList>, Failure> {
        let front = self.front().await?;
        let mut names = Vec::new();
        for hash in front.names.of_kind(kind).iter().take(if all { usize::MAX } else { 1 }) {
            let file: NameFile = self.file(Folder::Names, hash).await?;
            names.extend(file.names);
        }
        Ok(names)
    }
}

/// Adds a path unless it is there already.
pub(crate) fn record(paths: &RefCell<Vec<String>>, path: String) {
    let mut paths = paths.borrow_mut();
    if !paths.contains(&path) {
        paths.push(path);
    }
}
