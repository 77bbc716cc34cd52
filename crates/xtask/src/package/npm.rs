//! Packages of the command for npm.
//!
//! Each platform has a package with the command alone. The package `finews` depends on all of them optionally, so
//! that npm installs the one of its platform, and nothing runs during the installation.

use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result};
use serde_json::json;
use xshell::{Shell, cmd};

use super::{PACKAGES, empty_folder, trial, version};

/// A platform for which a release has a binary.
struct Platform {
    /// The Rust target.
    target: &'static str,
    /// Node's names of the system and the processor.
    os: &'static str,
    cpu: &'static str,
}

const PLATFORMS: [Platform; 5] = [
    Platform { target: "x86_64-unknown-linux-musl", os: "linux", cpu: "x64" },
    Platform { target: "aarch64-unknown-linux-musl", os: "linux", cpu: "arm64" },
    Platform { target: "aarch64-apple-darwin", os: "darwin", cpu: "arm64" },
    Platform { target: "x86_64-apple-darwin", os: "darwin", cpu: "x64" },
    Platform { target: "x86_64-pc-windows-msvc", os: "win32", cpu: "x64" },
];

impl Platform {
    fn package(&self) -> String {
        format!("@finews/{}-{}", self.os, self.cpu)
    }

    fn program(&self) -> &'static str {
        if self.os == "win32" { "finews.exe" } else { "finews" }
    }
}

/// Makes the packages of all platforms from a release's archives.
pub(super) fn pack_archives(shell: &Shell, archives: &Path) -> Result<()> {
    for platform in &PLATFORMS {
        let archive = archives.join(format!("finews-{}.tar.gz", platform.target));
        let folder = empty_folder(shell, Path::new(PACKAGES).join("unpacked"))?;
        cmd!(shell, "tar --extract --gzip --file {archive} --directory {folder}").run()?;
        println!("{}", pack_platform(shell, platform, &folder.join(platform.program()))?.display());
    }
    println!("{}", pack_command(shell)?.display());
    Ok(())
}

/// Makes the package of this platform, and installs it into an empty folder.
pub(super) fn pack_and_try(shell: &Shell, finews: &Path) -> Result<()> {
    let node = cmd!(shell, "node --print process.platform+\"-\"+process.arch").read()?;
    let platform = PLATFORMS
        .iter()
        .find(|platform| format!("{}-{}", platform.os, platform.cpu) == node)
        .with_context(|| format!("there is no package for {node}"))?;
    let (program, command) = (pack_platform(shell, platform, finews)?, pack_command(shell)?);
    let folder = empty_folder(shell, Path::new(PACKAGES).join("try-npm"))?;
    // npm takes the package of this platform from this file, as it would from its registry, and leaves out those of
    // other platforms.
    let overrides = json!({ "overrides": { platform.package(): format!("file:{}", program.display()) } });
    shell.write_file(folder.join("package.json"), overrides.to_string())?;
    let begun = Instant::now();
    cmd!(shell, "npm install --no-audit --no-fund --prefix {folder} {command}").run()?;
    trial::try_command(shell, &folder.join("node_modules/.bin/finews"), &folder, begun)?;
    println!("{}\n{}", program.display(), command.display());
    Ok(())
}

fn pack_platform(shell: &Shell, platform: &Platform, finews: &Path) -> Result<PathBuf> {
    let Platform { target, os, cpu } = platform;
    let folder = empty_folder(shell, Path::new(PACKAGES).join(format!("npm-{os}-{cpu}")))?;
    shell.copy_file(finews, folder.join(platform.program()))?;
    let manifest = json!({
        "name": platform.package(),
        "version": version(),
        "description": format!("finews for {target}"),
        "license": "MIT OR Apache-2.0",
        "repository": { "type": "git", "url": REPOSITORY },
        "os": [os],
        "cpu": [cpu],
        "preferUnplugged": true,
    });
    pack(shell, &folder, &format!("{manifest:#}\n"))
}

/// Makes the package `finews`, which runs the command of its platform.
fn pack_command(shell: &Shell) -> Result<PathBuf> {
    let folder = empty_folder(shell, Path::new(PACKAGES).join("npm-finews"))?;
    shell.write_file(folder.join("finews.js"), include_str!("finews.js"))?;
    shell.copy_file("README.md", &folder)?;
    let platforms: serde_json::Map<_, _> =
        PLATFORMS.iter().map(|platform| (platform.package(), version().into())).collect();
    let manifest = json!({
        "name": "finews",
        "version": version(),
        "description": "Turns a folder of news posts into a static site with a viewer that runs in the browser",
        "keywords": ["static-site-generator", "news", "archive", "jekyll", "webassembly"],
        "license": "MIT OR Apache-2.0",
        "repository": { "type": "git", "url": REPOSITORY },
        "bin": { "finews": "finews.js" },
        "engines": { "node": ">=18" },
        "optionalDependencies": platforms,
    });
    pack(shell, &folder, &format!("{manifest:#}\n"))
}

const REPOSITORY: &str = "git+https://github.com/finews/finews.git";

/// Makes a package of a folder, and returns its path.
pub(super) fn pack(shell: &Shell, folder: &Path, manifest: &str) -> Result<PathBuf> {
    for license in ["LICENSE-MIT", "LICENSE-APACHE"] {
        shell.copy_file(license, folder)?;
    }
    shell.write_file(folder.join("package.json"), manifest)?;
    let packages = shell.current_dir().join(PACKAGES);
    let listed = cmd!(shell, "npm pack --json --pack-destination {packages} {folder}").read()?;
    let listed: serde_json::Value = serde_json::from_str(&listed)?;
    let name = listed[0]["filename"].as_str().context("npm pack names no file")?;
    Ok(packages.join(name))
}
