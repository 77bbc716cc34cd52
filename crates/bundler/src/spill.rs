//! The words of posts between reading and writing: on the disk, so that memory holds none but those at work.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result};

/// Where something was spilled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place {
    file: u32,
    /// In bytes; [`Place::HELD`] where it is in memory.
    length: u32,
    /// In the file, or the place among what is in memory.
    offset: u64,
}

impl Place {
    const HELD: u32 = u32::MAX;
}

/// Files without names that go with this value; one for each core, so that none waits for another.
pub(crate) struct Spill {
    files: Vec<Mutex<Spilled>>,
}

struct Spilled {
    file: File,
    /// What comes first stays in memory: of a small archive, all.
    held: Vec<Box<[u8]>>,
    /// How many bytes may yet.
    room: usize,
    /// What is written next, in one go.
    buffer: Vec<u8>,
    /// The bytes in the file.
    length: u64,
}

/// How much stays in memory, of all files together.
const HELD: usize = 160 << 20;
/// How much is gathered before it is written.
const BUFFER: usize = 1 << 20;

impl Spill {
    pub(crate) fn new(folder: &Path) -> Result<Self> {
        let count = rayon::current_num_threads().max(1);
        let room = HELD / count;
        let spilled = |_| Ok(Mutex::new(Spilled { file: tempfile::tempfile_in(folder)?, held: Vec::new(), room, buffer: Vec::new(), length: 0 }));
        let files: std::io::Result<Vec<_>> = (0..count).map(spilled).collect();
        Ok(Self { files: files.with_context(|| format!("{} is not writable", folder.display()))? })
    }

    pub(crate) fn put(&self, bytes: Vec<u8>) -> Result<Place> {
        let at = rayon::current_thread_index().unwrap_or(0) % self.files.len();
        let mut spilled = self.files[at].lock().unwrap_or_else(PoisonError::into_inner);
        let file = u32::try_from(at)?;
        if let Some(room) = spilled.room.checked_sub(bytes.len()) {
            spilled.room = room;
            spilled.held.push(bytes.into());
            return Ok(Place { file, length: Place::HELD, offset: spilled.held.len() as u64 - 1 });
        }
        spilled.room = 0;
        let place = Place { file, length: u32::try_from(bytes.len())?, offset: spilled.length + spilled.buffer.len() as u64 };
        spilled.buffer.extend_from_slice(&bytes);
        if spilled.buffer.len() >= BUFFER {
            spilled.flush()?;
        }
        Ok(place)
    }

    pub(crate) fn get(&self, place: Place) -> Result<Vec<u8>> {
        let mut spilled = self.files[place.file as usize].lock().unwrap_or_else(PoisonError::into_inner);
        if place.length == Place::HELD {
            let held = usize::try_from(place.offset).ok().and_then(|at| spilled.held.get(at));
            return held.map(|bytes| bytes.to_vec()).context("what was put aside is not there");
        }
        spilled.flush()?;
        let mut bytes = vec![0; place.length as usize];
        let read = |file: &mut File, bytes: &mut [u8]| {
            file.seek(SeekFrom::Start(place.offset))?;
            file.read_exact(bytes)
        };
        read(&mut spilled.file, &mut bytes).context("what was put aside on the disk could not be read again")?;
        Ok(bytes)
    }
}

impl Spilled {
    fn flush(&mut self) -> Result<()> {
        if self.buffer.is_empty() {
            return Ok(());
        }
        let mut write = || {
            self.file.seek(SeekFrom::Start(self.length))?;
            self.file.write_all(&self.buffer)
        };
        write().context("words could not be put aside on the disk (is it full?); the site was left as it was")?;
        self.length += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_is_got_again_also_between_puts() {
        let folder = tempfile::tempdir().unwrap();
        let spill = Spill::new(folder.path()).unwrap();
        let long = vec![7; HELD + 1];
        let places = [spill.put(b"one".to_vec()).unwrap(), spill.put(long.clone()).unwrap(), spill.put(b"two".to_vec()).unwrap()];
        assert_eq!(spill.get(places[0]).unwrap(), b"one");
        let last = spill.put(Vec::new()).unwrap();
        assert_eq!(spill.get(places[1]).unwrap(), long);
        assert_eq!(spill.get(places[2]).unwrap(), b"two");
        assert_eq!(spill.get(last).unwrap(), b"");
    }
}
