//! Which files of the folder are published beside the stories.

use std::collections::{BTreeMap, HashSet};

use percent_encoding::percent_decode_str;

use super::catalog::Catalog;
use crate::library::story::{Stamp, Story};

/// A file to publish as it is.
#[derive(Debug)]
pub(crate) struct PublishedFile {
    pub(crate) stamp: Stamp,
    /// The widths in pixels of the smaller copies that are shown of it, smallest first.
    pub(crate) copies: Vec<u32>,
}

/// The files of the folder.
#[derive(Debug, Default)]
pub(crate) struct FolderFiles<'a> {
    /// Those to publish, by their paths from the site's root.
    pub(crate) published: BTreeMap<&'a str, PublishedFile>,
    /// Those that would be published if what is kept back did not name them.
    pub(crate) kept_back: Vec<&'a str>,
}

impl<'a> Catalog<'a> {
    /// The files to publish: those that the stories and pages name, and those that are always published, unless only
    /// what is kept back names them.
    pub(crate) fn files(&self) -> FolderFiles<'a> {
        let others = &self.library.files.others;
        let mut files: BTreeMap<&str, PublishedFile> = BTreeMap::new();
        let stories = (0..self.count()).flat_map(|rank| self.story(rank).files());
        let pages = self.standalone.published().flat_map(|page| &page.files);
        for file in stories.chain(pages).filter(|file| file.stamp != 0) {
            let Some((path, stamp)) = others.find(&file.path) else { continue };
            let published = files.entry(path).or_insert(PublishedFile { stamp, copies: Vec::new() });
            if published.copies.is_empty() {
                published.copies.clone_from(&file.copies);
            }
        }
        let mut all = FolderFiles { published: files, kept_back: Vec::new() };
        if !self.library.always_published.is_empty() {
            let kept_back = self.kept_back_files();
            let always = &self.library.always_published;
            for (path, stamp) in always.iter().filter_map(|path| others.find(path)) {
                if all.published.contains_key(path) {
                    continue;
                }
                if kept_back.contains(path) {
                    all.kept_back.push(path);
                } else {
                    all.published.insert(path, PublishedFile { stamp, copies: Vec::new() });
                }
            }
        }
        all
    }

    /// The files that belong to what is kept back.
    fn kept_back_files(&self) -> KeptBackFiles<'a> {
        let library = self.library;
        let mut is_published = vec![false; library.stories.len()];
        self.order.iter().for_each(|at| is_published[*at as usize] = true);
        let unpublished = (library.stories.iter().zip(&is_published))
            .filter(|(story, is_published)| !**is_published && !story.is_page())
            .map(|(story, _)| story);
        let sources = unpublished.clone().map(|story| &*story.path);
        let sources: Vec<&str> = sources.chain(self.standalone.kept_back_sources()).collect();
        let texts: Vec<String> = (sources.iter())
            .map(|source| std::fs::read(self.file(source)).unwrap_or_default())
            .map(|bytes| posts::decode(&bytes).to_lowercase())
            .collect();
        let words = NamesInTexts::of(&texts);
        let by_words = library.always_published.iter().map(|path| &**path);
        let by_words = by_words.filter(|path| !is_asked_for(path) && words.contains(path));
        let named = unpublished
            .flat_map(Story::files)
            .chain(self.standalone.kept_back_files())
            .filter(|file| file.stamp != 0);
        KeptBackFiles {
            paths: named.map(|file| file.path.as_str()).chain(by_words).collect(),
            folders: sources.iter().filter_map(|source| self.config.kind.folder_of_files(source)).collect(),
        }
    }
}

/// Whether hosts, browsers or search engines ask for a file by its name, so that a text that names it does not make it the
/// text's own.
fn is_asked_for(path: &str) -> bool {
    const NAMES: [&str; 9] = [
        "CNAME",
        "ads.txt",
        "app-ads.txt",
        "browserconfig.xml",
        "favicon.ico",
        "humans.txt",
        "manifest.json",
        "security.txt",
        "site.webmanifest",
    ];
    NAMES.contains(&path) || path.starts_with("apple-touch-icon") || path.starts_with("favicon-")
}

/// Files that belong to what is kept back.
struct KeptBackFiles<'a> {
    paths: HashSet<&'a str>,
    /// The folders of posts that are kept back.
    folders: Vec<String>,
}

impl KeptBackFiles<'_> {
    fn contains(&self, path: &str) -> bool {
        self.paths.contains(path) || self.folders.iter().any(|folder| path.starts_with(folder.as_str()))
    }
}

/// The names of files that may be in texts, in whatever form they are named there.
struct NamesInTexts<'t> {
    texts: &'t [String],
    words: HashSet<String>,
}

impl<'t> NamesInTexts<'t> {
    /// The names in texts in small letters.
    fn of(texts: &'t [String]) -> Self {
        let is_between = |c: char| c.is_whitespace() || "/\"'()<>[]{}|=,?#`".contains(c);
        let words = texts.iter().flat_map(|text| text.split(is_between)).filter(|word| !word.is_empty());
        let words = words.flat_map(|word| {
            let decoded = percent_decode_str(word).decode_utf8().ok().map(|text| text.to_lowercase());
            [Some(word.to_owned()), decoded]
        });
        Self { texts, words: words.flatten().collect() }
    }

    /// Whether the name of the file at a path is there.
    fn contains(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or_default().to_lowercase();
        let is_one_word = !name.contains(|c: char| c.is_whitespace() || "\"'()<>[]{}|=,?#`".contains(c));
        self.words.contains(&name) || (!is_one_word && self.texts.iter().any(|text| text.contains(&name)))
    }
}
