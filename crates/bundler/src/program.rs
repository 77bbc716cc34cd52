//! The program that Trunk built, carried in the command.

use anyhow::{Context as _, Result};
use include_dir::{Dir, include_dir};
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
    /// The icon, for any size.
    pub(crate) icon: String,
    /// The same of 180 pixels, for Apple's home screens.
    pub(crate) touch_icon: String,
    /// The same of 512 pixels.
    pub(crate) large_icon: String,
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
    let files: Vec<&str> = files().map(|(path, _)| path).collect();
    // Any change of these bytes is a new version to the browser.
    let version = serde_json::json!({ "shell": "404.html", "files": files, "version": format!("{:x}", Sha256::digest(shell)) });
    Ok(format!("self.finews={version};\n{worker}"))
}

/// Its files by their paths from the site's root.
pub(crate) fn files() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    let assets = VIEWER.get_dir("assets").into_iter().flat_map(Dir::files);
    assets.filter_map(|file| Some((file.path().to_str()?, file.contents())))
}
