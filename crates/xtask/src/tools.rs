//! The tools the chores need, installed where they are missing.

use std::path::Path;

use anyhow::{Context as _, Result, bail};
use xshell::{Shell, cmd};

/// Newer ones need a newer Rust (0.22: 1.96).
const TRUNK: &str = "0.21.14";
/// Must equal the version in Cargo.toml: the generated JavaScript and the crate speak a private language.
const WASM_BINDGEN: &str = "0.2.128";
/// wasm-opt, from the npm registry: Debian's is years older.
const BINARYEN: &str = "132.0.0";
/// Bundles and minifies scripts and styles.
const ESBUILD: &str = "0.28.2";
/// Grows inputs from inputs.
const CARGO_FUZZ: &str = "0.13.2";
/// Judges the crates that are used.
const CARGO_DENY: &str = "0.20.2";
/// What drives Firefox.
const GECKODRIVER: &str = "0.37.1";
/// The rules of accessibility that browsers' tools check by.
const AXE: &str = "4.11.0";

/// What building needs: the wasm target, Trunk, wasm-bindgen, wasm-opt and esbuild. The last two go into
/// `target/tools`.
pub(crate) fn ensure_build_tools(shell: &Shell) -> Result<()> {
    if !cmd!(shell, "rustup target list --installed")
        .read()
        .unwrap_or_default()
        .contains("wasm32-unknown-unknown")
    {
        cmd!(shell, "rustup target add wasm32-unknown-unknown").run()?;
    }
    ensure_crate(shell, "trunk", "trunk", TRUNK)?;
    ensure_crate(shell, "wasm-bindgen-cli", "wasm-bindgen", WASM_BINDGEN)?;
    ensure_npm(shell, "binaryen", BINARYEN)?;
    ensure_npm(shell, "esbuild", ESBUILD)?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let tools = shell.current_dir().join("target/tools/node_modules/.bin");
    let path = std::env::join_paths(std::iter::once(tools).chain(std::env::split_paths(&path)))?;
    shell.set_var("PATH", path);
    // Trunk takes any value of NO_COLOR but true and false for a mistake.
    shell.set_var("NO_COLOR", "true");
    Ok(())
}

/// What the browser tests need: three browsers and their drivers, fonts with Chinese, the servers that are
/// hosts, axe-core.
pub(crate) fn ensure_test_tools(shell: &Shell) -> Result<()> {
    if !has(shell, "chromedriver") || !has(shell, "chromium") {
        apt(shell, &["chromium", "chromium-driver"])?;
    }
    for (program, package) in
        [("firefox-esr", "firefox-esr"), ("WebKitWebDriver", "webkit2gtk-driver"), ("Xvfb", "xvfb")]
    {
        if !Path::new("/usr/bin").join(program).exists() {
            apt(shell, &[package])?;
        }
    }
    ensure_crate(shell, "geckodriver", "geckodriver", GECKODRIVER)?;
    if cmd!(shell, "fc-list :lang=zh family")
        .quiet()
        .ignore_stderr()
        .read()
        .unwrap_or_default()
        .trim()
        .is_empty()
    {
        apt(shell, &["fontconfig", "fonts-noto-cjk"])?;
    }
    ensure_packages(shell, &["caddy", "nginx"])?;
    ensure_npm(shell, "axe-core", AXE)
}

/// What runs the fuzzer's programs.
pub(crate) fn ensure_fuzz(shell: &Shell) -> Result<()> {
    ensure_crate(shell, "cargo-fuzz", "cargo-fuzz", CARGO_FUZZ)
}

/// What looks at the crates that are used: their licences, where they come from, and what is known against
/// them.
pub(crate) fn ensure_deny(shell: &Shell) -> Result<()> {
    ensure_crate(shell, "cargo-deny", "cargo-deny", CARGO_DENY)
}

/// What judges pages; newer ones need a newer Node than Debian's.
pub(crate) fn ensure_lighthouse(shell: &Shell) -> Result<()> {
    ensure_npm(shell, "lighthouse", "12.8.2")
}

/// Installs a package of the npm registry into `target/tools`.
pub(crate) fn ensure_npm(shell: &Shell, package: &str, version: &str) -> Result<()> {
    let installed =
        shell.read_file(format!("target/tools/node_modules/{package}/package.json")).unwrap_or_default();
    if installed.contains(&format!("\"version\": \"{version}\"")) {
        return Ok(());
    }
    if !has(shell, "npm") {
        apt(shell, &["nodejs", "npm"])?;
    }
    shell.create_dir("target/tools")?;
    cmd!(shell, "npm install --no-audit --no-fund --save-exact --prefix target/tools {package}@{version}")
        .run()?;
    Ok(())
}

fn ensure_crate(shell: &Shell, name: &str, binary: &str, version: &str) -> Result<()> {
    let found = cmd!(shell, "{binary} --version").quiet().ignore_stderr().read().unwrap_or_default();
    if found.split_whitespace().any(|word| word == version) {
        return Ok(());
    }
    eprintln!("installing {name} {version}: this takes some minutes, once");
    // Tools are compiled once and run for seconds: they are compiled fast rather than to be fast.
    let quick = [("OPT_LEVEL", "1"), ("LTO", "off"), ("CODEGEN_UNITS", "16"), ("DEBUG", "false")];
    let quick = quick.map(|(name, value)| (format!("CARGO_PROFILE_RELEASE_{name}"), value));
    cmd!(shell, "cargo install --locked --force {name}@{version}").envs(quick).run()?;
    Ok(())
}

fn has(shell: &Shell, program: &str) -> bool {
    cmd!(shell, "{program} --version").quiet().ignore_stderr().read().is_ok()
}

/// Installs those packages of Debian that are missing; each has the program of its name.
pub(crate) fn ensure_packages(shell: &Shell, packages: &[&str]) -> Result<()> {
    let is_there = |program: &&str| {
        ["/usr/bin", "/usr/sbin"].iter().any(|folder| Path::new(folder).join(program).exists())
    };
    let missing: Vec<&str> = packages.iter().filter(|program| !is_there(program)).copied().collect();
    if missing.is_empty() { Ok(()) } else { apt(shell, &missing) }
}

/// Installs packages of Debian, as root or by sudo.
pub(crate) fn apt(shell: &Shell, packages: &[&str]) -> Result<()> {
    if !has(shell, "apt-get") {
        bail!("{} is missing; install it with this system's packages", packages.join(", "));
    }
    let root = cmd!(shell, "id -u").read()? == "0";
    let sudo: &[&str] = if root { &[] } else { &["sudo"] };
    let words = |words: &[&str]| sudo.iter().chain(words).map(|word| (*word).to_owned()).collect::<Vec<_>>();
    for command in [
        words(&["apt-get", "update", "--quiet"]),
        [
            words(&["apt-get", "install", "--quiet", "--yes"]),
            packages.iter().map(|p| (*p).to_owned()).collect(),
        ]
        .concat(),
    ] {
        let (program, arguments) = command.split_first().context("a command has a name")?;
        cmd!(shell, "{program} {arguments...}").env("DEBIAN_FRONTEND", "noninteractive").run()?;
    }
    Ok(())
}
