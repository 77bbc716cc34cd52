//! The folder's files that are no posts and may be published as they are.

use std::collections::HashMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use bundle::fingerprint;
use globset::GlobSet;
use posts::{Warning, WarningKind};
use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization as _;

use super::drawing::only_draws;
use super::story::Stamp;
use super::walk::is_html;
use crate::config::Config;
use crate::kind::SiteKind;

/// A file: its path from the site's root, its path in the folder, and its stamp.
pub(crate) type OtherFile = (Box<str>, Box<str>, Stamp);

/// Files by their paths from the site's root.
#[derive(Default)]
pub(crate) struct Others {
    stamps: HashMap<Box<str>, Stamp>,
    /// The paths in the folder, where they differ.
    sources: HashMap<Box<str>, Box<str>>,
    /// The paths by what they have in common with other ways to write them.
    by_folded: HashMap<String, Box<str>>,
}

impl Others {
    pub(super) fn new(files: Vec<OtherFile>) -> Self {
        // Of paths that differ only in this, the first one is found.
        let by_folded = files.iter().rev().map(|(path, ..)| (folded(path), path.clone())).collect();
        let (mut stamps, mut sources) = (HashMap::new(), HashMap::new());
        for (path, source, stamp) in files {
            if path != source {
                sources.insert(path.clone(), source);
            }
            stamps.insert(path, stamp);
        }
        Self { stamps, sources, by_folded }
    }

    /// The path in the folder of the file with a path from the site's root.
    pub(crate) fn source<'p>(&'p self, path: &'p str) -> &'p str {
        self.sources.get(path).map_or(path, |source| source)
    }

    /// The path of a file as it is written, and its stamp.
    pub(crate) fn find(&self, path: &str) -> Option<(&str, Stamp)> {
        let (path, stamp) = match self.stamps.get_key_value(path) {
            Some(found) => found,
            None => self.stamps.get_key_value(self.by_folded.get(&folded(path))?)?,
        };
        Some((path, *stamp))
    }

    /// The files that are published even if nothing names them: those that the publisher includes, and those that
    /// Jekyll would copy. Also those of them that cannot be published, with the reason.
    pub(crate) fn always_published(&self, config: &Config) -> (Vec<Box<str>>, Vec<(PathBuf, Warning)>) {
        let copies_all = config.kind != SiteKind::Plain;
        let is_included = |path: &str| config.included_files.is_match(path);
        let file = |path: &str| config.root.join(self.source(path));
        // HTML with front matter is a page, even if it is included.
        let is_template = |path: &str| {
            (config.kind == SiteKind::Jekyll && has_front_matter(&file(path)))
                || (is_html(Path::new(path)) && begins_with(&file(path), b"---"))
        };
        if !copies_all && config.included_files.is_empty() {
            return Default::default();
        }
        let (mut published, mut refused) = (Vec::new(), Vec::new());
        let found: Vec<_> = self
            .stamps
            .par_iter()
            .map(|(path, _)| path)
            .filter(|path| (is_included(path) || copies_all) && !is_template(path))
            .map(|path| (path, is_included(path) || is_harmless(&file(path))))
            .collect();
        for (path, is_published) in found {
            if is_published {
                published.push(path.clone());
            } else {
                let message = format!("{REFUSED}; to publish it all the same, name it in [files] include");
                let warning = Warning { line: 1, kind: WarningKind::File, message };
                refused.push((file(path), warning));
            }
        }
        published.sort_unstable();
        refused.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        (published, refused)
    }

    /// A number that changes with a file; 0 if there is none.
    pub(crate) fn stamp(&self, path: &str) -> u64 {
        self.find(path).map_or(0, |(_, stamp)| number(stamp))
    }
}

/// A number for a stamp, which is never 0.
pub(super) fn number(stamp: Stamp) -> u64 {
    fingerprint(&format!("{} {} {}", stamp.size, stamp.modified, stamp.changed)).max(1)
}

/// A path whose letters are small and composed, as file systems may compare them.
fn folded(path: &str) -> String {
    path.nfc().flat_map(char::to_lowercase).collect()
}

/// finews's own inputs in the root.
const INPUTS: [&str; 3] = ["feeds.toml", "finews.toml", "names.csv"];

/// Why a file is not published.
const REFUSED: &str = "the file is left out, because it may run a script or ask another host for something";

/// Whether Jekyll makes a page of a file, instead of copying it. Only files of text can be templates.
fn has_front_matter(file: &Path) -> bool {
    const TEXT: [&str; 13] =
        ["", "atom", "coffee", "css", "csv", "json", "less", "rss", "sass", "scss", "svg", "txt", "xml"];
    let extension = file.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    TEXT.contains(&&*extension) && begins_with(file, b"---")
}

/// Whether a file begins with these bytes.
fn begins_with(file: &Path, begin: &[u8]) -> bool {
    let mut bytes = vec![0; begin.len()];
    fs::File::open(file).and_then(|mut file| file.read_exact(&mut bytes)).is_ok() && bytes == begin
}

/// Whether a file runs nothing and asks for nothing, if it is of a language in which it could.
pub(super) fn is_harmless(file: &Path) -> bool {
    let extension = file.extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    match &*extension {
        "svgz" => false,
        "atom" | "dae" | "gml" | "gpx" | "kml" | "mathml" | "mml" | "rdf" | "rss" | "svg" | "xbl" | "xml"
        | "xsd" | "xsl" | "xslt" | "xul" => {
            fs::read(file).is_ok_and(|text| only_draws(&posts::decode(&text), extension == "svg"))
        }
        _ => true,
    }
}

/// Whether the name of a file and those of the folders above it allow to publish it as it is. Pages and programs are
/// published only if the publisher includes them. `source` is the path in the folder.
pub(super) fn is_public(path: &str, source: &str, included: &GlobSet) -> bool {
    let is_hidden = |name: &str| name.starts_with(['.', '_', '#', '~']) || name.ends_with('~');
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    !path.split('/').any(is_hidden)
        // Such a name has no address on every host, and no line in a list.
        && !path.contains(char::is_control)
        && !INPUTS.contains(&source)
        && !source.starts_with("prices/")
        && (!posts::is_page_or_program(extension) || included.is_match(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_hidden_files_pages_and_programs_are_not_public() {
        for path in
            ["a.jpg", "pictures/harbour 1.JPG", "files/报告.pdf", "prices.png", "docs/finews.toml", "CNAME"]
        {
            assert!(is_public(path, path, &GlobSet::empty()), "{path}");
        }
        for path in [
            "finews.toml",
            "names.csv",
            "feeds.toml",
            "prices/600519.csv",
            ".git/a.png",
            "_drafts/a.png",
            "a/_b/c.png",
            "a/.b.png",
            "a.png~",
            "a.html",
            "a.PHP",
            "a.js",
            "README.md",
            "sub/.env",
            "#a#.png",
        ] {
            assert!(!is_public(path, path, &GlobSet::empty()), "{path}");
        }
        // Only those in the root are finews's own.
        assert!(is_public("names.csv", "static/names.csv", &GlobSet::empty()));
        let included = GlobSet::new([globset::Glob::new("demo/**").unwrap()]).unwrap();
        assert!(
            is_public("demo/a/b.html", "demo/a/b.html", &included)
                && !is_public("other/b.html", "other/b.html", &included)
        );
    }

    #[test]
    fn a_file_is_found_however_its_letters_are_written() {
        let stamp = |size| Stamp { size, modified: 1, changed: 1 };
        let others = Others::new(vec![
            ("A/Harbour.JPG".into(), "A/Harbour.JPG".into(), stamp(1)),
            ("caf\u{e9}.png".into(), "static/caf\u{e9}.png".into(), stamp(2)),
            ("x.png".into(), "x.png".into(), stamp(3)),
            ("X.png".into(), "X.png".into(), stamp(4)),
        ]);
        assert_eq!(
            (others.source("x.png"), others.source("caf\u{e9}.png")),
            ("x.png", "static/caf\u{e9}.png")
        );
        let find = |path| others.find(path).map(|(path, stamp)| (path.to_owned(), stamp.size));
        assert_eq!(find("a/harbour.jpg"), Some(("A/Harbour.JPG".into(), 1)));
        assert_eq!(find("cafe\u{301}.png"), Some(("caf\u{e9}.png".into(), 2)));
        assert_eq!(find("X.png"), Some(("X.png".into(), 4)));
        assert_eq!(find("y.png"), None);
        assert_ne!(others.stamp("x.png"), others.stamp("X.png"));
        assert_eq!(others.stamp("y.png"), 0);
    }
}
