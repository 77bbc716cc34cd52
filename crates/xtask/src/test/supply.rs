//! What is known of the crates that are used.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::tools;

/// What is known of the crates that are used: licences, sources, and, where the database of `RustSec` can be
/// had, what speaks against them.
pub(super) fn check(shell: &Shell) -> Result<()> {
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
