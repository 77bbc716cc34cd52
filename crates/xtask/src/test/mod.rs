//! What CI runs.

mod report;
pub(crate) mod running;
pub(crate) mod sites;
mod supply;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::Result;
use xshell::{Shell, cmd};

use self::running::Running;
use self::sites::Kind;
use crate::tools::{self, Purpose};
use crate::{build, fuzz};

/// Runs everything, or only the browser tests whose name holds `browser`; in all three engines, or in Chromium
/// and a sample in the others.
///
/// # Errors
/// Fails if anything does.
pub(crate) fn run(shell: &Shell, browser: Option<&str>, all: bool) -> Result<()> {
    tools::tell_missing_packages(shell, Purpose::Test)?;
    if browser.is_none() {
        check_sources(shell)?;
    } else {
        tools::ensure_test_tools(shell)?;
    }
    stage("the build");
    let finews = build::build(shell)?;
    if browser.is_none() {
        cmd!(shell, "cargo clippy --package finews-viewer --package finews-bundle --lib --bins --target wasm32-unknown-unknown --locked -- --deny warnings")
            .run()?;
        stage("fuzzing, for a moment");
        fuzz::run(shell, None, 20_000)?;
    }
    stage("the site, in browsers and without");
    let begun = Instant::now();
    let of_browser = browser.map(|name| format!("binary(browser) & test({name})"));
    let filter = of_browser.as_deref().unwrap_or("kind(test)");
    let options: &[&str] = if all { &["--profile", "all", "--run-ignored", "all"] } else { &[] };
    let run = run_tests(shell, &finews, filter, &Kind::USUAL, options);
    if all && browser.is_none() {
        report::write(shell, begun.elapsed())?;
    }
    run?;
    stage("the other kind of site, in Chromium");
    let filter = match browser {
        None => "binary(browser) & test(/chromium/) & !test(/^hostile::/)".to_owned(),
        Some(name) => format!("binary(browser) & test(/chromium/) & !test(/^hostile::/) & test({name})"),
    };
    run_tests(shell, &finews, &filter, &Kind::OTHER, &["--no-tests", "pass"])
}

/// Formatting, lints, unit tests, and the crates that are used.
fn check_sources(shell: &Shell) -> Result<()> {
    stage("formatting and lints");
    cmd!(shell, "cargo fmt --all --check").run()?;
    cmd!(shell, "cargo clippy --workspace --all-targets --locked -- --deny warnings").run()?;
    tools::ensure_build_tools(shell)?;
    tools::ensure_test_tools(shell)?;
    check_scripts(shell)?;
    stage("unit tests");
    cmd!(shell, "cargo nextest run --workspace --locked -E kind(lib)+kind(bin)").run()?;
    stage("the crates that are used");
    supply::check(shell)?;
    stage("the browser's way to read the bundle, in Node");
    let _runner = shell.push_env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    cmd!(shell, "cargo test --package finews-bundle --locked --target wasm32-unknown-unknown --test js")
        .run()?;
    Ok(())
}

/// Scripts and style sheets: their form, their lints, their types.
fn check_scripts(shell: &Shell) -> Result<()> {
    cmd!(shell, "biome ci --error-on-warnings").run()?;
    cmd!(shell, "tsc --project web").run()?;
    cmd!(shell, "tsc --project web/worker").run()?;
    Ok(())
}

/// Says what comes, and when it was begun.
fn stage(name: &str) {
    static BEGUN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let seconds = BEGUN.elapsed().as_secs();
    eprintln!("── {}:{:02} {name}", seconds / 60, seconds % 60);
}

/// Prepares the command and the sites that tests share, and prints the environment in which they find them. If
/// `FINEWS` names a command in the environment, that one is not built.
///
/// # Errors
/// Fails if something cannot be built.
pub(crate) fn prepare(shell: &Shell) -> Result<()> {
    tools::ensure_test_tools(shell)?;
    let finews = match std::env::var_os("FINEWS") {
        Some(finews) => finews.into(),
        None => build::build(shell)?,
    };
    for (name, value) in sites::build(shell, &finews, &Kind::USUAL)?.environment {
        println!("{name}={value}");
    }
    Ok(())
}

/// Runs the tests that a filter of nextest's names, and shows what they measured.
///
/// # Errors
/// Fails if a test does.
pub(crate) fn run_aloud(shell: &Shell, finews: &Path, filter: &str) -> Result<()> {
    run_tests(shell, finews, filter, &Kind::USUAL, &["--no-capture"])
}

fn run_tests(shell: &Shell, finews: &Path, filter: &str, kind: &Kind, options: &[&str]) -> Result<()> {
    let sites = sites::build(shell, finews, kind)?;
    let mut server = Command::new(finews);
    server.arg("serve").arg(&sites.site).args(["--port", &sites.port.to_string()]);
    let _server = Running::start(server, "http://")?;
    // The whole workspace, so that crates have the features they had in the unit tests and are not compiled
    // anew.
    cmd!(shell, "cargo nextest run --workspace --locked -E {filter} {options...}")
        .envs(sites.environment)
        .run()?;
    Ok(())
}
