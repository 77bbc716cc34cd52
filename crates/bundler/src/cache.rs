//! The cache, by default beside the site: what one build remembers for the next. It may be deleted at any
//! time; the next build then reads all posts again, and the next list of changes contains all files.
//!
//! Stories and artifacts are identified by their inputs: a story by its file's stamp and bytes, an artifact
//! by the digest of everything that goes into it. A wrong one therefore cannot be used; one can only be
//! missing.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context as _, Result, bail};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::digest::{Digest, digest};

/// The cache's folder.
pub(crate) struct Cache {
    folder: PathBuf,
    /// The digest of this program; entries with another key are ignored.
    key: Digest,
}

/// The key of entries that do not depend on the program.
const ANY_PROGRAM: Digest = *b"finews, any one.";

/// This program's digest, computed once, because the file may be replaced during `--watch`.
static PROGRAM: LazyLock<Option<Digest>> =
    LazyLock::new(|| std::env::current_exe().and_then(fs::read).ok().map(|program| digest(&program)));

impl Cache {
    /// Opens the cache in a folder, and creates the folder if it does not exist.
    ///
    /// # Errors
    /// Fails if the folder cannot be created, or if this program's file cannot be read.
    pub(crate) fn open(folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder)
            .with_context(|| format!("the cache folder {} could not be created", folder.display()))?;
        let key = PROGRAM.context("this program could not be read")?;
        Ok(Self { folder, key })
    }

    /// The folder, in which the spool puts its files.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The same cache for entries that any version of the program may write and read.
    pub(crate) fn for_any_program(&self) -> Self {
        Self { key: ANY_PROGRAM, folder: self.folder.clone() }
    }

    /// Reads the value stored under a name. Returns `None` if it does not exist, is damaged, or has another
    /// key.
    pub(crate) fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        read_block(&mut self.open_file(name)?).ok()
    }

    /// Stores a value under a name.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    pub(crate) fn write<T: Serialize + ?Sized>(&self, name: &str, value: &T) -> Result<()> {
        self.write_file(name, |output| write_block(output, &encode_block(value)?))
    }

    /// Opens a file of blocks. Returns `None` if it does not exist or has another key.
    pub(crate) fn open_file(&self, name: &str) -> Option<BufReader<File>> {
        let mut input = BufReader::new(File::open(self.folder.join(name)).ok()?);
        let mut key = Digest::default();
        input.read_exact(&mut key).ok()?;
        (key == self.key).then_some(input)
    }

    /// Writes a file of blocks. The new file replaces the old one only when it is complete.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    pub(crate) fn write_file(
        &self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> Result<()>,
    ) -> Result<()> {
        let write_all = || -> Result<()> {
            let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
            let mut output = BufWriter::new(&mut file);
            output.write_all(&self.key)?;
            write(&mut output)?;
            output.flush()?;
            drop(output);
            file.persist(self.folder.join(name))?;
            Ok(())
        };
        write_all().with_context(|| {
            format!(
                "the cache {} could not be written; the site is complete nevertheless",
                self.folder.display()
            )
        })
    }
}

/// Encodes a value as the bytes of a block.
pub(crate) fn encode_block<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>> {
    Ok(postcard::to_allocvec(value)?)
}

/// Writes a block: its length, its digest (to detect damage), and its bytes.
pub(crate) fn write_block(output: &mut dyn Write, bytes: &[u8]) -> Result<()> {
    output.write_all(&(bytes.len() as u64).to_le_bytes())?;
    output.write_all(&digest(bytes))?;
    output.write_all(bytes)?;
    Ok(())
}

/// Reads a block.
///
/// # Errors
/// Fails if the block is damaged.
pub(crate) fn read_block<T: DeserializeOwned>(input: &mut impl Read) -> Result<T> {
    let (mut length, mut expected) = ([0; 8], Digest::default());
    input.read_exact(&mut length)?;
    input.read_exact(&mut expected)?;
    let mut bytes = Vec::new();
    input.take(u64::from_le_bytes(length)).read_to_end(&mut bytes)?;
    if digest(&bytes) != expected {
        bail!("a block is damaged");
    }
    Ok(postcard::from_bytes(&bytes)?)
}
