//! What every browser test needs: a site, a host that serves it (or fails to), and a browser to look at it
//! with.

mod browser;
mod driver;
mod engine;
mod forge;
mod host;
pub(crate) mod plants;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

pub(crate) use browser::{Browser, DESKTOP, PHONE};
pub(crate) use engine::{Engine, Start, in_every_engine};
pub(crate) use forge::Forge;
pub(crate) use host::{Fault, Host};

use crate::common;

/// The sample site's folder, its pictures and charts answered by the host it is served from.
static SAMPLE: LazyLock<PathBuf> = LazyLock::new(|| common::environment("FINEWS_SAMPLE_SITE"));

/// What `cargo xtask test` sets.
pub(crate) fn environment(name: &str) -> String {
    common::environment(name).into_os_string().into_string().expect("it is text")
}

/// The sample site without pages rendered ahead: all that is seen of it the program has read of the bundle.
static BARE: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let site = tempfile::tempdir().expect("a temporary folder");
    build_bare(&common::environment("FINEWS_SAMPLE_POSTS"), site.path());
    site
});

/// Builds a site of posts with the command under test.
pub(crate) fn build(posts: &Path, site: &Path) {
    build_for(posts, site, &["--prerender", &environment("FINEWS_PRERENDER")]);
}

/// Builds a site without pages rendered ahead.
pub(crate) fn build_bare(posts: &Path, site: &Path) {
    build_for(posts, site, &["--prerender", "0"]);
}

/// Builds a site as these options say.
pub(crate) fn build_for(posts: &Path, site: &Path, options: &[&str]) {
    let mut finews = Command::new(common::finews());
    finews
        .arg("build")
        .arg(posts)
        .arg("--out")
        .arg(site)
        .args(["--now", "2026-06-01T00:00:00+08:00", "--store", &environment("FINEWS_STORE")])
        .args(options);
    let output = finews.output();
    let output = output.expect("finews runs");
    assert!(output.status.success(), "finews build: {}", String::from_utf8_lossy(&output.stderr));
}

/// The site as `finews serve` serves it.
pub(crate) fn served() -> String {
    environment("FINEWS_SAMPLE_URL")
}

/// The sample site on a host that answers its pictures and charts itself, so that they can fail, built as
/// these options say.
pub(crate) async fn sample_with_pictures(options: &[&str]) -> (tempfile::TempDir, Host) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (posts, site) = (folder.path().join("posts"), folder.path().join("site"));
    std::fs::create_dir(&site).expect("a folder");
    let host = Host::of(&site).await;
    common::copy(&common::environment("FINEWS_SAMPLE_POSTS"), &posts);
    for post in common::files(&posts).into_values() {
        let text = std::fs::read_to_string(&post).expect("a post is text");
        std::fs::write(post, text.replace(&served(), &host.url)).expect("a file can be written");
    }
    build_for(&posts, &site, options);
    std::fs::copy(SAMPLE.join("picture.svg"), site.join("picture.svg")).expect("the picture is there");
    (folder, host)
}
