//! Reads standalone pages.

use bundle::address::Address;
use bundle::{Folder, StandaloneIndex, StandalonePage};

use crate::archive::Archive;
use crate::source::{Failure, Source};

impl<S: Source> Archive<'_, S> {
    /// Reads the standalone page at an address. Returns `None` if there is none.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub async fn standalone_page(&self, address: &Address) -> Result<Option<StandalonePage>, Failure> {
        if self.index.standalone.is_empty() {
            return Ok(None);
        }
        let pages: StandaloneIndex = self.file(Folder::Standalone, &self.index.standalone).await?;
        match pages.file(address) {
            Some(hash) => self.file(Folder::Standalone, hash).await.map(Some),
            None => Ok(None),
        }
    }

    /// Reads the page that stands above the lists of the home page. Returns `None` if there is none.
    ///
    /// # Errors
    /// Fails if the file cannot be read.
    pub async fn home_page(&self) -> Result<Option<StandalonePage>, Failure> {
        if self.index.home.is_empty() {
            return Ok(None);
        }
        self.file(Folder::Standalone, &self.index.home).await.map(Some)
    }
}
