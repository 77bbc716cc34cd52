//! A site in a folder as the source of its archive: what tests and benchmarks read, without a browser or a
//! host.

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;

use bundle::archive::{Failure, Source};
use bundle::{Document, File, Folder, MANIFEST_PATH, Manifest, Month, ShardFile, Store};
use flate2::read::{GzDecoder, GzEncoder};

use super::page::MarkdownReader;

/// A site's folder; remembers what it was asked for.
#[derive(Debug)]
pub struct SiteFolder {
    root: PathBuf,
    asked: RefCell<Vec<Asked>>,
}

/// A file that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its path from the site's root.
    pub path: String,
    /// How many bytes a host that compresses by gzip sends.
    pub bytes: usize,
}

impl SiteFolder {
    /// The site in a folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), asked: RefCell::default() }
    }

    /// The site's manifest.
    ///
    /// # Errors
    /// Where it is not there, or is none.
    pub fn manifest(&self) -> Result<Manifest, Failure> {
        let bytes = fs::read(self.root.join(MANIFEST_PATH)).map_err(|_| Failure::Gone)?;
        bundle::decode(&bytes).map_err(|_| Failure::Damaged)
    }

    /// The UTF-8 bytes of all titles, summaries and bodies.
    ///
    /// # Errors
    /// Where a shard is not to be had, or is none.
    pub fn words(&self) -> Result<usize, Failure> {
        let manifest = self.manifest()?;
        let mut words = 0;
        for month in &manifest.index.months {
            let month: Month = self.file(Folder::Months, &month.file, manifest.index.store)?;
            for shard in &month.shards {
                let shard: ShardFile = self.file(Folder::Shards, &shard.file, manifest.index.store)?;
                words += shard
                    .articles
                    .iter()
                    .map(|article| article.title.len() + article.summary.len() + article.body.len())
                    .sum::<usize>();
            }
        }
        Ok(words)
    }

    fn file<T: File>(&self, folder: Folder, hash: &str, store: Store) -> Result<T, Failure> {
        let stored = fs::read(self.root.join(folder.path(hash, store))).map_err(|_| Failure::Gone)?;
        bundle::decode(&unstored(stored, store)?).map_err(|_| Failure::Damaged)
    }

    /// What was asked for since this was last called.
    pub fn take_asked(&self) -> Vec<Asked> {
        self.asked.take()
    }
}

impl Source for SiteFolder {
    async fn document(&self, folder: Folder, hash: &str, store: Store) -> Result<Document, Failure> {
        let path = folder.path(hash, store);
        let stored = fs::read(self.root.join(&path)).map_err(|_| Failure::Gone)?;
        let bytes = match store {
            Store::Plain => gzipped(&stored),
            Store::Gzip => stored.len(),
        };
        self.asked.borrow_mut().push(Asked { path, bytes });
        Document::parse(&unstored(stored, store)?).map_err(|_| Failure::Damaged)
    }
}

impl MarkdownReader for SiteFolder {
    /// The words as they stand: what reads here asks for files, not for looks.
    async fn outline(&self, markdown: &str) -> Result<Vec<String>, Failure> {
        Ok(vec![markdown.to_owned()])
    }
}

/// How many bytes gzip makes of some, as hosts commonly use it.
pub fn gzipped(bytes: &[u8]) -> usize {
    // Reading from memory does not fail.
    all(GzEncoder::new(bytes, flate2::Compression::default())).map_or(0, |compressed| compressed.len())
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
