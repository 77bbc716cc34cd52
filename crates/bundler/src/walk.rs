//! Which files are posts.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context as _, Result};
use rayon::prelude::*;

use crate::config::Config;
use crate::story::Stamp;

/// A post's file.
pub(crate) struct Entry {
    /// Relative to the folder given, with `/` between folders on every system.
    pub(crate) path: Box<str>,
    pub(crate) stamp: Stamp,
}

/// The files of posts.
pub(crate) struct Files {
    /// In the order of their paths' bytes.
    pub(crate) entries: Vec<Entry>,
    root: PathBuf,
    /// Where those stand whose names are not Unicode, so that their paths are not quite theirs.
    odd: HashMap<Box<str>, PathBuf>,
}

impl Files {
    /// Finds every post.
    ///
    /// # Errors
    /// Where a folder or a file cannot be looked at: to go on without it would take its stories off the site.
    pub(crate) fn find(config: &Config) -> Result<Self> {
        // Folders beside each other are walked through at the same time.
        let mut folders = config.folders.clone();
        let mut found = Vec::new();
        while let Some(folder) = folders.pop() {
            let (files, inner) = list(&folder)?;
            found.extend(files);
            let inner: Result<Vec<Vec<_>>> = inner.par_iter().map(|folder| walk(folder)).collect();
            found.extend(inner?.into_iter().flatten());
        }
        let mut files = Self { entries: Vec::with_capacity(found.len()), root: config.root.clone(), odd: HashMap::new() };
        for (file, stamp) in found {
            let relative = file.strip_prefix(&config.root).unwrap_or(&file);
            let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
            let path: Box<str> = parts.join("/").into();
            if files.root.join(&*path) != file {
                files.odd.insert(path.clone(), file);
            }
            files.entries.push(Entry { path, stamp });
        }
        files.entries.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        // Two names of no Unicode may look alike: one of them is read.
        files.entries.dedup_by(|a, b| a.path == b.path);
        Ok(files)
    }

    /// Where a post's file is.
    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.odd.get(path).cloned().unwrap_or_else(|| self.root.join(path))
    }
}

type Found = (PathBuf, Stamp);

/// The posts of a folder, without those of the folders in it; and these.
fn list(folder: &Path) -> Result<(Vec<Found>, Vec<PathBuf>)> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in walkdir::WalkDir::new(folder).follow_links(true).min_depth(1).max_depth(1).into_iter().filter_entry(is_looked_at) {
        let entry = entry.with_context(|| unwalkable(folder))?;
        if entry.file_type().is_dir() {
            folders.push(entry.into_path());
        } else if entry.file_type().is_file() && is_post(entry.path()) {
            files.push(stamped(entry, folder)?);
        }
    }
    Ok((files, folders))
}

/// The posts of a folder and of all folders in it.
fn walk(folder: &Path) -> Result<Vec<Found>> {
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(folder).follow_links(true).into_iter().filter_entry(is_looked_at) {
        let entry = entry.with_context(|| unwalkable(folder))?;
        if entry.file_type().is_file() && is_post(entry.path()) {
            files.push(stamped(entry, folder)?);
        }
    }
    Ok(files)
}

fn stamped(entry: walkdir::DirEntry, folder: &Path) -> Result<Found> {
    let metadata = entry.metadata().with_context(|| unwalkable(folder))?;
    let since = metadata.modified().ok().and_then(|modified| modified.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    Ok((entry.into_path(), Stamp { size: metadata.len(), modified: i64::try_from(since.as_nanos()).unwrap_or(i64::MAX) }))
}

fn unwalkable(folder: &Path) -> String {
    format!("{} could not be walked through; the site was left as it was", folder.display())
}

/// Hidden files are nobody's posts, and what Jekyll underscores is its own business, but for posts.
fn is_looked_at(entry: &walkdir::DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.depth() == 0 || name == "_posts" || !name.starts_with(['.', '_'])
}

fn is_post(path: &Path) -> bool {
    path.extension().is_some_and(|extension| ["md", "markdown", "mkd"].iter().any(|known| extension.eq_ignore_ascii_case(known)))
}
