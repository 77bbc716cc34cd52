//! What a host answers for each path of a site, as one table: [`RULES`].
//!
//! `finews serve`, the configuration files for hosts, and the host in the tests all follow it. This crate does no IO.

mod policy;

use bundle::Folder;

pub use policy::{frame_policy, page_policy, page_policy_per_deploy, sandboxed_policy};

/// Selects files by their paths from the site's root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Files {
    /// Files whose names contain a hash of their content: those of the program ([`is_program`]), those of the
    /// bundle but the manifest, and pinned versions of the widget's script.
    Hashed,
    /// One file.
    Named(&'static str),
    /// All files of a folder.
    Folder(&'static str),
    /// Everything else.
    Others,
}

/// How long a browser may use a file without asking the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caching {
    /// Forever: the file's name changes with its content.
    Forever,
    /// For an hour; for a day more while the browser fetches a newer one.
    Hourly,
    /// Never: the browser asks each time, and the host answers 304 if nothing has changed.
    Revalidate,
}

impl Caching {
    /// The value of `Cache-Control`.
    pub const fn header(self) -> &'static str {
        match self {
            Self::Forever => "public, max-age=31536000, immutable",
            Self::Hourly => "public, max-age=3600, stale-while-revalidate=86400",
            Self::Revalidate => "no-cache",
        }
    }
}

/// The content security policy sent with a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// None, because the file is not a page.
    None,
    /// The policy of the site's own pages: [`page_policy`], or [`page_policy_per_deploy`] on a host that gets
    /// its headers with each deploy.
    Page,
    /// The policy of pages that any site may frame: [`frame_policy`].
    Frame,
}

/// What a host answers for some files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The files that this rule is for.
    pub files: Files,
    /// How long a browser may use them without asking.
    pub caching: Caching,
    /// Whether pages of other origins may read them, as the widget does.
    pub shared: bool,
    /// The policy sent with them.
    pub policy: Policy,
    /// Whether a missing file is answered with `404.html`, in which the viewer shows the page of the
    /// address; otherwise the answer is a plain 404.
    pub falls_back: bool,
}

/// The rules. The first one that matches a path applies.
pub const RULES: [Rule; 6] = [
    Rule {
        files: Files::Hashed,
        caching: Caching::Forever,
        shared: true,
        policy: Policy::None,
        falls_back: false,
    },
    Rule {
        files: Files::Named(bundle::MANIFEST_PATH),
        caching: Caching::Revalidate,
        shared: true,
        policy: Policy::None,
        falls_back: false,
    },
    Rule {
        files: Files::Named("widget.js"),
        caching: Caching::Hourly,
        shared: true,
        policy: Policy::None,
        falls_back: false,
    },
    Rule {
        files: Files::Folder("embed"),
        caching: Caching::Revalidate,
        shared: true,
        policy: Policy::Frame,
        falls_back: true,
    },
    Rule {
        files: Files::Named("sw.js"),
        caching: Caching::Revalidate,
        shared: false,
        policy: Policy::Page,
        falls_back: false,
    },
    Rule {
        files: Files::Others,
        caching: Caching::Revalidate,
        shared: false,
        policy: Policy::Page,
        falls_back: true,
    },
];

/// The headers of every answer, in addition to those of its rule.
pub const SECURITY_HEADERS: [(&str, &str); 2] =
    [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer")];

impl Files {
    /// Whether a path (from the site's root, without a leading slash) is one of these files.
    pub fn contains(self, path: &str) -> bool {
        match self {
            Self::Hashed => {
                let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                is_pinned(path) || is_program(path) || bundle_folders().any(|hashed| hashed == folder)
            }
            Self::Named(name) => path == name,
            Self::Folder(folder) => path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')),
            Self::Others => true,
        }
    }
}

impl Rule {
    /// Returns the rule for a path (from the site's root, without a leading slash).
    pub fn of(path: &str) -> &'static Self {
        RULES.iter().find(|rule| rule.files.contains(path)).unwrap_or(&RULES[RULES.len() - 1])
    }

    /// Returns the headers of an answer except its type and policy. The names are in lower case, as
    /// `HeaderName::from_static` requires. A missing file may appear later, so its absence is not cached.
    pub fn headers(&self, exists: bool) -> impl Iterator<Item = (&'static str, &'static str)> {
        let caching = if exists { self.caching } else { Caching::Revalidate };
        let shared = self.shared.then_some(("access-control-allow-origin", "*"));
        [("cache-control", caching.header())].into_iter().chain(shared).chain(SECURITY_HEADERS)
    }
}

/// The folders of the bundle, from the site's root, whose files are named by their hashes.
pub fn bundle_folders() -> impl Iterator<Item = String> {
    Folder::ALL.iter().map(|folder| format!("bundle/{}", folder.name()))
}

/// The folder of the program's files. A publisher may have files of their own in it.
pub const PROGRAM_FOLDER: &str = "assets";
/// The parts that the names of the program's files begin with.
pub const PROGRAM_PARTS: [&str; 9] = [
    "embed",
    "examples",
    "headlines",
    "later",
    "markdown",
    "search",
    "searchstories",
    "searchworker",
    "viewer",
];
/// The extensions of the program's files.
pub const PROGRAM_EXTENSIONS: [&str; 3] = ["css", "js", "wasm"];

/// Whether a path is that of a file of the program, such as `assets/viewer-0123456789abcdef.js`. Hosts may keep older
/// ones than the site has now.
pub fn is_program(path: &str) -> bool {
    let name = path.strip_prefix(PROGRAM_FOLDER).and_then(|rest| rest.strip_prefix('/'));
    let parts = name.and_then(|name| {
        let (stem, extension) = name.split_once('.')?;
        let (part, hash) = stem.split_once('-')?;
        Some((part, hash, extension))
    });
    parts.is_some_and(|(part, hash, extension)| {
        PROGRAM_PARTS.contains(&part)
            && hash.len() == 16
            && is_lower_hex(hash)
            && PROGRAM_EXTENSIONS.contains(&extension)
    })
}

fn is_lower_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// Whether a path is a pinned version of the widget's script, which other pages may link to forever.
pub fn is_pinned(path: &str) -> bool {
    let hash = path.strip_prefix("widget-").and_then(|rest| rest.strip_suffix(".js"));
    hash.is_some_and(|hash| !hash.is_empty() && is_lower_hex(hash))
}

/// Returns the media type for a file name's extension, or `None` for an extension that a site does not use.
pub fn content_type(path: &str) -> Option<&'static str> {
    let known = match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "xml" => "application/xml",
        "txt" | "ts" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "bin" => "application/octet-stream",
        _ => return None,
    };
    Some(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_has_the_first_rule_that_matches() {
        let hash = "0".repeat(64);
        for path in [
            &format!("bundle/shards/{hash}.json"),
            "assets/viewer-0123456789abcdef.js",
            "widget-0123456789abcdef.js",
        ] {
            assert_eq!(Rule::of(path).caching, Caching::Forever, "{path}");
            assert!(Rule::of(path).shared && !Rule::of(path).falls_back, "{path}");
        }
        assert_eq!(Rule::of("bundle/manifest.json").caching, Caching::Revalidate);
        assert_eq!(Rule::of("widget.js").caching, Caching::Hourly);
        assert_eq!(Rule::of("embed/").policy, Policy::Frame);
        for path in [
            "",
            "embed",
            "emnews/",
            "bundle/shards/a/b.json",
            "widget-.js",
            "assets",
            "assets/harbour.jpg",
            "assets/viewer-1.js",
            "assets/photo-0123456789abcdef.js",
            "assets/viewer-0123456789abcdef.png",
            "other/assets/viewer-0123456789abcdef.js",
        ] {
            assert_eq!(Rule::of(path).files, Files::Others, "{path}");
        }
    }

    #[test]
    fn the_absence_of_a_file_is_not_cached() {
        let caching = |exists| Rule::of("assets/viewer-0123456789abcdef.js").headers(exists).next();
        assert_eq!(caching(true), Some(("cache-control", "public, max-age=31536000, immutable")));
        assert_eq!(caching(false), Some(("cache-control", "no-cache")));
    }
}
