//! A folder of posts, and the site that the command builds from it.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use tempfile::TempDir;

pub(super) fn finews(arguments: &[&str]) -> Output {
    Command::new(testkit::setup::finews()).args(arguments).output().expect("finews runs")
}

pub(super) struct Project {
    pub(super) folder: TempDir,
}

impl Project {
    /// Creates a folder with a post for each title.
    pub(super) fn with(titles: &[&str]) -> Self {
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

    pub(super) fn posts(&self) -> PathBuf {
        self.folder.path().join("posts")
    }

    pub(super) fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    pub(super) fn post(&self, name: &str, text: &str) {
        fs::write(self.posts().join(name), text).unwrap();
    }

    /// The command that builds the site at the current time.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(testkit::setup::finews());
        command.arg("build").arg(self.posts()).arg("--out").arg(self.site());
        command
    }

    /// Builds the site at a time.
    pub(super) fn build_at(&self, now: &str, extra_options: &[&str]) -> Output {
        self.command().args(["--now", now]).args(extra_options).output().expect("finews runs")
    }

    pub(super) fn build(&self, extra_options: &[&str]) -> Output {
        self.build_at("2026-06-01T00:00:00Z", extra_options)
    }

    /// All files of the site except the state that finews keeps there, by path.
    pub(super) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = testkit::folder::contents(&self.site());
        files.retain(|path, _| !path.starts_with(".finews"));
        files
    }

    /// The files of a clean build of the current posts, in another place and without a cache.
    pub(super) fn clean_build(&self, extra_options: &[&str]) -> BTreeMap<String, Vec<u8>> {
        let twin = Self { folder: tempfile::tempdir().unwrap() };
        std::os::unix::fs::symlink(self.posts(), twin.posts()).unwrap();
        let output = twin.build(extra_options);
        assert!(output.status.success(), "{}", output_text(&output));
        twin.files()
    }

    /// Checks that the site has every file of a clean build, byte for byte. It may have other files, which
    /// are unused.
    pub(super) fn assert_matches_a_clean_build(&self) {
        let (files, clean) = (self.files(), self.clean_build(&[]));
        for (path, bytes) in &clean {
            assert!(files.get(path) == Some(bytes), "{path} differs from a clean build");
        }
    }
}

pub(super) fn output_text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

pub(super) fn inflated(bytes: &[u8]) -> Vec<u8> {
    let mut inflated = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(bytes), &mut inflated).unwrap();
    inflated
}
