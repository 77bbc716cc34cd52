//! Replaces files atomically: each is written to a staging folder and then renamed.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result};
use tempfile::TempDir;

use crate::digest::{Digest, digest_of};

const PREFIX: &str = ".finews-staging-";

/// The staging folder, which is deleted with this value.
pub(super) struct Stage {
    root: PathBuf,
    /// On the same file system as the site, so that renaming suffices.
    folder: TempDir,
    next: AtomicUsize,
}

impl Stage {
    /// Creates a staging folder in a site. Deletes those that interrupted builds left.
    ///
    /// # Errors
    /// Fails if the site's folder cannot be read or written.
    pub(super) fn new(root: &Path) -> Result<Self> {
        sweep(root)?;
        let folder =
            tempfile::Builder::new().prefix(PREFIX).tempdir_in(root).context("the folder is not writable")?;
        Ok(Self { root: std::path::absolute(root)?, folder, next: AtomicUsize::default() })
    }

    /// Writes a file unless it has these bytes already. Returns whether it was written.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    pub(super) fn write_changed(&self, path: &str, bytes: &[u8]) -> Result<bool> {
        let target = self.root.join(path);
        let is_unchanged = fs::metadata(&target).is_ok_and(|old| old.len() == bytes.len() as u64)
            && fs::read(&target).is_ok_and(|old| old == bytes);
        if !is_unchanged {
            self.place(path, bytes)?;
        }
        Ok(!is_unchanged)
    }

    /// Writes a file and renames it into place.
    ///
    /// # Errors
    /// Fails if the file cannot be written; the old file then stays.
    pub(super) fn place(&self, path: &str, bytes: &[u8]) -> Result<()> {
        self.place_written(path, &|file| file.write_all(bytes))
    }

    /// Copies a file into place. Returns the digest of its bytes and their number, or `None` if it cannot be read.
    ///
    /// # Errors
    /// Fails if the copy cannot be written; the old file then stays.
    pub(super) fn copy(&self, path: &str, source: &Path) -> Result<Option<(Digest, u64)>> {
        let (Ok(mut first), Ok(second)) = (File::open(source), File::open(source)) else { return Ok(None) };
        let Ok(found) = digest_of(&mut first) else { return Ok(None) };
        let source = RefCell::new(second);
        self.place_written(path, &|file| std::io::copy(&mut *source.borrow_mut(), file).map(drop))?;
        Ok(Some(found))
    }

    /// Writes a file by `write` and renames it into place.
    fn place_written(&self, path: &str, write: &dyn Fn(&mut File) -> std::io::Result<()>) -> Result<()> {
        // Each thread has its own staging folder, because threads that create files in the same folder wait
        // for each other.
        let staging = self.folder.path().join(rayon::current_thread_index().unwrap_or(0).to_string());
        let staged = staging.join(self.next.fetch_add(1, Ordering::Relaxed).to_string());
        let target = self.root.join(path);
        // Most folders exist, so they are created only after a failure.
        let in_folder = |act: &dyn Fn() -> std::io::Result<()>, folder: &Path| match act() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                fs::create_dir_all(folder).and_then(|()| act())
            }
            done => done,
        };
        let place = || -> std::io::Result<()> {
            in_folder(&|| write(&mut File::create(&staged)?), &staging)?;
            in_folder(&|| fs::rename(&staged, &target), target.parent().unwrap_or(&self.root))
        };
        place().with_context(|| {
            format!(
                "{} could not be written (is the disk full?); the site from the last build still works",
                target.display()
            )
        })
    }
}

/// Deletes the staging folders of interrupted builds.
fn sweep(root: &Path) -> Result<()> {
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}
