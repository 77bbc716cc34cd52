//! `cargo xtask bench`: measures the figures in `bench/README.md`.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use clap::Subcommand;
use xshell::{Shell, cmd};

use crate::test::running::{Running, free_port};
use crate::test::sites::{self, Kind};
use crate::tools::{self, Purpose};
use crate::{build, test};

#[derive(Subcommand)]
pub(crate) enum Benchmark {
    /// Bytes of the program, and of the data for a first load
    Size,
    /// Words lost in the sample and optionally in another folder of posts; layout shift of every view
    Words {
        /// Another folder of posts
        posts: Option<String>,
    },
    /// Building a large archive, also with Hugo and Jekyll; what a later build changes; what readers download
    /// for a page. Takes half an hour and 30 GB of disk
    Archive {
        /// The number of posts
        #[arg(long, default_value_t = 1_000_000)]
        posts: u64,
    },
    /// Full-text search of a large archive: what it costs readers and publishers, and what it finds. Takes a quarter of an
    /// hour and 10 GB of disk
    Search {
        /// The number of posts
        #[arg(long, default_value_t = 1_000_000)]
        posts: u64,
        /// How the index is cut into files: range or whole
        #[arg(long, default_value = "range")]
        cut: String,
    },
    /// Full-text search of 3,000 stories, compared with Pagefind
    Pagefind,
    /// Loading pages on Lighthouse's phone, compared with Jekyll's pages; Lighthouse's scores; prerendered
    /// pages a second, compared with Hugo's
    Load,
    /// This finews and another one, compared in pairs of runs: loading and using pages on Lighthouse's phone,
    /// and prerendered pages a second. Takes a quarter of an hour
    Beside {
        /// The other command, such as one built from an earlier commit
        other: PathBuf,
    },
    /// What finews publishes of Jekyll sites, when and where, compared with Jekyll
    Jekyll {
        /// Folders of Jekyll sites, such as clones of public repositories
        #[arg(required = true)]
        sites: Vec<PathBuf>,
    },
    /// Whether the stories and pages of Jekyll sites say the same in finews, and whether their files are there, compared
    /// with Jekyll
    Same {
        /// Folders of Jekyll sites, such as clones of public repositories
        #[arg(required = true)]
        sites: Vec<PathBuf>,
    },
    /// Whether the stories of a site of Hugo or Hexo say the same as the pages that its own program has built, and show
    /// the same pictures
    Built {
        /// The folder of the site
        site: PathBuf,
        /// The folder of the built pages
        built: PathBuf,
        /// The element with a story's words in the built pages, such as “article” or “div.post-body”
        element: String,
    },
    /// Whether the stories of a site of Zola, whose posts have no shortcodes, say the same as their Markdown, and show the
    /// same pictures
    Zola {
        /// The folder of the site
        site: PathBuf,
    },
    /// This finews and another one, compared in pairs of clean builds of 100,000 posts: time and memory
    Pairs {
        /// The other command, such as one built from an earlier commit
        other: PathBuf,
    },
    /// What the widget costs a page of another origin on Lighthouse's phone
    Widget,
    /// The time from a click on a headline to the painted article on Lighthouse's phone
    Open {
        /// A site to measure instead of the sample, such as one with more and longer stories
        site: Option<String>,
    },
}

pub(crate) fn run(shell: &Shell, benchmark: &Benchmark) -> Result<()> {
    tools::require_packages(shell, Purpose::Bench)?;
    tools::ensure_test_tools(shell)?;
    let finews = build::build(shell)?;
    match benchmark {
        Benchmark::Size => test::run_with_output(shell, &finews, "test(of_a_first_load)"),
        Benchmark::Words { posts } => {
            let _posts = posts.as_ref().map(|posts| shell.push_env("FINEWS_POSTS", posts));
            test::run_with_output(shell, &finews, "test(every_word) & !test(firefox) & !test(webkit)")?;
            test::run_with_output(shell, &finews, "test(no_view_shifts) & !test(firefox) & !test(webkit)")
        }
        Benchmark::Archive { posts } => archive(shell, &finews, *posts),
        Benchmark::Pagefind => {
            let pagefind = tools::ensure_pagefind(shell)?;
            run_on_phone(shell, &finews, "pagefind", &pagefind)
        }
        Benchmark::Search { posts, cut } => search(shell, &finews, *posts, cut),
        Benchmark::Load => {
            tools::ensure_lighthouse(shell)?;
            run_on_phone(
                shell,
                &finews,
                "load",
                &shell.current_dir().join("target/tools/node_modules/lighthouse/cli/index.js"),
            )
        }
        Benchmark::Beside { other } => run_on_phone(shell, &finews, "beside", &std::fs::canonicalize(other)?),
        Benchmark::Jekyll { sites } => beside_jekyll(shell, &finews, "jekyll", sites),
        Benchmark::Same { sites } => beside_jekyll(shell, &finews, "same", sites),
        Benchmark::Built { site, built, element } => {
            let arguments = [site.as_path(), built.as_path(), Path::new(element)];
            beside_built(shell, &finews, "built", &arguments)
        }
        Benchmark::Zola { site } => beside_built(shell, &finews, "zola", &[site]),
        Benchmark::Pairs { other } => pairs(shell, &finews, &std::fs::canonicalize(other)?),
        Benchmark::Widget => widget(shell, &finews),
        Benchmark::Open { site } => open(shell, &finews, site.as_deref()),
    }
}

fn open(shell: &Shell, finews: &Path, site: Option<&str>) -> Result<()> {
    let site = if let Some(site) = site {
        site.to_owned()
    } else {
        sites::build(shell, finews, &Kind::USUAL)?.site.display().to_string()
    };
    let port = free_port()?;
    let mut driver = Command::new("chromedriver");
    driver.arg(format!("--port={port}"));
    let _driver = Running::start(driver, "started successfully")?;
    let driver = format!("http://127.0.0.1:{port}");
    cmd!(shell, "cargo run --release --quiet --manifest-path bench/Cargo.toml --target-dir target/bench -- open {site} {driver}").run()?;
    Ok(())
}

fn widget(shell: &Shell, finews: &Path) -> Result<()> {
    let site = sites::build(shell, finews, &Kind::USUAL)?.site;
    let (port, root) = (free_port()?, shell.current_dir());
    let mut driver = Command::new("chromedriver");
    driver.arg(format!("--port={port}"));
    let _driver = Running::start(driver, "started successfully")?;
    let driver = format!("http://127.0.0.1:{port}");
    let pages = root.join("target/bench-widget");
    let command = cmd!(
        shell,
        "cargo run --release --quiet --manifest-path bench/Cargo.toml --target-dir target/bench -- widget {site} {pages} {driver}"
    );
    run_and_save(shell, command.into(), "widget", "cargo xtask bench widget")
}

/// Runs a benchmark that loads pages. `last_argument` is another program: Lighthouse's, Pagefind's, or another finews.
fn run_on_phone(shell: &Shell, finews: &Path, name: &str, last_argument: &Path) -> Result<()> {
    let (xtask, folder) =
        (std::env::current_exe()?, shell.current_dir().join(format!("target/bench-{name}")));
    let port = free_port()?;
    let mut driver = Command::new("chromedriver");
    driver.arg(format!("--port={port}"));
    let _driver = Running::start(driver, "started successfully")?;
    let driver = format!("http://127.0.0.1:{port}");
    shell.create_dir(&folder)?;
    let command = cmd!(
        shell,
        "cargo run --release --quiet --manifest-path bench/Cargo.toml --target-dir target/bench -- {name} {finews} {xtask} {folder} {driver} {last_argument}"
    );
    run_and_save(shell, command.into(), name, &format!("cargo xtask bench {name}"))
}

fn archive(shell: &Shell, finews: &Path, posts: u64) -> Result<()> {
    let (xtask, posts, root) = (std::env::current_exe()?, posts.to_string(), shell.current_dir());
    let folder = root.join("target/bench-archive");
    let command = cmd!(
        shell,
        "cargo run --release --quiet --manifest-path bench/Cargo.toml --target-dir target/bench -- archive {finews} {xtask} {folder} {posts}"
    );
    run_and_save(shell, command.into(), "archive", &format!("cargo xtask bench archive --posts {posts}"))
}

fn search(shell: &Shell, finews: &Path, posts: u64, cut: &str) -> Result<()> {
    let (xtask, posts, root) = (std::env::current_exe()?, posts.to_string(), shell.current_dir());
    let folder = root.join("target/bench-search");
    let port = free_port()?;
    let mut driver = Command::new("chromedriver");
    driver.arg(format!("--port={port}"));
    let _driver = Running::start(driver, "started successfully")?;
    let driver = format!("http://127.0.0.1:{port}");
    let command = cmd!(
        shell,
        "cargo run --release --quiet --manifest-path bench/Cargo.toml --target-dir target/bench -- search {finews} {xtask} {folder} {driver} {posts} {cut}"
    );
    run_and_save(
        shell,
        command.into(),
        "search",
        &format!("cargo xtask bench search --posts {posts} --cut {cut}"),
    )
}

/// Compares what finews and Jekyll make of sites.
fn beside_jekyll(shell: &Shell, finews: &Path, what: &str, sites: &[PathBuf]) -> Result<()> {
    let root = shell.current_dir();
    let (script, folder) = (root.join("bench/jekyll.rb"), root.join(format!("target/bench-{what}")));
    shell.create_dir(&folder)?;
    let command = cmd!(
        shell,
        "cargo run --release --quiet --manifest-path bench/Cargo.toml --target-dir target/bench -- {what} {finews} {script} {folder} {sites...}"
    );
    run_and_save(shell, command.into(), what, &format!("cargo xtask bench {what}"))
}

/// Compares what finews and another program make of a site.
fn beside_built(shell: &Shell, finews: &Path, what: &str, arguments: &[&Path]) -> Result<()> {
    let folder = shell.current_dir().join(format!("target/bench-{what}"));
    shell.create_dir(&folder)?;
    let command = cmd!(
        shell,
        "cargo run --release --quiet --manifest-path bench/Cargo.toml --target-dir target/bench -- {what} {finews} {folder} {arguments...}"
    );
    run_and_save(shell, command.into(), what, &format!("cargo xtask bench {what}"))
}

fn pairs(shell: &Shell, finews: &Path, other: &Path) -> Result<()> {
    let (xtask, folder) = (std::env::current_exe()?, shell.current_dir().join("target/bench-pairs"));
    let command = cmd!(
        shell,
        "cargo run --release --quiet --manifest-path bench/Cargo.toml --target-dir target/bench -- pairs {finews} {other} {xtask} {folder}"
    );
    run_and_save(shell, command.into(), "pairs", "cargo xtask bench pairs")
}

/// Runs a benchmark, prints its report, and saves it in bench/runs under today's date.
fn run_and_save(shell: &Shell, mut command: Command, name: &str, title: &str) -> Result<()> {
    let mut running = command.current_dir(shell.current_dir()).stdout(Stdio::piped()).spawn()?;
    let date = cmd!(shell, "date +%F").read()?;
    let mut report = format!("# {date}: `{title}`\n\n");
    for line in BufReader::new(running.stdout.take().context("the benchmark's output is not piped")?).lines()
    {
        let line = line?;
        println!("{line}");
        report.push_str(&line);
        report.push('\n');
    }
    anyhow::ensure!(running.wait()?.success(), "the benchmark failed");
    let kept = format!("bench/runs/{date}-{name}.md");
    shell.write_file(&kept, report)?;
    println!("saved as {kept}");
    Ok(())
}
