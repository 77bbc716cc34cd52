//! Lists the files that a page and its stories are read from.

use std::cell::RefCell;

use bundle::Folder;
use bundle::address::Address;

use crate::archive::{Archive, record};
use crate::source::{Failure, Source};

impl<S: Source> Archive<'_, S> {
    /// Returns the paths of all files from which a month, its days and its stories are read, or a list's
    /// newest page and the stories on it. Returns no paths for other addresses.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub async fn file_paths(&self, address: &Address) -> Result<Vec<String>, Failure> {
        let paths = RefCell::default();
        let archive = Archive { paths_read: Some(&paths), ..*self };
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
                        record(&paths, folder.path(hash, self.index.store));
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
        Ok(paths.into_inner())
    }
}
