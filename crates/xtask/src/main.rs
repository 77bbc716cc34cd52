//! The chores of the project, the same on every machine: `cargo xtask serve | build | test | fuzz | generate
//! | bench`.

mod bench;
mod build;
mod fuzz;
mod generate;
mod test;
mod tools;
mod trunk;

use std::path::PathBuf;

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use xshell::Shell;

/// Builds, serves, tests and measures finews; installs what it needs for that.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Install what tests need: packages of Debian, which are named before, and tools
    Setup {
        /// What benchmarks need, too
        #[arg(long)]
        bench: bool,
    },
    /// Build everything, build the sample site, and serve it
    Serve {
        /// The port; 0 takes a free one
        #[arg(long, default_value_t = 8080)]
        port: u16,
    },
    /// Build the viewer and the command `finews` with the viewer in it: target/release/finews
    Build,
    /// Run exactly what CI runs: formatting, lints, unit tests, and the site in a real browser
    Test {
        /// Only the browser tests whose name holds this
        #[arg(long)]
        browser: Option<String>,
        /// Every browser test in all three engines, and a report of it in bench/runs
        #[arg(long)]
        all: bool,
    },
    /// Look for inputs that break what reads strangers' bytes
    Fuzz {
        /// One target: post, html, bundle or address
        target: Option<String>,
        /// How many inputs a target
        #[arg(long, default_value_t = 1_000_000)]
        inputs: u64,
    },
    Generate(generate::Arguments),
    /// Measure: the figures of the README
    Bench {
        #[command(subcommand)]
        what: bench::What,
    },
    /// Build the command and the sites that tests share, and print the environment in which they find them
    #[command(hide = true)]
    Prepare,
    /// What Trunk's hook of this name does
    #[command(hide = true)]
    TrunkPreBuild,
    /// What Trunk's hook of this name does
    #[command(hide = true)]
    TrunkPostBuild,
}

fn main() -> Result<()> {
    let chore = Cli::parse().chore;
    let shell = Shell::new()?;
    shell.change_dir(root()?);
    match chore {
        Chore::Setup { bench } => tools::set_up(&shell, bench),
        Chore::Serve { port } => build::serve(&shell, port),
        Chore::Build => build::build(&shell).map(|finews| println!("{}", finews.display())),
        Chore::Test { browser, all } => test::run(&shell, browser.as_deref(), all),
        Chore::Fuzz { target, inputs } => fuzz::run(&shell, target.as_deref(), inputs),
        // Its folder is named from where the caller stands.
        Chore::Generate(arguments) => generate::run(&arguments),
        Chore::Bench { what } => bench::run(&shell, &what),
        Chore::Prepare => test::prepare(&shell),
        Chore::TrunkPreBuild => trunk::pre_build(&shell),
        Chore::TrunkPostBuild => trunk::post_build(&shell),
    }
}

/// The root of the repository.
fn root() -> Result<PathBuf> {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map(PathBuf::from).context("crates/xtask stands two folders below the root")
}
