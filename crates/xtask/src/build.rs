//! Building: the viewer by Trunk, its files named by what they are, and the command with the viewer in it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
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
    let _flags = shell.push_env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", remapped()?);
    cmd!(shell, "trunk build --release --no-default-features").env("FINEWS_RELEASE", "1").run()?;
    build_beside(shell, "markdown").context("the program that reads Markdown")?;
    build_beside(shell, "widget").context("the widget's program")?;
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

/// Flags by which a program that panics names its source without this machine's folders: shorter, and the same on every machine.
fn remapped() -> Result<String> {
    let cargo = std::env::var_os("CARGO_HOME").map(PathBuf::from).or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let sources = cargo.context("there is no home folder")?.join("registry/src");
    let registries = std::fs::read_dir(&sources).with_context(|| sources.display().to_string())?;
    let flags: Vec<String> = registries.flatten().map(|registry| format!("--remap-path-prefix={}/=", registry.path().display())).collect();
    Ok(flags.join(" "))
}

/// Builds a program that stands beside the viewer, of the crate of this name.
fn build_beside(shell: &Shell, name: &str) -> Result<()> {
    cmd!(shell, "cargo build --locked --package finews-{name} --target wasm32-unknown-unknown --profile viewer").run()?;
    let (wasm, out) = (format!("target/wasm32-unknown-unknown/viewer/{name}.wasm"), beside(name));
    cmd!(shell, "wasm-bindgen --target web --no-typescript --remove-name-section --out-dir {out} {wasm}").run()?;
    Ok(())
}

/// Where wasm-bindgen's script and program of a crate are.
fn beside(name: &str) -> PathBuf {
    format!("target/finews-{name}").into()
}

/// What a first paint needs of the styles; it stands in every page.
const CRITICAL: [&str; 9] = ["palette", "tokens", "base", "masthead", "headline", "front", "story", "chart", "skeleton"];
/// What comes behind it.
const LATER: [&str; 2] = ["index", "state"];

/// Bundles and minifies what was built, names it by the hash of what is served (Trunk hashes before the optimiser has run), and
/// tells the command in `parts.json` what there is.
fn finish_viewer(shell: &Shell) -> Result<()> {
    let built = shell.read_dir("target/trunk")?;
    let with = |end: &str| built.iter().find(|path| path.to_string_lossy().ends_with(end)).with_context(|| format!("there is no file *{end}"));
    let (script, wasm) = (with(".js")?, with("_bg.wasm")?);
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    let mut add = |name: &str, extension: &str, bytes: Vec<u8>| {
        let name = format!("{name}-{}.{extension}", hash(&bytes));
        files.push((format!("assets/{name}"), bytes));
        name
    };
    let (script, wasm) = shorten(shell, script, wasm)?;
    shell.write_file(format!("{BUNDLING}/finews-viewer.js"), script)?;
    let wasm = add("viewer", "wasm", wasm);
    let built_beside = |name: &str| shorten(shell, &beside(name).join(format!("{name}.js")), &beside(name).join(format!("{name}_bg.wasm")));
    let (markdown, markdown_wasm) = built_beside("markdown")?;
    let markdown_wasm = add("markdown", "wasm", markdown_wasm);
    shell.write_file(format!("{BUNDLING}/markdown.js"), markdown.replace("markdown_bg.wasm", &markdown_wasm))?;
    let markdown = add("markdown", "js", bundle(shell, "markdown.js", &[])?);
    for script in ["start.js", "integrity.js"] {
        shell.copy_file(format!("web/{script}"), format!("{BUNDLING}/{script}"))?;
    }
    let later = add("later", "css", styles(shell, "later.css", &LATER)?);
    let names =
        [format!("--define:WASM=\"{wasm}\""), format!("--define:LATER=\"{later}\""), format!("--define:MARKDOWN=[\"./{markdown}\",\"{markdown_wasm}\"]")];
    let script = add("viewer", "js", bundle(shell, "start.js", &names)?);
    let critical = String::from_utf8(styles(shell, "critical.css", &CRITICAL)?)?;
    let icon = add("icon", "svg", shell.read_binary_file("web/icon.svg")?);
    let touch_icon = add("touchicon", "png", shell.read_binary_file("web/icon-180.png")?);
    let checked = |name: String, bytes: &[u8]| serde_json::json!([name, format!("sha256-{}", BASE64_STANDARD.encode(Sha256::digest(bytes)))]);
    let (widget, widget_wasm) = built_beside("widget")?;
    shell.write_file(format!("{BUNDLING}/widget.js"), widget)?;
    for script in ["element.js", "program.js", "site.js", "view.js"] {
        shell.copy_file(format!("web/widget/{script}"), format!("{BUNDLING}/{script}"))?;
    }
    let wasm_checksum = checked(format!("headlines-{}.wasm", hash(&widget_wasm)), &widget_wasm);
    add("headlines", "wasm", widget_wasm);
    let program = bundle(shell, "program.js", &[define("LOOK", &look(shell)?)?, format!("--define:WASM={wasm_checksum}")])?;
    let checksum = checked(format!("assets/headlines-{}.js", hash(&program)), &program);
    add("headlines", "js", program);
    let large_icon = add("largeicon", "png", shell.read_binary_file("web/icon-512.png")?);
    let room = String::from_utf8(styles(shell, "room.css", &["element"])?)?;
    let element = bundle(shell, "element.js", &[define("ROOM", room.trim_end())?, format!("--define:PROGRAM={checksum}")])?;
    let pinned = format!("widget-{}.js", hash(&element));
    files.extend([(pinned.clone(), element.clone()), ("widget.js".to_owned(), element)]);
    let mut page = |name: &str, sheets: &[&str]| -> Result<serde_json::Value> {
        shell.copy_file(format!("web/embed/{name}.js"), format!("{BUNDLING}/{name}.js"))?;
        let bytes = bundle(shell, &format!("{name}.js"), &[])?;
        let script = format!("{name}-{}.js", hash(&bytes));
        files.push((format!("assets/{script}"), bytes));
        let style = String::from_utf8(styles(shell, &format!("{name}.css"), sheets)?)?;
        Ok(serde_json::json!({ "script": script, "style": style.trim_end() }))
    };
    let embed = page("embed", &["palette", "embed"])?;
    let examples = page("examples", &["palette", "tokens", "base", "examples"])?;
    for description in ["custom-elements.json", "finews-headlines.d.ts"] {
        files.push((format!("embed/{description}"), shell.read_binary_file(format!("web/widget/{description}"))?));
    }
    let parts = serde_json::json!({
        "widget": pinned,
        "embed": embed,
        "examples": examples,
        "critical": critical.trim_end(),
        "script": script,
        "wasm": wasm,
        "icon": icon,
        "touch_icon": touch_icon,
        "large_icon": large_icon,
    });
    files.push(("worker.js".to_owned(), worker(shell)?));
    files.push(("parts.json".to_owned(), serde_json::to_vec_pretty(&parts)?));
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

/// wasm-bindgen's script and program with the names between them made short: each ends in sixteen digits of chance, which nothing
/// compresses, and stands in both.
fn shorten(shell: &Shell, script: &Path, wasm: &Path) -> Result<(String, Vec<u8>)> {
    let script = shell.read_file(script)?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_hashed = |name: &str| {
        let hash = name.get(name.len().saturating_sub(16)..).unwrap_or_default();
        name.len() > 16 && name.starts_with(['_', 'w']) && hash.bytes().all(|b| b.is_ascii_hexdigit())
    };
    let mut short: BTreeMap<&str, String> = BTreeMap::new();
    for name in script.split(|c| !is_name(c)).filter(|name| is_hashed(name)) {
        let next = format!("_{}", short.len());
        short.entry(name).or_insert(next);
    }
    let shortened = |text: &str| -> String {
        let parts = text.split_inclusive(|c| !is_name(c)).flat_map(|part| {
            let name = part.trim_end_matches(|c| !is_name(c));
            [short.get(name).map_or(name, String::as_str), &part[name.len()..]]
        });
        parts.collect()
    };
    let (text, built) = (format!("{BUNDLING}/names.wat"), format!("{BUNDLING}/names.wasm"));
    shell.create_dir(BUNDLING)?;
    cmd!(shell, "wasm-dis {FEATURES...} {wasm} --output {text}").run()?;
    shell.write_file(&text, shortened(&shell.read_file(&text)?))?;
    cmd!(shell, "wasm-opt -Oz {SMALL...} {FEATURES...} --output {built} {text}").run()?;
    Ok((shortened(&script), shell.read_binary_file(built)?))
}

/// What compresses best: the optimiser's inlining takes bytes off the program that compression would take off anyway, and more.
const SMALL: [&str; 5] =
    ["--always-inline-max-function-size=0", "--one-caller-inline-max-function-size=20", "--strip-debug", "--strip-producers", "--strip-target-features"];

/// What browsers of the last years know of WebAssembly; `--all-features` would write forms that they do not.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// Where scripts and styles stand to be bundled.
const BUNDLING: &str = "target/bundling";

/// A script with what it imports, minified.
fn bundle(shell: &Shell, name: &str, options: &[String]) -> Result<Vec<u8>> {
    let bundled = format!("{BUNDLING}/out-{name}");
    cmd!(
        shell,
        "esbuild {BUNDLING}/{name} --bundle --format=esm --minify --charset=utf8 --external:./markdown-* {options...} --outfile={bundled} --log-level=warning"
    )
    .run()?;
    Ok(shell.read_binary_file(bundled)?)
}

/// The service worker, minified.
fn worker(shell: &Shell) -> Result<Vec<u8>> {
    let bundled = format!("{BUNDLING}/out-worker.js");
    cmd!(shell, "esbuild web/worker/worker.js --bundle --format=iife --minify --charset=utf8 --outfile={bundled} --log-level=warning").run()?;
    Ok(shell.read_binary_file(bundled)?)
}

/// The widget's style sheet: the site's palette for the widget's own root, and what is drawn in it.
fn look(shell: &Shell) -> Result<String> {
    // It has no charts.
    let palette: String = shell.read_file("style/palette.css")?.split_inclusive('\n').filter(|line| !line.contains("--chart-")).collect();
    let palette = palette
        .replace(":root:not([data-theme=\"light\"])", ":host(:not([theme=\"light\"])) section")
        .replace(":root[data-theme=\"light\"]", ":host([theme=\"light\"]) section")
        .replace(":root[data-theme=\"dark\"]", ":host([theme=\"dark\"]) section")
        .replace(":root", "section");
    shell.write_file(format!("{BUNDLING}/look.css"), shell.read_file("style/widget.css")? + &palette)?;
    Ok(String::from_utf8(minified(shell, "look.css")?)?.trim_end().to_owned())
}

/// A text as a constant for a script that is bundled.
fn define(name: &str, text: &str) -> Result<String> {
    Ok(format!("--define:{name}={}", serde_json::to_string(text)?))
}

/// Style sheets as one, minified.
fn styles(shell: &Shell, name: &str, sheets: &[&str]) -> Result<Vec<u8>> {
    let sheets: Result<Vec<String>, _> = sheets.iter().map(|sheet| shell.read_file(format!("style/{sheet}.css"))).collect();
    shell.write_file(format!("{BUNDLING}/{name}"), sheets?.concat())?;
    minified(shell, name)
}

fn minified(shell: &Shell, name: &str) -> Result<Vec<u8>> {
    let minified = format!("{BUNDLING}/out-{name}");
    cmd!(shell, "esbuild {BUNDLING}/{name} --minify --charset=utf8 --outfile={minified} --log-level=warning").run()?;
    Ok(shell.read_binary_file(minified)?)
}

fn hash(bytes: &[u8]) -> String {
    format!("{:x}", Sha256::digest(bytes))[..16].to_owned()
}
