//! Builds the viewer with Trunk, and the command with the viewer embedded in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use crate::tools;

/// Trunk's output folder, which every build rewrites.
const DIST: &str = "dist";
/// The sample's posts, which `finews demo` shows.
const SAMPLE: &str = "sample";
/// Copies of [`DIST`] and [`SAMPLE`], which the command embeds. They are rewritten only when files differ, so that
/// Cargo does not rebuild the command each time.
const EMBEDDED: &str = "crates/bundler/embedded";

/// Builds the viewer and the command; returns the command's path.
pub(crate) fn build(shell: &Shell) -> Result<PathBuf> {
    build_viewer(shell)?;
    eprintln!("building the command: five minutes on two cores, if nothing is compiled yet");
    build_command(shell, "release")
}

/// Builds everything, builds the sample site, and serves it.
pub(crate) fn serve(shell: &Shell, port: u16) -> Result<()> {
    build_viewer(shell)?;
    eprintln!("building the command, not optimised: two minutes on two cores, if nothing is compiled yet");
    let finews = build_command(shell, "preview")?;
    let port = port.to_string();
    cmd!(shell, "{finews} build sample --out target/sample-site").run()?;
    cmd!(shell, "{finews} serve target/sample-site --port {port}").run()?;
    Ok(())
}

fn build_viewer(shell: &Shell) -> Result<()> {
    tools::ensure_build_tools(shell)?;
    let _flags = shell.push_env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", remap_flags()?);
    eprintln!("building the viewer: two minutes on two cores, if nothing is compiled yet");
    cmd!(shell, "trunk build --release").run()?;
    Ok(())
}

fn build_command(shell: &Shell, profile: &str) -> Result<PathBuf> {
    for (from, name) in [(DIST, "viewer"), (SAMPLE, "sample")] {
        copy_if_different(shell, Path::new(from), &Path::new(EMBEDDED).join(name))?;
    }
    cmd!(shell, "cargo build --profile {profile} --package finews").run()?;
    Ok(shell.current_dir().join("target").join(profile).join("finews"))
}

/// Makes a folder an exact copy of another.
fn copy_if_different(shell: &Shell, from: &Path, to: &Path) -> Result<()> {
    let (from, to) = (shell.current_dir().join(from), shell.current_dir().join(to));
    let files = contents(&from)?;
    if files != contents(&to)? {
        shell.remove_path(&to)?;
        for (path, bytes) in files {
            shell.write_file(to.join(path), bytes)?;
        }
    }
    Ok(())
}

/// The files of a folder by their relative paths; none if the folder does not exist.
fn contents(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop().filter(|folder| folder.is_dir()) {
        for entry in std::fs::read_dir(&next).with_context(|| next.display().to_string())? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.insert(path.strip_prefix(folder)?.to_owned(), std::fs::read(&path)?);
            }
        }
    }
    Ok(files)
}

/// Compiler flags that remove this machine's folders from the paths in panic messages, so that the program is
/// smaller, and the same on every machine.
fn remap_flags() -> Result<String> {
    let cargo = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let sources = cargo.context("there is no home folder")?.join("registry/src");
    let registries = std::fs::read_dir(&sources).with_context(|| sources.display().to_string())?;
    let flags: Vec<String> = registries
        .flatten()
        .map(|registry| format!("--remap-path-prefix={}/=", registry.path().display()))
        .collect();
    Ok(flags.join(" "))
}
