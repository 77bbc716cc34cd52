//! The crates for crates.io.

use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use xshell::{Shell, cmd};

use super::{PACKAGES, empty_folder, trial, version};
use crate::build;

/// The crates that are published, each after those that it depends on.
const CRATES: [&str; 7] = [
    "finews-bundle",
    "finews-hosting",
    "finews-markdown",
    "finews-archive",
    "finews-posts",
    "finews-viewer",
    "finews",
];

/// Packages all crates, and installs the command from a registry that contains them and all their dependencies.
pub(super) fn pack_and_try(shell: &Shell) -> Result<()> {
    build::build(shell)?;
    let packages: Vec<String> = CRATES.iter().map(|name| format!("--package={name}")).collect();
    cmd!(shell, "cargo package --locked --no-verify {packages...}").run()?;
    let registry = empty_folder(shell, Path::new(PACKAGES).join("registry"))?;
    // The output tells how to use the folder.
    cmd!(shell, "cargo vendor --locked --versioned-dirs {registry}").ignore_stdout().ignore_stderr().run()?;
    for name in CRATES {
        let package = format!("target/package/{name}-{}.crate", version());
        cmd!(shell, "tar --extract --gzip --file {package} --directory {registry}").run()?;
        // The form of `cargo vendor`.
        let checksum = hex::encode(Sha256::digest(shell.read_binary_file(&package)?));
        let checksums = json!({ "files": {}, "package": checksum });
        shell.write_file(
            registry.join(format!("{name}-{}/.cargo-checksum.json", version())),
            checksums.to_string(),
        )?;
        println!("{package}");
    }
    let folder = empty_folder(shell, Path::new(PACKAGES).join("try-crates"))?;
    let begun = Instant::now();
    let configuration = format!(
        "[source.crates-io]\nreplace-with = \"packaged\"\n[source.packaged]\ndirectory = {:?}\n",
        registry.display().to_string()
    );
    shell.write_file(folder.join(".cargo/config.toml"), configuration)?;
    install(shell, &folder)?;
    trial::try_command(shell, &folder.join("bin/finews"), &folder, begun)
}

/// Installs the command into a folder whose configuration names the registry. Everything is compiled, because
/// `cargo install` uses a new target folder.
fn install(shell: &Shell, folder: &Path) -> Result<()> {
    let _folder = shell.push_dir(folder);
    let version = version();
    cmd!(shell, "cargo install --offline --locked --root . finews@{version}").run()?;
    Ok(())
}
