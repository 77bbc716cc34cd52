//! The command `finews`: turns a folder of news posts into a static site, checks posts, previews a site.

mod cache;
mod commands;
mod compile;
mod compress;
mod config;
mod digest;
mod hosts;
mod library;
mod pages;
mod program;
mod progress;
mod report;
mod site;
mod templates;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// A build makes and drops many small strings on all cores: a sixth of its time with the system's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Turns a folder of news posts into a static site whose reader runs in the browser.
#[derive(Parser)]
#[command(name = "finews", version, after_help = AFTER_HELP)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Examples:
  finews build ~/news --out ~/site       build the site of a Jekyll folder
  finews check ~/news                    say what is wrong with posts, write nothing
  finews serve ~/site                    look at the site on this machine

Exit codes: 0 done · 1 failed (with --strict: or warnings) · 2 the command line was not understood";

#[derive(Subcommand)]
enum Command {
    Build(commands::build::Arguments),
    Check(commands::check::Arguments),
    Serve(commands::serve::Arguments),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Build(arguments) => commands::build::run(&arguments),
        Command::Check(arguments) => commands::check::run(&arguments),
        Command::Serve(arguments) => commands::serve::run(&arguments),
    };
    result.unwrap_or_else(|error| {
        eprintln!("finews: {error:#}");
        ExitCode::FAILURE
    })
}
