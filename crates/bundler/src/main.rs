//! The command `finews`: builds a static site from a folder of news posts, checks posts, and previews a site.

mod cache;
mod commands;
mod compile;
mod compress;
mod config;
mod digest;
mod hosts;
mod jekyll;
mod kind;
mod library;
mod misuse;
mod pages;
mod paths;
mod permalink;
mod pictures;
mod program;
mod progress;
mod report;
mod server;
mod site;
mod templates;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds allocate many small strings on all cores. With the system's allocator, allocation takes a sixth of
/// the build time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Turn a folder of news posts into a static site with a viewer that runs in the browser
#[derive(Parser)]
#[command(name = "finews", version = VERSION, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

/// The version, and what the command was built from.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), " (", env!("FINEWS_BUILT_FROM"), ")");

const AFTER_HELP: &str = "\
Examples:
  finews demo --open                     see a sample site
  finews new news                        make a folder with posts that show how to write posts
  finews dev news --open                 write posts and see the site change
  finews build news --out site           make the site: files for any static host

Exit codes: 0 success · 1 failure (with --strict, also warnings) · 2 invalid command line";

#[derive(Subcommand)]
enum Command {
    Demo(commands::demo::Arguments),
    New(commands::new::Arguments),
    Dev(commands::dev::Arguments),
    Build(commands::build::Arguments),
    Check(commands::check::Arguments),
    Serve(commands::serve::Arguments),
}

/// The exit code of a wrong command line.
const WRONG: u8 = 2;

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let cli = match Cli::try_parse_from(&arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let Some(sentence) = misuse::explain(&error, &arguments) else { error.exit() };
            eprintln!("finews: {sentence}");
            return ExitCode::from(WRONG);
        }
    };
    let result = match cli.command {
        Command::Demo(arguments) => commands::demo::run(&arguments),
        Command::New(arguments) => commands::new::run(&arguments),
        Command::Dev(arguments) => commands::dev::run(&arguments),
        Command::Build(arguments) => commands::build::run(&arguments),
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Serve(arguments) => commands::serve::run(&arguments),
    };
    result.unwrap_or_else(|error| {
        eprintln!("finews: {error:#}");
        if error.is::<misuse::Misuse>() { ExitCode::from(WRONG) } else { ExitCode::FAILURE }
    })
}
