//! A site's folder that records which files are read.

use std::cell::RefCell;
use std::fs;
use std::io::Read as _;
use std::path::PathBuf;

use archive::{Failure, Source};
use bundle::{Document, Folder, Manifest, Month, ShardFile, Store};
use flate2::read::GzEncoder;
use futures::executor::block_on;
use markdown::MarkdownOp;
use viewer::state::folder::SiteFolder;
use viewer::state::page::MarkdownParser;

/// A site's folder that records which files are read.
#[derive(Debug)]
pub struct CountingFolder {
    folder: SiteFolder,
    root: PathBuf,
    reads: RefCell<Vec<Read>>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Read {
    /// The path from the site's root.
    pub path: String,
    /// The number of bytes a host sends with gzip.
    pub bytes: usize,
}

impl CountingFolder {
    /// Opens the site in a folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        let root = root.into();
        Self { folder: SiteFolder::new(&root), root, reads: RefCell::default() }
    }

    /// Reads the site's manifest, without recording it.
    ///
    /// # Errors
    /// Fails if the manifest is missing or damaged.
    pub fn manifest(&self) -> Result<Manifest, Failure> {
        self.folder.manifest()
    }

    /// Returns the files read since the last call.
    pub fn take_reads(&self) -> Vec<Read> {
        self.reads.take()
    }
}

impl Source for CountingFolder {
    async fn document(&self, folder: Folder, hash: &str, store: Store) -> Result<Document, Failure> {
        let path = folder.path(hash, store);
        let stored = fs::read(self.root.join(&path)).map_err(|_| Failure::Gone)?;
        let bytes = match store {
            Store::Plain => gzipped_len(&stored),
            Store::Gzip => stored.len(),
        };
        self.reads.borrow_mut().push(Read { path, bytes });
        self.folder.document(folder, hash, store).await
    }
}

impl MarkdownParser for CountingFolder {
    async fn parse_markdown(&self, markdown: &str) -> Result<Vec<MarkdownOp>, Failure> {
        self.folder.parse_markdown(markdown).await
    }
}

/// The number of bytes after compression with gzip at its usual level.
pub fn gzipped_len(bytes: &[u8]) -> usize {
    let mut compressed = Vec::new();
    // Reading from memory does not fail.
    GzEncoder::new(bytes, flate2::Compression::default()).read_to_end(&mut compressed).unwrap_or(0)
}

/// The number of UTF-8 bytes in all titles, summaries and bodies of a site.
///
/// # Errors
/// Fails if a file is missing or damaged.
pub fn text_bytes(site: &SiteFolder) -> Result<usize, Failure> {
    let manifest = site.manifest()?;
    let store = manifest.index.store;
    let document = |folder, hash: &str| block_on(site.document(folder, hash, store));
    let mut bytes = 0;
    for month in &manifest.index.months {
        let month: Month = document(Folder::Months, &month.file)?.read().map_err(|_| Failure::Damaged)?;
        for shard in &month.shards {
            let shard: ShardFile =
                document(Folder::Shards, &shard.file)?.read().map_err(|_| Failure::Damaged)?;
            let lengths = shard
                .articles
                .iter()
                .map(|article| article.title.len() + article.summary.len() + article.body.len());
            bytes += lengths.sum::<usize>();
        }
    }
    Ok(bytes)
}
