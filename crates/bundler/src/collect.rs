//! From folders to posts: finds the files, reads them on all cores, and settles which story has which slug.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use indicatif::{ProgressBar, ProgressStyle};
use posts::{Post, Warning, WarningKind};
use rayon::prelude::*;

use crate::config::Config;

/// A post and where it stands, relative to the folder given, with `/` between folders on every system.
pub(crate) struct Found {
    pub(crate) path: String,
    pub(crate) post: Post,
}

/// Reads every post, in the order of their paths' bytes.
///
/// # Errors
/// Where a folder or a file cannot be read: to go on without it would take its stories off the site.
pub(crate) fn read(config: &Config) -> Result<Vec<Found>> {
    let mut paths = Vec::new();
    for folder in &config.folders {
        let walk = walkdir::WalkDir::new(folder).follow_links(true).into_iter();
        for entry in walk.filter_entry(|entry| entry.depth() == 0 || !entry.file_name().to_string_lossy().starts_with(['.', '_'])) {
            let entry = entry.with_context(|| format!("{} could not be walked through", folder.display()))?;
            if entry.file_type().is_file() && is_post(entry.path()) {
                paths.push((relative(&config.root, entry.path()), entry.into_path()));
            }
        }
    }
    paths.sort();
    let bar = progress(paths.len(), "reading posts");
    let found: Result<Vec<Found>> = paths
        .into_par_iter()
        .map(|(path, file)| {
            let bytes = fs::read(&file).with_context(|| format!("{} could not be read; the site was left as it was", file.display()))?;
            let name = file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
            let mut post = posts::read(&name, &bytes, &config.zone);
            for category in &mut post.article.categories {
                if let Some(title) = config.categories.get(&category.key) {
                    category.title.clone_from(title);
                }
            }
            bar.inc(1);
            Ok(Found { path, post })
        })
        .collect();
    bar.finish_and_clear();
    found
}

fn is_post(path: &Path) -> bool {
    path.extension().is_some_and(|extension| ["md", "markdown", "mkd"].iter().any(|known| extension.eq_ignore_ascii_case(known)))
}

fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// A bar on a terminal, nothing elsewhere.
pub(crate) fn progress(length: usize, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::new(length as u64).with_message(what);
    if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {human_pos}/{human_len}") {
        bar.set_style(style);
    }
    bar
}

/// Settles slugs claimed more than once, and leaves out what is not to be shown.
///
/// A date in an address is a hint one day either way, so two posts of one slug whose days touch claim the same address: the
/// lowest path has it, the others get a number. Further apart (a weekly report's, say) each keeps its own.
pub(crate) fn settle_slugs(mut found: Vec<Found>) -> Vec<Found> {
    found.retain(|found| found.post.published || !found.post.warnings.is_empty());
    let mut claims: HashMap<String, Vec<(i64, usize)>> = HashMap::new();
    for at in 0..found.len() {
        let article = &found[at].post.article;
        if !found[at].post.published {
            continue;
        }
        let (claimed, day) = (article.slug.clone(), article.time.date().days());
        let holder = |claims: &HashMap<String, Vec<(i64, usize)>>, slug: &str| {
            claims.get(slug)?.iter().find(|(held, _)| (held - day).abs() <= 1).map(|(_, holder)| *holder)
        };
        let Some(first) = holder(&claims, &claimed) else {
            claims.entry(claimed).or_default().push((day, at));
            continue;
        };
        let slug = (2..).map(|number| format!("{claimed}-{number}")).find(|slug| holder(&claims, slug).is_none()).unwrap_or_default();
        let (holder_path, path) = (found[first].path.clone(), found[at].path.clone());
        found[first].post.warnings.push(duplicate(format!("{path} claims the slug “{claimed}” too; this post keeps it, its path being the lower")));
        let late = &mut found[at].post;
        late.warnings.push(duplicate(format!(
            "the slug “{claimed}” belongs to {holder_path}, whose path is the lower; this post is published as “{slug}”. Give one of them another slug"
        )));
        late.article.slug.clone_from(&slug);
        claims.entry(slug).or_default().push((day, at));
    }
    found
}

fn duplicate(message: String) -> Warning {
    Warning { line: 1, kind: WarningKind::Duplicate, message }
}
