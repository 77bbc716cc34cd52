//! Holds parsed articles between reading and writing: in memory at first, then on the disk, so that memory is
//! bounded.

use std::io::{BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};
use bundle::Article;
use serde::{Deserialize, Serialize};
use tempfile::SpooledTempFile;

/// A parsed article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SpooledArticle {
    /// The article, with the post's own slug and labels.
    pub(crate) article: Article,
    /// The first words of its summary or body.
    pub(crate) excerpt: String,
}

/// The position of an article in the spool.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Position {
    segment: u32,
    /// The length in bytes.
    length: u32,
    /// The offset from the segment's beginning, in bytes.
    offset: u64,
}

/// The spool. It has a segment for each thread, so that threads do not wait for each other when they add
/// articles. The segments' files have no names and disappear with the spool.
pub(crate) struct ArticleSpool {
    segments: Vec<Mutex<Segment>>,
}

struct Segment {
    /// In memory until it exceeds its share.
    file: BufWriter<SpooledTempFile>,
    /// The length in bytes.
    length: u64,
}

/// How many bytes stay in memory in all segments together.
const MEMORY_BYTES: usize = 192 << 20;
/// The size of a write buffer in bytes.
const BUFFER_BYTES: usize = 1 << 20;

impl ArticleSpool {
    /// Opens a spool with its files in a folder.
    ///
    /// # Errors
    /// Fails if the folder is not writable.
    pub(crate) fn new(folder: &Path) -> Result<Self> {
        Self::with_memory(folder, MEMORY_BYTES)
    }

    fn with_memory(folder: &Path, memory: usize) -> Result<Self> {
        // Without this check, a folder that is not writable would be noticed only when memory is full.
        tempfile::tempfile_in(folder).with_context(|| format!("{} is not writable", folder.display()))?;
        let count = rayon::current_num_threads().max(1);
        let segment = |_| {
            let file = tempfile::spooled_tempfile_in(memory / count, folder);
            Mutex::new(Segment { file: BufWriter::with_capacity(BUFFER_BYTES, file), length: 0 })
        };
        Ok(Self { segments: (0..count).map(segment).collect() })
    }

    /// Adds an article.
    ///
    /// # Errors
    /// Fails if the disk is full.
    pub(crate) fn put(&self, article: &SpooledArticle) -> Result<Position> {
        let json = bundle::encode(article);
        let at = rayon::current_thread_index().unwrap_or(0) % self.segments.len();
        let mut segment = self.segments[at].lock().unwrap_or_else(PoisonError::into_inner);
        let position = Position {
            segment: u32::try_from(at)?,
            length: u32::try_from(json.len())?,
            offset: segment.length,
        };
        segment.file.write_all(&json).context(WRITE_FAILED)?;
        segment.length += json.len() as u64;
        Ok(position)
    }

    /// Reads the article at a position.
    ///
    /// # Errors
    /// Fails if the spool's file cannot be read.
    pub(crate) fn get(&self, position: Position) -> Result<SpooledArticle> {
        let mut json = vec![0; position.length as usize];
        {
            let mut segment =
                self.segments[position.segment as usize].lock().unwrap_or_else(PoisonError::into_inner);
            let end = segment.length;
            // Seeking flushes the write buffer first.
            segment.file.seek(SeekFrom::Start(position.offset)).context(WRITE_FAILED)?;
            segment
                .file
                .get_mut()
                .read_exact(&mut json)
                .context("the temporary file in the cache folder could not be read")?;
            segment.file.seek(SeekFrom::Start(end))?;
        }
        serde_json::from_slice(&json).context("the temporary file in the cache folder is damaged")
    }
}

const WRITE_FAILED: &str =
    "the temporary file in the cache folder could not be written (is the disk full?); the site is unchanged";

#[cfg(test)]
mod tests {
    use super::*;
    use posts::{Context, TimeZone};

    fn article(body: &str) -> SpooledArticle {
        let post = posts::read(
            "2022-03-01-x.md",
            format!("---\ntitle: T\n---\n{body}").as_bytes(),
            &Context::new(&TimeZone::UTC),
        );
        SpooledArticle { article: post.article, excerpt: post.excerpt }
    }

    #[test]
    fn articles_are_read_back_from_memory_and_from_the_disk_between_writes() {
        let folder = tempfile::tempdir().unwrap();
        let first = article("一");
        // Enough memory for the first article and for no other.
        let memory = rayon::current_num_threads() * (bundle::encode(&first).len() + 10);
        let spool = ArticleSpool::with_memory(folder.path(), memory).unwrap();
        let long = article(&"长".repeat(BUFFER_BYTES));
        let positions =
            [spool.put(&first).unwrap(), spool.put(&long).unwrap(), spool.put(&article("三")).unwrap()];
        assert_eq!(spool.get(positions[0]).unwrap(), first);
        assert_eq!(spool.get(positions[1]).unwrap(), long);
        let last = spool.put(&article("四")).unwrap();
        assert_eq!(spool.get(positions[2]).unwrap(), article("三"));
        assert_eq!(spool.get(last).unwrap(), article("四"));
    }
}
