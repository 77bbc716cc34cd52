//! The wheel of the command for `PyPI`.

use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result};
use xshell::{Shell, cmd};

use super::{PACKAGES, empty_folder, trial};
use crate::{build, tools};

/// Makes the wheel of this platform, and installs it into an empty environment.
pub(super) fn pack_and_try(shell: &Shell) -> Result<()> {
    build::build(shell)?;
    let maturin = tools::ensure_maturin(shell)?;
    let wheels = empty_folder(shell, Path::new(PACKAGES).join("wheels"))?;
    cmd!(
        shell,
        "{maturin} build --release --locked --manifest-path crates/bundler/Cargo.toml --out {wheels}"
    )
    .run()?;
    let wheel = shell.read_dir(&wheels)?.pop().context("maturin made no wheel")?;
    let folder = empty_folder(shell, Path::new(PACKAGES).join("try-wheel"))?;
    let environment = folder.join("environment");
    let begun = Instant::now();
    cmd!(shell, "python3 -m venv {environment}").run()?;
    let pip = environment.join("bin/pip");
    cmd!(shell, "{pip} install --quiet --no-index --disable-pip-version-check {wheel}").run()?;
    trial::try_command(shell, &environment.join("bin/finews"), &folder, begun)?;
    println!("{}", wheel.display());
    Ok(())
}
