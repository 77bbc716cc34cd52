//! What a host answers of a site, as one table: [`RULES`].
//!
//! `finews serve` answers by it, the files for hosts are made from it, and so is the host that tests load pages
//! from. It does no IO.

mod policy;

use bundle::Folder;

pub use policy::{frame_policy, in_sandbox, page_policy, page_policy_of_deploy};

/// Which files a rule is for, by their paths from the site's root.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Files {
    /// Files named by what is in them: those of the program, those of the bundle, and the pinned scripts of the
    /// widget.
    Hashed,
    /// One file.
    Named(&'static str),
    /// All files of a folder.
    Folder(&'static str),
    /// Everything else.
    Others,
}

/// For how long a browser may use a file without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caching {
    /// For as long as a browser keeps anything: the name says what is in the file.
    Forever,
    /// For an hour, and for a day more while a newer one is fetched.
    Hourly,
    /// Never: the host is asked each time, and answers by a word if nothing has changed.
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

/// The content security policy that goes with files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// None: it is not a page.
    None,
    /// That of the site's own pages: see [`page_policy`].
    Page,
    /// That of pages that stand in anybody's frames: see [`frame_policy`].
    Frame,
}

/// What a host answers for some files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// The files.
    pub files: Files,
    /// For how long they may be used without asking.
    pub caching: Caching,
    /// Whether pages of other origins may read them, as the widget does.
    pub shared: bool,
    /// The policy sent with them.
    pub policy: Policy,
    /// Whether an address without a file is answered by the page for all addresses; else by 404
    /// alone.
    pub falls_back: bool,
}

/// The rules. The first that fits a path is its rule.
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

/// The headers of every answer besides.
pub const SAFETY: [(&str, &str); 2] =
    [("x-content-type-options", "nosniff"), ("referrer-policy", "no-referrer")];

impl Files {
    /// Whether a path, from the site's root and without a slash before it, is one of these files.
    pub fn include(self, path: &str) -> bool {
        match self {
            Self::Hashed => {
                is_pinned(path)
                    || path
                        .rsplit_once('/')
                        .is_some_and(|(folder, _)| hashed_folders().any(|hashed| hashed == folder))
            }
            Self::Named(name) => path == name,
            Self::Folder(folder) => path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')),
            Self::Others => true,
        }
    }
}

impl Rule {
    /// The rule of a path, from the site's root and without a slash before it.
    pub fn of(path: &str) -> &'static Self {
        RULES.iter().find(|rule| rule.files.include(path)).unwrap_or(&RULES[RULES.len() - 1])
    }

    /// The headers of an answer but its type and its policy, their names in lower case as servers take them. A
    /// file that is not `there` may come later, so its absence is not kept.
    pub fn headers(&self, there: bool) -> impl Iterator<Item = (&'static str, &'static str)> {
        let caching = if there { self.caching } else { Caching::Revalidate };
        let shared = self.shared.then_some(("access-control-allow-origin", "*"));
        [("cache-control", caching.header())].into_iter().chain(shared).chain(SAFETY)
    }
}

/// The folders whose files are named by what is in them, from the site's root.
pub fn hashed_folders() -> impl Iterator<Item = String> {
    std::iter::once("assets".to_owned())
        .chain(Folder::ALL.iter().map(|folder| format!("bundle/{}", folder.name())))
}

/// Whether a path is a version of the widget's script that pages of others may name for ever.
pub fn is_pinned(path: &str) -> bool {
    let hash = path.strip_prefix("widget-").and_then(|rest| rest.strip_suffix(".js"));
    hash.is_some_and(|hash| {
        !hash.is_empty() && hash.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
    })
}

/// The type of a file that a site has, by what its name ends in. Returns `None` for files of other kinds.
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
        _ => return None,
    };
    Some(known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_has_the_rule_that_fits_it_first() {
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
        for path in
            ["", "embed", "emnews/", "bundle/shards/a/b.json", "widget-.js", "assets", "other/assets/a.js"]
        {
            assert_eq!(Rule::of(path).files, Files::Others, "{path}");
        }
    }

    #[test]
    fn what_is_not_there_is_not_kept() {
        let caching = |there| Rule::of("assets/a.js").headers(there).next();
        assert_eq!(caching(true), Some(("cache-control", "public, max-age=31536000, immutable")));
        assert_eq!(caching(false), Some(("cache-control", "no-cache")));
    }
}
