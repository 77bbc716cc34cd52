//! The program that Trunk built (`dist/`), carried in the command.

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use include_dir::{Dir, DirEntry, File, include_dir};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

static VIEWER: Dir<'_> = include_dir!("$FINEWS_VIEWER_FOLDER");

/// What pages need to know of the program.
#[derive(Debug)]
pub(crate) struct Program {
    /// index.html.
    pub(crate) document: &'static str,
    /// The script of the element `finews-headlines`, by its name in the site's root that says what is in it.
    pub(crate) widget: &'static str,
    /// The widget as a page, for an iframe.
    pub(crate) embed: Parts,
    /// The page on which a reader tries the widget.
    pub(crate) examples: Parts,
}

/// What a page of the widget's consists of.
#[derive(Debug)]
pub(crate) struct Parts {
    /// The path of its script.
    pub(crate) script: &'static str,
    /// Its style sheet.
    pub(crate) style: &'static str,
}

impl Program {
    /// The checksum of the element's script, as of a script's `integrity`.
    pub(crate) fn widget_integrity(&self) -> String {
        let script = VIEWER.get_file(self.widget).map(File::contents).unwrap_or_default();
        format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(script)))
    }
}

/// The program.
///
/// # Errors
/// Fails if the command was compiled without it.
pub(crate) fn program() -> Result<Program> {
    let parts = |page: &str| {
        Ok::<_, anyhow::Error>(Parts { script: named(page, "js")?, style: text(named(page, "css")?)? })
    };
    Ok(Program {
        document: text("index.html")?,
        widget: named("widget-", "js")?,
        embed: parts("assets/embed-")?,
        examples: parts("assets/examples-")?,
    })
}

/// The service worker of a version of the site: the program's files, and the page for all addresses that have
/// none.
///
/// # Errors
/// Fails if the command was compiled without it.
pub(crate) fn worker(shell: &str) -> Result<String> {
    let (version, worker) = text("sw.js")?.split_once('\n').context("sw.js has one line")?;
    let version = version
        .strip_prefix("self.finews=")
        .and_then(|version| version.strip_suffix(';'))
        .context("sw.js does not begin with its version")?;
    let mut version: Value = serde_json::from_str(version)?;
    version["shell"] = "404.html".into();
    // Any change of these bytes is a new version to the browser.
    version["version"] = hex::encode(Sha256::digest(shell)).into();
    Ok(format!("self.finews={version};\n{worker}"))
}

/// Its files whose names say what is in them, by their paths from the site's root.
pub(crate) fn files() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    let assets = VIEWER.get_dir("assets").into_iter().flat_map(Dir::files);
    // The styles of the widget's pages stand in them.
    let is_inlined = |path: &str| {
        path.ends_with(".css")
            && ["assets/embed-", "assets/examples-"].iter().any(|page| path.starts_with(page))
    };
    assets
        .chain(pinned())
        .filter_map(|file| Some((file.path().to_str()?, file.contents())))
        .filter(move |(path, _)| !is_inlined(path))
}

/// Its files of plain names: the widget's script, icons, and what tells editors of the widget.
pub(crate) fn plain_files() -> Vec<(&'static str, &'static [u8])> {
    fn collect(folder: &'static Dir<'_>, found: &mut Vec<(&'static str, &'static [u8])>) {
        for entry in folder.entries() {
            match entry {
                DirEntry::Dir(folder) if folder.path().as_os_str() != "assets" => collect(folder, found),
                DirEntry::Dir(_) => {}
                DirEntry::File(file) => {
                    found.extend(file.path().to_str().map(|path| (path, file.contents())));
                }
            }
        }
    }
    let mut found = Vec::new();
    collect(&VIEWER, &mut found);
    // What the builder writes itself, and what has a name of its own.
    found.retain(|(path, _)| !["index.html", "sw.js"].contains(path) && !path.starts_with("widget-"));
    found
}

fn pinned() -> impl Iterator<Item = &'static File<'static>> {
    VIEWER.files().filter(|file| file.path().to_str().is_some_and(|path| path.starts_with("widget-")))
}

/// The path of the file that begins and ends so.
fn named(begin: &str, extension: &str) -> Result<&'static str> {
    let files = VIEWER.files().chain(VIEWER.get_dir("assets").into_iter().flat_map(Dir::files));
    let found = files
        .filter_map(|file| file.path().to_str())
        .find(|path| path.starts_with(begin) && path.ends_with(&format!(".{extension}")));
    found.with_context(|| format!("{MISSING}{begin}*.{extension} is not there"))
}

fn text(path: &str) -> Result<&'static str> {
    VIEWER
        .get_file(path)
        .and_then(File::contents_utf8)
        .with_context(|| format!("{MISSING}{path} is not there"))
}

const MISSING: &str = "this finews was compiled without the viewer (build it with “cargo xtask build”): ";
