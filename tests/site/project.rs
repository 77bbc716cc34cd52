//! A folder of posts, and the site that the command builds from it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::Arc;

use archive::Archive;
use bundle::address::Address;
use bundle::{Article, Manifest};
use futures::executor::block_on;
use tempfile::TempDir;
use viewer::state::folder::SiteFolder;
use viewer::state::page::{self, Page};

pub(crate) fn finews(arguments: &[&str]) -> Output {
    Command::new(testkit::setup::finews()).args(arguments).output().expect("finews runs")
}

pub(crate) struct Project {
    pub(crate) folder: TempDir,
}

impl Project {
    /// Creates a folder with a post for each title.
    pub(crate) fn with(titles: &[&str]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(project.posts()).unwrap();
        for (at, title) in titles.iter().enumerate() {
            project.post(
                &format!("2026-05-{:02}-p{at}.md", at + 1),
                &format!("---\ntitle: {title}\ncategories: a\n---\n{title}的正文\n"),
            );
        }
        project
    }

    /// Creates a folder with these files.
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(project.posts()).unwrap();
        for (path, text) in files {
            project.post(path, text);
        }
        project
    }

    pub(crate) fn posts(&self) -> PathBuf {
        self.folder.path().join("posts")
    }

    pub(crate) fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    pub(crate) fn post(&self, name: &str, text: &str) {
        let file = self.posts().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    /// The command that builds the site at the current time.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(testkit::setup::finews());
        command.arg("build").arg(self.posts()).arg("--out").arg(self.site());
        command
    }

    /// Builds the site at a time.
    pub(crate) fn build_at(&self, now: &str, extra_options: &[&str]) -> Output {
        self.command().args(["--now", now]).args(extra_options).output().expect("finews runs")
    }

    pub(crate) fn build(&self, extra_options: &[&str]) -> Output {
        self.build_at("2026-06-01T00:00:00Z", extra_options)
    }

    /// Builds the site, and returns what the command printed.
    pub(crate) fn build_output(&self, extra_options: &[&str]) -> String {
        let output = self.build(extra_options);
        assert!(output.status.success(), "{}", output_text(&output));
        output_text(&output)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.site().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn manifest(&self) -> Manifest {
        bundle::decode(self.read("bundle/manifest.json").as_bytes()).unwrap()
    }

    /// What the viewer shows at an address.
    pub(crate) fn open(&self, path: &str) -> Page {
        let (source, manifest) = (SiteFolder::new(self.site()), self.manifest());
        let archive = Archive::new(&source, &manifest.index);
        block_on(page::read(archive, &Address::parse(path, ""))).unwrap()
    }

    /// The article at an address.
    pub(crate) fn article(&self, path: &str) -> Arc<Article> {
        match self.open(path) {
            Page::Article(article, _) => article,
            page => panic!("{path}: {page:?}"),
        }
    }

    /// All files of the site except the state that finews keeps there, by path.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = testkit::folder::contents(&self.site());
        files.retain(|path, _| !path.starts_with(".finews"));
        files
    }

    /// The files of a clean build of the current posts, in another place and without a cache.
    pub(crate) fn clean_build(&self, extra_options: &[&str]) -> BTreeMap<String, Vec<u8>> {
        let twin = Self { folder: tempfile::tempdir().unwrap() };
        std::os::unix::fs::symlink(self.posts(), twin.posts()).unwrap();
        let output = twin.build(extra_options);
        assert!(output.status.success(), "{}", output_text(&output));
        twin.files()
    }

    /// Checks that the site has every file of a clean build, byte for byte. It may have other files, which
    /// are unused.
    pub(crate) fn assert_matches_a_clean_build(&self) {
        let (files, clean) = (self.files(), self.clean_build(&[]));
        for (path, bytes) in &clean {
            assert!(files.get(path) == Some(bytes), "{path} differs from a clean build");
        }
    }
}

pub(crate) fn output_text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

pub(crate) fn inflated(bytes: &[u8]) -> Vec<u8> {
    let mut inflated = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes), &mut inflated).unwrap();
    inflated
}
