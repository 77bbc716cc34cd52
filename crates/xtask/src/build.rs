//! Building: the viewer by Trunk, and the command with the viewer in it.

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use crate::tools;

/// What Trunk makes, and what the command carries.
const VIEWER: &str = "dist";

/// Builds the viewer and the command; returns the command's path.
pub(crate) fn build(shell: &Shell) -> Result<PathBuf> {
    build_viewer(shell)?;
    build_command(shell)
}

/// Builds all, builds the sample site, and serves it.
pub(crate) fn serve(shell: &Shell, port: u16) -> Result<()> {
    let finews = build(shell)?;
    let port = port.to_string();
    cmd!(shell, "{finews} build sample --out target/sample-site").run()?;
    cmd!(shell, "{finews} serve target/sample-site --port {port}").run()?;
    Ok(())
}

fn build_viewer(shell: &Shell) -> Result<()> {
    tools::ensure_build_tools(shell)?;
    let _flags = shell.push_env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", remapped()?);
    cmd!(shell, "trunk build --release").run()?;
    Ok(())
}

fn build_command(shell: &Shell) -> Result<PathBuf> {
    let viewer = shell.current_dir().join(VIEWER);
    cmd!(shell, "cargo build --release --package finews-bundler").env("FINEWS_VIEWER", viewer).run()?;
    Ok(shell.current_dir().join("target/release/finews"))
}

/// Flags by which a program that panics names its source without this machine's folders: shorter, and the same on every machine.
fn remapped() -> Result<String> {
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let sources = cargo.context("there is no home folder")?.join("registry/src");
    let registries = std::fs::read_dir(&sources).with_context(|| sources.display().to_string())?;
    let flags: Vec<String> = registries.flatten().map(|registry| format!("--remap-path-prefix={}/=", registry.path().display())).collect();
    Ok(flags.join(" "))
}
