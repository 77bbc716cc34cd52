//! The programs that folders were written for: how each is recognised, where it has its posts and other files, and which
//! addresses it gives them.

mod addresses;
mod configuration;
mod sections;

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use clap::ValueEnum;
use posts::{Dialect, Map, Value};

pub(crate) use self::addresses::address_keys;
pub(crate) use self::configuration::Configuration;
use self::configuration::{HUGO, HUGO_OLD, JEKYLL, value};
pub(crate) use self::sections::{Cascade, Sections};

/// The program that a folder was written for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SiteKind {
    /// None: a folder of posts
    #[value(name = "folder")]
    Plain,
    /// Jekyll
    Jekyll,
    /// Hugo
    Hugo,
    /// Zola
    Zola,
    /// Hexo
    Hexo,
}

impl SiteKind {
    /// Recognises the program by its files.
    pub(crate) fn of(root: &Path) -> Self {
        let has = |names: &[&str]| names.iter().any(|name| root.join(name).exists());
        if has(&JEKYLL) {
            return if root.join("source/_posts").is_dir() { Self::Hexo } else { Self::Jekyll };
        }
        let has_content = root.join("content").is_dir();
        // Zola's key for the site's address is written otherwise than Hugo's.
        let is_zola = || {
            let text = fs::read_to_string(root.join("config.toml")).unwrap_or_default();
            text.lines().any(|line| line.trim_start().starts_with("base_url"))
        };
        if has_content && (has(&["zola.toml"]) || is_zola()) {
            return Self::Zola;
        }
        if has(&HUGO) || (has_content && (has(&HUGO_OLD) || has(&["config/_default"]))) {
            return Self::Hugo;
        }
        Self::Plain
    }

    /// What the folder is, for people.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Plain => "a folder of posts",
            Self::Jekyll => "a Jekyll site",
            Self::Hugo => "a Hugo site",
            Self::Zola => "a Zola site",
            Self::Hexo => "a Hexo site",
        }
    }

    /// The folder of posts and pages, with a slash at its end; empty for the root.
    pub(crate) const fn content(self) -> &'static str {
        match self {
            Self::Plain | Self::Jekyll => "",
            Self::Hugo | Self::Zola => "content/",
            Self::Hexo => "source/",
        }
    }

    /// The folder of files that are published as they are, with a slash at its end.
    const fn files(self) -> Option<&'static str> {
        match self {
            Self::Hugo | Self::Zola => Some("static/"),
            Self::Plain | Self::Jekyll | Self::Hexo => None,
        }
    }

    /// Whether a folder or file in the root, which is named by its path from there, may belong to the site.
    pub(crate) fn reads(self, path: &str) -> bool {
        let is_in = |folder: &str| {
            let folder = folder.trim_end_matches('/');
            folder.is_empty()
                || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        is_in(self.content()) || self.files().is_some_and(is_in)
    }

    /// Whether a path is in the folder of files that are published as they are.
    pub(crate) fn is_file_folder(self, path: &str) -> bool {
        self.files().is_some_and(|folder| format!("{path}/").starts_with(folder))
    }

    /// Whether a file is a page about its folder, in Hugo and Zola.
    pub(crate) fn is_section(self, path: &str) -> bool {
        matches!(self, Self::Hugo | Self::Zola) && (path == "_index.md" || path.ends_with("/_index.md"))
    }

    /// The path from the site's root at which a file of the folder is published, or at which a post has its own files.
    pub(crate) fn site_path(self, source: &str) -> Cow<'_, str> {
        let below = self.files().and_then(|folder| source.strip_prefix(folder));
        let path = below.or_else(|| source.strip_prefix(self.content())).unwrap_or(source).to_owned();
        match self {
            // Not every host answers paths that begin with an underscore.
            Self::Hexo if path.starts_with("_posts/") => path.replacen("_posts/", "posts/", 1).into(),
            _ => path.into(),
        }
    }

    /// The section of a post: the first folder in that of the content.
    pub(crate) fn section(self, source: &str) -> Option<&str> {
        let (section, rest) = source.strip_prefix(self.content())?.split_once('/')?;
        let is_bundle = rest == "index.md" || rest == "index.html";
        (matches!(self, Self::Hugo | Self::Zola) && !is_bundle).then_some(section)
    }

    /// The folder of the files that belong to a post alone, as a path from the site's root with a slash at its end.
    pub(crate) fn folder_of_files(self, source: &str) -> Option<String> {
        let path = self.site_path(source);
        match self {
            Self::Plain | Self::Jekyll => None,
            Self::Hugo | Self::Zola => {
                let (folder, name) = path.rsplit_once('/')?;
                (name.starts_with("index.") || name.starts_with("_index.")).then(|| format!("{folder}/"))
            }
            Self::Hexo => {
                let stem = path.rsplit_once('.').map_or(&*path, |(stem, _)| stem);
                Some(format!("{}/", stem.strip_suffix("/index").unwrap_or(stem)))
            }
        }
    }

    /// Whether a file may be published as it is: in Hexo's folder of posts, only the files of a post's folder are.
    pub(crate) fn may_publish(self, source: &str) -> bool {
        let of_posts = if self == Self::Hexo { source.strip_prefix("source/_posts/") } else { None };
        of_posts.is_none_or(|path| path.contains('/'))
    }

    /// Whether a file with a date can be a story, and not only a page.
    pub(crate) fn may_be_story(self, source: &str, config: &Map) -> bool {
        let sections =
            value(config, &["params", "mainsections"]).or(value(config, &["params", "mainSections"]));
        match self {
            Self::Hugo => self.section(source).is_some_and(|section| {
                let sections = sections.map(Value::texts).unwrap_or_default();
                !self.is_section(source) && (sections.is_empty() || sections.contains(&section))
            }),
            Self::Zola => !self.is_section(source),
            _ => true,
        }
    }

    /// How the site's authors write Markdown, if the program says it.
    pub(crate) fn dialect(self, config: &Map) -> Option<Dialect> {
        let is = |keys: &[&str], expected: bool| value(config, keys).and_then(Value::bool) == Some(expected);
        match self {
            Self::Plain | Self::Jekyll => None,
            // https://gohugo.io/configuration/markup/#goldmark
            Self::Hugo => Some(Dialect::CommonMark {
                smart: !is(&["markup", "goldmark", "extensions", "typographer"], false),
                autolink: !is(&["markup", "goldmark", "extensions", "linkify"], false),
                breaks: is(&["markup", "goldmark", "renderer", "hardWraps"], true),
            }),
            // https://www.getzola.org/documentation/getting-started/configuration/
            Self::Zola => Some(Dialect::CommonMark {
                smart: is(&["markdown", "smart_punctuation"], true),
                autolink: false,
                breaks: false,
            }),
            // https://github.com/hexojs/hexo-renderer-marked#options
            Self::Hexo => Some(Dialect::CommonMark {
                smart: !is(&["marked", "smartypants"], false),
                autolink: !is(&["marked", "autolink"], false),
                breaks: !is(&["marked", "breaks"], false),
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_program_is_recognised_by_its_files() {
        for (files, kind) in [
            (&["a.md"][..], SiteKind::Plain),
            (&["_config.yml", "_posts/a.md"], SiteKind::Jekyll),
            (&["_config.yml", "source/_posts/a.md"], SiteKind::Hexo),
            (&["hugo.yaml", "content/a.md"], SiteKind::Hugo),
            (&["config.json", "content/a.md"], SiteKind::Hugo),
            (&["config/_default/hugo.toml", "content/a.md"], SiteKind::Hugo),
            (&["config.toml", "content/a.md"], SiteKind::Zola),
            (&["zola.toml", "content/a.md"], SiteKind::Zola),
            (&["config.toml", "a.md"], SiteKind::Plain),
        ] {
            let folder = tempfile::tempdir().unwrap();
            for file in files {
                let path = folder.path().join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, "base_url = \"https://news.example\"\n").unwrap();
            }
            assert_eq!(SiteKind::of(folder.path()), kind, "{files:?}");
        }
    }

    #[test]
    fn files_are_published_without_the_folders_of_their_program() {
        for (kind, source, path) in [
            (SiteKind::Jekyll, "static/a.png", "static/a.png"),
            (SiteKind::Hugo, "static/a.png", "a.png"),
            (SiteKind::Zola, "content/news/a/b.png", "news/a/b.png"),
            (SiteKind::Hexo, "source/a/b.png", "a/b.png"),
            (SiteKind::Hexo, "source/_posts/a/b.png", "posts/a/b.png"),
        ] {
            assert_eq!(kind.site_path(source), path);
            assert!(kind.reads(source), "{source}");
        }
        assert!(!SiteKind::Hugo.reads("README.md") && !SiteKind::Hugo.reads("contents/a.md"));
        assert!(SiteKind::Hugo.is_file_folder("static") && !SiteKind::Hugo.is_file_folder("content"));
        assert_eq!(SiteKind::Hugo.section("content/news/deep/a.md"), Some("news"));
        assert_eq!(SiteKind::Hugo.section("content/about/index.md"), None);
        assert_eq!(SiteKind::Hugo.section("content/about.md"), None);
    }
}
