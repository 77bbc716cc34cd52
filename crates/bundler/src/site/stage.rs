//! Putting files in place: each is written beside the site and renamed, so that none is ever there by half.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result};
use tempfile::TempDir;

const PREFIX: &str = ".finews-staging-";

/// The folder in which files wait to be renamed; gone with the value.
pub(super) struct Stage {
    root: PathBuf,
    /// On the same file system as the site, so that a rename is all it takes.
    folder: TempDir,
    next: AtomicUsize,
}

impl Stage {
    /// A stage in a site's folder. Takes away those that builds left which were killed.
    ///
    /// # Errors
    /// Fails if the folder is not writable.
    pub(super) fn new(root: &Path) -> Result<Self> {
        sweep(root)?;
        let folder =
            tempfile::Builder::new().prefix(PREFIX).tempdir_in(root).context("the folder is not writable")?;
        Ok(Self { root: std::path::absolute(root)?, folder, next: AtomicUsize::default() })
    }

    /// Writes a file unless it is there as it should be, and tells whether it was not.
    ///
    /// # Errors
    /// Fails if the file cannot be written.
    pub(super) fn write_changed(&self, path: &str, bytes: &[u8]) -> Result<bool> {
        let target = self.root.join(path);
        let is_there = fs::metadata(&target).is_ok_and(|there| there.len() == bytes.len() as u64)
            && fs::read(&target).is_ok_and(|old| old == bytes);
        if !is_there {
            self.place(path, bytes)?;
        }
        Ok(!is_there)
    }

    /// Puts a file in place.
    ///
    /// # Errors
    /// Fails if the file cannot be written; the one that was there stays.
    pub(super) fn place(&self, path: &str, bytes: &[u8]) -> Result<()> {
        // A folder for each core: one that all create files in makes each wait for the others.
        let staging = self.folder.path().join(rayon::current_thread_index().unwrap_or(0).to_string());
        let staged = staging.join(self.next.fetch_add(1, Ordering::Relaxed).to_string());
        let target = self.root.join(path);
        // Folders are mostly there: they are made where something fails for want of them.
        let in_folder = |act: &dyn Fn() -> std::io::Result<()>, folder: &Path| match act() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                fs::create_dir_all(folder).and_then(|()| act())
            }
            done => done,
        };
        let place = || -> std::io::Result<()> {
            in_folder(&|| File::create(&staged)?.write_all(bytes), &staging)?;
            in_folder(&|| fs::rename(&staged, &target), target.parent().unwrap_or(&self.root))
        };
        place().with_context(|| {
            format!(
                "{} could not be written (is the disk full?); the old site was left as it was",
                target.display()
            )
        })
    }
}

/// Takes away what builds that were killed left in staging.
fn sweep(root: &Path) -> Result<()> {
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(PREFIX) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}
