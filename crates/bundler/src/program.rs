//! What is embedded in the command: the viewer's files that Trunk built (`dist/`), and the sample's posts.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use include_dir::{Dir, DirEntry, File, include_dir};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

static VIEWER: Dir<'_> = include_dir!("$FINEWS_EMBEDDED/viewer");

static SAMPLE: Dir<'_> = include_dir!("$FINEWS_EMBEDDED/sample");

/// Writes the sample's posts and configuration into a folder.
///
/// # Errors
/// Fails if the command was compiled without the sample, or if a file cannot be written.
pub(crate) fn write_sample(folder: &Path) -> Result<()> {
    if SAMPLE.entries().is_empty() {
        bail!("{MISSING}the sample is missing");
    }
    fs::create_dir_all(folder)?;
    SAMPLE.extract(folder).context("the sample could not be written")
}

/// The parts of the program that pages refer to.
#[derive(Debug)]
pub(crate) struct Program {
    /// index.html.
    pub(crate) document: &'static str,
    /// The file name of the widget's pinned script in the site's root. It contains a hash.
    pub(crate) widget: &'static str,
    /// The files of the widget's page for an iframe.
    pub(crate) embed: PageFiles,
    /// The files of the page for trying the widget.
    pub(crate) examples: PageFiles,
}

/// The script and the style sheet of one of the widget's pages.
#[derive(Debug)]
pub(crate) struct PageFiles {
    /// The script's path.
    pub(crate) script: &'static str,
    /// The style sheet's text.
    pub(crate) style: &'static str,
}

impl Program {
    /// The `integrity` of the widget's pinned script.
    pub(crate) fn widget_integrity(&self) -> String {
        let script = VIEWER.get_file(self.widget).map(File::contents).unwrap_or_default();
        format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(script)))
    }
}

/// Returns the program's parts.
///
/// # Errors
/// Fails if the command was compiled without the viewer.
pub(crate) fn program() -> Result<Program> {
    let page_files = |page: &str| {
        Ok::<_, anyhow::Error>(PageFiles { script: find(page, "js")?, style: text(find(page, "css")?)? })
    };
    Ok(Program {
        document: text("index.html")?,
        widget: find("widget-", "js")?,
        embed: page_files("assets/embed-")?,
        examples: page_files("assets/examples-")?,
    })
}

/// The service worker for a site, with the list of the program's files and the site's 404.html as its shell.
///
/// # Errors
/// Fails if the command was compiled without the viewer.
pub(crate) fn worker(shell: &str) -> Result<String> {
    let (version, worker) = text("sw.js")?.split_once('\n').context("sw.js has only one line")?;
    let version = version
        .strip_prefix("self.finews=")
        .and_then(|version| version.strip_suffix(';'))
        .context("sw.js does not begin with its version")?;
    let mut version: Value = serde_json::from_str(version)?;
    version["shell"] = "404.html".into();
    // The browser installs a new version whenever the bytes of sw.js change, so they depend on the shell.
    version["version"] = hex::encode(Sha256::digest(shell)).into();
    Ok(format!("self.finews={version};\n{worker}"))
}

/// The program's files whose names contain a hash, by path, except inlined style sheets.
pub(crate) fn hashed_files() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    let assets = VIEWER.get_dir("assets").into_iter().flat_map(Dir::files);
    // The style sheets of the widget's pages are inlined.
    let is_inlined = |path: &str| {
        path.ends_with(".css")
            && ["assets/embed-", "assets/examples-"].iter().any(|page| path.starts_with(page))
    };
    assets
        .chain(pinned())
        .filter_map(|file| Some((file.path().to_str()?, file.contents())))
        .filter(move |(path, _)| !is_inlined(path))
}

/// The program's files whose paths contain no hash: the widget's script, its type definitions, its manifest
/// for editors, and icons.
pub(crate) fn unhashed_files() -> Vec<(&'static str, &'static [u8])> {
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
    // The builder writes these itself, or they have a hash in their names.
    found.retain(|(path, _)| !["index.html", "sw.js"].contains(path) && !path.starts_with("widget-"));
    found
}

fn pinned() -> impl Iterator<Item = &'static File<'static>> {
    VIEWER.files().filter(|file| file.path().to_str().is_some_and(|path| path.starts_with("widget-")))
}

/// Finds the path of a file by its beginning and extension.
fn find(begin: &str, extension: &str) -> Result<&'static str> {
    let files = VIEWER.files().chain(VIEWER.get_dir("assets").into_iter().flat_map(Dir::files));
    let found = files
        .filter_map(|file| file.path().to_str())
        .find(|path| path.starts_with(begin) && path.ends_with(&format!(".{extension}")));
    found.with_context(|| format!("{MISSING}{begin}*.{extension} is missing"))
}

fn text(path: &str) -> Result<&'static str> {
    VIEWER.get_file(path).and_then(File::contents_utf8).with_context(|| format!("{MISSING}{path} is missing"))
}

const MISSING: &str = "this finews was compiled without the viewer (build it with “cargo xtask build”): ";
