//! The words of posts between reading and writing: the first in memory, the others on the disk, so that
//! memory stays bounded.

use std::io::{BufWriter, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};
use bundle::Article;
use serde::{Deserialize, Serialize};
use tempfile::SpooledTempFile;

/// What a story has besides what is remembered of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Words {
    /// The article; its slug and its labels as the post has them.
    pub(crate) article: Article,
    /// The beginning of its words.
    pub(crate) excerpt: String,
}

/// Where words were put.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    drawer: u32,
    /// In bytes.
    length: u32,
    /// From the drawer's beginning.
    offset: u64,
}

/// A drawer for each core, so that none waits for another; their files have no names and go with this value.
pub(crate) struct ArticleSpool {
    drawers: Vec<Mutex<Drawer>>,
}

struct Drawer {
    /// In memory until it is too long for that.
    file: BufWriter<SpooledTempFile>,
    /// In bytes.
    length: u64,
}

/// How many bytes stay in memory, of all drawers together.
const HELD: usize = 192 << 20;
/// How many bytes are gathered before they are written.
const BUFFER: usize = 1 << 20;

impl ArticleSpool {
    /// A spool whose files are in a folder.
    ///
    /// # Errors
    /// Fails if the folder is not writable.
    pub(crate) fn new(folder: &Path) -> Result<Self> {
        Self::with_room(folder, HELD)
    }

    fn with_room(folder: &Path, room: usize) -> Result<Self> {
        // It would be found out only when memory is full.
        tempfile::tempfile_in(folder).with_context(|| format!("{} is not writable", folder.display()))?;
        let count = rayon::current_num_threads().max(1);
        let drawer = |_| {
            let file = tempfile::spooled_tempfile_in(room / count, folder);
            Mutex::new(Drawer { file: BufWriter::with_capacity(BUFFER, file), length: 0 })
        };
        Ok(Self { drawers: (0..count).map(drawer).collect() })
    }

    /// Puts words aside.
    ///
    /// # Errors
    /// Fails if the disk is full.
    pub(crate) fn put(&self, words: &Words) -> Result<Place> {
        let json = bundle::encode(words);
        let at = rayon::current_thread_index().unwrap_or(0) % self.drawers.len();
        let mut here = self.drawers[at].lock().unwrap_or_else(PoisonError::into_inner);
        let place =
            Place { drawer: u32::try_from(at)?, length: u32::try_from(json.len())?, offset: here.length };
        here.file.write_all(&json).context(FULL)?;
        here.length += json.len() as u64;
        Ok(place)
    }

    /// The words that were put in a place.
    ///
    /// # Errors
    /// Fails if they cannot be read again.
    pub(crate) fn get(&self, place: Place) -> Result<Words> {
        let mut json = vec![0; place.length as usize];
        {
            let mut here = self.drawers[place.drawer as usize].lock().unwrap_or_else(PoisonError::into_inner);
            let end = here.length;
            // What is still to be written is written by the first of these.
            here.file.seek(SeekFrom::Start(place.offset)).context(FULL)?;
            here.file
                .get_mut()
                .read_exact(&mut json)
                .context("what was put aside on the disk could not be read again")?;
            here.file.seek(SeekFrom::Start(end))?;
        }
        serde_json::from_slice(&json).context("what was put aside on the disk is damaged")
    }
}

const FULL: &str = "words could not be put aside on the disk (is it full?); the site was left as it was";

#[cfg(test)]
mod tests {
    use super::*;
    use posts::TimeZone;

    fn words(body: &str) -> Words {
        let post =
            posts::read("2022-03-01-x.md", format!("---\ntitle: T\n---\n{body}").as_bytes(), &TimeZone::UTC);
        Words { article: post.article, excerpt: post.excerpt }
    }

    #[test]
    fn what_was_put_is_got_again_from_memory_and_from_the_disk_also_between_puts() {
        let folder = tempfile::tempdir().unwrap();
        let first = words("一");
        // Room for the first, and for no other.
        let room = rayon::current_num_threads() * (bundle::encode(&first).len() + 10);
        let spool = ArticleSpool::with_room(folder.path(), room).unwrap();
        let long = words(&"长".repeat(BUFFER));
        let places =
            [spool.put(&first).unwrap(), spool.put(&long).unwrap(), spool.put(&words("三")).unwrap()];
        assert_eq!(spool.get(places[0]).unwrap(), first);
        assert_eq!(spool.get(places[1]).unwrap(), long);
        let last = spool.put(&words("四")).unwrap();
        assert_eq!(spool.get(places[2]).unwrap(), words("三"));
        assert_eq!(spool.get(last).unwrap(), words("四"));
    }
}
