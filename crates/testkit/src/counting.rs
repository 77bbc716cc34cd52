//! A site's folder that counts what is read of it.

use std::cell::RefCell;
use std::fs;
use std::io::Read as _;
use std::path::PathBuf;

use archive::{Failure, Source};
use bundle::{Document, Folder, Manifest, Month, ShardFile, Store};
use flate2::read::GzEncoder;
use futures::executor::block_on;
use viewer::state::folder::SiteFolder;
use viewer::state::page::MarkdownReader;

/// A site's folder that remembers what it was asked for.
#[derive(Debug)]
pub struct CountingFolder {
    folder: SiteFolder,
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

impl CountingFolder {
    /// The site in a folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self { folder: SiteFolder::new(&root), root, asked: RefCell::default() }
    }

    /// The site's manifest.
    ///
    /// # Errors
    /// Fails if it is not there or damaged.
    pub fn manifest(&self) -> Result<Manifest, Failure> {
        self.folder.manifest()
    }

    /// What was asked for since this was last called.
    pub fn take_asked(&self) -> Vec<Asked> {
        self.asked.take()
    }
}

impl Source for CountingFolder {
    async fn document(&self, folder: Folder, hash: &str, store: Store) -> Result<Document, Failure> {
        let path = folder.path(hash, store);
        let stored = fs::read(self.root.join(&path)).map_err(|_| Failure::Gone)?;
        let bytes = match store {
            Store::Plain => gzipped(&stored),
            Store::Gzip => stored.len(),
        };
        self.asked.borrow_mut().push(Asked { path, bytes });
        self.folder.document(folder, hash, store).await
    }
}

impl MarkdownReader for CountingFolder {
    async fn outline(&self, markdown: &str) -> Result<Vec<String>, Failure> {
        self.folder.outline(markdown).await
    }
}

/// How many bytes gzip makes of some, as hosts commonly use it.
pub fn gzipped(bytes: &[u8]) -> usize {
    let mut compressed = Vec::new();
    // Reading from memory does not fail.
    GzEncoder::new(bytes, flate2::Compression::default()).read_to_end(&mut compressed).unwrap_or(0)
}

/// The UTF-8 bytes of all titles, summaries and bodies of a site.
///
/// # Errors
/// Fails if a file is not there or damaged.
pub fn words(site: &SiteFolder) -> Result<usize, Failure> {
    let manifest = site.manifest()?;
    let store = manifest.index.store;
    let document = |folder, hash: &str| block_on(site.document(folder, hash, store));
    let mut words = 0;
    for month in &manifest.index.months {
        let month: Month = document(Folder::Months, &month.file)?.read().map_err(|_| Failure::Damaged)?;
        for shard in &month.shards {
            let shard: ShardFile =
                document(Folder::Shards, &shard.file)?.read().map_err(|_| Failure::Damaged)?;
            let lengths = shard
                .articles
                .iter()
                .map(|article| article.title.len() + article.summary.len() + article.body.len());
            words += lengths.sum::<usize>();
        }
    }
    Ok(words)
}
