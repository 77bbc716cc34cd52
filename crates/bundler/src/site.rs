//! The site's folder: hashed files are added, the few that change renamed into place, the manifest last,
//! under a lock.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result, bail};
use bundle::{Folder, Hash, MANIFEST_PATH, Manifest, Store};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use crate::story::{Digest, digest};
use crate::{compress, program};

/// Where a bundle's files go.
pub(crate) trait Shelf: Sync {
    /// Puts a file and tells its hash.
    fn put(&self, folder: Folder, json: Vec<u8>) -> Result<Hash>;
    /// Whether a file is there as the last build left it, which is then one of this bundle's.
    fn keep(&self, folder: Folder, hash: &str) -> bool;
    /// How files are stored.
    fn store(&self) -> Store;
}

/// A site being built.
pub(crate) struct Site {
    root: PathBuf,
    /// On the same file system as the site, so that a rename is all it takes; gone with the value.
    staging: TempDir,
    _lock: File,
    store: Store,
    bundle_only: bool,
    /// The files that builds before made, by their paths, with their lengths: those whose names say what is
    /// in them.
    there: HashMap<String, u64>,
    /// The pages that builds before made, by their paths: files of plain names that may be replaced and
    /// taken away.
    pages: BTreeSet<String>,
    /// What stands where a page would and is not ours.
    foreign: BTreeSet<String>,
    next: AtomicUsize,
    tally: Mutex<Tally>,
    /// The same when the last build ended, as far as it is remembered: a file of another length was cut
    /// short since.
    expected: SiteFiles,
    /// What one build tells the next.
    pub(crate) state: State,
}

/// The files of this build.
#[derive(Default)]
struct Tally {
    files: SiteFiles,
    /// Those of plain names that go when they are no longer made.
    pages: BTreeSet<String>,
    counts: FileCounts,
}

/// Files of a site by their paths.
pub(crate) type SiteFiles = BTreeMap<String, SiteFile>;

/// A file of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SiteFile {
    /// Of its bytes, where its name does not say what is in it; else nothing but zeros.
    pub(crate) digest: Digest,
    /// In bytes.
    pub(crate) length: u64,
}

/// How many files and bytes the site has of this build, and how many of them were not there before.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct FileCounts {
    pub(crate) total: usize,
    /// Those that are rendered ahead, or otherwise of plain names.
    pub(crate) pages: usize,
    pub(crate) new: usize,
    pub(crate) bytes: u64,
    pub(crate) new_bytes: u64,
}

/// What is remembered in the site itself.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// For how many days files stay that no manifest reaches any more.
    pub(crate) keep_days: u32,
    /// Slugs whose stories were taken out for good: all that claim one.
    pub(crate) purged: BTreeSet<String>,
    /// The paths of posts that were taken out for good because of a slug they did not claim but were given,
    /// and these slugs.
    pub(crate) purged_posts: BTreeMap<String, String>,
    /// How many of these the old files were searched for.
    searched: usize,
    /// When the last build began, in nanoseconds since 1970: what another one remembers of the site's files
    /// does not count.
    pub(crate) build: i64,
    /// Files that no manifest reaches any more, and since when, in Unix seconds.
    retired: BTreeMap<String, i64>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            keep_days: 7,
            purged: BTreeSet::new(),
            purged_posts: BTreeMap::new(),
            searched: 0,
            build: 0,
            retired: BTreeMap::new(),
        }
    }
}

const LOCK: &str = ".finews.lock";
const STATE: &str = ".finews.json";
/// The list of the pages, a path a line.
const PAGES: &str = ".finews-pages";
const STAGING: &str = ".finews-staging-";
/// How many files stay at most that no manifest reaches any more: some hosts take 20,000 in all.
const RETIRED: usize = 5000;

impl Site {
    /// Opens a folder to build in, for this process alone. With `bundle_only` the page in it may be
    /// anybody's.
    ///
    /// # Errors
    /// Where it cannot be made or written, another build is at work in it, or it holds a page that finews did
    /// not make.
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
        sweep(root)?;
        let staging = tempfile::Builder::new()
            .prefix(STAGING)
            .tempdir_in(root)
            .context("the folder is not writable")?;
        let mut there = HashMap::new();
        for folder in Folder::ALL {
            fs::create_dir_all(root.join("bundle").join(folder.name()))?;
            list(root, &format!("bundle/{}", folder.name()), &mut there)?;
        }
        if !bundle_only && root.join("assets").is_dir() {
            list(root, "assets", &mut there)?;
            list(root, "", &mut there)?;
        }
        let state = match fs::read(root.join(STATE)) {
            Ok(json) => serde_json::from_slice(&json).with_context(|| {
                format!("{STATE} in it is damaged; it says which stories were purged: mend or delete it")
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => State::default(),
            Err(error) => return Err(error).with_context(|| format!("{STATE} in it could not be read")),
        };
        let pages = match fs::read_to_string(root.join(PAGES)) {
            Ok(paths) => paths.lines().map(str::to_owned).collect(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeSet::new(),
            Err(error) => return Err(error).with_context(|| format!("{PAGES} in it could not be read")),
        };
        Ok(Self {
            root: std::path::absolute(root)?,
            staging,
            _lock: lock,
            store,
            bundle_only,
            there,
            pages,
            foreign: BTreeSet::new(),
            next: AtomicUsize::default(),
            tally: Mutex::default(),
            expected: SiteFiles::new(),
            state,
        })
    }

    /// Puts the program, the pages and, last, the manifest in place.
    ///
    /// # Errors
    /// Where a file cannot be written. The old site is whole until the manifest is renamed.
    pub(crate) fn finish(&self, manifest: &Manifest, precompress: bool) -> Result<()> {
        let manifest = bundle::encode(manifest);
        if precompress {
            for copy in COPIES {
                self.page(&format!("{MANIFEST_PATH}{}", copy.extension), Some(digest(&manifest)), || {
                    (copy.of_page)(&manifest)
                })?;
            }
        }
        self.replace(MANIFEST_PATH, &manifest)
    }

    /// Puts compressed copies beside all files so far that gain by it, for hosts that send them as they are.
    ///
    /// # Errors
    /// Where a file cannot be read or written.
    pub(crate) fn precompress(&self) -> Result<()> {
        let files: Vec<(String, SiteFile)> =
            self.tally().files.iter().map(|(path, file)| (path.clone(), *file)).collect();
        let texts = files.par_iter().filter(|(path, file)| compress::is_text(path) && file.length >= SMALL);
        let bar = crate::library::progress(files.len(), "compressing");
        texts.try_for_each(|(path, file)| {
            bar.inc(1);
            let read = || fs::read(self.root.join(path)).with_context(|| format!("{path} could not be read"));
            COPIES.iter().try_for_each(|copy| {
                let target = format!("{path}{}", copy.extension);
                if !is_hashed(path) {
                    return self.page(&target, Some(file.digest), || (copy.of_page)(&read()?));
                }
                if let Some(length) = self.there.get(&target) {
                    self.count(target, SiteFile { digest: Digest::default(), length: *length }, false);
                    return Ok(());
                }
                let make = if path.starts_with("bundle/") { copy.of_data } else { copy.of_page };
                self.add(target, &make(&read()?)?)
            })
        })?;
        bar.finish_and_clear();
        Ok(())
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

    /// How many files the site has that no manifest reaches any more.
    pub(crate) fn out_of_use(&self) -> usize {
        self.state.retired.len()
    }

    /// The versions of the widget's script that it has.
    pub(crate) fn pinned(&self) -> Vec<String> {
        let tally = self.tally();
        let pinned: BTreeSet<&String> = self
            .there
            .keys()
            .chain(tally.files.keys())
            .filter(|path| path.starts_with("widget-") && path.ends_with(".js"))
            .collect();
        pinned.into_iter().cloned().collect()
    }

    /// Forgets what the last build left of pages, until this one has ended: should it end before its time,
    /// its pages are neither's.
    ///
    /// # Errors
    /// Where it cannot be remembered.
    pub(crate) fn begin(&mut self, clock: i64) -> Result<()> {
        self.state.build = clock;
        self.keep_state()
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
        self.place(PAGES, lines(&all).as_bytes())
    }

    /// Puts a page in place, unless the one there is made `of` the same.
    ///
    /// # Errors
    /// Where it cannot be made or written.
    pub(crate) fn page(
        &self,
        path: &str,
        of: Option<Digest>,
        make: impl FnOnce() -> Result<Vec<u8>>,
    ) -> Result<()> {
        if self.foreign.contains(path) {
            return Ok(());
        }
        let there =
            self.expected.get(path).filter(|file| of == Some(file.digest) && self.pages.contains(path));
        if let Some(file) = there
            .filter(|file| fs::metadata(self.root.join(path)).is_ok_and(|there| there.len() == file.length))
        {
            self.count_page(path, *file, false);
            return Ok(());
        }
        let page = make()?;
        let new = self.write_changed(path, &page)?;
        let file = SiteFile { digest: of.unwrap_or_else(|| digest(&page)), length: page.len() as u64 };
        self.count_page(path, file, new);
        Ok(())
    }

    /// Takes the files of the last build for what is remembered of them.
    pub(crate) fn expect(&mut self, files: SiteFiles) {
        self.expected = files;
    }

    /// Remembers what is to be remembered before anything is written: that a story was purged must not be
    /// forgotten.
    pub(crate) fn keep_state(&self) -> Result<()> {
        self.place(STATE, &serde_json::to_vec(&self.state)?)
    }

    /// Takes away files that no manifest has reached for long enough, or too many of them, or with a story
    /// that was purged.
    ///
    /// They stay for some days so that a page opened before, or a deploy half way, still finds them. Returns
    /// all files that the site has now, and those taken away. `purged` are the slugs purged by this
    /// build.
    ///
    /// # Errors
    /// Where a file cannot be taken away; the site is done all the same.
    pub(crate) fn retire(&mut self, clock: i64, purged: &[String]) -> Result<(SiteFiles, Vec<String>)> {
        let Tally { mut files, pages, .. } = std::mem::take(&mut *self.tally());
        let known = std::mem::take(&mut self.state.retired);
        let since = |path: &String| known.get(path).copied().unwrap_or(clock).min(clock);
        // Pages of others name these files with their checksums, and nobody knows which.
        let pinned: Vec<(&String, &u64)> =
            self.there.iter().filter(|(path, _)| is_pinned(path) && !files.contains_key(*path)).collect();
        files.extend(
            pinned.into_iter().map(|(path, length)| {
                (path.clone(), SiteFile { digest: Digest::default(), length: *length })
            }),
        );
        let mut unreached: Vec<(i64, &String)> = self
            .there
            .keys()
            .filter(|path| !files.contains_key(*path))
            .map(|path| (since(path), path))
            .collect();
        unreached.sort_unstable_by(|a, b| (b.0, &a.1).cmp(&(a.0, &b.1)));
        let keep = i64::from(self.state.keep_days) * 86_400;
        let all_purged: Vec<String> =
            self.state.purged.iter().chain(self.state.purged_posts.values()).chain(purged).cloned().collect();
        let count = self.state.purged.len() + self.state.purged_posts.len();
        let is_searched = std::mem::replace(&mut self.state.searched, count) == count;
        let (mut kept, mut removed) = (BTreeMap::new(), Vec::new());
        for (since, path) in unreached {
            // What was retired before was searched before, if the build that was to do so came to its end.
            let slugs = if known.contains_key(path) && is_searched { purged } else { &all_purged };
            if clock - since < keep && kept.len() < RETIRED && !self.tells_of(path, slugs) {
                files.insert(path.clone(), SiteFile { digest: Digest::default(), length: self.there[path] });
                kept.insert(path.clone(), since);
            } else {
                removed.push(path.clone());
            }
        }
        self.state.retired = kept;
        self.keep_state()?;
        // A copy of an older manifest would be served for ever.
        let copies = COPIES.iter().map(|copy| format!("{MANIFEST_PATH}{}", copy.extension));
        removed.extend(copies.filter(|copy| !files.contains_key(copy) && self.root.join(copy).exists()));
        if !self.bundle_only {
            removed.extend(
                self.pages.difference(&pages).filter(|path| !path.starts_with(MANIFEST_PATH)).cloned(),
            );
        }
        for path in &removed {
            match fs::remove_file(self.root.join(path)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).with_context(|| {
                        format!("{path} could not be taken away; the site is done all the same")
                    });
                }
                _ => {}
            }
            // Folders that have become empty go too.
            for folder in
                Path::new(path).ancestors().skip(1).take_while(|folder| !folder.as_os_str().is_empty())
            {
                if path.starts_with("bundle/") || fs::remove_dir(self.root.join(folder)).is_err() {
                    break;
                }
            }
        }
        if !self.bundle_only {
            self.place(PAGES, lines(&pages).as_bytes())?;
        }
        Ok((files, removed))
    }

    /// Whether a file of the bundle tells of stories with one of these slugs, or cannot be read to see.
    fn tells_of(&self, path: &str, slugs: &[String]) -> bool {
        if slugs.is_empty() || !path.starts_with("bundle/") {
            return false;
        }
        // A compressed copy tells what its file does.
        let path = COPIES.iter().find_map(|copy| path.strip_suffix(copy.extension)).unwrap_or(path);
        let read = || -> Result<String> {
            let stored = fs::read(self.root.join(path))?;
            let json =
                if path.ends_with(Store::Gzip.extension()) { compress::gunzip(&stored)? } else { stored };
            Ok(String::from_utf8_lossy(&json).into_owned())
        };
        // A slug stands by itself or at the end of a key, behind the seconds.
        let tells = |json: &str, slug: &str| {
            json.contains(&format!("\"slug\":\"{slug}\""))
                || json.match_indices(&format!("-{slug}\"")).any(|(at, _)| {
                    json[..at]
                        .trim_end_matches(|c: char| c.is_ascii_digit() || c == '-')
                        .ends_with("\"oldest\":\"")
                })
        };
        read().map_or(true, |json| slugs.iter().any(|slug| tells(&json, slug)))
    }

    pub(crate) fn counts(&self) -> FileCounts {
        self.tally().counts
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a file that is never rewritten: its name says what is in it.
    fn add(&self, path: String, bytes: &[u8]) -> Result<()> {
        let length = bytes.len() as u64;
        let new = self.there.get(&path) != Some(&length);
        if new {
            self.place(&path, bytes)?;
        }
        self.count(path, SiteFile { digest: Digest::default(), length }, new);
        Ok(())
    }

    /// Puts a file in the place of an older one, unless it is the same.
    fn replace(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let new = self.write_changed(path, bytes)?;
        self.count(path.to_owned(), SiteFile { digest: digest(bytes), length: bytes.len() as u64 }, new);
        Ok(())
    }

    /// Writes a file unless it is there as it should be, and tells whether it was not.
    fn write_changed(&self, path: &str, bytes: &[u8]) -> Result<bool> {
        let target = self.root.join(path);
        let is_there = fs::metadata(&target).is_ok_and(|there| there.len() == bytes.len() as u64)
            && fs::read(&target).is_ok_and(|old| old == bytes);
        if !is_there {
            self.place(path, bytes)?;
        }
        Ok(!is_there)
    }

    fn place(&self, path: &str, bytes: &[u8]) -> Result<()> {
        // A folder for each core: one that all create files in makes each wait for the others.
        let staging = self.staging.path().join(rayon::current_thread_index().unwrap_or(0).to_string());
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

    fn count_page(&self, path: &str, file: SiteFile, new: bool) {
        self.count(path.to_owned(), file, new);
        let mut tally = self.tally();
        tally.pages.insert(path.to_owned());
        tally.counts.pages += 1;
    }

    fn count(&self, path: String, file: SiteFile, new: bool) {
        let mut tally = self.tally();
        // Two lists of the same stories are the same file.
        if tally.files.insert(path, file).is_some() {
            return;
        }
        tally.counts.total += 1;
        tally.counts.bytes += file.length;
        if new {
            tally.counts.new += 1;
            tally.counts.new_bytes += file.length;
        }
    }
}

impl Shelf for Site {
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
        self.count(path, *file, false);
        true
    }

    fn store(&self) -> Store {
        self.store
    }
}

/// SHA-256 in lower-case hexadecimal.
fn hash(bytes: &[u8]) -> Hash {
    format!("{:x}", Sha256::digest(bytes))
}

/// The files of a folder whose names say that finews made them, and what is in them.
fn list(root: &Path, folder: &str, there: &mut HashMap<String, u64>) -> Result<()> {
    for entry in fs::read_dir(root.join(folder)).with_context(|| format!("{folder} could not be read"))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if is_hashed(&path) {
            there.insert(path, entry.metadata()?.len());
        }
    }
    Ok(())
}

/// Whether a file's name says that finews made it, and what is in it.
fn is_hashed(path: &str) -> bool {
    let is_hash = |text: &str, length: usize| {
        text.len() == length && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    };
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let Some((stem, extension)) = name.split_once('.') else { return false };
    let extension =
        COPIES.iter().find_map(|copy| extension.strip_suffix(copy.extension)).unwrap_or(extension);
    match stem.split_once('-') {
        None => {
            folder.starts_with("bundle/")
                && is_hash(stem, 64)
                && [Store::Plain, Store::Gzip].iter().any(|store| store.extension() == extension)
        }
        Some((program, hash)) => {
            let is_program = program.bytes().all(|b| b.is_ascii_lowercase()) && is_hash(hash, 16);
            let is_asset = folder == "assets" && matches!(extension, "js" | "wasm" | "css" | "svg" | "png");
            is_program && (is_asset || (folder.is_empty() && program == "widget" && extension == "js"))
        }
    }
}

/// Whether a file is of the widget's, which pages of others may name for ever.
fn is_pinned(path: &str) -> bool {
    path.starts_with("widget-") || path.starts_with("assets/headlines-")
}

/// A kind of compressed copy.
struct Copy {
    extension: &'static str,
    of_page: fn(&[u8]) -> Result<Vec<u8>>,
    of_data: fn(&[u8]) -> Result<Vec<u8>>,
}

const COPIES: [Copy; 2] = [
    // A bundle of gigabytes would take days as far as it goes.
    Copy {
        extension: ".br",
        of_page: |bytes| compress::brotli(bytes, 11),
        of_data: |bytes| compress::brotli(bytes, 9),
    },
    Copy { extension: ".gz", of_page: compress::gzip, of_data: compress::gzip },
];
/// Files of fewer bytes fit a packet as they are.
const SMALL: u64 = 1024;

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

fn lines(paths: &BTreeSet<String>) -> String {
    paths.iter().map(|path| format!("{path}\n")).collect()
}
