//! A site in a folder as the source of its archive: what prerendered pages, tests and benchmarks read.

use std::fs;
use std::path::PathBuf;

use archive::{Failure, Source};
use bundle::{Document, Folder, MANIFEST_PATH, Manifest, Store};
use flate2::read::GzDecoder;

use super::page::MarkdownReader;

/// A site's folder.
#[derive(Debug)]
pub struct SiteFolder {
    root: PathBuf,
}

impl SiteFolder {
    /// The site in a folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The site's manifest.
    ///
    /// # Errors
    /// Where it is not there, or is none.
    pub fn manifest(&self) -> Result<Manifest, Failure> {
        let bytes = fs::read(self.root.join(MANIFEST_PATH)).map_err(|_| Failure::Gone)?;
        bundle::decode(&bytes).map_err(|_| Failure::Damaged)
    }
}

impl Source for SiteFolder {
    async fn document(&self, folder: Folder, hash: &str, store: Store) -> Result<Document, Failure> {
        let stored = fs::read(self.root.join(folder.path(hash, store))).map_err(|_| Failure::Gone)?;
        Document::parse(&unstored(stored, store)?).map_err(|_| Failure::Damaged)
    }
}

impl MarkdownReader for SiteFolder {
    /// The words as they stand: what reads here asks for files, not for looks.
    async fn outline(&self, markdown: &str) -> Result<Vec<String>, Failure> {
        Ok(vec![markdown.to_owned()])
    }
}

fn unstored(stored: Vec<u8>, store: Store) -> Result<Vec<u8>, Failure> {
    match store {
        Store::Plain => Ok(stored),
        Store::Gzip => all(GzDecoder::new(&stored[..])),
    }
}

fn all(mut from: impl std::io::Read) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).map_err(|_| Failure::Damaged)?;
    Ok(bytes)
}
