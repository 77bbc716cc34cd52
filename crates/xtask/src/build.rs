//! Building: the viewer by Trunk, its files named by what they are, and the command with the viewer in it.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};
use xshell::{Shell, cmd};

use crate::tools;

/// Where the viewer stands when it is done. Not `target/viewer`: that is Cargo's, for the profile of this name.
pub(crate) const VIEWER: &str = "target/finews-viewer";

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

pub(crate) fn build_viewer(shell: &Shell) -> Result<()> {
    tools::ensure_build_tools(shell)?;
    cmd!(shell, "trunk build --release --no-default-features").env("FINEWS_RELEASE", "1").run()?;
    build_markdown(shell).context("the program that reads Markdown")?;
    finish_viewer(shell).context("the viewer that Trunk built")
}

pub(crate) fn build_command(shell: &Shell) -> Result<PathBuf> {
    let viewer = shell.current_dir().join(VIEWER);
    cmd!(shell, "cargo build --release --package finews-bundler").env("FINEWS_VIEWER", viewer).run()?;
    Ok(shell.current_dir().join("target/release/finews"))
}

/// The sample's bundle into Trunk's staging folder, when Trunk builds for development.
pub(crate) fn sample_bundle(shell: &Shell) -> Result<()> {
    if std::env::var_os("FINEWS_RELEASE").is_some() {
        return Ok(());
    }
    let staging = std::env::var_os("TRUNK_STAGING_DIR").context("this is Trunk's hook: TRUNK_STAGING_DIR is not set")?;
    cmd!(shell, "cargo run --quiet --package finews-bundler -- build sample --out {staging} --bundle-only --cache target/sample-cache").run()?;
    Ok(())
}

/// Builds the program that reads Markdown, which stands beside the viewer and is loaded when it is wanted.
fn build_markdown(shell: &Shell) -> Result<()> {
    cmd!(shell, "cargo build --locked --package finews-markdown --target wasm32-unknown-unknown --profile viewer").run()?;
    let wasm = "target/wasm32-unknown-unknown/viewer/markdown.wasm";
    cmd!(shell, "wasm-bindgen --target web --no-typescript --remove-name-section --out-dir {MARKDOWN} {wasm}").run()?;
    let built = format!("{MARKDOWN}/markdown_bg.wasm");
    cmd!(shell, "wasm-opt -Oz --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals --enable-reference-types --enable-multivalue --output {built} {built}").run()?;
    Ok(())
}

const MARKDOWN: &str = "target/finews-markdown";

/// Names the program's files by the hash of what is served. Trunk hashes before the optimiser has run, and starts the program
/// by a script in the page, which a strict policy refuses; here the program starts itself.
fn finish_viewer(shell: &Shell) -> Result<()> {
    let built = shell.read_dir("target/trunk")?;
    let with = |end: &str| built.iter().find(|path| path.to_string_lossy().ends_with(end)).with_context(|| format!("there is no file *{end}"));
    let (script, wasm) = (with(".js")?, with("_bg.wasm")?);
    let wasm_bytes = shell.read_binary_file(wasm)?;
    let wasm_name = format!("viewer-{}.wasm", hash(&wasm_bytes));
    let markdown_wasm = shell.read_binary_file(format!("{MARKDOWN}/markdown_bg.wasm"))?;
    let markdown_wasm_name = format!("markdown-{}.wasm", hash(&markdown_wasm));
    let markdown_script = shell.read_file(format!("{MARKDOWN}/markdown.js"))?.replace("markdown_bg.wasm", &markdown_wasm_name);
    let markdown_script_name = format!("markdown-{}.js", hash(markdown_script.as_bytes()));
    let started = format!("{}\n{}", shell.read_file(script)?, start_script(&wasm_name, &markdown_script_name));
    let script_name = format!("viewer-{}.js", hash(started.as_bytes()));
    let page = shell.read_file("target/trunk/index.html")?;
    let page = finish_page(&page, &script_name, &wasm_name)?;
    let files = [
        (format!("assets/{wasm_name}"), wasm_bytes),
        (format!("assets/{script_name}"), started.into_bytes()),
        (format!("assets/{markdown_wasm_name}"), markdown_wasm),
        (format!("assets/{markdown_script_name}"), markdown_script.into_bytes()),
        ("index.html".to_owned(), page.into_bytes()),
    ];
    // The command is compiled anew when a file of the viewer's is: the same ones are left alone.
    let folder = Path::new(VIEWER);
    if files.iter().all(|(name, bytes)| shell.read_binary_file(folder.join(name)).is_ok_and(|there| there == *bytes)) {
        return Ok(());
    }
    shell.remove_path(folder)?;
    for (name, bytes) in files {
        shell.write_file(folder.join(name), bytes)?;
    }
    Ok(())
}

/// What starts the viewer, and gives it the program that reads Markdown when it asks.
fn start_script(wasm: &str, markdown_script: &str) -> String {
    format!(
        "let markdown;
const loadMarkdown = async () => {{ const program = await import(\"./{markdown_script}\"); await program.default(); return program; }};
globalThis.finewsMarkdown = async (text) => {{
  markdown ??= loadMarkdown();
  try {{ return (await markdown).outline(text); }} catch (error) {{ markdown = undefined; throw error; }}
}};
__wbg_init({{ module_or_path: new URL(\"{wasm}\", import.meta.url) }});
"
    )
}

/// The page with Trunk's way of starting the program replaced by ours, and its styles in one element.
fn finish_page(page: &str, script: &str, wasm: &str) -> Result<String> {
    let mut page = page.to_owned();
    for (begin, end) in [("<link rel=\"modulepreload\"", ">"), ("<link rel=\"preload\" href=\"/finews-viewer", ">"), ("<script type=\"module\"", "</script>")] {
        let from = page.find(begin).with_context(|| format!("the page has no {begin}"))?;
        let to = from + page[from..].find(end).with_context(|| format!("{begin} does not end"))? + end.len();
        page.replace_range(from..to, "");
    }
    let page = page.replace("</style>\n<style type=\"text/css\">", "").replace("</style><style type=\"text/css\">", "");
    let start = format!(
        "<link rel=\"preload\" href=\"assets/{wasm}\" as=\"fetch\" type=\"application/wasm\" crossorigin>\n<script type=\"module\" src=\"assets/{script}\"></script>\n</head>"
    );
    Ok(page.replacen("</head>", &start, 1))
}

fn hash(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))[..16].to_owned()
}
