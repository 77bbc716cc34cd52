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
const CRATES: [&str; 8] = [
    "finews-bundle",
    "finews-hosting",
    "finews-markdown",
    "finews-archive",
    "finews-posts",
    "finews-search",
    "finews-viewer",
    "finews",
];

/// Packages all crates, and installs the command from a registry that contains them and all their dependencies.
pub(super) fn pack_and_try(shell: &Shell) -> Result<()> {
    build::build(shell)?;
    let packages: Vec<String> = CRATES.iter().map(|name| format!("--package={name}")).collect();
    // What is embedded is not committed.
    cmd!(shell, "cargo package --locked --allow-dirty --no-verify {packages...}").run()?;
    let registry = empty_folder(shell, Path::new(PACKAGES).join("registry"))?;
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
    // Everything is compiled, because `cargo install` uses a new target folder. (It ignores the configuration of
    // the current folder.)
    let replaced = "source.crates-io.replace-with=\"packaged\"";
    let packaged = format!("source.packaged.directory={:?}", registry.display().to_string());
    let version = version();
    cmd!(
        shell,
        "cargo install --offline --locked --config {replaced} --config {packaged} --root {folder} finews@{version}"
    )
    .run()?;
    trial::try_command(shell, &folder.join("bin/finews"), &folder, begun)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Component, PathBuf};

    use super::*;

    /// The folder of a crate.
    fn folder(name: &str) -> PathBuf {
        let root = crate::root().unwrap();
        match name {
            "finews-viewer" => root,
            "finews" => root.join("crates/bundler"),
            name => root.join("crates").join(name.trim_start_matches("finews-")),
        }
    }

    /// The source files below a folder.
    fn sources(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries
            .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
            .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
            .collect()
    }

    #[test]
    fn no_crate_includes_a_file_that_its_package_does_not_have() {
        for name in CRATES {
            let folder = folder(name);
            for source in sources(&folder.join("src")) {
                let text = fs::read_to_string(&source).unwrap();
                for path in text.split("include_str!(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                    let up =
                        Path::new(path).components().filter(|part| *part == Component::ParentDir).count();
                    let depth = source.strip_prefix(&folder).unwrap().components().count() - 1;
                    assert!(up <= depth, "{}: {path} is outside of {name}", source.display());
                }
            }
        }
    }
}
