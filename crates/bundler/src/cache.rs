//! What a build remembers for the next one, beside the site. It may be deleted at any time: the next build
//! reads all posts again.
//!
//! What is remembered is told by what it was made of, never by what was done: a story by its file's stamp and
//! bytes, a part of the bundle by the digest of all that goes into it. So a wrong memory cannot be used, only
//! a right one be missing.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use anyhow::{Context as _, Result, bail};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::config::Config;
use crate::digest::{Digest, digest};

/// The folder of what is remembered.
pub(crate) struct Cache {
    folder: PathBuf,
    /// Of this program and the settings that decide how a post is read: another's memories are not ours.
    key: Digest,
}

/// The key of what does not depend on the program.
const ANY: Digest = *b"finews, any one.";

/// The digest of this program, taken once: it may be replaced while it watches.
static PROGRAM: LazyLock<Option<Digest>> =
    LazyLock::new(|| std::env::current_exe().and_then(fs::read).ok().map(|program| digest(&program)));

impl Cache {
    /// The cache in a folder, which is made.
    ///
    /// # Errors
    /// Fails if the folder cannot be made.
    pub(crate) fn open(folder: PathBuf, config: &Config) -> Result<Self> {
        fs::create_dir_all(&folder)
            .with_context(|| format!("the cache {} could not be made", folder.display()))?;
        let program = PROGRAM.context("this program could not be read")?;
        Ok(Self { folder, key: digest(&[&program[..], config.site.timezone.as_bytes()].concat()) })
    }

    /// Where words can be put aside.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The same folder, for what any program may remember and any other may use.
    pub(crate) fn of_any_program(&self) -> Self {
        Self { key: ANY, folder: self.folder.clone() }
    }

    /// A value that was written under this name. Returns `None` if there is none, or if it is damaged or
    /// another program's.
    pub(crate) fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        read_block(&mut self.open_file(name)?).ok()
    }

    /// Writes a value under a name.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    pub(crate) fn write<T: Serialize + ?Sized>(&self, name: &str, value: &T) -> Result<()> {
        self.write_file(name, |output| write_block(output, &encode_block(value)?))
    }

    /// A file of blocks. Returns `None` if there is none, or if it is another program's.
    pub(crate) fn open_file(&self, name: &str) -> Option<BufReader<File>> {
        let mut input = BufReader::new(File::open(self.folder.join(name)).ok()?);
        let mut key = Digest::default();
        input.read_exact(&mut key).ok()?;
        (key == self.key).then_some(input)
    }

    /// Writes a file of blocks, which is in its place only when it is whole.
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
            format!("the cache {} could not be written; the site is done all the same", self.folder.display())
        })
    }
}

/// A value as the bytes of a block.
pub(crate) fn encode_block<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>> {
    Ok(postcard::to_allocvec(value)?)
}

/// Writes a block so that a damaged one is told: its length, its digest, its bytes.
pub(crate) fn write_block(output: &mut dyn Write, bytes: &[u8]) -> Result<()> {
    output.write_all(&(bytes.len() as u64).to_le_bytes())?;
    output.write_all(&digest(bytes))?;
    output.write_all(bytes)?;
    Ok(())
}

/// Reads a block.
///
/// # Errors
/// Fails if it is damaged.
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
