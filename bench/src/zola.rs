//! `cargo xtask bench zola FOLDER`: whether the stories of a site of Zola say the same in finews as their Markdown, as
//! pulldown-cmark renders it, and whether they show the pictures of the folder.
//!
//! The pages are written here as Zola places them (<https://www.getzola.org/documentation/content/page/>), without its
//! templates: only sites whose posts have no shortcodes can be compared.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};
use testkit::folder::files;

use crate::beside_jekyll::name;
use crate::built;

pub(crate) fn run(finews: &Path, folder: &Path, site: &Path) -> Result<()> {
    let pages = folder.join(format!("{}.pages", name(site)?));
    if pages.exists() {
        fs::remove_dir_all(&pages)?;
    }
    for (path, file) in files(&site.join("static")) {
        copy(&file, &pages.join(path))?;
    }
    for (path, file) in files(&site.join("content")) {
        if !path.ends_with(".md") {
            copy(&file, &pages.join(path))?;
        } else if !path.ends_with("_index.md") {
            write_page(&pages, &path, &file).with_context(|| path.clone())?;
        }
    }
    built::run(finews, folder, site, &pages, "article")
}

/// Writes the page of a post, unless it is a draft, with the files of a post that is a folder.
fn write_page(pages: &Path, path: &str, file: &Path) -> Result<()> {
    let text = fs::read_to_string(file)?;
    let matter = text.strip_prefix("+++").context("there is no front matter")?;
    let (matter, body) = matter.split_once("\n+++").context("the front matter does not end")?;
    let matter: toml::Table = toml::from_str(matter)?;
    if matter.get("draft").and_then(toml::Value::as_bool) == Some(true) {
        return Ok(());
    }
    let text = |key: &str| matter.get(key).and_then(toml::Value::as_str);
    let place = text("path").map_or_else(|| place(path, text("slug")), str::to_owned);
    let place = pages.join(place.trim_matches('/'));
    fs::create_dir_all(&place)?;
    fs::write(place.join("index.html"), format!("<article>{}</article>", rendered(body)))?;
    if path.ends_with("/index.md") {
        let beside = files(file.parent().context("the post has no folder")?);
        for (name, file) in beside.into_iter().filter(|(name, _)| !name.ends_with(".md")) {
            copy(&file, &place.join(name))?;
        }
    }
    Ok(())
}

/// Markdown as HTML, with its footnotes at the end.
fn rendered(markdown: &str) -> String {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    let (mut words, mut footnotes) = (Vec::new(), Vec::new());
    let mut in_footnote = false;
    for event in Parser::new_ext(markdown, options) {
        let ends = matches!(event, Event::End(TagEnd::FootnoteDefinition));
        in_footnote |= matches!(event, Event::Start(Tag::FootnoteDefinition(_)));
        let part = if in_footnote { &mut footnotes } else { &mut words };
        part.push(event);
        in_footnote &= !ends;
    }
    let mut page = String::new();
    html::push_html(&mut page, words.into_iter().chain(footnotes));
    page
}

/// Where Zola places a post without a `path`.
fn place(path: &str, slug: Option<&str>) -> String {
    let path = path.trim_end_matches(".md").trim_end_matches("/index");
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let without_date = name.get(11..).filter(|_| name.starts_with(|first: char| first.is_ascii_digit()));
    format!("{folder}/{}", slug.or(without_date).unwrap_or(name))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to.parent().context("the file has no folder")?)?;
    fs::copy(from, to)?;
    Ok(())
}
