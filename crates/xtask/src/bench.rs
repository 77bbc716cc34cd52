//! Measuring: each figure of the README by one command.

use anyhow::Result;
use clap::Subcommand;
use xshell::Shell;

use crate::build;

#[derive(Subcommand)]
pub(crate) enum What {
    /// Bytes of the program and of the data of a cold load
    Size,
}

pub(crate) fn run(shell: &Shell, what: &What) -> Result<()> {
    match what {
        What::Size => size(shell),
    }
}

fn size(shell: &Shell) -> Result<()> {
    build::build(shell)?;
    Ok(())
}
