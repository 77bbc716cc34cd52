//! The site's folder. Under a lock, a build adds hashed files, and replaces its other files by renaming new
//! ones into place, the manifest last.

pub(crate) mod changes;
mod copy;
pub(crate) mod files;
mod precompress;
pub(crate) mod record;
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

/// A site during a build.
pub(crate) struct Site {
    root: PathBuf,
    stage: Stage,
    _lock: File,
    store: Store,
    bundle_only: bool,
    /// The hashed files that earlier builds made, by path, with their lengths.
    existing: HashMap<String, u64>,
    /// The paths of pages that earlier builds made: files without a hash that finews may replace and remove.
    pages: BTreeSet<String>,
    /// The paths of planned pages where a file exists that finews did not make.
    foreign: BTreeSet<String>,
    stats: Mutex<BuildStats>,
    /// The site's files after its last build, as far as the cache knows. A file whose length has changed
    /// since then is damaged and must be written again.
    expected: SiteFiles,
    /// What the site remembers between builds.
    pub(crate) state: State,
}

const LOCK: &str = ".finews.lock";
/// The list of pages, one path a line.
const PAGES: &str = ".finews-pages";

impl Site {
    /// Opens a folder exclusively for this process. With `bundle_only`, the folder may contain pages that
    /// finews did not make.
    ///
    /// # Errors
    /// Fails if the folder cannot be created, read or written, if another build is using it, or if its state
    /// is damaged. Without `bundle_only`, also fails if the command was compiled without the viewer, or if
    /// the folder has no list of pages but contains an `index.html` or `404.html`.
    pub(crate) fn open(root: &Path, bundle_only: bool, store: Store) -> Result<Self> {
        if !bundle_only {
            program::program()?;
        }
        let ours = root.join(PAGES).exists();
        let page =
            ["index.html", "404.html"].map(|name| root.join(name)).into_iter().find(|page| page.exists());
        if let Some(page) = page.filter(|_| !bundle_only && !ours) {
            bail!("{} exists and was not made by finews; choose another folder for the site", page.display());
        }
        fs::create_dir_all(root).context("the folder could not be created")?;
        let lock = File::create(root.join(LOCK)).context("the folder is not writable")?;
        if fs4::FileExt::try_lock(&lock).is_err() {
            bail!("another build is using this folder; wait for it, or choose another folder");
        }
        let stage = Stage::new(root)?;
        let mut existing = HashMap::new();
        for folder in Folder::ALL {
            fs::create_dir_all(root.join("bundle").join(folder.name()))?;
            list_hashed(root, &format!("bundle/{}", folder.name()), &mut existing)?;
        }
        if !bundle_only && root.join("assets").is_dir() {
            list_hashed(root, "assets", &mut existing)?;
            list_hashed(root, "", &mut existing)?;
        }
        let state = State::load(root)?;
        let pages: BTreeSet<String> = match fs::read_to_string(root.join(PAGES)) {
            Ok(paths) => paths.lines().map(str::to_owned).collect(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeSet::new(),
            Err(error) => return Err(error).with_context(|| format!("its file {PAGES} could not be read")),
        };
        // A publisher's own file may have such a name.
        existing.retain(|path, _| !pages.contains(path));
        Ok(Self {
            root: std::path::absolute(root)?,
            stage,
            _lock: lock,
            store,
            bundle_only,
            existing,
            pages,
            foreign: BTreeSet::new(),
            stats: Mutex::default(),
            expected: SiteFiles::new(),
            state,
        })
    }

    /// Writes the manifest, after everything else.
    ///
    /// # Errors
    /// Fails if a file cannot be written. The old site stays complete until the manifest is renamed.
    pub(crate) fn finish(&self, manifest: &Manifest, precompress: bool) -> Result<()> {
        let manifest = bundle::encode(manifest);
        if precompress {
            for copy in COPIES {
                self.write_page(&format!("{MANIFEST_PATH}{}", copy.extension), digest(&manifest), || {
                    (copy.compress_page)(&manifest)
                })?;
            }
        }
        self.replace(MANIFEST_PATH, &manifest)
    }

    /// Writes the program's hashed files, before the pages that use them.
    ///
    /// # Errors
    /// Fails if a file cannot be written.
    pub(crate) fn put_program(&self) -> Result<()> {
        program::hashed_files().try_for_each(|(path, bytes)| self.add(path.to_owned(), bytes))
    }

    /// The absolute path of the folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The number of existing hashed files that this build does not use; some of them stay for a while.
    pub(crate) fn unused(&self) -> usize {
        let stats = self.stats();
        self.existing.keys().filter(|path| !stats.files.contains_key(*path)).count()
    }

    /// The paths of the program's files in the site whose names contain a hash, and of all versions of the widget's
    /// pinned script.
    pub(crate) fn program_files(&self) -> Vec<String> {
        let stats = self.stats();
        let is_program = |path: &&String| hosting::is_pinned(path) || hosting::is_program(path);
        let found: BTreeSet<&String> =
            self.existing.keys().chain(stats.files.keys()).filter(is_program).collect();
        found.into_iter().cloned().collect()
    }

    /// Invalidates the cache's record of the site's files until this build has ended, because an interrupted
    /// build leaves files of two builds. `started_at` is in nanoseconds since 1970.
    ///
    /// # Errors
    /// Fails if the state cannot be saved.
    pub(crate) fn start_build(&mut self, started_at: i64) -> Result<()> {
        self.state.build = started_at;
        self.save_state()
    }

    /// The paths of pages that earlier builds made.
    pub(crate) fn pages(&self) -> impl Iterator<Item = &str> {
        self.pages.iter().map(String::as_str)
    }

    /// Records the paths of all pages before any is written, so that after an interrupted build the next one
    /// knows which files finews made. Files at these paths that finews did not make stay unchanged. With
    /// `copies`, also records the paths of the pages' compressed copies.
    ///
    /// # Errors
    /// Fails if the record cannot be written.
    pub(crate) fn record_pages<'a>(
        &mut self,
        paths: impl Iterator<Item = &'a str>,
        copies: bool,
    ) -> Result<()> {
        let (mut all, mut foreign) = (self.pages.clone(), BTreeSet::new());
        for path in paths {
            // A folder of earlier pages gives way.
            let is_our_folder = || {
                let below = format!("{path}/");
                self.pages.range(below.clone()..).next().is_some_and(|page| page.starts_with(&below))
            };
            if !self.pages.contains(path) && self.root.join(path).exists() && !is_our_folder() {
                eprintln!(
                    "{} exists and was not made by finews, so it is unchanged",
                    self.root.join(path).display()
                );
                foreign.insert(path.to_owned());
            } else {
                all.insert(path.to_owned());
                all.extend(COPIES.iter().filter(|_| copies).map(|copy| format!("{path}{}", copy.extension)));
            }
        }
        self.foreign = foreign;
        self.clear_ways(&all)?;
        self.stage.place(PAGES, lines(&all).as_bytes())
    }

    /// Removes pages of earlier builds that stand where a folder is to be, or in a folder where a file is to be.
    fn clear_ways(&self, all: &BTreeSet<String>) -> Result<()> {
        let new: BTreeSet<&str> = all.difference(&self.pages).map(String::as_str).collect();
        let above = |path: &str| -> Vec<String> {
            path.match_indices('/').map(|(at, _)| path[..at].to_owned()).collect()
        };
        let folders: BTreeSet<String> = new.iter().flat_map(|path| above(path)).collect();
        for old in &self.pages {
            let is_in_the_way =
                folders.contains(old) || above(old).iter().any(|folder| new.contains(folder.as_str()));
            if is_in_the_way {
                remove(&self.root, old)?;
            }
        }
        Ok(())
    }

    /// Writes a page unless the existing one was made of the same inputs, which `inputs_digest` identifies.
    ///
    /// # Errors
    /// Fails if the page cannot be made or written.
    pub(crate) fn write_page(
        &self,
        path: &str,
        inputs_digest: Digest,
        make: impl FnOnce() -> Result<Vec<u8>>,
    ) -> Result<()> {
        self.write_if_made(path, inputs_digest, || make().map(Some))
    }

    /// Writes a page as [`Site::write_page`] does, or none if none can be made.
    ///
    /// # Errors
    /// Fails if making the page fails, or if it cannot be written.
    pub(crate) fn write_if_made(
        &self,
        path: &str,
        inputs_digest: Digest,
        make: impl FnOnce() -> Result<Option<Vec<u8>>>,
    ) -> Result<()> {
        if self.skips_page(path, inputs_digest) {
            return Ok(());
        }
        let Some(page) = make()? else { return Ok(()) };
        let new = self.stage.write_changed(path, &page)?;
        let file = SiteFile { made_of: inputs_digest, digest: digest(&page), length: page.len() as u64 };
        self.count_page(path, file, new);
        Ok(())
    }

    /// Writes a page whose bytes are its only input.
    ///
    /// # Errors
    /// Fails if the page cannot be written.
    pub(crate) fn write_page_bytes(&self, path: &str, page: &[u8]) -> Result<()> {
        let inputs_digest = digest(page);
        if !self.skips_page(path, inputs_digest) {
            let new = self.stage.write_changed(path, page)?;
            self.count_page(path, SiteFile::of_bytes(inputs_digest, page.len()), new);
        }
        Ok(())
    }

    /// Copies a publisher's file unless the existing one was made of the same inputs, which `inputs_digest` identifies.
    ///
    /// # Errors
    /// Fails if the copy cannot be written. A file that cannot be read is told and left out.
    pub(crate) fn copy_file(&self, path: &str, inputs_digest: Digest, source: &Path) -> Result<()> {
        if !self.skips_page(path, inputs_digest) {
            match self.stage.copy(path, source)? {
                Some((digest, length)) => {
                    self.count_page(path, SiteFile { made_of: inputs_digest, digest, length }, true);
                }
                None => eprintln!("{} could not be read, so it is left out", source.display()),
            }
        }
        Ok(())
    }

    /// Whether a page is not to be written: a file that finews did not make is in its place, or the last build
    /// made the page of the same inputs and its length is unchanged. In the second case, counts the page.
    fn skips_page(&self, path: &str, inputs_digest: Digest) -> bool {
        if self.foreign.contains(path) {
            return true;
        }
        let expected =
            self.expected.get(path).filter(|file| file.made_of == inputs_digest && self.pages.contains(path));
        let is_intact =
            |length| fs::metadata(self.root.join(path)).is_ok_and(|metadata| metadata.len() == length);
        let Some(file) = expected.filter(|file| is_intact(file.length)) else { return false };
        self.count_page(path, *file, false);
        true
    }

    /// Sets the site's files after its last build, as the cache knows them.
    pub(crate) fn set_expected(&mut self, files: SiteFiles) {
        self.expected = files;
    }

    /// Saves the state. A purge is saved before anything else is written, because it must not be forgotten.
    ///
    /// # Errors
    /// Fails if the state cannot be written.
    pub(crate) fn save_state(&self) -> Result<()> {
        self.stage.place(STATE, &serde_json::to_vec(&self.state)?)
    }

    /// Counts the site's files after the build.
    pub(crate) fn counts(&self, files: &SiteFiles) -> FileCounts {
        FileCounts {
            total: files.len(),
            bytes: files.values().map(|file| file.length).sum(),
            unused: self.state.retired.len(),
            keep_days: self.state.keep_days,
            ..self.stats().counts
        }
    }

    /// The number of files that this build has written or reused so far.
    pub(crate) fn files_so_far(&self) -> usize {
        self.stats().files.len()
    }

    fn stats(&self) -> MutexGuard<'_, BuildStats> {
        self.stats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a file whose name contains a hash. If it exists, it is rewritten only if its length is wrong.
    fn add(&self, path: String, bytes: &[u8]) -> Result<()> {
        let length = bytes.len() as u64;
        let new = self.existing.get(&path) != Some(&length);
        if new {
            self.stage.place(&path, bytes)?;
        }
        self.count_file(path, SiteFile::hashed(length), new);
        Ok(())
    }

    /// Replaces a file unless its bytes are the same.
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
        // Lists of the same stories share files, which are counted once.
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

    fn reuse(&self, folder: Folder, hash: &str) -> bool {
        let path = folder.path(hash, self.store);
        let Some(file) =
            self.expected.get(&path).filter(|file| self.existing.get(&path) == Some(&file.length))
        else {
            return false;
        };
        self.count_file(path, *file, false);
        true
    }

    fn put_file(&self, path: &str, bytes: &[u8]) -> Result<()> {
        self.add(path.to_owned(), bytes)
    }

    fn has_file(&self, path: &str, length: u64) -> bool {
        self.existing.get(path) == Some(&length)
    }

    fn reuse_file(&self, path: &str, length: u64) {
        self.count_file(path.to_owned(), SiteFile::hashed(length), false);
    }

    fn store(&self) -> Store {
        self.store
    }
}

/// Removes a file, and folders that have become empty.
fn remove(root: &Path, path: &str) -> Result<()> {
    use std::io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
    match fs::remove_file(root.join(path)) {
        // A folder may be there now, or a file where its folder was.
        Err(error) if !matches!(error.kind(), IsADirectory | NotADirectory | NotFound) => {
            return Err(error)
                .with_context(|| format!("{path} could not be removed; the site is complete nevertheless"));
        }
        _ => {}
    }
    // Those of the bundle stay.
    for folder in Path::new(path).ancestors().skip(1).take_while(|folder| !folder.as_os_str().is_empty()) {
        if path.starts_with("bundle/") || fs::remove_dir(root.join(folder)).is_err() {
            break;
        }
    }
    Ok(())
}

/// SHA-256 in lower-case hexadecimal.
fn hash(bytes: &[u8]) -> Hash {
    hex::encode(Sha256::digest(bytes))
}

fn lines(paths: &BTreeSet<String>) -> String {
    paths.iter().map(|path| format!("{path}\n")).collect()
}
