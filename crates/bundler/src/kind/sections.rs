//! What the pages about folders say of Hugo's and Zola's sections.

use std::fs;
use std::path::Path;

use posts::{Map, Value};

use super::SiteKind;

/// What the pages about folders say, and Hugo's configuration.
#[derive(Debug, Default)]
pub(crate) struct Sections {
    /// The titles of sections, by their folders.
    pub(crate) titles: Vec<(String, String)>,
    /// The folders whose posts are kept back.
    pub(crate) kept_back: Vec<String>,
    /// Front matter for the posts in a folder: Hugo's `cascade`.
    pub(crate) cascades: Vec<Cascade>,
}

/// Front matter for some posts.
#[derive(Debug)]
pub(crate) struct Cascade {
    /// The folder, with a slash at its end, or a pattern of paths, with `*` or braces.
    pub(crate) path: String,
    pub(crate) values: Map,
}

impl Sections {
    /// Reads the sections of a site with this configuration.
    pub(crate) fn read(kind: SiteKind, root: &Path, config: &Map) -> Self {
        let mut sections = Self::default();
        if !matches!(kind, SiteKind::Hugo | SiteKind::Zola) {
            return sections;
        }
        if kind == SiteKind::Hugo {
            sections.add_cascades(kind.content(), posts::cascade(config.get("cascade")));
        }
        let content = root.join(kind.content());
        // Links are not followed.
        for entry in walkdir::WalkDir::new(&content).sort_by_file_name().into_iter().filter_map(Result::ok) {
            if !entry.file_name().to_string_lossy().starts_with("_index.") || entry.path_is_symlink() {
                continue;
            }
            let Ok(bytes) = fs::read(entry.path()) else { continue };
            let folder = entry.path().parent().and_then(|folder| folder.strip_prefix(root).ok());
            let folder: Vec<_> = folder
                .into_iter()
                .flat_map(Path::components)
                .map(|part| part.as_os_str().to_string_lossy().into_owned())
                .collect();
            let program = if kind == SiteKind::Hugo { posts::Program::Hugo } else { posts::Program::Other };
            let zone = posts::TimeZone::UTC;
            let context = posts::Context { program, ..posts::Context::new(&zone) };
            let post = posts::read("_index.md", &bytes, &context);
            let is_shown = !post.visibility.is_kept_back;
            match kind {
                // A draft's folder is one too.
                SiteKind::Zola if !is_shown => sections.kept_back.push(folder.join("/")),
                SiteKind::Hugo => sections.add_cascades(&(folder.join("/") + "/"), post.cascade),
                _ => {}
            }
            let has_title = post.warnings.iter().all(|warning| warning.kind != posts::WarningKind::Title);
            if let [_, name] = &*folder
                && is_shown
                && has_title
            {
                sections.titles.push((name.clone(), post.article.title));
            }
        }
        sections
    }

    /// Adds a folder's cascades: for what is in it, or for what their targets say.
    fn add_cascades(&mut self, folder: &str, cascades: Vec<Map>) {
        for mut values in cascades {
            let targets = [values.remove("target"), values.remove("_target")].into_iter().flatten();
            let targets: Vec<Map> = targets.flat_map(|target| posts::cascade(Some(&target))).collect();
            let mut add = |path: String| self.cascades.push(Cascade { path, values: values.clone() });
            if targets.is_empty() {
                add(folder.to_owned());
            }
            for target in &targets {
                let text = |key: &str| target.get(key).and_then(Value::text);
                // Stories are pages, and a site is published from production.
                let is_meant = text("kind").is_none_or(|kind| kind.contains("page") || kind.contains('*'))
                    && text("environment").is_none_or(|name| name == "production");
                match text("path") {
                    _ if !is_meant => {}
                    // From the folder of the content, and for all of a folder.
                    Some(path) => {
                        let content = SiteKind::Hugo.content().trim_end_matches('/');
                        add(format!("{content}{path}"));
                        add(format!("{content}{path}/**"));
                    }
                    None => add(folder.to_owned()),
                }
            }
        }
    }
}
