//! Checks the dependencies.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::tools;

/// Checks dependencies for banned crates, licences, sources and, if `RustSec`'s database can be reached,
/// security advisories.
pub(super) fn check(shell: &Shell) -> Result<()> {
    tools::ensure_deny(shell)?;
    // cargo-deny needs the crates for all platforms.
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
        eprintln!("SKIPPED: security advisories were not checked, because {database} cannot be reached");
        return Ok(());
    }
    Ok(cmd!(shell, "cargo deny --all-features --locked check advisories").run()?)
}
