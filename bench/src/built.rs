//! `cargo xtask bench built FOLDER BUILT ELEMENT`: whether the stories of a site of Hugo or Hexo say the same in finews as
//! in the pages that its own program has built, and whether they show the pictures that are there.
//!
//! `BUILT` is the folder of the built pages, and `ELEMENT` the element of a story's words in them: `article`, or
//! `div.post-body`. Only letters and digits are compared, because programs make different signs of quotation marks and
//! hyphens.

use std::fs;
use std::path::Path;

use anyhow::Result;
use html5ever::serialize::{SerializeOpts, serialize};
use html5ever::tendril::TendrilSink as _;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom, SerializableHandle};
use testkit::folder::files;

use crate::beside_jekyll::{build, name};
use crate::dom::{attribute, percent_decoded, within_site};
use crate::same::{Shape, first_difference};

pub(crate) fn run(finews: &Path, folder: &Path, site: &Path, built: &Path, element: &str) -> Result<()> {
    let name = name(site)?;
    build(finews, folder, site, "--prerender=1000000")?;
    let ours = folder.join(&name);
    let (mut stories, mut same, mut pictures, mut shown) = (0, 0, 0, 0);
    let mut differences = Vec::new();
    for (path, file) in files(&ours).into_iter().filter(|(path, _)| path.ends_with(".html")) {
        let page = fs::read_to_string(file)?;
        let Some(found) = Words::of(&page, "article.story", "div.body") else { continue };
        let Ok(original) = fs::read_to_string(built.join(&path)) else {
            differences.push(format!("{path}: no page was built there"));
            continue;
        };
        let Some(expected) = Words::of(&original, "html", element) else {
            differences.push(format!("{path}: the built page has no {element}"));
            continue;
        };
        stories += 1;
        if expected.letters == found.letters {
            same += 1;
        } else {
            differences.push(format!("{path}: {}", first_difference(&expected.letters, &found.letters)));
        }
        let within = |src: &String| place(src, &path);
        let found: Vec<String> = found.pictures.iter().filter_map(within).collect();
        for picture in expected.pictures.iter().filter_map(within) {
            if !built.join(&picture).is_file() {
                continue;
            }
            pictures += 1;
            // Each program has a place of its own for a post's pictures.
            let is_same = |path: &String| Path::new(path).file_name() == Path::new(&picture).file_name();
            if found.iter().any(|path| is_same(path) && ours.join(path).is_file()) {
                shown += 1;
            } else {
                differences.push(format!("{path}: does not show {picture}"));
            }
        }
    }
    println!("| site | stories | the same words | pictures within the site | that are shown |");
    println!("| --- | --- | --- | --- | --- |");
    println!("| {name} | {stories} | {same} | {pictures} | {shown} |");
    if !differences.is_empty() {
        println!("\nDifferences:\n");
    }
    differences.iter().for_each(|difference| println!("- {difference}"));
    Ok(())
}

/// What is compared of a page.
struct Words {
    letters: String,
    /// The addresses of the pictures.
    pictures: Vec<String>,
}

impl Words {
    /// Reads the first `element` below the first `outer` of a page.
    fn of(html: &str, outer: &str, element: &str) -> Option<Self> {
        let dom = parse_document(RcDom::default(), ParseOpts::default()).one(html);
        let element = find(&find(&dom.document, outer)?, element)?;
        let mut html = Vec::new();
        serialize(&mut html, &SerializableHandle::from(element.clone()), SerializeOpts::default()).ok()?;
        let words = Shape::of(&String::from_utf8_lossy(&html), "/").words;
        let mut pictures = Vec::new();
        addresses(&element, &mut pictures);
        Some(Self {
            letters: words.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect(),
            pictures,
        })
    }
}

/// The first element with a name and perhaps a class: `div.post-body`.
fn find(node: &Handle, wanted: &str) -> Option<Handle> {
    let (wanted_name, class) = wanted.split_once('.').unwrap_or((wanted, ""));
    let is_found = match &node.data {
        NodeData::Element { name, .. } if &*name.local == wanted_name => {
            let classes = attribute(node, "class").unwrap_or_default();
            class.is_empty() || classes.split_whitespace().any(|own| own == class)
        }
        _ => false,
    };
    if is_found {
        return Some(node.clone());
    }
    node.children.borrow().iter().find_map(|child| find(child, wanted))
}

fn addresses(node: &Handle, pictures: &mut Vec<String>) {
    if matches!(&node.data, NodeData::Element { name, .. } if &*name.local == "img") {
        // Some themes load pictures with a script.
        pictures.extend(attribute(node, "data-src").or_else(|| attribute(node, "src")));
    }
    node.children.borrow().iter().for_each(|child| addresses(child, pictures));
}

/// The path of a file of the site, to which an address on a page leads.
fn place(src: &str, page: &str) -> Option<String> {
    Some(percent_decoded(within_site(src, page)?.path().trim_start_matches('/')))
}
