//! Builds sites for tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::host::Host;
use crate::{folder, setup};

/// Builds a site with the command under test.
pub fn build(posts: &Path, site: &Path) {
    build_with_options(posts, site, &["--prerender", &setup::prerender()]);
}

/// Builds a site without prerendered pages.
pub fn build_bare(posts: &Path, site: &Path) {
    build_with_options(posts, site, &["--prerender", "0"]);
}

/// Builds a site with these options of `finews build`.
pub fn build_with_options(posts: &Path, site: &Path, options: &[&str]) {
    let mut finews = Command::new(setup::finews());
    finews
        .arg("build")
        .arg(posts)
        .arg("--out")
        .arg(site)
        .args(["--now", "2026-06-01T00:00:00+08:00", "--store", &setup::store()])
        .args(options);
    let output = finews.output().expect("finews runs");
    assert!(output.status.success(), "finews build: {}", String::from_utf8_lossy(&output.stderr));
}

/// Builds the sample site, and serves it and its pictures and charts from one host, so that tests can make
/// these fail too. `options` are those of `finews build`.
pub async fn sample_with_pictures(options: &[&str]) -> (TempDir, Host) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (posts, site) = (folder.path().join("posts"), folder.path().join("site"));
    std::fs::create_dir(&site).expect("a folder");
    let host = Host::serve(&site).await;
    folder::copy(&setup::sample_posts(), &posts);
    for post in folder::files(&posts).into_values() {
        let text = std::fs::read_to_string(&post).expect("a post is text");
        std::fs::write(post, text.replace(&setup::served_url(), &host.url)).expect("a file can be written");
    }
    build_with_options(&posts, &site, options);
    std::fs::copy(setup::sample_site().join("picture.svg"), site.join("picture.svg"))
        .expect("the picture exists");
    (folder, host)
}

/// A small site to which posts are added.
#[derive(Debug)]
pub struct GrowingSite {
    folder: TempDir,
}

impl GrowingSite {
    /// Creates a folder without posts. The site is not built yet.
    pub fn new() -> Self {
        let site = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        std::fs::create_dir(site.posts()).expect("a folder can be created");
        site
    }

    fn posts(&self) -> PathBuf {
        self.folder.path().join("posts")
    }

    /// The site's folder.
    pub fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// Adds a post and builds the site.
    pub fn post(&self, name: &str, title: &str) {
        let text = format!("---\ntitle: {title}\ncategories: a\n---\n正文\n");
        std::fs::write(self.posts().join(name), text).expect("a file can be written");
        build_with_options(&self.posts(), &self.site(), &[]);
    }
}

impl Default for GrowingSite {
    fn default() -> Self {
        Self::new()
    }
}
