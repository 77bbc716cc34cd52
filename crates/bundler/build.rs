//! Embeds Trunk's build of the viewer in the command, so that a publisher needs only one file, and no Rust.

use std::path::PathBuf;
use std::{env, fs};

fn main() {
    println!("cargo::rerun-if-env-changed=FINEWS_VIEWER");
    let built = env::var_os("FINEWS_VIEWER").map(PathBuf::from);
    let viewer = built.filter(|folder| folder.join("index.html").is_file()).unwrap_or_else(|| {
        // Without a viewer the command still compiles, for its tests; `finews build` then reports what is
        // missing.
        let empty = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets OUT_DIR")).join("no-viewer");
        fs::create_dir_all(&empty).expect("OUT_DIR is writable");
        empty
    });
    println!("cargo::rerun-if-changed={}", viewer.display());
    println!("cargo::rustc-env=FINEWS_VIEWER_FOLDER={}", viewer.display());
}
