//! Embeds Trunk's build of the viewer and the sample's posts in the command, so that a publisher needs only one
//! file, and no Rust. `cargo xtask build` and published packages have them in `embedded/`.

use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-changed=embedded");
    let package = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets CARGO_MANIFEST_DIR"));
    let embedded = Some(package.join("embedded")).filter(|folder| folder.is_dir()).unwrap_or_else(|| {
        // Without a viewer the command still compiles, for its tests; `finews build` then reports what is
        // missing.
        let empty = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("embedded");
        for name in ["viewer", "sample"] {
            fs::create_dir_all(empty.join(name)).expect("OUT_DIR is writable");
        }
        empty
    });
    println!("cargo::rustc-env=FINEWS_EMBEDDED={}", embedded.display());
    println!("cargo::rustc-env=FINEWS_BUILT_FROM={}", built_from(&package));
}

/// What the command is built from: a release's commit, or a working copy.
fn built_from(package: &Path) -> String {
    println!("cargo::rerun-if-env-changed=FINEWS_COMMIT");
    // Cargo writes this file into packages.
    let packaged = || {
        let info = fs::read_to_string(package.join(".cargo_vcs_info.json")).ok()?;
        Some(info.split_once("\"sha1\": \"")?.1.split('"').next()?.to_owned())
    };
    match env::var("FINEWS_COMMIT").ok().filter(|commit| !commit.is_empty()).or_else(packaged) {
        Some(commit) => format!("commit {}", commit.get(..12).unwrap_or(&commit)),
        None => "a working copy".to_owned(),
    }
}
