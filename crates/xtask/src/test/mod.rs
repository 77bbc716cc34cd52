//! What CI runs.

mod report;
pub(crate) mod running;
pub(crate) mod sites;
mod supply;

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use xshell::{Shell, cmd};

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
    // Of another run there may be one.
    shell.remove_path(report::RESULTS)?;
    let run = run_tests(shell, &finews, filter, &Kind::USUAL, options);
    if all && browser.is_none() {
        report::write(shell, begun.elapsed())?;
    }
    run?;
    stage("the other kind of site, in Chromium");
    let filter = match browser {
        None => OTHER.to_owned(),
        Some(name) => format!("{OTHER} & test({name})"),
    };
    run_tests(shell, &finews, &filter, &Kind::OTHER, &["--no-tests", "pass"])
}

/// The tests that look at the other kind of site.
const OTHER: &str = "binary(browser) & !test(/firefox/) & !test(/webkit/) & !test(/^hostile::/)";

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

/// Prepares the command and the sites that tests share, serves the sample's for as long as the caller lives, and
/// tells the environment in which tests find them: nextest, whose setup script this is, or whoever reads its output.
/// If `FINEWS` names a command in the environment, that one is not built; `FINEWS_KIND` names another kind of site.
///
/// # Errors
/// Fails if something cannot be built or served.
pub(crate) fn prepare(shell: &Shell) -> Result<()> {
    let finews = if let Some(finews) = std::env::var_os("FINEWS") {
        finews.into()
    } else {
        tools::tell_missing_packages(shell, Purpose::Test)?;
        tools::ensure_test_tools(shell)?;
        build::build(shell)?
    };
    let kind = Kind::named(&std::env::var("FINEWS_KIND").unwrap_or_default());
    let sites = sites::build(shell, &finews, &kind)?;
    running::serve_for_caller(&finews, &sites.site, sites.port)?;
    let mut told = String::new();
    for (name, value) in sites.environment {
        told += &format!("{name}={value}\n");
    }
    match std::env::var_os("NEXTEST_ENV") {
        Some(file) => shell.write_file(file, told)?,
        None => print!("{told}"),
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
    // The whole workspace, so that crates have the features they had in the unit tests and are not compiled
    // anew. nextest has the sites built by its setup script (`.config/nextest.toml`).
    cmd!(shell, "cargo nextest run --workspace --locked -E {filter} {options...}")
        .env("FINEWS", finews)
        .env("FINEWS_KIND", kind.name)
        .run()?;
    Ok(())
}
