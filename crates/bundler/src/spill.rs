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
    length: u32,
    offset: u64,
}

/// Files without names that go with this value; one for each core, so that none waits for another.
pub(crate) struct Spill {
    files: Vec<Mutex<Spilled>>,
}

struct Spilled {
    file: File,
    /// What is written next, in one go.
    buffer: Vec<u8>,
    /// The bytes in the file.
    length: u64,
}

/// How much is gathered before it is written.
const BUFFER: usize = 1 << 20;

impl Spill {
    pub(crate) fn new(folder: &Path) -> Result<Self> {
        let spilled = |_| Ok(Mutex::new(Spilled { file: tempfile::tempfile_in(folder)?, buffer: Vec::with_capacity(BUFFER), length: 0 }));
        let files: std::io::Result<Vec<_>> = (0..rayon::current_num_threads().max(1)).map(spilled).collect();
        Ok(Self { files: files.with_context(|| format!("{} is not writable", folder.display()))? })
    }

    pub(crate) fn put(&self, bytes: &[u8]) -> Result<Place> {
        let at = rayon::current_thread_index().unwrap_or(0) % self.files.len();
        let mut spilled = self.files[at].lock().unwrap_or_else(PoisonError::into_inner);
        let place = Place { file: u32::try_from(at)?, offset: spilled.length + spilled.buffer.len() as u64, length: u32::try_from(bytes.len())? };
        spilled.buffer.extend_from_slice(bytes);
        if spilled.buffer.len() >= BUFFER {
            spilled.flush()?;
        }
        Ok(place)
    }

    pub(crate) fn get(&self, place: Place) -> Result<Vec<u8>> {
        let mut spilled = self.files[place.file as usize].lock().unwrap_or_else(PoisonError::into_inner);
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
        let long = vec![7; BUFFER + 1];
        let places = [spill.put(b"one").unwrap(), spill.put(&long).unwrap()];
        assert_eq!(spill.get(places[0]).unwrap(), b"one");
        let third = spill.put(b"").unwrap();
        assert_eq!(spill.get(places[1]).unwrap(), long);
        assert_eq!(spill.get(third).unwrap(), b"");
    }
}
