//! Finds the files that are posts.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context as _, Result};
use rayon::prelude::*;

use super::story::Stamp;
use crate::config::Config;
use crate::digest::digest;

/// A post's file.
pub(crate) struct Entry {
    /// The path relative to the folder that was given (`Config::root`), with `/` as separator on every
    /// system.
    pub(crate) path: Box<str>,
    pub(crate) stamp: Stamp,
}

/// The files of posts.
pub(crate) struct Files {
    /// Sorted by the bytes of their paths.
    pub(crate) entries: Vec<Entry>,
    root: PathBuf,
    /// The real paths of files whose paths are not Unicode, by the paths in their entries.
    non_unicode: HashMap<Box<str>, PathBuf>,
}

impl Files {
    /// Finds every post.
    ///
    /// # Errors
    /// Fails if a folder or a file cannot be accessed, because the stories in it would otherwise disappear
    /// from the site.
    pub(crate) fn find(config: &Config) -> Result<Self> {
        let mut files = Self { entries: Vec::new(), root: config.root.clone(), non_unicode: HashMap::new() };
        for folder in &config.folders {
            files.extend(walk(folder, &config.root, &[])?);
        }
        files.entries.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    fn extend(&mut self, found: Vec<Found>) {
        for (entry, real_path) in found {
            if let Some(path) = real_path {
                self.non_unicode.insert(entry.path.clone(), *path);
            }
            self.entries.push(entry);
        }
    }

    /// The real path of a post's file.
    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.non_unicode.get(path).cloned().unwrap_or_else(|| self.root.join(path))
    }
}

/// A file, and its real path if that is not Unicode.
type Found = (Entry, Option<Box<PathBuf>>);

/// Lists the posts and the folders directly in a folder.
fn list(folder: &Path, root: &Path) -> Result<(Vec<Found>, Vec<PathBuf>)> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in walkdir::WalkDir::new(folder)
        .follow_links(true)
        .min_depth(1)
        .max_depth(1)
        .into_iter()
        .filter_entry(is_visible)
    {
        let Some(entry) = accessible(entry, folder)? else { continue };
        if entry.file_type().is_dir() {
            folders.push(entry.into_path());
        } else if entry.file_type().is_file() && is_post(entry.path()) {
            files.push(found(entry, root)?);
        }
    }
    Ok((files, folders))
}

/// Finds the posts in a folder and all folders below it, in parallel. `above` holds the real paths of the
/// parent folders, so that the search stops at a link to one of them.
fn walk(folder: &Path, root: &Path, above: &[PathBuf]) -> Result<Vec<Found>> {
    let here = folder.canonicalize().with_context(|| walk_error(folder))?;
    if above.contains(&here) {
        return Ok(Vec::new());
    }
    let (mut files, inner) = list(folder, root)?;
    let above = [above, &[here]].concat();
    let deeper: Result<Vec<Vec<Found>>> = inner.par_iter().map(|folder| walk(folder, root, &above)).collect();
    files.extend(deeper?.into_iter().flatten());
    Ok(files)
}

fn found(entry: walkdir::DirEntry, root: &Path) -> Result<Found> {
    let metadata = entry.metadata().with_context(|| walk_error(entry.path()))?;
    let since_1970 = metadata
        .modified()
        .ok()
        .and_then(|modified| modified.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    let modified = i64::try_from(since_1970.as_nanos()).unwrap_or(i64::MAX);
    let stamp = Stamp { size: metadata.len(), modified, changed: changed(&metadata) };
    let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
    let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let mut path = parts.join("/");
    let is_lossy = root.join(&path) != entry.path();
    if is_lossy {
        // Two different names that are not Unicode may look the same.
        let digest = digest(relative.as_os_str().as_encoded_bytes());
        path.extend(digest[..4].iter().map(|byte| format!("~{byte:02x}")));
    }
    let path: Box<str> = path.into();
    let real_path = is_lossy.then(|| Box::new(entry.into_path()));
    Ok((Entry { path, stamp }, real_path))
}

/// Returns an entry, or `None` for a link that is to be ignored.
///
/// Links to a parent folder are ignored, and so are broken links that are hidden or do not have a post's
/// name.
///
/// # Errors
/// Fails if any other entry cannot be accessed.
fn accessible(entry: walkdir::Result<walkdir::DirEntry>, folder: &Path) -> Result<Option<walkdir::DirEntry>> {
    entry.map(Some).or_else(|error| {
        let is_hidden =
            |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let is_irrelevant =
            error.path().is_some_and(|path| path.is_symlink() && (is_hidden(path) || !is_post(path)));
        if error.loop_ancestor().is_some() || is_irrelevant {
            Ok(None)
        } else {
            Err(error).with_context(|| walk_error(folder))
        }
    })
}

fn walk_error(folder: &Path) -> String {
    format!("{} could not be read; the site is unchanged", folder.display())
}

/// When the file's inode last changed, in nanoseconds since 1970; setting the file's times counts as a
/// change. Returns 0 on systems without this information.
#[cfg(unix)]
fn changed(metadata: &std::fs::Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt as _;
    metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_metadata: &std::fs::Metadata) -> i64 {
    0
}

/// Whether an entry is searched: hidden files and folders are not, nor those that begin with an underscore,
/// except `_posts`.
fn is_visible(entry: &walkdir::DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.depth() == 0 || name == "_posts" || !name.starts_with(['.', '_'])
}

fn is_post(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        ["md", "markdown", "mkd"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}
