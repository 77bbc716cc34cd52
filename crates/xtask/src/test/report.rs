//! Writes the report of all browser tests in three engines.

use std::fmt::Write as _;
use std::time::Duration;

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

/// The file with nextest's results of `--all`.
pub(super) const RESULTS: &str = "target/nextest/all/junit.xml";

/// The result of a test in nextest's `JUnit` report.
struct Case {
    name: String,
    has_failed: bool,
    output: String,
}

impl Case {
    /// Whether the case stands for a test that the engine cannot run; its output gives the reason.
    fn is_lacking(&self) -> bool {
        self.name.ends_with("::lacks")
    }
}

/// Writes the result of every browser test in each engine into `bench/runs`.
///
/// # Errors
/// Fails if there are no results.
pub(super) fn write(shell: &Shell, duration: Duration) -> Result<()> {
    let xml = shell.read_file(RESULTS)?;
    let document = roxmltree::Document::parse(&xml)?;
    let cases: Vec<Case> = document
        .descendants()
        .filter(|node| node.has_tag_name("testcase"))
        .filter(|case| case.attribute("classname").is_some_and(|binary| binary.ends_with("::browser")))
        .map(|case| Case {
            name: case.attribute("name").unwrap_or_default().to_owned(),
            has_failed: case
                .children()
                .any(|child| child.has_tag_name("failure") || child.has_tag_name("error")),
            output: case
                .children()
                .find(|child| child.has_tag_name("system-out"))
                .and_then(|out| out.text())
                .unwrap_or_default()
                .to_owned(),
        })
        .collect();
    anyhow::ensure!(!cases.is_empty(), "no browser test has run");
    let date = cmd!(shell, "date +%F").read()?;
    let mut text = format!("# Every browser test in three engines, {date}\n\n");
    let minutes = duration.as_secs() / 60;
    write!(text, "`cargo xtask test --all`: {minutes} minutes. {}.\n\n", engines(shell)?)?;
    text.push_str("| engine | passed | failed | lacking |\n| --- | --- | --- | --- |\n");
    let failed = |case: &&Case| case.has_failed;
    let lacking = |case: &&Case| case.is_lacking() && !case.has_failed;
    let passed = |case: &&Case| !case.is_lacking() && !case.has_failed;
    for engine in ["chromium", "firefox", "webkit"] {
        let part = format!("::{engine}::");
        let count = |has_result: &dyn Fn(&&Case) -> bool| {
            cases.iter().filter(|case| case.name.contains(&part)).filter(has_result).count()
        };
        writeln!(text, "| {engine} | {} | {} | {} |", count(&passed), count(&failed), count(&lacking))?;
    }
    section(&mut text, "Failed", cases.iter().filter(failed), |_| "failed".to_owned())?;
    let reason = |case: &Case| {
        let line = case.output.lines().find_map(|line| line.strip_prefix("lacks: "));
        line.unwrap_or_default().to_owned()
    };
    section(&mut text, "Skipped because the engine lacks something", cases.iter().filter(lacking), reason)?;
    section(&mut text, "Passed", cases.iter().filter(passed), |_| "ok".to_owned())?;
    shell.write_file(format!("bench/runs/{date}-three-engines.md"), text)?;
    Ok(())
}

fn section<'a>(
    text: &mut String,
    title: &str,
    cases: impl Iterator<Item = &'a Case>,
    result: impl Fn(&Case) -> String,
) -> Result<()> {
    for (at, case) in cases.enumerate() {
        if at == 0 {
            write!(text, "\n## {title}\n\n")?;
        }
        writeln!(text, "- `{}`: {}", case.name, result(case))?;
    }
    Ok(())
}

/// The versions of the engines.
fn engines(shell: &Shell) -> Result<String> {
    let firefox = cmd!(shell, "firefox-esr --version").ignore_stderr().read()?;
    // WebKit's driver does not report its version.
    let format = "WebKitGTK ${Version}";
    let webkit = cmd!(shell, "dpkg-query --show --showformat {format} libwebkit2gtk-4.1-0").read()?;
    let chromium = cmd!(shell, "chromedriver --version").read()?;
    let chromium = chromium.split(" (").next().context("ChromeDriver did not report its version")?;
    Ok(format!("{chromium}; {}; {}", firefox.trim(), webkit.trim()))
}
