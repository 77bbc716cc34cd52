//! A site in a folder as the source of its archive: what tests and benchmarks read, without a browser or a host.

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;

use bundle::{Folder, MANIFEST_PATH, Manifest, Store};
use flate2::read::{GzDecoder, GzEncoder};

use super::archive::{Failure, Source};

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

    /// What was asked for since this was last called.
    pub fn take_asked(&self) -> Vec<Asked> {
        self.asked.take()
    }
}

impl Source for SiteFolder {
    async fn bytes(&self, folder: Folder, hash: &str, store: Store) -> Result<Vec<u8>, Failure> {
        let path = folder.path(hash, store);
        let stored = fs::read(self.root.join(&path)).map_err(|_| Failure::Gone)?;
        let (json, bytes) = match store {
            Store::Plain => {
                let compressed = all(GzEncoder::new(&stored[..], flate2::Compression::default()))?;
                (stored, compressed.len())
            }
            Store::Gzip => (all(GzDecoder::new(&stored[..]))?, stored.len()),
        };
        self.asked.borrow_mut().push(Asked { path, bytes });
        Ok(json)
    }

    /// The words as they stand: what reads here asks for files, not for looks.
    async fn outline(&self, markdown: &str) -> Result<Vec<String>, Failure> {
        Ok(vec![markdown.to_owned()])
    }
}

fn all(mut from: impl std::io::Read) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).map_err(|_| Failure::Damaged)?;
    Ok(bytes)
}
