//! The words of posts between reading and writing: the first in memory, the others on the disk, so that
//! memory stays bounded.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};
use bundle::Article;
use serde::{Deserialize, Serialize};

/// What a story has besides what is remembered of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Words {
    /// The article; its slug and its labels as the post has them.
    pub(crate) article: Article,
    /// The beginning of its words.
    pub(crate) excerpt: String,
}

impl Words {
    /// About how many bytes of memory they take.
    fn weight(&self) -> usize {
        let Article { title, summary, body, original, .. } = &self.article;
        size_of::<Self>()
            + 500
            + self.excerpt.len()
            + title.len()
            + summary.len()
            + body.len()
            + original.len()
    }
}

/// Where words were put.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    drawer: u32,
    /// In bytes; [`Place::HELD`] where they are in memory.
    length: u32,
    /// In the file, or the place among what is in memory.
    offset: u64,
}

impl Place {
    const HELD: u32 = u32::MAX;
}

/// A drawer for each core, so that none waits for another; their files have no names and go with this value.
pub(crate) struct ArticleSpool {
    drawers: Vec<Mutex<Drawer>>,
}

struct Drawer {
    /// What comes first stays in memory: of a small archive, all.
    held: Vec<Words>,
    /// How many bytes may yet.
    room: usize,
    file: File,
    /// What is written next, in one go.
    buffer: Vec<u8>,
    /// The bytes in the file.
    length: u64,
}

/// How many bytes stay in memory, of all drawers together.
const HELD: usize = 192 << 20;
/// How many bytes are gathered before they are written.
const BUFFER: usize = 1 << 20;

impl ArticleSpool {
    pub(crate) fn new(folder: &Path) -> Result<Self> {
        Self::with_room(folder, HELD)
    }

    fn with_room(folder: &Path, room: usize) -> Result<Self> {
        let count = rayon::current_num_threads().max(1);
        let drawer = |_| {
            let file = tempfile::tempfile_in(folder)?;
            Ok(Mutex::new(Drawer {
                held: Vec::new(),
                room: room / count,
                file,
                buffer: Vec::new(),
                length: 0,
            }))
        };
        let drawers: std::io::Result<Vec<_>> = (0..count).map(drawer).collect();
        Ok(Self { drawers: drawers.with_context(|| format!("{} is not writable", folder.display()))? })
    }

    pub(crate) fn put(&self, words: Words) -> Result<Place> {
        let at = rayon::current_thread_index().unwrap_or(0) % self.drawers.len();
        let drawer = u32::try_from(at)?;
        {
            let mut here = self.drawers[at].lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(room) = here.room.checked_sub(words.weight()) {
                here.room = room;
                here.held.push(words);
                return Ok(Place { drawer, length: Place::HELD, offset: here.held.len() as u64 - 1 });
            }
        }
        let json = bundle::encode(&words);
        let mut here = self.drawers[at].lock().unwrap_or_else(PoisonError::into_inner);
        let place = Place {
            drawer,
            length: u32::try_from(json.len())?,
            offset: here.length + here.buffer.len() as u64,
        };
        here.buffer.extend_from_slice(&json);
        if here.buffer.len() >= BUFFER {
            here.flush()?;
        }
        Ok(place)
    }

    pub(crate) fn get(&self, place: Place) -> Result<Words> {
        let mut bytes = Vec::new();
        {
            let mut here = self.drawers[place.drawer as usize].lock().unwrap_or_else(PoisonError::into_inner);
            if place.length == Place::HELD {
                let held = usize::try_from(place.offset).ok().and_then(|at| here.held.get(at));
                return held.cloned().context("what was put aside is not there");
            }
            here.flush()?;
            bytes.resize(place.length as usize, 0);
            let read = |file: &mut File, bytes: &mut [u8]| {
                file.seek(SeekFrom::Start(place.offset))?;
                file.read_exact(bytes)
            };
            read(&mut here.file, &mut bytes)
                .context("what was put aside on the disk could not be read again")?;
        }
        serde_json::from_slice(&bytes).context("what was put aside on the disk is damaged")
    }
}

impl Drawer {
    fn flush(&mut self) -> Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let mut write = || {
            self.file.seek(SeekFrom::Start(self.length))?;
            self.file.write_all(&self.buffer)
        };
        write()
            .context("words could not be put aside on the disk (is it full?); the site was left as it was")?;
        self.length += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}

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
        // Room for the first in each drawer, and for no other.
        let spool =
            ArticleSpool::with_room(folder.path(), rayon::current_num_threads() * (first.weight() + 10))
                .unwrap();
        let long = words(&"长".repeat(BUFFER));
        let places = [
            spool.put(first.clone()).unwrap(),
            spool.put(long.clone()).unwrap(),
            spool.put(words("三")).unwrap(),
        ];
        assert_eq!(places.map(|place| place.length == Place::HELD), [true, false, false]);
        assert_eq!(spool.get(places[0]).unwrap(), first);
        assert_eq!(spool.get(places[1]).unwrap(), long);
        let last = spool.put(words("四")).unwrap();
        assert_eq!(spool.get(places[2]).unwrap(), words("三"));
        assert_eq!(spool.get(last).unwrap(), words("四"));
    }
}
