//! `cargo xtask bench same FOLDER…`: whether the stories of a Jekyll site say the same in finews, compared with what
//! Jekyll itself renders (`bench/jekyll.rb --content`): their words, their elements, and where their links lead; whether
//! its pages say the same; and whether the files that Jekyll copies are there.
//!
//! Both sides are HTML, read by the same rules here. White space, quotation marks, and the signs around formulas that
//! scripts replace are left out.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use ::archive::Archive;
use anyhow::{Context as _, Result, ensure};
use bundle::Base;
use bundle::address::Address;
use futures::executor::block_on;
use html5ever::tendril::TendrilSink as _;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use serde_json::Value;
use viewer::prerender;
use viewer::state::page::{self, Page};
use viewer::state::site::SiteContext;

use crate::beside_jekyll::{build, failed, name, print_sites};
use crate::dom::{attribute, percent_decoded, within_site};

pub(crate) fn run(finews: &Path, script: &Path, folder: &Path, sites: &[&str]) -> Result<()> {
    print_sites(
        &[
            "site",
            "stories",
            "the same words",
            "the same elements",
            "links within the site",
            "that lead to the same place",
            "pages",
            "the same words",
            "files",
            "that are there",
        ],
        sites,
        |site, differences| compare(finews, script, folder, site, differences),
    )
}

fn compare(
    finews: &Path,
    script: &Path,
    folder: &Path,
    posts: &Path,
    differences: &mut Vec<String>,
) -> Result<()> {
    let name = name(posts)?;
    let theirs = rendered_by_jekyll(script, folder, posts)?;
    let source = build(finews, folder, posts, "--prerender=0")?;
    let manifest = source.manifest().map_err(failed)?;
    let site = SiteContext::new(manifest.clone(), Base::new("/"));
    let (mut stories, mut same_words, mut same_elements) = (0, 0, 0);
    let (mut links, mut right) = (0, 0);
    for (address, (file, content)) in &theirs.stories {
        let Some(html) = content else {
            differences.push(format!("{name}: {file}: Jekyll does not render it"));
            continue;
        };
        let archive = Archive::new(&source, &manifest.index);
        let page = block_on(page::read(archive, &Address::parse(address, ""))).map_err(failed)?;
        let Page::Article(article, _) = page else {
            differences.push(format!("{name}: {file} is not at {address}"));
            continue;
        };
        stories += 1;
        let summary: String = article.summary.lines().map(|line| format!("<p>{line}</p>")).collect();
        let here = address.clone();
        let ours = summary
            + &prerender::body_at(&site, markdown::parse(&article.body), article.securities.clone(), here);
        let (expected, found) = (Shape::of(html, address), Shape::of(&ours, address));
        if expected.words == found.words {
            same_words += 1;
        } else {
            differences
                .push(format!("{name}: {file}: words: {}", first_difference(&expected.words, &found.words)));
        }
        if expected.counts == found.counts {
            same_elements += 1;
        } else {
            differences
                .push(format!("{name}: {file}: elements: {:?}, not {:?}", found.counts, expected.counts));
        }
        let mut left = found.links.clone();
        for link in &expected.links {
            links += 1;
            if let Some(at) = left.iter().position(|found| found == link) {
                left.swap_remove(at);
                right += 1;
            } else {
                differences.push(format!("{name}: {file}: no link to {link}, but to {}", left.join(" ")));
            }
        }
    }
    let (mut pages, mut same_pages) = (0, 0);
    for (address, (file, content)) in &theirs.pages {
        let expected = Shape::of(content.as_deref().unwrap_or_default(), address).words;
        // Such a page shows nothing, or only what scripts make.
        if expected.is_empty() {
            continue;
        }
        pages += 1;
        let archive = Archive::new(&source, &manifest.index);
        let (title, body) = match block_on(page::read(archive, &Address::parse(address, "")))
            .map_err(failed)?
        {
            Page::Article(page, _) | Page::Home(Some((page, _))) => (page.title.clone(), page.body.clone()),
            _ => {
                differences.push(format!("{name}: {file}: no page at {address}"));
                continue;
            }
        };
        let ours = prerender::body_at(&site, markdown::parse(&body), Vec::new(), address.clone());
        let found = Shape::of(&ours, address).words;
        // The title stands above the words, so that a heading with the title is left out.
        if expected == found || expected == Shape::of(&title, address).words + &found {
            same_pages += 1;
        } else {
            differences.push(format!("{name}: {file}: words: {}", first_difference(&expected, &found)));
        }
    }
    let is_there = |path: &&String| folder.join(&name).join(path).exists();
    let (there, missing): (Vec<&String>, Vec<&String>) = theirs.files.iter().partition(is_there);
    differences.extend(missing.iter().map(|path| format!("{name}: {path} is not copied")));
    println!(
        "| {name} | {stories} | {same_words} | {same_elements} | {links} | {right} | {pages} | {same_pages} | {} | {} |",
        theirs.files.len(),
        there.len()
    );
    Ok(())
}

/// What Jekyll renders and copies.
#[derive(Default)]
struct Rendered {
    stories: Contents,
    pages: Contents,
    /// The paths of the files that it copies, without HTML and scripts.
    files: Vec<String>,
}

/// By address: the file, and the HTML unless Jekyll fails.
type Contents = BTreeMap<String, (String, Option<String>)>;

/// What Jekyll makes of a site. Kept in a file, because Jekyll is slow.
fn rendered_by_jekyll(script: &Path, folder: &Path, posts: &Path) -> Result<Rendered> {
    let name = name(posts)?;
    let kept = folder.join(format!("{name}.content"));
    if !kept.exists() {
        let output = Command::new("ruby")
            .arg(script)
            .arg(posts)
            .arg("--content")
            .output()
            .context("Ruby does not start")?;
        ensure!(output.status.success(), "Jekyll failed: {}", String::from_utf8_lossy(&output.stderr));
        fs::write(&kept, output.stdout)?;
    }
    let mut rendered = Rendered::default();
    for line in fs::read_to_string(&kept)?.lines() {
        let line: Value = serde_json::from_str(line)?;
        let text = |key: &str| line[key].as_str().map(str::to_owned);
        if let Some(path) = text("copied") {
            let path = percent_decoded(path.trim_start_matches('/'));
            if !is_page_or_program(&path) {
                rendered.files.push(path);
            }
            continue;
        }
        let address = text("address").context("a story has no address")?;
        let contents = if line["page"] == true { &mut rendered.pages } else { &mut rendered.stories };
        contents.insert(address, (text("file").unwrap_or_default(), text("content")));
    }
    Ok(rendered)
}

/// Whether a file is HTML or runs, so that it is published only if the publisher includes it.
fn is_page_or_program(path: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|extension| posts::is_page_or_program(&extension.to_string_lossy()))
}

/// What is compared of a story.
#[derive(Debug, Default)]
pub(crate) struct Shape {
    pub(crate) words: String,
    counts: BTreeMap<&'static str, usize>,
    /// The number of columns of the open table. A table with one column is only a box.
    columns: usize,
    /// The places within the site that links lead to.
    links: Vec<String>,
}

impl Shape {
    pub(crate) fn of(html: &str, address: &str) -> Self {
        let body = QualName::new(None, ns!(html), local_name!("body"));
        let dom = parse_fragment(RcDom::default(), ParseOpts::default(), body, Vec::new(), false).one(html);
        let mut shape = Self::default();
        shape.walk(&dom.document, address);
        for sign in ["\\(", "\\)", "\\[", "\\]"] {
            shape.words = shape.words.replace(sign, "");
        }
        shape
    }

    fn walk(&mut self, node: &Handle, address: &str) {
        let mut before = None;
        for child in node.children.borrow().iter() {
            // Of two neighbours that are both strong or both emphasised, a reader sees one.
            let mark = mark(child);
            let is_continued = mark.is_some() && before == mark;
            before = mark;
            if is_continued {
                self.walk(child, address);
                continue;
            }
            match &child.data {
                NodeData::Text { contents } => {
                    let is_compared = |c: &char| {
                        !c.is_whitespace()
                            && !matches!(
                                c,
                                '"' | '\'' | '“' | '”' | '‘' | '’' | '«' | '»' | '\u{200b}' | '\u{feff}'
                            )
                    };
                    self.words.extend(contents.borrow().chars().filter(is_compared));
                }
                NodeData::Element { name, .. } => self.element(&name.local, child, address),
                _ => self.walk(child, address),
            }
        }
    }

    fn element(&mut self, name: &str, node: &Handle, address: &str) {
        let attribute = |name: &str| attribute(node, name);
        let class = attribute("class").unwrap_or_default();
        let href = attribute("href").unwrap_or_default();
        let is_hidden = attribute("hidden").is_some()
            || attribute("style").is_some_and(|style| style.replace(' ', "").contains("display:none"));
        let is_player = class.split_whitespace().any(|class| class == "player");
        // The numbers of a program's lines, and of footnotes.
        let is_number = class.split_whitespace().any(|c| matches!(c, "gutter" | "footnote-definition-label"));
        // Links back from footnotes differ in their signs.
        let is_back = href.contains("#fnref");
        // A browser labels details without a summary.
        let is_label = name == "summary"
            && matches!(node.children.borrow().as_slice(), [label] if matches!(&label.data, NodeData::Text { contents } if &**contents.borrow() == "…"));
        let is_unseen = is_label
            || matches!(
                name,
                "script"
                    | "style"
                    | "template"
                    | "noscript"
                    | "iframe"
                    | "video"
                    | "audio"
                    | "object"
                    | "rp"
                    | "textarea"
            );
        if is_hidden || is_player || is_number || is_back || is_unseen {
            return;
        }
        let counted = match name {
            _ if mark(node).is_some() => mark(node).unwrap_or_default(),
            "a" if !href.trim().is_empty() && !is_empty(node) => "links",
            "li" => "items",
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" if !is_empty(node) => "headings",
            // Merged cells keep their columns, so that there are empty ones.
            "td" | "th" if !is_empty(node) && self.columns > 1 => "cells",
            _ => "",
        };
        if !counted.is_empty() {
            *self.counts.entry(counted).or_default() += 1;
        }
        if name == "li" && attribute("id").is_some_and(|id| id.starts_with("fn:")) {
            *self.counts.entry("footnotes").or_default() += 1;
        }
        if counted == "links" {
            self.links.extend(place(&href, address));
        }
        let outer = self.columns;
        if name == "table" {
            self.columns = columns(node);
        }
        self.walk(node, address);
        self.columns = outer;
    }
}

/// What marks the words of an element, if they are strong or emphasised.
fn mark(node: &Handle) -> Option<&'static str> {
    match &node.data {
        NodeData::Element { name, .. } => match &*name.local {
            "em" | "i" => Some("emphasis"),
            "strong" | "b" => Some("strong"),
            _ => None,
        },
        _ => None,
    }
}

/// The largest number of cells in a row below a node.
fn columns(node: &Handle) -> usize {
    let is_cell = |child: &&Handle| matches!(&child.data, NodeData::Element { name, .. } if matches!(&*name.local, "td" | "th"));
    let children = node.children.borrow();
    // A cell that spans rows stands beside those of the rows below.
    let spans = |cell: &&Handle| attribute(cell, "rowspan").is_some();
    let cells: Vec<&Handle> = children.iter().filter(is_cell).collect();
    let own = cells.len() + cells.iter().filter(|cell| spans(cell)).count();
    children.iter().filter(|child| !is_cell(child)).map(columns).max().unwrap_or(0).max(own)
}

/// Whether an element has neither words nor pictures.
fn is_empty(node: &Handle) -> bool {
    node.children.borrow().iter().all(|child| match &child.data {
        NodeData::Text { contents } => contents.borrow().trim().is_empty(),
        NodeData::Element { name, .. } => &*name.local != "img" && is_empty(child),
        _ => true,
    })
}

/// The place within the site that an address leads to from a page, in one form; `None` if it leads elsewhere.
fn place(href: &str, address: &str) -> Option<String> {
    // A slip such as `(https://…`, which leads nowhere in Jekyll; here it is mended.
    if href.trim().starts_with("(http") {
        return None;
    }
    let url = within_site(href, address)?;
    // Notes that authors write as lists become footnotes, whose ids have a colon.
    let fragment = |fragment: &str| format!("#{}", percent_decoded(fragment).replace("fn:", "fn"));
    let fragment = url.fragment().map(fragment).unwrap_or_default();
    Some(percent_decoded(url.path()).trim_end_matches('/').to_owned() + &fragment)
}

/// Where two texts begin to differ.
pub(crate) fn first_difference(expected: &str, found: &str) -> String {
    let same = expected.chars().zip(found.chars()).take_while(|(left, right)| left == right).count();
    let part = |text: &str| text.chars().skip(same.saturating_sub(15)).take(60).collect::<String>();
    format!("“{}”, not “{}”", part(found), part(expected))
}
