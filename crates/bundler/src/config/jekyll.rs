//! What `_config.yml` says of a Jekyll site.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use bundle::Base;
use posts::{Dialect, Map, Value};

use super::{read_if_exists, split_url, text};
use crate::kind::SiteKind;
use crate::library::walk::MARKDOWN_EXTENSIONS;

/// The style or template of addresses on a Jekyll site; `None` on another one.
pub(super) fn permalink(kind: SiteKind, jekyll: &Map) -> Option<&str> {
    let posts = jekyll.get("collections").and_then(Value::map).and_then(|all| all.get("posts")?.map());
    let own = posts.and_then(|posts| posts.get("permalink")).or_else(|| jekyll.get("permalink"));
    (kind == SiteKind::Jekyll).then(|| own.and_then(Value::text).unwrap_or_default())
}

/// The dialect of a Jekyll site: kramdown, unless it has the plugin `jekyll-commonmark`.
pub(super) fn dialect(jekyll: &Map) -> Dialect {
    let is_commonmark =
        text(jekyll, "markdown").is_some_and(|name| name.to_ascii_lowercase().starts_with("commonmark"));
    if !is_commonmark {
        return Dialect::Kramdown;
    }
    let has = |key: &str, wanted: &str| {
        let list = jekyll.get("commonmark").and_then(|settings| settings.map()?.get(key));
        let Some(Value::List(names)) = list else { return false };
        names.iter().filter_map(Value::text).any(|name| name.eq_ignore_ascii_case(wanted))
    };
    Dialect::CommonMark {
        smart: has("options", "SMART"),
        autolink: has("extensions", "autolink"),
        breaks: has("options", "HARDBREAKS"),
    }
}

/// Authors by the keys that posts use for them: `authors` in `_config.yml`, and `_data/authors.yml`.
pub(super) fn read_authors(root: &Path, jekyll: &Map) -> Result<Map> {
    let mut authors = jekyll.get("authors").and_then(Value::map).cloned().unwrap_or_default();
    for name in ["_data/authors.yml", "_data/authors.yaml", "_data/authors.json"] {
        let path = root.join(name);
        if let Some(text) = read_if_exists(&path)? {
            // JSON is YAML.
            let map = posts::read_yaml(&text).map_err(|(line, error)| {
                anyhow::anyhow!("{}:{line}: the file is not valid YAML: {error}", path.display())
            })?;
            authors.extend(map);
        }
    }
    Ok(authors)
}

/// The folders of the collections that Jekyll publishes besides posts, with their names.
pub(super) fn collections(jekyll: &Map) -> BTreeMap<String, String> {
    let is_published = |collection: &Value| {
        collection.map().and_then(|collection| collection.get("output")).and_then(Value::bool) == Some(true)
    };
    let folder = text(jekyll, "collections_dir").unwrap_or_default().trim_matches('/');
    let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    (jekyll.get("collections").and_then(Value::map).into_iter().flatten())
        .filter(|(name, collection)| *name != "posts" && is_published(collection))
        .map(|(name, _)| (format!("{folder}_{name}"), name.clone()))
        .collect()
}

/// Sentences about the keys of `_config.yml` that say what Jekyll publishes, and that are not carried out.
pub(super) fn not_carried_out(jekyll: &Map) -> Vec<String> {
    let is_true = |value: Option<&Value>| value.and_then(Value::bool) == Some(true);
    let mut told = Vec::new();
    if let Some(limit) = text(jekyll, "limit_posts").filter(|limit| *limit != "0") {
        told.push(format!("limit_posts: {limit} is not carried out; all posts are published"));
    }
    for (key, what) in [("show_drafts", "drafts"), ("unpublished", "posts with “published: false”")] {
        if is_true(jekyll.get(key)) {
            told.push(format!("{key} is not carried out; {what} are kept back"));
        }
    }
    if let Some(source) = text(jekyll, "source").filter(|source| !matches!(*source, "." | "./")) {
        told.push(format!("source is not carried out; build the folder “{source}” instead"));
    }
    let extensions = text(jekyll, "markdown_ext").unwrap_or_default().split(',').map(str::trim);
    let unknown: Vec<&str> = extensions
        .filter(|extension| !extension.is_empty() && !MARKDOWN_EXTENSIONS.contains(extension))
        .collect();
    if !unknown.is_empty() {
        told.push(format!(
            "files that end in .{} are not read, although markdown_ext names them",
            unknown.join(" or .")
        ));
    }
    told.into_iter().map(|told| format!("_config.yml: {told}")).collect()
}

/// The address of a Jekyll site, from its `url` and `baseurl`; either may be missing.
pub(super) fn url(jekyll: &Map) -> Result<(String, Base)> {
    let url = text(jekyll, "url").unwrap_or_default().trim_matches('/');
    if url.is_empty() {
        return Ok((String::new(), base(jekyll)));
    }
    split_url(&format!("{url}/{}", folder(jekyll)))
}

fn folder(jekyll: &Map) -> &str {
    text(jekyll, "baseurl").unwrap_or_default().trim_matches('/')
}

pub(super) fn base(jekyll: &Map) -> Base {
    let folder = folder(jekyll);
    Base::new(&if folder.is_empty() { "/".to_owned() } else { format!("/{folder}/") })
}
