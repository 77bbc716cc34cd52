//! Reads the archive of a site in a folder, for prerendering, tests and benchmarks.

use std::fs;
use std::path::PathBuf;

use archive::{Failure, Source};
use bundle::{Document, Folder, MANIFEST_PATH, Manifest, Store};
use flate2::read::GzDecoder;
use markdown::MarkdownOp;

use super::page::MarkdownParser;

/// A site in a folder.
#[derive(Debug)]
pub struct SiteFolder {
    root: PathBuf,
}

impl SiteFolder {
    /// Opens the site in a folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Reads the site's manifest.
    ///
    /// # Errors
    /// Fails if the manifest does not exist or is not valid.
    pub fn manifest(&self) -> Result<Manifest, Failure> {
        let bytes = fs::read(self.root.join(MANIFEST_PATH)).map_err(|_| Failure::Gone)?;
        bundle::decode(&bytes).map_err(|_| Failure::Damaged)
    }
}

impl Source for SiteFolder {
    async fn document(&self, folder: Folder, hash: &str, store: Store) -> Result<Document, Failure> {
        let stored = fs::read(self.root.join(folder.path(hash, store))).map_err(|_| Failure::Gone)?;
        Document::parse(&decompress(stored, store)?).map_err(|_| Failure::Damaged)
    }
}

impl MarkdownParser for SiteFolder {
    /// Returns the Markdown as one text. Only tests and benchmarks read articles through this type, and they
    /// need no elements.
    async fn parse_markdown(&self, markdown: &str) -> Result<Vec<MarkdownOp>, Failure> {
        Ok(vec![MarkdownOp::Text(markdown.to_owned())])
    }
}

fn decompress(stored: Vec<u8>, store: Store) -> Result<Vec<u8>, Failure> {
    match store {
        Store::Plain => Ok(stored),
        Store::Gzip => read_all(GzDecoder::new(&stored[..])),
    }
}

fn read_all(mut decoder: impl std::io::Read) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    decoder.read_to_end(&mut bytes).map_err(|_| Failure::Damaged)?;
    Ok(bytes)
}
