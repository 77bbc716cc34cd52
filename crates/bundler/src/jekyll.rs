//! What Jekyll's `_config.yml` says about files and posts: which files are read, and the front matter of posts
//! that do not set it themselves.
//!
//! The rules are those of Jekyll 4.3 (`entry_filter.rb`, `frontmatter_defaults.rb`, `document.rb`).

use std::collections::BTreeMap;

use globset::{GlobBuilder, GlobMatcher};
use posts::{Map, Value};

use crate::kind::Cascade;

/// Folders and files that Jekyll never reads, in addition to a site's `exclude`.
const DEFAULT_EXCLUDES: [&str; 10] = [
    ".sass-cache",
    ".jekyll-cache",
    "gemfiles",
    "Gemfile",
    "Gemfile.lock",
    "node_modules",
    "vendor/bundle/",
    "vendor/cache/",
    "vendor/gems/",
    "vendor/ruby/",
];

/// Which files of a folder are read.
#[derive(Debug, Default)]
pub(crate) struct Filter {
    exclude: Vec<Pattern>,
    include: Vec<Pattern>,
    /// Jekyll's own output, relative to the folder.
    destination: String,
}

/// A path as `exclude` and `include` give it.
#[derive(Debug)]
struct Pattern {
    text: String,
    /// The pattern, if it contains `*` or the like and is valid.
    glob: Option<GlobMatcher>,
}

impl Filter {
    pub(crate) fn new(config: &Map) -> Self {
        let texts = |key: &str| config.get(key).map(Value::texts).unwrap_or_default();
        let include: Vec<&str> = texts("include");
        let exclude = DEFAULT_EXCLUDES.iter().copied().chain(texts("exclude"));
        Self {
            exclude: exclude.filter(|text| !include.contains(text)).map(Pattern::new).collect(),
            include: include.into_iter().map(Pattern::new).collect(),
            destination: relative(config.get("destination").and_then(Value::text).unwrap_or("_site")),
        }
    }

    /// Whether a file or folder is read. `path` is relative to the site's root, with `/` as separator; `entry` is
    /// the end of it that is relative to the folder being read.
    pub(crate) fn admits(&self, path: &str, entry: &str, is_folder: bool) -> bool {
        let name = entry.rsplit('/').next().unwrap_or_default();
        let is_included = self
            .include
            .iter()
            .any(|pattern| pattern.matches(entry, is_folder) || pattern.matches(name, is_folder));
        let is_excluded = || self.excludes(path, is_folder);
        if name.ends_with('.') || path == self.destination {
            return false;
        }
        // Folders of posts and drafts have a special name, but can be excluded.
        let is_special = [entry, name].iter().any(|text| text.starts_with(['.', '_', '#', '~']))
            && !matches!(entry, "_posts" | "_drafts");
        is_included || !(is_excluded() || is_special || name.ends_with('~'))
    }

    /// Whether `exclude` names a path.
    pub(crate) fn excludes(&self, path: &str, is_folder: bool) -> bool {
        self.exclude.iter().any(|pattern| pattern.matches(path, is_folder))
    }
}

impl Pattern {
    fn new(text: &str) -> Self {
        // As in Ruby's `File.fnmatch?`, a star also stands for slashes, two stars are one, and braces mean themselves.
        let glob = || {
            let mut pattern = text.trim_start_matches('/').replace('{', "[{]").replace('}', "[}]");
            while pattern.contains("**") {
                pattern = pattern.replace("**", "*");
            }
            GlobBuilder::new(&pattern).literal_separator(false).build().ok()
        };
        let glob = if text.contains(['*', '?', '[', '\\']) { glob() } else { None };
        Self { text: relative_start(text).to_owned(), glob: glob.map(|glob| glob.compile_matcher()) }
    }

    fn matches(&self, path: &str, is_folder: bool) -> bool {
        self.glob.as_ref().is_some_and(|glob| glob.is_match(path))
            || (!self.text.is_empty() && path.starts_with(&self.text))
            || (is_folder && self.text.strip_suffix('/') == Some(path))
    }
}

fn relative_start(path: &str) -> &str {
    let path = path.trim_start_matches('/');
    path.strip_prefix("./").unwrap_or(path)
}

fn relative(path: &str) -> String {
    relative_start(path).trim_end_matches('/').to_owned()
}

/// Front matter for posts that do not set it themselves: `defaults` of `_config.yml`, or Hugo's `cascade`.
#[derive(Debug, Default)]
pub(crate) struct Defaults {
    sets: Vec<DefaultSet>,
    /// The folder of `_posts`, with a slash at its end; empty for the site's root.
    collections: String,
}

#[derive(Debug)]
struct DefaultSet {
    path: String,
    /// The path as a pattern, if it contains a star.
    glob: Option<GlobMatcher>,
    kind: Option<String>,
    values: Map,
}

/// The kinds of posts and pages in the `type` of a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PostKind<'a> {
    Post,
    Draft,
    Page,
    /// A page of the collection with this name.
    Collection(&'a str),
}

impl Defaults {
    pub(crate) fn new(config: &Map) -> Self {
        let collections = relative(config.get("collections_dir").and_then(Value::text).unwrap_or_default());
        let collections = if collections.is_empty() { collections } else { collections + "/" };
        let set = |set: &Value| {
            let set = set.map()?;
            let values = set.get("values")?.map()?.clone();
            let scope = |key: &str| set.get("scope").and_then(Value::map)?.get(key)?.text();
            let path = relative_start(scope("path").unwrap_or_default());
            let path = path.strip_prefix(&collections).unwrap_or(path).to_owned();
            let glob =
                path.contains('*').then(|| GlobBuilder::new(&path).literal_separator(true).build().ok());
            Some(DefaultSet {
                glob: glob.flatten().map(|glob| glob.compile_matcher()),
                path,
                kind: scope("type").map(str::to_owned),
                values,
            })
        };
        let sets =
            config.get("defaults").map(Value::list).unwrap_or_default().iter().filter_map(set).collect();
        Self { sets, collections }
    }

    /// Adds Hugo's front matter for folders.
    pub(crate) fn with_cascades(mut self, cascades: Vec<Cascade>) -> Self {
        self.sets.extend(cascades.into_iter().map(|Cascade { path, values }| {
            let is_pattern = path.contains(['*', '{', '?', '[']);
            let glob = is_pattern.then(|| GlobBuilder::new(&path).literal_separator(true).build().ok());
            let glob = glob.flatten().map(|glob| glob.compile_matcher());
            DefaultSet { glob, path, kind: None, values }
        }));
        self
    }

    /// The front matter for the post at a path relative to the site's root. Of several values for a key, that
    /// of the longest scope counts, then that of a scope with a type, then the last.
    pub(crate) fn of(&self, path: &str, kind: PostKind<'_>) -> Map {
        let path = path.strip_prefix(&self.collections).unwrap_or(path);
        let mut sets: Vec<&DefaultSet> = self.sets.iter().filter(|set| set.applies(path, kind)).collect();
        sets.sort_by_key(|set| (set.path.trim_end_matches('/').len(), set.kind.is_some()));
        let mut values = Map::new();
        for set in sets {
            overwrite(&mut values, &set.values);
        }
        values
    }

    /// Whether a folder `_posts` at this path is read; with `collections_dir`, only those in that folder are.
    pub(crate) fn has_posts(&self, path: &str) -> bool {
        path.starts_with(&self.collections)
    }

    /// The folders above `_posts` or `_drafts` in a post's path; Jekyll makes them categories.
    pub(crate) fn folders<'a>(&self, path: &'a str) -> Vec<&'a str> {
        let path = path.strip_prefix(&self.collections).unwrap_or(path);
        let segments: Vec<&str> = path.split('/').collect();
        let special = segments.iter().position(|segment| matches!(*segment, "_posts" | "_drafts"));
        segments[..special.unwrap_or(0)].to_vec()
    }
}

impl DefaultSet {
    fn applies(&self, path: &str, kind: PostKind<'_>) -> bool {
        let is_kind = match self.kind.as_deref() {
            None => true,
            Some("posts" | "post") => kind == PostKind::Post,
            Some("drafts" | "draft") => kind == PostKind::Draft,
            Some("pages" | "page") => kind == PostKind::Page,
            Some(name) => kind == PostKind::Collection(name),
        };
        let ancestors = || path.match_indices('/').map(|(at, _)| &path[..at]).chain([path]);
        let is_path = || match &self.glob {
            Some(glob) => ancestors().any(|path| glob.is_match(path)),
            None => path.starts_with(&self.path),
        };
        is_kind && is_path()
    }
}

/// Sets values over others; mappings are merged.
fn overwrite(values: &mut Map, by: &BTreeMap<String, Value>) {
    for (key, value) in by {
        match (values.get_mut(key), value) {
            (Some(Value::Map(own)), Value::Map(value)) => overwrite(own, value),
            _ => {
                values.insert(key.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(yaml: &str) -> Map {
        posts::read_yaml(yaml).unwrap()
    }

    #[test]
    fn files_are_admitted_as_in_jekyll() {
        let filter = Filter::new(&config(
            "exclude: [private, '*.secret.md', /old/, './x', _posts/2026-03-01-no.md, blog/private, '**/deep', '{news,private}']\ninclude: [_kept, vendor/gems/, blog]\ndestination: ./public\n",
        ));
        for (path, is_folder, expected) in [
            ("news", true, true),
            ("blog", true, true),
            ("blog/private", true, false),
            ("top/deep", true, false),
            ("deep", true, true),
            ("{news,private}", true, false),
            ("private", true, false),
            ("private-too", true, false),
            ("news/private", true, true),
            ("news/a.secret.md", false, false),
            ("old", true, false),
            ("x", true, false),
            ("_posts/2026-03-01-no.md", false, false),
            ("_posts/2026-03-01-yes.md", false, true),
            ("_kept", true, true),
            ("_other", true, false),
            (".git", true, false),
            ("#a.md", false, false),
            ("a.md~", false, false),
            ("public", true, false),
            ("node_modules", true, false),
            ("vendor/gems", true, true),
        ] {
            let name = path.rsplit('/').next().unwrap();
            assert_eq!(filter.admits(path, name, is_folder), expected, "{path}");
        }
        for (entry, expected) in [
            ("2026-03-01-a.md", true),
            ("sub/_x/2026-03-01-a.md", true),
            ("_x/2026-03-01-a.md", false),
            ("_posts/2026-03-01-a.md", false),
            ("sub/_2026-03-01-a.md", false),
            ("2026-03-01-a.secret.md", false),
        ] {
            assert_eq!(filter.admits(&format!("_posts/{entry}"), entry, false), expected, "{entry}");
        }
    }

    #[test]
    fn the_most_specific_default_counts() {
        let defaults = Defaults::new(&config(
            "collections_dir: content\ndefaults:\n- scope: {path: content/_posts/a}\n  values: {x: deep, m: {p: 1}}\n- scope: {path: '', type: posts}\n  values: {x: typed, y: typed, m: {q: 2}}\n- scope: {path: ''}\n  values: {x: all, y: all, z: all}\n- scope: {path: '_posts/*/b', type: post}\n  values: {g: glob}\n- scope: {path: '', type: pages}\n  values: {page: yes}\n",
        ));
        let values = |path: &str, kind| {
            defaults
                .of(path, kind)
                .iter()
                .map(|(key, value)| format!("{key}={}", value.text().unwrap_or("…")))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(values("content/_posts/x.md", PostKind::Post), "m=… x=typed y=typed z=all");
        assert_eq!(values("content/_posts/a/x.md", PostKind::Post), "m=… x=deep y=typed z=all");
        assert_eq!(values("content/_posts/a/b/x.md", PostKind::Post), "g=glob m=… x=deep y=typed z=all");
        assert_eq!(values("content/_drafts/x.md", PostKind::Draft), "x=all y=all z=all");
        assert_eq!(defaults.folders("content/tech/phones/_posts/deep/x.md"), ["tech", "phones"]);
        assert_eq!(defaults.folders("_posts/x.md"), Vec::<&str>::new());
    }
}
