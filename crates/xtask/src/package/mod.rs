//! `cargo xtask package`: makes packages as they are published, and installs each into an empty folder as a user
//! would.

mod crates;
pub(crate) mod headlines;
mod npm;
mod trial;
mod wheel;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Subcommand;
use xshell::Shell;

use crate::build;

#[derive(Subcommand)]
pub(crate) enum Package {
    /// The command for npm: a package for each platform, and one that runs the package of its platform
    Npm {
        /// A folder with a release's archives (finews-TARGET.tar.gz): makes the packages of all platforms, and
        /// installs none. Without it, makes and tries the package of this platform
        #[arg(long)]
        archives: Option<PathBuf>,
    },
    /// The command for pip: a wheel for this platform
    Wheel,
    /// The crates for crates.io; the trial compiles the command without any cache, which takes minutes
    Crates,
    /// The element finews-headlines for npm
    Headlines,
}

/// The folder for packages.
const PACKAGES: &str = "target/packages";

/// Makes and tries packages, and prints their paths.
///
/// # Errors
/// Fails if a package cannot be made, or does not work.
pub(crate) fn run(shell: &Shell, package: &Package) -> Result<()> {
    match package {
        Package::Npm { archives: Some(archives) } => npm::pack_archives(shell, archives),
        Package::Npm { archives: None } => npm::pack_and_try(shell, &build::build(shell)?),
        Package::Wheel => wheel::pack_and_try(shell),
        Package::Crates => crates::pack_and_try(shell),
        Package::Headlines => headlines::pack(shell).map(|package| println!("{}", package.display())),
    }
}

/// The version of all packages.
fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// Makes a folder empty, and returns its absolute path.
fn empty_folder(shell: &Shell, path: impl AsRef<Path>) -> Result<PathBuf> {
    let folder = shell.current_dir().join(path);
    shell.remove_path(&folder)?;
    shell.create_dir(&folder).with_context(|| folder.display().to_string())
}
