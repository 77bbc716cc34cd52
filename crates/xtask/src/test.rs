//! What CI runs.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use crate::{build, tools};

/// Runs everything, or only the browser tests whose name holds `browser`; in all three engines, or in
/// Chromium and a sample in the others.
pub(crate) fn run(shell: &Shell, browser: Option<&str>, all: bool) -> Result<()> {
    if browser.is_none() {
        stage("formatting, lints, unit tests");
        cmd!(shell, "cargo fmt --all --check").run()?;
        cmd!(shell, "cargo clippy --workspace --all-targets --locked -- --deny warnings").run()?;
        cmd!(shell, "cargo test --workspace --locked --lib --bins --test cases --test spec --test archive")
            .run()?;
        stage("the crates that are used");
        supply(shell)?;
    }
    stage("tools");
    tools::ensure_test_tools(shell)?;
    if browser.is_none() {
        stage("the browser's way to read the bundle, in Node");
        tools::ensure_build_tools(shell)?;
        let _runner =
            shell.push_env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner");
        cmd!(shell, "cargo test --package finews-bundle --locked --target wasm32-unknown-unknown --test js")
            .run()?;
    }
    stage("the build");
    let finews = build::build(shell)?;
    if browser.is_none() {
        cmd!(shell, "cargo clippy --package finews-viewer --package finews-bundle --lib --bins --target wasm32-unknown-unknown --locked -- --deny warnings")
            .run()?;
    }
    if browser.is_none() {
        stage("fuzzing, for a moment");
        crate::fuzz::run(shell, None, 20_000)?;
    }
    let filter = browser.unwrap_or_default();
    stage("the site, in browsers");
    if all {
        let begun = Instant::now();
        let run = run_tests(
            shell,
            &finews,
            &["browser"],
            filter,
            &Kind::USUAL,
            &["--include-ignored", "--skip", "::lacks"],
        )?;
        let lacking = run_tests(shell, &finews, &["browser"], "::lacks", &Kind::USUAL, &[])?;
        if browser.is_none() {
            report(shell, &run, &lacking, begun.elapsed())?;
        }
        run.ended_well()?;
        run_with_command(shell, &finews, filter, false)?;
    } else {
        run_tests(shell, &finews, &["browser"], filter, &Kind::USUAL, &[])?.ended_well()?;
        run_with_command(shell, &finews, filter, false)?;
    }
    // Stored compressed, and with nothing rendered ahead, a site looks the same to its readers.
    stage("the other kind of site, in Chromium");
    let kind = Kind { store: "gzip", prerender: "0" };
    run_tests(
        shell,
        &finews,
        &["browser"],
        filter,
        &kind,
        &["--skip", "firefox", "--skip", "webkit", "--skip", "hostile::"],
    )?
    .ended_well()
}

/// What is known of the crates that are used: licences, sources, and, where the database of `RustSec` can be
/// had, what speaks against them.
fn supply(shell: &Shell) -> Result<()> {
    tools::ensure_deny(shell)?;
    // It asks for all crates that any system would have.
    cmd!(shell, "cargo fetch --locked").run()?;
    cmd!(shell, "cargo deny --offline --all-features --locked check bans licenses sources").run()?;
    let database = "https://github.com/RustSec/advisory-db";
    if cmd!(shell, "timeout 30 git ls-remote --exit-code {database} HEAD")
        .quiet()
        .ignore_stdout()
        .ignore_stderr()
        .run()
        .is_err()
    {
        eprintln!("SKIPPED: advisories were not looked up, for {database} does not answer from here");
        return Ok(());
    }
    Ok(cmd!(shell, "cargo deny --all-features --locked check advisories").run()?)
}

/// Says what comes, and when it was begun.
fn stage(name: &str) {
    static BEGUN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let seconds = BEGUN.elapsed().as_secs();
    eprintln!("── {}:{:02} {name}", seconds / 60, seconds % 60);
}

/// Runs the tests that need the built command and no browser; `aloud` shows what they measured.
fn run_with_command(shell: &Shell, finews: &Path, filter: &str, aloud: bool) -> Result<()> {
    let options: &[&str] = if aloud { &["--nocapture"] } else { &[] };
    run_tests(
        shell,
        finews,
        &["budget", "command", "faults", "hostile", "pages", "properties", "scale", "shipped"],
        filter,
        &Kind::USUAL,
        options,
    )?
    .ended_well()
}

/// Runs what measures, and shows what it measured.
pub(crate) fn run_aloud(shell: &Shell, finews: &Path, filter: &str) -> Result<()> {
    run_tests(
        shell,
        finews,
        &["browser"],
        filter,
        &Kind::USUAL,
        &["--nocapture", "--skip", "firefox", "--skip", "webkit"],
    )?
    .ended_well()?;
    run_with_command(shell, finews, filter, true)
}

/// How a site is built that tests look at.
pub(crate) struct Kind {
    store: &'static str,
    prerender: &'static str,
}

impl Kind {
    pub(crate) const USUAL: Self = Self { store: "plain", prerender: "500" };
}

/// What tests said: the lines `test NAME ... RESULT`.
struct Run {
    lines: Vec<(String, String)>,
    status: ExitStatus,
}

impl Run {
    fn ended_well(self) -> Result<()> {
        if self.status.success() { Ok(()) } else { anyhow::bail!("tests failed: {}", self.status) }
    }
}

fn run_tests(
    shell: &Shell,
    finews: &Path,
    tests: &[&str],
    filter: &str,
    kind: &Kind,
    options: &[&str],
) -> Result<Run> {
    // The sample's charts and pictures are answered by the host of the site itself, so its port must be known
    // first.
    let port = free_port()?;
    build_sample(shell, finews, port, kind)?;
    let root = shell.current_dir();
    let generated = root.join("target/test-generated");
    if tests.contains(&"scale") {
        shell.remove_path(&generated)?;
        crate::generate::write(generated.clone(), 12_000)?;
    }
    let mut server = Command::new(finews);
    server.arg("serve").arg(root.join(SITE)).args(["--port", &port.to_string()]);
    let _server = Running::start(server, "http://")?;
    // The whole workspace, so that crates have the features they had in the unit tests and are not compiled
    // anew.
    let mut command = Command::new("cargo");
    command.args(["test", "--locked", "--workspace"]).args(tests.iter().flat_map(|test| ["--test", test]));
    command.arg("--").arg(filter).args(options).current_dir(&root).envs([
        ("FINEWS", finews.to_owned()),
        ("FINEWS_AXE", root.join("target/tools/node_modules/axe-core/axe.min.js")),
        ("FINEWS_GENERATED", generated),
        ("FINEWS_PRERENDER", kind.prerender.into()),
        ("FINEWS_SAMPLE_POSTS", root.join(POSTS)),
        ("FINEWS_SAMPLE_SITE", root.join(SITE)),
        ("FINEWS_SAMPLE_URL", format!("http://127.0.0.1:{port}").into()),
        ("FINEWS_STORE", kind.store.into()),
    ]);
    let mut child = command.stdout(Stdio::piped()).spawn().context("cargo does not start")?;
    let said = child.stdout.take().context("its output is piped")?;
    let mut lines = Vec::new();
    for line in BufReader::new(said).lines() {
        let line = line?;
        println!("{line}");
        if let Some((name, result)) = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... ")) {
            lines.push((name.to_owned(), result.to_owned()));
        }
    }
    Ok(Run { lines, status: child.wait()? })
}

/// Writes what every browser test came to in each engine, and what an engine lacks, into `bench/runs`.
fn report(shell: &Shell, run: &Run, lacking: &Run, took: Duration) -> Result<()> {
    let date = cmd!(shell, "date +%F").read()?;
    let firefox = cmd!(shell, "firefox-esr --version").ignore_stderr().read()?;
    // Its driver does not tell.
    let format = "WebKitGTK ${Version}";
    let webkit = cmd!(shell, "dpkg-query --show --showformat {format} libwebkit2gtk-4.1-0").read()?;
    let chromium = cmd!(shell, "chromedriver --version").read()?;
    let chromium = chromium.split(" (").next().unwrap_or_default();
    let mut text = format!(
        "# Every browser test in three engines, {date}\n\n`cargo xtask test --all`: {} minutes. ",
        took.as_secs() / 60
    );
    text += &format!(
        "{chromium}; {}; {}.\n\n| engine | passed | failed | lacking |\n| --- | --- | --- | --- |\n",
        firefox.trim(),
        webkit.trim()
    );
    for engine in ["chromium", "firefox", "webkit"] {
        let part = format!("::{engine}::");
        let count = |run: &Run, begin: &str| {
            run.lines
                .iter()
                .filter(|(name, result)| name.contains(&part) && result.starts_with(begin))
                .count()
        };
        text += &format!(
            "| {engine} | {} | {} | {} |\n",
            count(run, "ok"),
            count(run, "FAILED"),
            count(lacking, "ignored")
        );
    }
    let named = |text: &mut String, title: &str, lines: &mut dyn Iterator<Item = &(String, String)>| {
        for (at, (name, result)) in lines.enumerate() {
            if at == 0 {
                text.push_str(&format!("\n## {title}\n\n"));
            }
            text.push_str(&format!("- `{name}`: {}\n", result.trim_start_matches("ignored, ")));
        }
    };
    named(&mut text, "Failed", &mut run.lines.iter().filter(|(_, result)| result.starts_with("FAILED")));
    named(&mut text, "Skipped, for what the engine lacks", &mut lacking.lines.iter());
    named(&mut text, "Passed", &mut run.lines.iter().filter(|(_, result)| result.starts_with("ok")));
    shell.write_file(format!("bench/runs/{date}-three-engines.md"), text)?;
    Ok(())
}

const POSTS: &str = "target/test-sample";
pub(crate) const SITE: &str = "target/test-site";

/// The sample with every picture and chart answered by the host at this port.
pub(crate) fn build_sample(shell: &Shell, finews: &Path, port: u16, kind: &Kind) -> Result<()> {
    shell.remove_path(POSTS)?;
    shell.remove_path(SITE)?;
    for folder in ["_posts", "old_post"] {
        for post in shell.read_dir(Path::new("sample").join(folder))? {
            let text = shell.read_file(&post)?.replace(
                "https://dfscdn.dfcfw.com/download/",
                &format!("http://127.0.0.1:{port}/picture.svg?"),
            );
            shell.write_file(
                Path::new(POSTS).join(folder).join(post.file_name().context("a post has a name")?),
                text,
            )?;
        }
    }
    shell.copy_file("sample/_config.yml", Path::new(POSTS).join("_config.yml"))?;
    let picture = format!("http://127.0.0.1:{port}/picture.svg");
    let settings = format!(
        "[settings]\nchart = \"{picture}?nid={{secid}}&type={{period}}\"\nintraday = \"{picture}?nid={{secid}}&imageType=r\"\n"
    );
    let own = shell.read_file("sample/finews.toml")?;
    shell.write_file(Path::new(POSTS).join("finews.toml"), format!("{own}\n{settings}"))?;
    // What is not finews' own in a site stays there.
    shell.write_file(
        Path::new(SITE).join("picture.svg"),
        "<svg xmlns='http://www.w3.org/2000/svg' width='578' height='276'><path d='M0 200L289 90L578 140' stroke='#333' fill='none'/></svg>\n",
    )?;
    let Kind { store, prerender } = kind;
    cmd!(shell, "{finews} build {POSTS} --out {SITE} --store {store} --prerender {prerender} --now 2026-06-01T00:00:00+08:00")
        .quiet()
        .ignore_stdout()
        .ignore_stderr()
        .run()?;
    Ok(())
}

pub(crate) fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}

/// A program that runs until this value goes.
pub(crate) struct Running(Child);

impl Running {
    /// Starts a program and waits until it prints a line that holds `ready`.
    pub(crate) fn start(mut command: Command, ready: &str) -> Result<Self> {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} does not start", command.get_program().display()))?;
        let output = child.stdout.take().context("its output is piped")?;
        let running = Self(child);
        let mut lines = BufReader::new(output).lines();
        let line = lines.by_ref().find(|line| line.as_ref().is_ok_and(|line| line.contains(ready)));
        line.with_context(|| format!("it ended without saying “{ready}”"))??;
        std::thread::spawn(move || lines.for_each(drop));
        Ok(running)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
