//! The site's folder: hashed files are added, the few mutable ones renamed into place, the manifest last, under a lock.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::{Context as _, Result, bail};
use bundle::{Folder, Hash, MANIFEST_PATH, Manifest};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::config::Config;
use crate::viewer;

/// Where a bundle's files go.
pub(crate) trait Shelf: Sync {
    /// Puts a file and tells its hash.
    fn put(&self, folder: Folder, bytes: &[u8]) -> Result<Hash>;
}

/// A site being built.
pub(crate) struct Site {
    root: PathBuf,
    /// On the same file system as the site, so that a rename is all it takes; gone with the value.
    staging: TempDir,
    _lock: File,
    next: AtomicUsize,
    total: AtomicUsize,
    new: AtomicUsize,
    bytes: AtomicUsize,
    new_bytes: AtomicUsize,
}

/// How many files and bytes the site has of this build, and how many of them were not there before.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct FileCounts {
    pub(crate) total: usize,
    pub(crate) new: usize,
    pub(crate) bytes: usize,
    pub(crate) new_bytes: usize,
}

const LOCK: &str = ".finews.lock";
const STAGING: &str = ".finews-staging-";

impl Site {
    /// Opens a folder to build in, for this process alone. With `bundle_only` the page in it may be anybody's.
    ///
    /// # Errors
    /// Where it cannot be made or written, another build is at work in it, or it holds a page that finews did not make.
    pub(crate) fn open(root: &Path, bundle_only: bool) -> Result<Self> {
        if !bundle_only {
            viewer::page()?;
        }
        let ours = root.join(MANIFEST_PATH).exists() || root.join(LOCK).exists();
        let page = ["index.html", "404.html"].map(|name| root.join(name)).into_iter().find(|page| page.exists());
        if let Some(page) = page.filter(|_| !bundle_only && !ours) {
            bail!("{} is there and finews did not make it; name another folder for the site", page.display());
        }
        fs::create_dir_all(root).context("the folder could not be made")?;
        let lock = File::create(root.join(LOCK)).context("the folder is not writable")?;
        if fs4::FileExt::try_lock(&lock).is_err() {
            bail!("another build is at work in this folder; wait for it, or name another one");
        }
        sweep(root)?;
        let staging = tempfile::Builder::new().prefix(STAGING).tempdir_in(root).context("the folder is not writable")?;
        for folder in Folder::ALL {
            fs::create_dir_all(root.join("bundle").join(folder.name()))?;
        }
        let count = AtomicUsize::default;
        Ok(Self { root: root.to_owned(), staging, _lock: lock, next: count(), total: count(), new: count(), bytes: count(), new_bytes: count() })
    }

    /// Puts the program, the pages and, last, the manifest in place.
    ///
    /// # Errors
    /// Where a file cannot be written. The old site is whole until the manifest is renamed.
    pub(crate) fn finish(&self, config: &Config, manifest: &Manifest, bundle_only: bool) -> Result<()> {
        if bundle_only {
            return self.replace(MANIFEST_PATH, &bundle::encode(manifest));
        }
        for (path, bytes) in viewer::files() {
            self.add(path, bytes)?;
        }
        let page = page(config)?;
        // Most static hosts answer 404.html where they have no file: the address stays, and the viewer opens it.
        self.replace("404.html", page.as_bytes())?;
        self.replace("index.html", page.as_bytes())?;
        self.replace(MANIFEST_PATH, &bundle::encode(manifest))
    }

    pub(crate) fn files(&self) -> FileCounts {
        let read = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
        FileCounts { total: read(&self.total), new: read(&self.new), bytes: read(&self.bytes), new_bytes: read(&self.new_bytes) }
    }

    /// Adds a file that is never rewritten: its name says what is in it.
    fn add(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let there = fs::metadata(self.root.join(path)).is_ok_and(|file| file.len() == bytes.len() as u64);
        if there {
            self.count(bytes, false);
            return Ok(());
        }
        self.place(path, bytes)
    }

    /// Puts a file in the place of an older one, unless it is the same.
    fn replace(&self, path: &str, bytes: &[u8]) -> Result<()> {
        if fs::read(self.root.join(path)).is_ok_and(|old| old == bytes) {
            self.count(bytes, false);
            return Ok(());
        }
        self.place(path, bytes)
    }

    fn place(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let staged = self.staging.path().join(self.next.fetch_add(1, Ordering::Relaxed).to_string());
        let target = self.root.join(path);
        let place = || -> std::io::Result<()> {
            File::create(&staged)?.write_all(bytes)?;
            if let Some(folder) = target.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::rename(&staged, &target)
        };
        place().with_context(|| format!("{} could not be written (is the disk full?); the old site was left as it was", target.display()))?;
        self.count(bytes, true);
        Ok(())
    }

    fn count(&self, bytes: &[u8], new: bool) {
        self.total.fetch_add(1, Ordering::Relaxed);
        self.bytes.fetch_add(bytes.len(), Ordering::Relaxed);
        if new {
            self.new.fetch_add(1, Ordering::Relaxed);
            self.new_bytes.fetch_add(bytes.len(), Ordering::Relaxed);
        }
    }
}

impl Shelf for Site {
    fn put(&self, folder: Folder, bytes: &[u8]) -> Result<Hash> {
        let hash = hash(bytes);
        self.add(&folder.path(&hash), bytes)?;
        Ok(hash)
    }
}

/// SHA-256 in lower-case hexadecimal.
pub(crate) fn hash(bytes: &[u8]) -> Hash {
    format!("{:x}", Sha256::digest(bytes))
}

/// Takes away what builds that were killed left in staging.
fn sweep(root: &Path) -> Result<()> {
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(STAGING) {
            fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// The viewer's page for this site: its language, its name and the folder it stands in.
fn page(config: &Config) -> Result<String> {
    let escape = |text: &str| text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    let mut page = viewer::page()?.to_owned();
    let motto = if config.site.description.is_empty() { String::new() } else { format!("<p class=\"motto\">{}</p>", escape(&config.site.description)) };
    let nameplate = format!("<a href=\"./\">{}</a></p>{motto}", escape(&config.site.title));
    for (from, to) in [
        ("<base href=\"/\"", format!("<base href=\"{}\"", escape(config.base.as_str()))),
        ("<html lang=\"zh-CN\"", format!("<html lang=\"{}\"", escape(&config.site.lang))),
        ("<title>finews</title>", format!("<title>{}</title>", escape(&config.site.title))),
        ("<a href=\"./\">finews</a></p>", nameplate),
    ] {
        if !page.contains(from) {
            bail!("the viewer's page has no {from}: it and this command are of different versions");
        }
        page = page.replacen(from, &to, 1);
    }
    Ok(page)
}
