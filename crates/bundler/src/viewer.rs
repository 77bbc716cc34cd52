//! The viewer that Trunk built, carried in the command.

use anyhow::{Context as _, Result};
use include_dir::{Dir, include_dir};

static VIEWER: Dir<'_> = include_dir!("$FINEWS_VIEWER_FOLDER");

/// The page that starts the viewer.
///
/// # Errors
/// Where the command was compiled without the viewer.
pub(crate) fn page() -> Result<&'static str> {
    let page = VIEWER.get_file("index.html").and_then(|file| file.contents_utf8());
    page.context("this finews was compiled without the viewer: build it with “cargo xtask build”")
}

/// The program's files by their paths from the site's root: all but the page.
pub(crate) fn files() -> Vec<(&'static str, &'static [u8])> {
    let mut files = Vec::new();
    let mut folders = vec![&VIEWER];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        files.extend(folder.files().filter_map(|file| Some((file.path().to_str()?, file.contents()))));
    }
    files.retain(|(path, _)| *path != "index.html");
    files.sort_unstable_by_key(|(path, _)| *path);
    files
}
