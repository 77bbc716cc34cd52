//! The site's folder: hashed files are added, the few that change renamed into place, the manifest last, under
//! a lock.

pub(crate) mod changes;
mod copy;
pub(crate) mod files;
pub(crate) mod memory;
mod precompress;
mod retire;
mod stage;
pub(crate) mod state;

use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result, bail};
use bundle::{Folder, Hash, MANIFEST_PATH, Manifest, Store};
use sha2::{Digest as _, Sha256};

use self::copy::COPIES;
use self::files::{BuildStats, FileCounts, SiteFile, SiteFiles, list_hashed};
use self::stage::Stage;
use self::state::{STATE, State};
use crate::compile::writer::BundleWriter;
use crate::digest::{Digest, digest};
use crate::{compress, program};

/// A site being built.
pub(crate) struct Site {
    root: PathBuf,
    stage: Stage,
    _lock: File,
    store: Store,
    bundle_only: bool,
    /// The files that builds before made, by their paths, with their lengths: those whose names say what is
    /// in them.
    there: HashMap<String, u64>,
    /// The pages that builds before made, by their paths: files of plain names that may be replaced and taken
    /// away.
    pages: BTreeSet<String>,
    /// What stands where a page would and is not ours.
    foreign: BTreeSet<String>,
    stats: Mutex<BuildStats>,
    /// The site's files when its last build ended, as far as they are remembered. One that has another length now
    /// was cut short since.
    expected: SiteFiles,
    /// What one build tells the next.
    pub(crate) state: State,
}

const LOCK: &str = ".finews.lock";
/// The list of the pages, a path a line.
const PAGES: &str = ".finews-pages";

impl Site {
    /// Opens a folder to build in, for this process alone. With `bundle_only` the page in it may be
    /// anybody's.
    ///
    /// # Errors
    /// Fails if it cannot be made or written, if another build is at work in it, or if it holds a page that
    /// finews did not make.
    pub(crate) fn open(root: &Path, bundle_only: bool, store: Store) -> Result<Self> {
        if !bundle_only {
            program::program()?;
        }
        let ours = root.join(PAGES).exists();
        let page =
            ["index.html", "404.html"].map(|name| root.join(name)).into_iter().find(|page| page.exists());
        if let Some(page) = page.filter(|_| !bundle_only && !ours) {
            bail!("{} is there and finews did not make it; name another folder for the site", page.display());
        }
        fs::create_dir_all(root).context("the folder could not be made")?;
        let lock = File::create(root.join(LOCK)).context("the folder is not writable")?;
        if fs4::FileExt::try_lock(&lock).is_err() {
            bail!("another build is at work in this folder; wait for it, or name another one");
        }
        let stage = Stage::new(root)?;
        let mut there = HashMap::new();
        for folder in Folder::ALL {
            fs::create_dir_all(root.join("bundle").join(folder.name()))?;
            list_hashed(root, &format!("bundle/{}", folder.name()), &mut there)?;
        }
        if !bundle_only && root.join("assets").is_dir() {
            list_hashed(root, "assets", &mut there)?;
            list_hashed(root, "", &mut there)?;
        }
        let state = State::load(root)?;
        let pages = match fs::read_to_string(root.join(PAGES)) {
            Ok(paths) => paths.lines().map(str::to_owned).collect(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeSet::new(),
            Err(error) => return Err(error).with_context(|| format!("{PAGES} in it could not be read")),
        };
        Ok(Self {
            root: std::path::absolute(root)?,
            stage,
            _lock: lock,
            store,
            bundle_only,
            there,
            pages,
            foreign: BTreeSet::new(),
            stats: Mutex::default(),
            expected: SiteFiles::new(),
            state,
        })
    }

    /// Puts the manifest in place, after everything else.
    ///
    /// # Errors
    /// Where a file cannot be written. The old site is whole until the manifest is renamed.
    pub(crate) fn finish(&self, manifest: &Manifest, precompress: bool) -> Result<()> {
        let manifest = bundle::encode(manifest);
        if precompress {
            for copy in COPIES {
                self.page(&format!("{MANIFEST_PATH}{}", copy.extension), digest(&manifest), || {
                    (copy.of_page)(&manifest)
                })?;
            }
        }
        self.replace(MANIFEST_PATH, &manifest)
    }

    /// Puts the program in place, before the pages that start it.
    ///
    /// # Errors
    /// Where a file cannot be written.
    pub(crate) fn put_program(&self) -> Result<()> {
        program::files().try_for_each(|(path, bytes)| self.add(path.to_owned(), bytes))
    }

    /// The folder it stands in, in full.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// How many files of builds before stay beside those of this one: some of them until their days are over.
    pub(crate) fn out_of_use(&self) -> usize {
        let stats = self.stats();
        self.there.keys().filter(|path| !stats.files.contains_key(*path)).count()
    }

    /// The versions of the widget's script that it has.
    pub(crate) fn pinned(&self) -> Vec<String> {
        let stats = self.stats();
        let pinned: BTreeSet<&String> =
            self.there.keys().chain(stats.files.keys()).filter(|path| hosting::is_pinned(path)).collect();
        pinned.into_iter().cloned().collect()
    }

    /// Forgets what the last build left of pages, until this one has ended: should it end before its time,
    /// its pages are neither's.
    ///
    /// # Errors
    /// Where it cannot be remembered.
    pub(crate) fn begin(&mut self, clock: i64) -> Result<()> {
        self.state.build = clock;
        self.save_state()
    }

    /// The paths of the pages that builds before made.
    pub(crate) fn pages(&self) -> impl Iterator<Item = &str> {
        self.pages.iter().map(String::as_str)
    }

    /// Remembers what pages there will be, before any is written: should the build end before its time, the
    /// next one knows what is ours. What stands at one of their paths and is not ours stays. With
    /// `copies` there are compressed ones of each.
    ///
    /// # Errors
    /// Where it cannot be remembered.
    pub(crate) fn announce<'a>(&mut self, paths: impl Iterator<Item = &'a str>, copies: bool) -> Result<()> {
        let (mut all, mut foreign) = (self.pages.clone(), BTreeSet::new());
        for path in paths {
            if !self.pages.contains(path) && self.root.join(path).exists() {
                eprintln!(
                    "{} is there and finews did not make it: it is left as it is",
                    self.root.join(path).display()
                );
                foreign.insert(path.to_owned());
            } else {
                all.insert(path.to_owned());
                all.extend(COPIES.iter().filter(|_| copies).map(|copy| format!("{path}{}", copy.extension)));
            }
        }
        self.foreign = foreign;
        self.stage.place(PAGES, lines(&all).as_bytes())
    }

    /// Puts a page in place, unless the one there is made `of` the same.
    ///
    /// # Errors
    /// Fails if it cannot be made or written.
    pub(crate) fn page(&self, path: &str, of: Digest, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<()> {
        if self.foreign.contains(path) || self.has_page(path, of) {
            return Ok(());
        }
        let page = make()?;
        let new = self.stage.write_changed(path, &page)?;
        let file = SiteFile { made_of: of, digest: digest(&page), length: page.len() as u64 };
        self.count_page(path, file, new);
        Ok(())
    }

    /// Puts a page in place that took nothing to make.
    ///
    /// # Errors
    /// Fails if it cannot be written.
    pub(crate) fn page_of_bytes(&self, path: &str, page: &[u8]) -> Result<()> {
        let of = digest(page);
        if !self.foreign.contains(path) && !self.has_page(path, of) {
            let new = self.stage.write_changed(path, page)?;
            self.count_page(path, SiteFile::of_bytes(of, page.len()), new);
        }
        Ok(())
    }

    /// Whether a page is there as the last build left it, made `of` this; then it is counted.
    fn has_page(&self, path: &str, of: Digest) -> bool {
        let expected = self.expected.get(path).filter(|file| file.made_of == of && self.pages.contains(path));
        let is_there = |length| fs::metadata(self.root.join(path)).is_ok_and(|there| there.len() == length);
        let Some(file) = expected.filter(|file| is_there(file.length)) else { return false };
        self.count_page(path, *file, false);
        true
    }

    /// Takes the files of the last build for what is remembered of them.
    pub(crate) fn expect(&mut self, files: SiteFiles) {
        self.expected = files;
    }

    /// Remembers what is to be remembered before anything is written: that a story was purged must not be
    /// forgotten.
    ///
    /// # Errors
    /// Fails if it cannot be written.
    pub(crate) fn save_state(&self) -> Result<()> {
        self.stage.place(STATE, &serde_json::to_vec(&self.state)?)
    }

    /// Counts the site's files, which are these once it is done.
    pub(crate) fn counts(&self, files: &SiteFiles) -> FileCounts {
        FileCounts {
            total: files.len(),
            bytes: files.values().map(|file| file.length).sum(),
            out_of_use: self.state.retired.len(),
            keep_days: self.state.keep_days,
            ..self.stats().counts
        }
    }

    /// How many files of this build the site has so far.
    pub(crate) fn files_so_far(&self) -> usize {
        self.stats().files.len()
    }

    fn stats(&self) -> MutexGuard<'_, BuildStats> {
        self.stats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a file that is never rewritten: its name says what is in it.
    fn add(&self, path: String, bytes: &[u8]) -> Result<()> {
        let length = bytes.len() as u64;
        let new = self.there.get(&path) != Some(&length);
        if new {
            self.stage.place(&path, bytes)?;
        }
        self.count_file(path, SiteFile::hashed(length), new);
        Ok(())
    }

    /// Puts a file in the place of an older one, unless it is the same.
    fn replace(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let new = self.stage.write_changed(path, bytes)?;
        self.count_file(path.to_owned(), SiteFile::of_bytes(digest(bytes), bytes.len()), new);
        Ok(())
    }

    fn count_page(&self, path: &str, file: SiteFile, new: bool) {
        self.count_file(path.to_owned(), file, new);
        let mut stats = self.stats();
        stats.pages.insert(path.to_owned());
        stats.counts.pages += 1;
    }

    fn count_file(&self, path: String, file: SiteFile, new: bool) {
        let mut stats = self.stats();
        // Two lists of the same stories are the same file.
        if stats.files.insert(path, file).is_some() {
            return;
        }
        if new {
            stats.counts.new += 1;
            stats.counts.new_bytes += file.length;
        }
    }
}

impl BundleWriter for Site {
    fn put(&self, folder: Folder, json: Vec<u8>) -> Result<Hash> {
        let bytes = match self.store {
            Store::Plain => json,
            Store::Gzip => compress::gzip(&json)?,
        };
        let hash = hash(&bytes);
        self.add(folder.path(&hash, self.store), &bytes)?;
        Ok(hash)
    }

    fn keep(&self, folder: Folder, hash: &str) -> bool {
        let path = folder.path(hash, self.store);
        let Some(file) = self.expected.get(&path).filter(|file| self.there.get(&path) == Some(&file.length))
        else {
            return false;
        };
        self.count_file(path, *file, false);
        true
    }

    fn store(&self) -> Store {
        self.store
    }
}

/// SHA-256 in lower-case hexadecimal.
fn hash(bytes: &[u8]) -> Hash {
    hex::encode(Sha256::digest(bytes))
}

fn lines(paths: &BTreeSet<String>) -> String {
    paths.iter().map(|path| format!("{path}\n")).collect()
}
