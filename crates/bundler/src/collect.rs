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
        for entry in walk.filter_entry(is_looked_at) {
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
            let post = posts::read(&name, &bytes, &config.zone);
            bar.inc(1);
            Ok(Found { path, post })
        })
        .collect();
    bar.finish_and_clear();
    let mut found = settle_slugs(found?);
    settle_names(&mut found, config);
    Ok(found)
}

/// Hidden files are nobody's posts, and what Jekyll underscores is its own business, but for posts.
fn is_looked_at(entry: &walkdir::DirEntry) -> bool {
    let name = entry.file_name().to_string_lossy();
    entry.depth() == 0 || name == "_posts" || !name.starts_with(['.', '_'])
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

/// Settles by which name each category and tag is shown, the same in every row.
///
/// That is the commonest spelling; but where nine of ten stories of a category have one and the same tag, no other tag, and nine
/// of ten stories of that tag are in the category, the tag is the category's name, as on the site these posts come from.
fn settle_names(found: &mut [Found], config: &Config) {
    let mut spellings: HashMap<(bool, String), HashMap<String, usize>> = HashMap::new();
    let mut twins: HashMap<(String, String), usize> = HashMap::new();
    for Found { post, .. } in found.iter().filter(|found| found.post.published) {
        let article = &post.article;
        for (is_tag, labels) in [(false, &article.categories), (true, &article.tags)] {
            for label in labels {
                *spellings.entry((is_tag, label.key.clone())).or_default().entry(label.title.clone()).or_default() += 1;
            }
        }
        if let ([category, ..], [tag]) = (article.categories.as_slice(), article.tags.as_slice()) {
            *twins.entry((category.key.clone(), tag.key.clone())).or_default() += 1;
        }
    }
    let total = |is_tag, key: &str| spellings.get(&(is_tag, key.to_owned())).map_or(0, |titles| titles.values().sum());
    let commonest =
        |titles: &HashMap<String, usize>| titles.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0))).map(|(title, _)| title.clone()).unwrap_or_default();
    let mut names: HashMap<(bool, String), String> = spellings.iter().map(|(name, titles)| (name.clone(), commonest(titles))).collect();
    for ((category, tag), count) in &twins {
        let nine_of_ten = |all: usize| count * 10 >= all * 9;
        if nine_of_ten(total(false, category)) && nine_of_ten(total(true, tag)) {
            let title = names.get(&(true, tag.clone())).cloned().unwrap_or_default();
            names.insert((false, category.clone()), title);
        }
    }
    names.extend(config.categories.iter().map(|(key, title)| ((false, key.clone()), title.clone())));
    for Found { post, .. } in found {
        for (is_tag, labels) in [(false, &mut post.article.categories), (true, &mut post.article.tags)] {
            for label in labels {
                if let Some(title) = names.get(&(is_tag, label.key.clone())) {
                    label.title.clone_from(title);
                }
            }
        }
    }
}

/// Settles slugs claimed more than once.
///
/// A date in an address is a hint one day either way, so two posts of one slug whose days touch claim the same address: the
/// lowest path has it, the others get a number. Further apart (a weekly report's, say) each keeps its own.
fn settle_slugs(mut found: Vec<Found>) -> Vec<Found> {
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
        let slug = (2..=usize::MAX).map(|number| format!("{claimed}-{number}")).find(|slug| holder(&claims, slug).is_none()).unwrap_or_default();
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
