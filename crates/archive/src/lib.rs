//! Reads an archive: from an address, through the chain of hashes, to the rows or the article it means.
//!
//! Knows nothing of the network: a [`Source`] hands over files. So the browser and the tests read by the same
//! code, the tests from a folder.

mod article;
mod day;
mod list;
mod source;

use std::cell::RefCell;

use bundle::address::Address;
use bundle::{Document, File, Folder, Front, Index, ListKind, NameFile, NamedList};

pub use day::DayPage;
pub use list::{LEAST_ROWS, ListPage, Neighbours, ROWS};
pub use source::{Failure, Source};

/// The archive that an index opens.
#[derive(Clone, Copy)]
pub struct Archive<'a, S> {
    /// Where the files come from.
    pub source: &'a S,
    /// What names them.
    pub index: &'a Index,
    /// Notes the path of each file that is read.
    asked: Option<&'a RefCell<Vec<String>>>,
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
    /// Where a file is not to be had.
    pub async fn front(&self) -> Result<Front, Failure> {
        self.file(Folder::Front, &self.index.front).await
    }

    /// Names of a kind of list, most stories first: the first file of them, or all.
    ///
    /// # Errors
    /// Where a file is not to be had.
    pub async fn names(&self, kind: ListKind, all: bool) -> Result<Vec<NamedList>, Failure> {
        let front = self.front().await?;
        let mut names = Vec::new();
        for hash in front.names.of(kind).iter().take(if all { usize::MAX } else { 1 }) {
            let file: NameFile = self.file(Folder::Names, hash).await?;
            names.extend(file.names);
        }
        Ok(names)
    }

    /// The paths of all files that a month's page and its stories are read from, or a list's newest page and
    /// its stories; of no other address any.
    ///
    /// # Errors
    /// Where a file is not to be had.
    pub async fn files(&self, address: &Address) -> Result<Vec<String>, Failure> {
        let asked = RefCell::default();
        let archive = Archive { asked: Some(&asked), ..*self };
        match address {
            Address::Month(date) => {
                if let Some(month) = archive.month(*date).await? {
                    let pages = month
                        .days
                        .iter()
                        .flat_map(|day| &day.list.pages)
                        .map(|page| (Folder::Pages, &page.file));
                    for (folder, hash) in
                        pages.chain(month.shards.iter().map(|shard| (Folder::Shards, &shard.file)))
                    {
                        note(&asked, folder.path(hash, self.index.store));
                    }
                }
            }
            Address::List { id, .. } => {
                for row in archive.list(id, None).await?.map(|list| list.rows).unwrap_or_default() {
                    archive.article(row.time.date(), &row.slug).await?;
                }
            }
            _ => {}
        }
        Ok(asked.into_inner())
    }
}

fn note(asked: &RefCell<Vec<String>>, path: String) {
    let mut asked = asked.borrow_mut();
    if !asked.contains(&path) {
        asked.push(path);
    }
}
