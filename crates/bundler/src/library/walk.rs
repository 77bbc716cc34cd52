//! Which files are posts.

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
        let mut files = Self { entries: Vec::new(), root: config.root.clone(), odd: HashMap::new() };
        for folder in &config.folders {
            files.take(walk(folder, &config.root, &[])?);
        }
        files.entries.par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    fn take(&mut self, found: Vec<Found>) {
        for (entry, odd) in found {
            if let Some(file) = odd {
                self.odd.insert(entry.path.clone(), *file);
            }
            self.entries.push(entry);
        }
    }

    /// Where a post's file is.
    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.odd.get(path).cloned().unwrap_or_else(|| self.root.join(path))
    }
}

/// A file, and where it is if its path does not say.
type Found = (Entry, Option<Box<PathBuf>>);

/// The posts of a folder, without those of the folders in it; and these.
fn list(folder: &Path, root: &Path) -> Result<(Vec<Found>, Vec<PathBuf>)> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in walkdir::WalkDir::new(folder)
        .follow_links(true)
        .min_depth(1)
        .max_depth(1)
        .into_iter()
        .filter_entry(is_looked_at)
    {
        let Some(entry) = seen(entry, folder)? else { continue };
        if entry.file_type().is_dir() {
            folders.push(entry.into_path());
        } else if entry.file_type().is_file() && is_post(entry.path()) {
            files.push(found(entry, root)?);
        }
    }
    Ok((files, folders))
}

/// The posts of a folder and of all folders in it, those beside each other at the same time. `above` are the
/// real paths of the folders it stands in: what leads back to one of them has been seen.
fn walk(folder: &Path, root: &Path, above: &[PathBuf]) -> Result<Vec<Found>> {
    let here = folder.canonicalize().with_context(|| unwalkable(folder))?;
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
    let metadata = entry.metadata().with_context(|| unwalkable(entry.path()))?;
    let since = metadata
        .modified()
        .ok()
        .and_then(|modified| modified.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    let modified = i64::try_from(since.as_nanos()).unwrap_or(i64::MAX);
    let stamp = Stamp { size: metadata.len(), modified, changed: changed(&metadata) };
    let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
    let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    let mut path = parts.join("/");
    let is_odd = root.join(&path) != entry.path();
    if is_odd {
        // Two names of no Unicode may look alike.
        let digest = digest(relative.as_os_str().as_encoded_bytes());
        path.extend(digest[..4].iter().map(|byte| format!("~{byte:02x}")));
    }
    let path: Box<str> = path.into();
    let odd = is_odd.then(|| Box::new(entry.into_path()));
    Ok((Entry { path, stamp }, odd))
}

/// What was seen, if it is to be looked at: a link that leads nowhere or back is nobody's post, unless it
/// bears a post's name.
fn seen(entry: walkdir::Result<walkdir::DirEntry>, folder: &Path) -> Result<Option<walkdir::DirEntry>> {
    entry.map(Some).or_else(|error| {
        let is_hidden =
            |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let is_nothing =
            error.path().is_some_and(|path| path.is_symlink() && (is_hidden(path) || !is_post(path)));
        if error.loop_ancestor().is_some() || is_nothing {
            Ok(None)
        } else {
            Err(error).with_context(|| unwalkable(folder))
        }
    })
}

fn unwalkable(folder: &Path) -> String {
    format!("{} could not be walked through; the site was left as it was", folder.display())
}

/// When the file's entry was last changed, in nanoseconds since 1970: also by what sets its times. 0 where a
/// system does not tell.
#[cfg(unix)]
fn changed(metadata: &std::fs::Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt as _;
    metadata.ctime().saturating_mul(1_000_000_000).saturating_add(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_metadata: &std::fs::Metadata) -> i64 {
    0
}

/// Hidden files are nobody's posts, and what Jekyll underscores is its own business, but for posts.
fn is_looked_at(entry: &walkdir::DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.depth() == 0 || name == "_posts" || !name.starts_with(['.', '_'])
}

fn is_post(path: &Path) -> bool {
    path.extension().is_some_and(|extension| {
        ["md", "markdown", "mkd"].iter().any(|known| extension.eq_ignore_ascii_case(known))
    })
}
