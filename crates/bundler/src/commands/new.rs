//! `finews new`: makes a folder for a news site.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use include_dir::{Dir, DirEntry, File, include_dir};
use jiff::Timestamp;
use jiff::fmt::strtime;
use jiff::tz::Offset;

use crate::misuse::{Misuse, quoted};

/// Make a folder for a news site: settings, three posts that show how to write posts, a picture, and a workflow for
/// GitHub Pages
#[derive(Args)]
pub(crate) struct Arguments {
    /// The folder to make; its name becomes the site's title
    name: PathBuf,
}

/// The files of a new folder. Their names have no leading dots, so that Git and packages treat them as usual files.
static STARTER: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/starter");

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let folder = &arguments.name;
    let shown = quoted(&folder.to_string_lossy());
    if folder.is_file() {
        return Err(Misuse(format!("{shown} is a file; choose another name for the folder")).into());
    }
    let is_used =
        |mut entries: fs::ReadDir| entries.any(|entry| entry.is_ok_and(|entry| entry.file_name() != ".git"));
    if fs::read_dir(folder).is_ok_and(is_used) {
        let message = format!(
            "{shown} is not empty, so nothing was written; choose another name. If your posts are in it: finews dev {shown}"
        );
        return Err(Misuse(message).into());
    }
    let path = std::path::absolute(folder)?;
    let title = path.file_name().map_or_else(|| "News".into(), |name| name.to_string_lossy().into_owned());
    // In UTC, like the settings.
    let now = strtime::format("%Y-%m-%d %H:%M", Offset::UTC.to_datetime(Timestamp::now()))?;
    let date = now.split(' ').next().unwrap_or_default();
    for file in files(&STARTER) {
        let name = file.path().to_string_lossy();
        let to = folder.join(visible(&name).replace("DATE", date));
        let text = file.contents_utf8().with_context(|| format!("{name} is not text"))?;
        // A TOML string has the escapes of a JSON string.
        // The title comes last, because it may contain one of these words.
        let text = text
            .replace("DATE", date)
            .replace("NOW", &now)
            .replace("VERSION", env!("CARGO_PKG_VERSION"))
            .replace("TITLE", &serde_json::to_string(&title)?);
        write(&to, &text).with_context(|| format!("{} could not be written", to.display()))?;
    }
    println!(
        "{shown} has settings, three posts, a picture and a workflow. Next:\n\n  \
           cd {shown}\n  \
           finews dev --open               see the site; change a post and save it\n  \
           finews build . --out _site      make the files to upload to any static host"
    );
    Ok(ExitCode::SUCCESS)
}

fn files<'a>(folder: &'a Dir<'a>) -> Vec<&'a File<'a>> {
    folder
        .entries()
        .iter()
        .flat_map(|entry| match entry {
            DirEntry::Dir(folder) => files(folder),
            DirEntry::File(file) => vec![file],
        })
        .collect()
}

/// The name of a starter's file in the new folder.
fn visible(name: &str) -> String {
    if name.starts_with("git") { format!(".{name}") } else { name.to_owned() }
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}
