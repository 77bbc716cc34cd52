//! The archive itself: its files, what the home page shows, and names.

use std::cell::RefCell;

use bundle::{Document, File, Folder, Front, Index, ListKind, NameFile, NamedList};

use crate::source::{Failure, Source};

/// The archive that an index opens.
#[derive(Clone, Copy)]
pub struct Archive<'a, S> {
    /// Where the files come from.
    pub source: &'a S,
    /// What names them.
    pub index: &'a Index,
    /// Notes the path of each file that is read.
    pub(crate) asked: Option<&'a RefCell<Vec<String>>>,
}

impl<'a, S: Source> Archive<'a, S> {
    /// The archive that an index opens, its files from a source.
    pub fn new(source: &'a S, index: &'a Index) -> Self {
        Self { source, index, asked: None }
    }

    pub(crate) async fn document(&self, folder: Folder, hash: &str) -> Result<Document, Failure> {
        if let Some(asked) = self.asked {
            note(asked, folder.path(hash, self.index.store));
        }
        self.source.document(folder, hash, self.index.store).await
    }

    pub(crate) async fn file<T: File>(&self, folder: Folder, hash: &str) -> Result<T, Failure> {
        self.document(folder, hash).await?.read().map_err(|_| Failure::Damaged)
    }

    /// What the home page shows below the newest headlines.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub async fn front(&self) -> Result<Front, Failure> {
        self.file(Folder::Front, &self.index.front).await
    }

    /// Names of a kind of list, most stories first: the first file of them, or all.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub async fn names(&self, kind: ListKind, all: bool) -> Result<Vec<NamedList>, Failure> {
        let front = self.front().await?;
        let mut names = Vec::new();
        for hash in front.names.of(kind).iter().take(if all { usize::MAX } else { 1 }) {
            let file: NameFile = self.file(Folder::Names, hash).await?;
            names.extend(file.names);
        }
        Ok(names)
    }
}

/// Notes a path, once.
pub(crate) fn note(asked: &RefCell<Vec<String>>, path: String) {
    let mut asked = asked.borrow_mut();
    if !asked.contains(&path) {
        asked.push(path);
    }
}
