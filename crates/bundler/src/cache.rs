//! What a build remembers for the next one, beside the site. It may be deleted at any time: the next build
//! reads all posts again.
//!
//! What is remembered is told by what it was made of, never by what was done: a story by its file's stamp and
//! bytes, a part of the bundle by the digest of all that goes into it. So a wrong memory cannot be used, only
//! a right one be missing.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use anyhow::{Context as _, Result, bail};
use bundle::Label;
use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::config::Config;
use crate::site::SiteFiles;
use crate::story::{Digest, Labels, Story, digest};

/// The folder of what is remembered.
pub(crate) struct Cache {
    folder: PathBuf,
    /// Of this program and the settings that decide how a post is read: another's memories are not ours.
    key: Digest,
}

/// The posts as they were, read one after the other as they are wanted.
#[derive(Default)]
pub(crate) struct Remembered {
    pub(crate) labels: Labels,
    /// When they were looked at, in nanoseconds since 1970.
    pub(crate) since: i64,
    input: Option<BufReader<File>>,
    block: std::vec::IntoIter<Story>,
    /// How many labels there are: a story with another one is damaged.
    count: usize,
}

impl Iterator for Remembered {
    type Item = Story;

    /// In the order of their paths' bytes; none more from where something is damaged.
    fn next(&mut self) -> Option<Story> {
        if let Some(story) = self.block.next() {
            return Some(story);
        }
        let stories: Vec<Story> = block(self.input.as_mut()?).ok()?;
        let sound = |story: &Story| {
            story
                .categories
                .iter()
                .chain(&story.tags)
                .chain(&story.securities)
                .all(|id| (*id as usize) < self.count)
        };
        if stories.is_empty() || !stories.iter().all(sound) {
            self.input = None;
            return None;
        }
        self.block = stories.into_iter();
        self.block.next()
    }
}

/// Parts of the bundle by the digest of what they are made of.
#[derive(Default)]
pub(crate) struct Made {
    known: Parts,
    /// Of this build: known ones used again, and new ones.
    used: Mutex<Parts>,
}

/// A part is kept as its JSON.
type Parts = HashMap<Digest, String>;

impl Made {
    /// The part made of this, if it is remembered and `whole`; else makes it.
    pub(crate) fn part<T: Serialize + DeserializeOwned>(
        &self,
        of: Digest,
        whole: impl Fn(&T) -> bool,
        make: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let known = self
            .known
            .get(&of)
            .and_then(|json| Some((serde_json::from_str(json).ok().filter(&whole)?, json.clone())));
        let (part, json) = if let Some(known) = known {
            known
        } else {
            let part = make()?;
            let json = serde_json::to_string(&part)?;
            (part, json)
        };
        self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(of, json);
        Ok(part)
    }
}

const STORIES: &str = "stories";
const PARTS: &str = "parts";
const BUILT: &str = "built";
const TOLD: &str = "told";
/// The key of what does not depend on the program.
const ANY: Digest = *b"finews, any one.";
/// How many stories are encoded together.
const BLOCK: usize = 4096;

/// The digest of this program, taken once: it may be replaced while it watches.
static PROGRAM: LazyLock<Option<Digest>> =
    LazyLock::new(|| std::env::current_exe().and_then(fs::read).ok().map(|program| digest(&program)));

impl Cache {
    /// The cache in a folder, which is made.
    ///
    /// # Errors
    /// Where the folder cannot be made.
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

    /// The stories as they are remembered; none where nothing is, or what is there is another program's.
    pub(crate) fn stories(&self) -> Remembered {
        let remembered = || {
            let mut input = self.input(STORIES)?;
            let (since, labels): (i64, Vec<Label>) = block(&mut input).ok()?;
            let labels = Labels(labels.into_iter().collect());
            let count = labels.0.len();
            Some(Remembered { labels, since, input: Some(input), count, ..Remembered::default() })
        };
        remembered().unwrap_or_default()
    }

    /// The parts of the bundle as they are remembered.
    pub(crate) fn made(&self) -> Made {
        Made { known: self.read(PARTS).unwrap_or_default(), used: Mutex::default() }
    }

    /// The files of the site when its last build ended, if that was this one.
    pub(crate) fn built(&self, build: i64) -> SiteFiles {
        self.read(BUILT)
            .filter(|(of, _): &(i64, SiteFiles)| *of == build)
            .map(|(_, files)| files)
            .unwrap_or_default()
    }

    /// The files of the site when changes were last told, whichever program told them.
    pub(crate) fn told(&self) -> SiteFiles {
        self.of_any_program().read(TOLD).unwrap_or_default()
    }

    fn of_any_program(&self) -> Self {
        Self { key: ANY, folder: self.folder.clone() }
    }

    pub(crate) fn keep_stories(&self, stories: &[Story], labels: &Labels, since: i64) -> Result<()> {
        self.write(STORIES, |output| {
            put(output, &encoded(&(since, labels.0.iter().collect::<Vec<_>>()))?)?;
            // As many at a time as are written together, so that not all are in memory twice.
            for stories in stories.chunks(BLOCK * 16) {
                let blocks: Result<Vec<Vec<u8>>> = stories.par_chunks(BLOCK).map(encoded).collect();
                blocks?.iter().try_for_each(|block| put(output, block))?;
            }
            put(output, &encoded::<[Story]>(&[])?)
        })
    }

    pub(crate) fn keep_made(&self, made: Made) -> Result<()> {
        let used = made.used.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.write(PARTS, |output| put(output, &encoded(&used)?))
    }

    pub(crate) fn keep_built(&self, build: i64, files: &SiteFiles) -> Result<()> {
        self.write(BUILT, |output| put(output, &encoded(&(build, files))?))
    }

    pub(crate) fn keep_told(&self, files: &SiteFiles) -> Result<()> {
        self.of_any_program().write(TOLD, |output| put(output, &encoded(files)?))
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        block(&mut self.input(name)?).ok()
    }

    fn input(&self, name: &str) -> Option<BufReader<File>> {
        let mut input = BufReader::new(File::open(self.folder.join(name)).ok()?);
        let mut key = Digest::default();
        input.read_exact(&mut key).ok()?;
        (key == self.key).then_some(input)
    }

    fn write(&self, name: &str, write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
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

fn encoded<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>> {
    Ok(postcard::to_allocvec(value)?)
}

/// Writes a block so that a damaged one is told: its length, its digest, its bytes.
fn put(output: &mut dyn Write, bytes: &[u8]) -> Result<()> {
    output.write_all(&(bytes.len() as u64).to_le_bytes())?;
    output.write_all(&digest(bytes))?;
    output.write_all(bytes)?;
    Ok(())
}

fn block<T: DeserializeOwned>(input: &mut impl Read) -> Result<T> {
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
