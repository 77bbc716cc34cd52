//! Finds the files that are posts.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context as _, Result};
use rayon::prelude::*;

use super::others::{self, OtherFile, Others};
use super::story::Stamp;
use super::surroundings::Known;
use crate::config::Config;
use crate::digest::digest;
use crate::kind::SiteKind;

/// A post's file.
pub(crate) struct Entry {
    /// The path relative to the folder that was given (`Config::root`), with `/` as separator on every
    /// system.
    pub(crate) path: Box<str>,
    pub(crate) stamp: Stamp,
    /// Whether its place or its name keeps it back.
    pub(crate) is_kept_back: bool,
}

/// The files of posts.
pub(crate) struct Files {
    /// Sorted by the bytes of their paths.
    pub(crate) entries: Vec<Entry>,
    /// The paths of files that may be pages: those that look like posts, but are outside `_posts` on a site that has
    /// such a folder, and HTML.
    pub(crate) pages: Vec<Box<str>>,
    /// The paths of files in `_posts` that have a post's name, but an unknown extension.
    pub(crate) unknown: Vec<Box<str>>,
    /// The other files that may be published as they are.
    pub(crate) others: Others,
    /// What posts have asked for of the rest of the site.
    pub(crate) known: Known,
    root: PathBuf,
    real_root: PathBuf,
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
        // The root may itself be a folder of posts.
        let is_posts =
            config.root.canonicalize().is_ok_and(|root| root.file_name().is_some_and(|name| name == POSTS));
        let place = if is_posts { Place::Posts } else { Place::Site };
        let root = config.root.canonicalize().with_context(|| walk_error(&config.root))?;
        let real_root = root.clone();
        let mut all = Walk { config, root }.folder(&config.root, place, &[])?;
        // Without a folder of posts, posts may be anywhere.
        let (mut entries, mut pages) = if all.has_posts {
            (all.posts, all.loose.into_iter().map(|(entry, _)| entry.path).collect::<Vec<_>>())
        } else {
            all.posts.append(&mut all.loose);
            (all.posts, Vec::new())
        };
        entries.par_sort_unstable_by(|(a, _), (b, _)| a.path.cmp(&b.path));
        let mut non_unicode = HashMap::new();
        let entries = entries
            .into_iter()
            .map(|(entry, real_path)| {
                non_unicode.extend(real_path.map(|path| (entry.path.clone(), *path)));
                entry
            })
            .collect();
        pages.append(&mut all.html);
        pages.sort_unstable();
        all.unknown.sort_unstable();
        all.others.sort_unstable_by(|(a, ..), (b, ..)| a.cmp(b));
        Ok(Self {
            entries,
            pages,
            unknown: all.unknown,
            others: Others::new(all.others),
            known: Known::default(),
            root: config.root.clone(),
            real_root,
            non_unicode,
        })
    }

    /// Whether a file is in the folder and not only named there by a link.
    pub(crate) fn is_inside(&self, path: &str) -> bool {
        self.file(path).canonicalize().is_ok_and(|file| file.starts_with(&self.real_root))
    }

    /// The real path of a post's file.
    pub(crate) fn file(&self, path: &str) -> PathBuf {
        self.non_unicode.get(path).cloned().unwrap_or_else(|| self.root.join(path))
    }
}

/// Whether a path is below a folder of posts.
pub(crate) fn is_in_posts(path: &str) -> bool {
    below(path, POSTS).is_some()
}

/// The part of a path below the first folder with this name.
fn below<'a>(path: &'a str, folder: &str) -> Option<&'a str> {
    let below = path.match_indices(folder).find_map(|(at, _)| {
        let is_segment = at == 0 || path[..at].ends_with('/');
        path[at + folder.len()..].strip_prefix('/').filter(|_| is_segment)
    });
    below.filter(|rest| !rest.is_empty())
}

const POSTS: &str = "_posts";
const DRAFTS: &str = "_drafts";
/// A folder of posts on Jekyll sites of EastMoney's news.
const OLD_POSTS: &str = "old_post";

/// What a folder contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Anything.
    Site,
    /// Posts.
    Posts,
    /// Files that are published as they are.
    Files,
    /// Posts that are kept back: drafts, and what is excluded or hidden in a folder of posts.
    KeptBack,
}

/// What was found in a folder and all folders below it.
#[derive(Default)]
struct All {
    /// Files in folders of posts or drafts.
    posts: Vec<Found>,
    /// Files elsewhere.
    loose: Vec<Found>,
    unknown: Vec<Box<str>>,
    /// HTML elsewhere.
    html: Vec<Box<str>>,
    /// Files that are no posts and may be published as they are.
    others: Vec<OtherFile>,
    /// Whether there is a folder of posts.
    has_posts: bool,
}

impl All {
    fn append(&mut self, mut other: Self) {
        self.posts.append(&mut other.posts);
        self.loose.append(&mut other.loose);
        self.unknown.append(&mut other.unknown);
        self.html.append(&mut other.html);
        self.others.append(&mut other.others);
        self.has_posts |= other.has_posts;
    }
}

/// A file, and its real path if that is not Unicode.
type Found = (Entry, Option<Box<PathBuf>>);

struct Walk<'a> {
    config: &'a Config,
    /// The real path of the root.
    root: PathBuf,
}

impl Walk<'_> {
    /// Finds the posts in a folder and all folders below it, in parallel. `above` holds the real paths of the
    /// parent folders, so that the search stops at a link to one of them.
    fn folder(&self, folder: &Path, place: Place, above: &[PathBuf]) -> Result<All> {
        let here = folder.canonicalize().with_context(|| walk_error(folder))?;
        if above.contains(&here) || self.config.own.contains(&here) {
            return Ok(All::default());
        }
        let (mut all, mut inner) = self.list(folder, place)?;
        if self.is_page_bundle(folder, &all) {
            // What is beside the page belongs to it; Hugo and Zola make no pages of that.
            all.loose.retain(|(entry, _)| is_index(&entry.path));
            all.html.retain(|path| is_index(path));
            for (_, place) in &mut inner {
                *place = Place::Files;
            }
        }
        if here != self.root.join(relative(folder, &self.config.root)) {
            // A link leads here. Only posts are read through links, because what a link names may be kept back.
            all.others.clear();
            all.html.clear();
        }
        let above = [above, &[here]].concat();
        let deeper: Result<Vec<All>> =
            inner.par_iter().map(|(folder, place)| self.folder(folder, *place, &above)).collect();
        deeper?.into_iter().for_each(|deeper| all.append(deeper));
        Ok(all)
    }

    /// Whether a folder is a page of Hugo or Zola with its files, as what it directly contains says.
    /// <https://gohugo.io/content-management/page-bundles/#leaf-bundles>,
    /// <https://www.getzola.org/documentation/content/overview/#asset-colocation>
    fn is_page_bundle(&self, folder: &Path, all: &All) -> bool {
        let path = relative(folder, &self.config.root) + "/";
        let content = self.config.kind.content();
        matches!(self.config.kind, SiteKind::Hugo | SiteKind::Zola)
            && path.len() > content.len()
            && path.starts_with(content)
            && (all.loose.iter().any(|(entry, _)| is_index(&entry.path))
                || all.html.iter().any(|path| is_index(path)))
    }

    /// Lists the posts and the folders directly in a folder.
    fn list(&self, folder: &Path, place: Place) -> Result<(All, Vec<(PathBuf, Place)>)> {
        let (mut all, mut folders) = (All::default(), Vec::new());
        // What the filter finds out about an entry that it lets through, which is yielded next.
        let found = RefCell::new(None);
        let is_read = |entry: &walkdir::DirEntry| {
            if entry.depth() == 0 {
                return true;
            }
            let path = relative(entry.path(), &self.config.root);
            let place = self.place(entry, &path, place);
            found.replace(place.map(|place| (path, place)));
            place.is_some()
        };
        for entry in walkdir::WalkDir::new(folder)
            .follow_links(true)
            .min_depth(1)
            .max_depth(1)
            .into_iter()
            .filter_entry(is_read)
        {
            let Some(entry) = accessible(entry, folder)? else { continue };
            let Some((path, place)) = found.take() else { continue };
            if entry.file_type().is_dir() {
                all.has_posts |= place == Place::Posts;
                folders.push((entry.into_path(), place));
            } else if entry.file_type().is_file() {
                match place {
                    Place::Posts | Place::KeptBack if is_post(entry.path()) || is_html(entry.path()) => {
                        all.posts.push(self.found(entry, path, place == Place::KeptBack)?);
                    }
                    Place::Posts if posts::has_date(&entry.file_name().to_string_lossy()) => {
                        all.unknown.push(path.into());
                    }
                    Place::Site if is_post(entry.path()) => {
                        all.loose.push(self.found(entry, path, false)?);
                    }
                    Place::Site
                        if is_html(entry.path())
                            && !entry.path_is_symlink()
                            && self.config.root.join(&path) == entry.path() =>
                    {
                        if self.config.included_files.is_match(&path) {
                            all.others.push((path.clone().into(), path.clone().into(), stamp(&entry)?));
                        }
                        all.html.push(path.into());
                    }
                    Place::Site | Place::Posts | Place::Files
                        if !entry.path_is_symlink() && self.config.kind.may_publish(&path) =>
                    {
                        let site_path = self.config.kind.site_path(&path).into_owned();
                        // A name that is not Unicode has no address.
                        if others::is_public(&site_path, &path, &self.config.included_files)
                            && self.config.root.join(&path) == entry.path()
                        {
                            all.others.push((site_path.into(), path.into(), stamp(&entry)?));
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok((all, folders))
    }

    /// The file of a post. `path` is its path below the root.
    fn found(&self, entry: walkdir::DirEntry, mut path: String, is_kept_back: bool) -> Result<Found> {
        let root = &self.config.root;
        let stamp = stamp(&entry)?;
        let is_lossy = root.join(&path) != entry.path();
        if is_lossy {
            // Two different names that are not Unicode may look the same.
            let relative = entry.path().strip_prefix(root).unwrap_or(entry.path());
            let digest = digest(relative.as_os_str().as_encoded_bytes());
            path.extend(digest[..4].iter().map(|byte| format!("~{byte:02x}")));
        }
        let path: Box<str> = path.into();
        let real_path = is_lossy.then(|| Box::new(entry.into_path()));
        Ok((Entry { path, stamp, is_kept_back }, real_path))
    }

    /// What an entry of a folder is, or contains; `None` if it is not read.
    fn place(&self, entry: &walkdir::DirEntry, path: &str, folder: Place) -> Option<Place> {
        let is_folder = entry.file_type().is_dir();
        let name = path.rsplit('/').next().unwrap_or_default();
        let kind = self.config.kind;
        if !kind.reads(path) {
            return None;
        }
        if self.config.is_kept_back(path) {
            return Some(Place::KeptBack);
        }
        let below_posts = || below(path, POSTS).or_else(|| below(path, OLD_POSTS)).unwrap_or(path);
        let read = if folder == Place::Posts { below_posts() } else { name };
        let is_admitted = self.config.filter.admits(path, read, is_folder)
            || (is_folder && self.config.is_collection(path) && !self.config.filter.excludes(path, true))
            || kind.is_section(path);
        match folder {
            Place::KeptBack => Some(Place::KeptBack),
            Place::Files => is_admitted.then_some(Place::Files),
            Place::Site if is_folder && kind.is_file_folder(path) => Some(Place::Files),
            _ if is_folder && entry.file_name() == DRAFTS => Some(Place::KeptBack),
            // Within a folder of posts, Jekyll checks only files, by their whole paths.
            Place::Posts if is_folder && !name.starts_with('.') => Some(Place::Posts),
            // What is excluded or hidden here may have been published before.
            Place::Posts => Some(if is_admitted { Place::Posts } else { Place::KeptBack }),
            Place::Site if is_folder && entry.file_name() == POSTS => {
                let is_read = is_admitted && self.config.defaults.has_posts(path);
                Some(if is_read { Place::Posts } else { Place::KeptBack })
            }
            Place::Site if is_folder && path == OLD_POSTS => Some(Place::Posts),
            Place::Site => is_admitted.then_some(Place::Site),
        }
    }
}

/// Whether a file is the page of its folder: `index.md`, also in a language of its own (`index.en.md`).
fn is_index(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with("index."))
}

/// The stamp of a file.
fn stamp(entry: &walkdir::DirEntry) -> Result<Stamp> {
    let metadata = entry.metadata().with_context(|| walk_error(entry.path()))?;
    let since_1970 = metadata
        .modified()
        .ok()
        .and_then(|modified| modified.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    let modified = i64::try_from(since_1970.as_nanos()).unwrap_or(i64::MAX);
    Ok(Stamp { size: metadata.len(), modified, changed: changed(&metadata) })
}

/// The path below the root, with `/` as separator on every system.
fn relative(path: &Path, root: &Path) -> String {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
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

/// The extensions of Markdown files: Jekyll's `markdown_ext`.
pub(crate) const MARKDOWN_EXTENSIONS: [&str; 5] = ["md", "markdown", "mkd", "mkdn", "mkdown"];

/// Whether a file is Markdown, as its name says.
pub(super) fn is_markdown(path: &str) -> bool {
    is_post(Path::new(path))
}

fn is_post(path: &Path) -> bool {
    has_extension(path, &MARKDOWN_EXTENSIONS)
}

pub(super) fn is_html(path: &Path) -> bool {
    has_extension(path, &["html", "htm"])
}

fn has_extension(path: &Path, known: &[&str]) -> bool {
    // Editors append a tilde to the names of backups.
    path.extension().is_some_and(|extension| {
        let extension = extension.to_string_lossy();
        known.iter().any(|known| extension.trim_end_matches('~').eq_ignore_ascii_case(known))
    })
}
