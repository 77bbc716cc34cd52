//! The program that Trunk built, carried in the command.

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use include_dir::{Dir, File, include_dir};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};

static VIEWER: Dir<'_> = include_dir!("$FINEWS_VIEWER_FOLDER");

/// What pages need to know of the program; files by their names in `assets`.
#[derive(Debug, Deserialize)]
pub(crate) struct Program {
    /// The style sheet of a first paint.
    pub(crate) critical: String,
    /// What starts the program.
    pub(crate) script: String,
    /// The program.
    pub(crate) wasm: String,
    /// The script of the element `finews-headlines`, by its name in the site's root that says what is in it.
    pub(crate) widget: String,
    /// The widget as a page, for an iframe.
    pub(crate) embed: Parts,
    /// The page on which a reader tries the widget.
    pub(crate) examples: Parts,
    /// The icon, for any size.
    pub(crate) icon: String,
    /// The same of 180 pixels, for Apple's home screens.
    pub(crate) touch_icon: String,
    /// The same of 512 pixels.
    pub(crate) large_icon: String,
}

impl Program {
    /// The checksum of the element's script, as of a script's `integrity`.
    pub(crate) fn widget_integrity(&self) -> String {
        let script = VIEWER.get_file(&self.widget).map(File::contents).unwrap_or_default();
        format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(script)))
    }
}

/// What a page of its own consists of.
#[derive(Debug, Deserialize)]
pub(crate) struct Parts {
    /// A file in `assets`.
    pub(crate) script: String,
    /// A style sheet.
    pub(crate) style: String,
}

/// The program.
///
/// # Errors
/// Where the command was compiled without it.
pub(crate) fn program() -> Result<Program> {
    let parts = VIEWER.get_file("parts.json").context("this finews was compiled without the viewer: build it with “cargo xtask build”")?;
    Ok(serde_json::from_slice(parts.contents())?)
}

/// The service worker of a version of the site: the program's files, and the page for all addresses that have none.
///
/// # Errors
/// Where the command was compiled without it.
pub(crate) fn worker(shell: &str) -> Result<String> {
    let worker = VIEWER.get_file("worker.js").and_then(|file| file.contents_utf8()).context("this finews was compiled without the service worker")?;
    // The widget is for other pages.
    let others = ["widget-", "assets/headlines-", "assets/embed-", "assets/examples-"];
    let is_the_viewer_s = |path: &&str| !others.iter().any(|other| path.starts_with(other));
    let files: Vec<&str> = files().map(|(path, _)| path).filter(is_the_viewer_s).collect();
    // Any change of these bytes is a new version to the browser.
    let version = serde_json::json!({ "shell": "404.html", "files": files, "version": format!("{:x}", Sha256::digest(shell)) });
    Ok(format!("self.finews={version};\n{worker}"))
}

/// Its files whose names say what is in them, by their paths from the site's root.
pub(crate) fn files() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    let assets = VIEWER.get_dir("assets").into_iter().flat_map(Dir::files);
    let pinned = VIEWER.files().filter(|file| file.path().to_str().is_some_and(|path| path.starts_with("widget-")));
    assets.chain(pinned).filter_map(|file| Some((file.path().to_str()?, file.contents())))
}

/// Its files of plain names: the widget's script, and what tells editors of it.
pub(crate) fn plain_files() -> impl Iterator<Item = (&'static str, &'static str)> {
    let descriptions = VIEWER.get_dir("embed").into_iter().flat_map(Dir::files);
    VIEWER.get_file("widget.js").into_iter().chain(descriptions).filter_map(|file| Some((file.path().to_str()?, file.contents_utf8()?)))
}
