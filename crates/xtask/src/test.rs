//! What CI runs.

use anyhow::Result;
use xshell::{Shell, cmd};

use crate::{build, tools};

pub(crate) fn run(shell: &Shell, browser: Option<&str>) -> Result<()> {
    if browser.is_none() {
        cmd!(shell, "cargo fmt --all --check").run()?;
        cmd!(shell, "cargo clippy --workspace --all-targets --locked -- --deny warnings").run()?;
        cmd!(shell, "cargo test --workspace --locked --lib --bins").run()?;
    }
    tools::ensure_test_tools(shell)?;
    let finews = build::build(shell)?;
    if browser.is_none() {
        cmd!(shell, "cargo clippy --package finews-viewer --lib --bins --target wasm32-unknown-unknown --locked -- --deny warnings").run()?;
    }
    let axe = shell.current_dir().join("target/tools/node_modules/axe-core/axe.min.js");
    let filter = browser.unwrap_or_default();
    let _finews = shell.push_env("FINEWS", finews);
    let _axe = shell.push_env("FINEWS_AXE", axe);
    cmd!(shell, "cargo test --locked --package finews-viewer --test '*' -- {filter}").run()?;
    cmd!(shell, "cargo test --locked --package finews-bundler --package finews-posts --test '*' -- {filter}").run()?;
    Ok(())
}
