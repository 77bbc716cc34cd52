//! `cargo xtask test`: everything that CI runs on Debian (`.ci/run`).

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

/// Runs everything, or only browser tests whose names contain `browser`.
///
/// With `all`, browser tests run in all three engines; otherwise they run in Chromium, and a sample of them
/// in the others.
///
/// # Errors
/// Fails if any check fails.
pub(crate) fn run(shell: &Shell, browser: Option<&str>, all: bool) -> Result<()> {
    tools::require_packages(shell, Purpose::Test)?;
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
        cmd!(shell, "cargo clippy --package finews-search --features finews-search/browser --lib --bins --target wasm32-unknown-unknown --locked -- --deny warnings")
            .run()?;
        stage("fuzzing, briefly");
        fuzz::run(shell, None, 12_000)?;
    }
    stage("tests of the site, with and without browsers");
    let begun = Instant::now();
    let browser_filter = browser.map(|name| format!("binary(browser) & test({name})"));
    let filter = browser_filter.as_deref().unwrap_or("kind(test)");
    let options: &[&str] = if all { &["--profile", "all", "--run-ignored", "all"] } else { &[] };
    // There may be results of an earlier run.
    shell.remove_path(report::RESULTS)?;
    let result = run_tests(shell, &finews, filter, &Kind::USUAL, options);
    if all && browser.is_none() {
        report::write(shell, begun.elapsed())?;
    }
    result?;
    stage("the other kind of site, in Chromium");
    let filter = match browser {
        None => OTHER_KIND_FILTER.to_owned(),
        Some(name) => format!("{OTHER_KIND_FILTER} & test({name})"),
    };
    run_tests(shell, &finews, &filter, &Kind::OTHER, &["--no-tests", "pass"])
}

/// Selects the browser tests that also run with the other kind of site. Neither hostile words nor the memory of a tab
/// depend on the kind.
const OTHER_KIND_FILTER: &str = "binary(browser) & !test(/firefox/) & !test(/webkit/) & !test(/^hostile::/) & !test(/memory_and_listeners/)";

/// Checks formatting, lints, documents and dependencies, and runs unit tests.
///
/// The tests of the browser's JSON deserializer run in Node.
fn check_sources(shell: &Shell) -> Result<()> {
    stage("formatting and lints");
    cmd!(shell, "cargo fmt --all --check").run()?;
    cmd!(shell, "cargo clippy --workspace --all-targets --locked -- --deny warnings").run()?;
    tools::ensure_build_tools(shell)?;
    tools::ensure_test_tools(shell)?;
    check_scripts(shell)?;
    check_documents(shell)?;
    stage("unit tests");
    cmd!(shell, "cargo nextest run --workspace --locked -E kind(lib)+kind(bin)").run()?;
    stage("dependencies");
    supply::check(shell)?;
    stage("the browser's JSON deserializer, in Node");
    let _runner = shell.push_env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
    cmd!(shell, "cargo test --package finews-bundle --locked --target wasm32-unknown-unknown --test js")
        .run()?;
    Ok(())
}

/// Checks formatting and lints of scripts and style sheets, and the types of scripts.
fn check_scripts(shell: &Shell) -> Result<()> {
    cmd!(shell, "biome ci --error-on-warnings").run()?;
    cmd!(shell, "tsc --project web").run()?;
    cmd!(shell, "tsc --project web/worker").run()?;
    Ok(())
}

/// Checks the links between documents, and in the documentation of our crates.
fn check_documents(shell: &Shell) -> Result<()> {
    const PLUGINS: &str = "./target/tools/node_modules";
    let links = format!("{PLUGINS}/remark-validate-links/index.js=repository:false");
    let tables = format!("{PLUGINS}/remark-gfm/index.js");
    let mut documents = shell.read_dir(".")?;
    documents.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    cmd!(
        shell,
        "remark --no-config --use {tables} --use {links} --frail --quiet --no-stdout {documents...} docs bench"
    )
    .run()?;
    cmd!(shell, "cargo doc --workspace --no-deps --locked --quiet")
        .env("RUSTDOCFLAGS", "--deny warnings")
        .run()?;
    Ok(())
}

/// Prints the name of a stage and the time since the start.
fn stage(name: &str) {
    static BEGUN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let seconds = BEGUN.elapsed().as_secs();
    eprintln!("── {}:{:02} {name}", seconds / 60, seconds % 60);
}

/// Builds the command and the sites that tests share, and serves the sample's site.
///
/// The site is served until the calling process ends. If nextest runs this as its setup script, nextest gets
/// the environment variables for tests; otherwise they are printed. If the variable `FINEWS` names a command,
/// that command is used, and none is built; `FINEWS_KIND` chooses another kind of site.
///
/// # Errors
/// Fails if something cannot be built or served.
pub(crate) fn prepare(shell: &Shell) -> Result<()> {
    let finews = if let Some(finews) = std::env::var_os("FINEWS") {
        finews.into()
    } else {
        tools::require_packages(shell, Purpose::Test)?;
        tools::ensure_test_tools(shell)?;
        build::build(shell)?
    };
    let kind = Kind::named(&std::env::var("FINEWS_KIND").unwrap_or_default());
    let sites = sites::build(shell, &finews, &kind)?;
    running::serve_for_caller(&finews, &sites.site, sites.port)?;
    let mut variables = String::new();
    for (name, value) in sites.environment {
        variables += &format!("{name}={value}\n");
    }
    match std::env::var_os("NEXTEST_ENV") {
        Some(file) => shell.write_file(file, variables)?,
        None => print!("{variables}"),
    }
    Ok(())
}

/// Runs the tests of a nextest filter and shows what they print.
///
/// # Errors
/// Fails if a test fails.
pub(crate) fn run_with_output(shell: &Shell, finews: &Path, filter: &str) -> Result<()> {
    run_tests(shell, finews, filter, &Kind::USUAL, &["--no-capture"])
}

fn run_tests(shell: &Shell, finews: &Path, filter: &str, kind: &Kind, options: &[&str]) -> Result<()> {
    // The whole workspace, so that crates keep the features they had in the unit tests and are not compiled
    // again. nextest's setup script builds the sites (`.config/nextest.toml`).
    cmd!(shell, "cargo nextest run --workspace --locked -E {filter} {options...}")
        .env("FINEWS", finews)
        .env("FINEWS_KIND", kind.name)
        .run()?;
    Ok(())
}
