//! The project's tasks, the same on every machine: `cargo xtask setup | serve | build | test | fuzz |
//! generate | package | bench`.

mod bench;
mod build;
mod fuzz;
mod generate;
mod package;
mod test;
mod tools;
mod trunk;

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use xshell::Shell;

/// Build, serve, test and measure finews; missing tools are installed first
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what tests need: Debian packages (their names are printed before they are installed) and tools
    Setup {
        /// Also install what benchmarks need
        #[arg(long)]
        bench: bool,
    },
    /// Build everything, build the sample site, and serve it
    Serve {
        /// The port; 0 chooses a free one
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Build the viewer and the command with the viewer embedded: target/release/finews
    Build,
    /// Run what CI runs on Debian: checks of the sources, unit tests, brief fuzzing, and tests of the site
    /// with and without browsers
    Test {
        /// Run only browser tests whose names contain this text
        #[arg(long)]
        browser: Option<String>,
        /// Run all browser tests in all three engines and, without --browser, write a report to bench/runs
        #[arg(long)]
        all: bool,
    },
    /// Search for inputs that break the parsers of untrusted bytes
    Fuzz {
        /// One target: post, html, bundle, address or search
        target: Option<String>,
        /// The number of inputs for each target
        #[arg(long, default_value_t = 1_000_000)]
        inputs: u64,
    },
    Generate(generate::Arguments),
    /// Make a package as it is published, and install it into an empty folder as a user would
    Package {
        #[command(subcommand)]
        package: package::Package,
    },
    /// Measure the figures in bench/README.md
    Bench {
        #[command(subcommand)]
        what: bench::Benchmark,
    },
    /// Build the command and the sites that tests share, and print the environment variables for tests
    #[command(hide = true)]
    Prepare,
    /// Run Trunk's hook before a build
    #[command(hide = true)]
    TrunkPreBuild,
    /// Run Trunk's hook after a build
    #[command(hide = true)]
    TrunkPostBuild,
}

fn main() -> Result<()> {
    let task = Cli::parse().task;
    let shell = Shell::new()?;
    shell.change_dir(root()?);
    match task {
        Task::Setup { bench } => tools::set_up(&shell, bench),
        Task::Serve { port } => build::serve(&shell, port),
        Task::Build => build::build(&shell).map(|finews| println!("{}", finews.display())),
        Task::Test { browser, all } => test::run(&shell, browser.as_deref(), all),
        Task::Fuzz { target, inputs } => fuzz::run(&shell, target.as_deref(), inputs),
        // Without the shell, because the output folder is relative to the caller's directory.
        Task::Generate(arguments) => generate::run(&arguments),
        Task::Package { package } => package::run(&shell, &package),
        Task::Bench { what } => bench::run(&shell, &what),
        Task::Prepare => test::prepare(&shell),
        Task::TrunkPreBuild => trunk::pre_build(&shell),
        Task::TrunkPostBuild => trunk::post_build(&shell),
    }
}

/// The root of the repository.
fn root() -> Result<PathBuf> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map(PathBuf::from).context("crates/xtask is not two folders below the root")
}
