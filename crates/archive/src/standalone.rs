//! Reads standalone pages.

use bundle::address::Address;
use bundle::{Article, Folder};

use crate::archive::Archive;
use crate::source::{Failure, Source};

impl<S: Source> Archive<'_, S> {
    /// Reads the standalone page at an address; at the home page's, the page that stands above its lists. Returns
    /// `None` if there is none.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub async fn standalone_page(&self, address: &Address) -> Result<Option<Article>, Failure> {
        let hash = if *address == Address::Home {
            self.index.home.clone()
        } else if self.index.standalone.is_empty() {
            String::new()
        } else {
            let pages = self.document(Folder::Standalone, &self.index.standalone).await?;
            pages.at(&[&address.key()]).map_err(|_| Failure::Damaged)?.unwrap_or_default()
        };
        if hash.is_empty() {
            return Ok(None);
        }
        let page = self.document(Folder::Standalone, &hash).await?;
        page.read().map(Some).map_err(|_| Failure::Damaged)
    }
}
