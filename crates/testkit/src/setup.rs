//! Locates the command under test and the sites that tests share.
//!
//! `cargo xtask prepare` builds them and passes their paths on in environment variables. nextest runs it as a
//! setup script (`.config/nextest.toml`); under `cargo test`, which has no such scripts, the tests run it
//! themselves.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

/// The command under test.
pub fn finews() -> PathBuf {
    path("FINEWS")
}

/// The script of axe-core.
pub fn axe() -> PathBuf {
    path("FINEWS_AXE")
}

/// A page with the packaged widget, bundled by each bundler into a folder of its name.
pub fn embedder() -> PathBuf {
    path("FINEWS_EMBEDDER")
}

/// The folder of generated posts.
pub fn generated_posts() -> PathBuf {
    path("FINEWS_GENERATED")
}

/// The sample's posts, with pictures and charts at the host of [`served_url`].
pub fn sample_posts() -> PathBuf {
    path("FINEWS_SAMPLE_POSTS")
}

/// The sample's site.
pub fn sample_site() -> PathBuf {
    path("FINEWS_SAMPLE_SITE")
}

/// The sample's site without prerendered pages, so that the program shows everything from the bundle.
pub fn bare_site() -> PathBuf {
    path("FINEWS_BARE_SITE")
}

/// The address at which `finews serve` serves the sample's site, without a slash at the end.
pub fn served_url() -> String {
    value("FINEWS_SAMPLE_URL")
}

/// The value of `--prerender` for sites that tests build.
pub fn prerender() -> String {
    value("FINEWS_PRERENDER")
}

/// The value of `--store` for sites that tests build.
pub fn store() -> String {
    value("FINEWS_STORE")
}

/// The repository's root.
pub fn root() -> PathBuf {
    let here = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).map(PathBuf::from).expect("this crate is two folders below the root")
}

fn path(name: &str) -> PathBuf {
    value(name).into()
}

fn value(name: &str) -> String {
    if let Ok(value) = std::env::var(name) {
        return value;
    }
    PREPARED.get(name).unwrap_or_else(|| panic!("`cargo xtask prepare` does not set {name}")).clone()
}

/// The output of `cargo xtask prepare`: lines of `NAME=VALUE`.
static PREPARED: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    eprintln!("preparing the command and the sites that tests share");
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["xtask", "prepare"])
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "tests need a built site: see why `cargo xtask prepare` fails");
    let text = String::from_utf8(output.stdout).expect("the output is text");
    text.lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
});
