//! Renders every example of the CommonMark specification, and of GFM's tables and strikethrough, with our
//! components.
//!
//! The examples come from the source of the version of pulldown-cmark in `Cargo.lock`. Elements and words
//! must equal the specification's, with two exceptions: raw HTML is shown as text, and a link or image with a
//! forbidden address is replaced with its words.

use std::path::PathBuf;
use std::process::Command;

use bundle::Base;
use bundle::href::Href;
use bundle::{Counts, Manifest, Settings, Site};
use html5ever::tendril::TendrilSink as _;
use html5ever::{ParseOpts, QualName, local_name, ns, parse_fragment};
use markup5ever_rcdom::{Handle, NodeData, RcDom};
use pulldown_cmark::{Event, Options, Parser};
use viewer::prerender;
use viewer::state::site::SiteContext;

fn site() -> SiteContext {
    let site = Site {
        title: "T".into(),
        description: String::new(),
        lang: "en".into(),
        timezone: "UTC".into(),
        url: String::new(),
    };
    let manifest = Manifest {
        format: bundle::FORMAT,
        site,
        settings: Settings::default(),
        counts: Counts::default(),
        newest: Vec::new(),
        index: bundle::Index::default(),
    };
    SiteContext::new(manifest, Base::new("/"))
}

/// The examples in one of pulldown-cmark's test files: Markdown and HTML.
fn examples(file: &str) -> Vec<(String, String)> {
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline"])
        .output()
        .unwrap();
    let metadata: serde_json::Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let package = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|package| package["name"] == "pulldown-cmark")
        .unwrap();
    let suite = PathBuf::from(package["manifest_path"].as_str().unwrap()).with_file_name("tests/suite");
    let source = std::fs::read_to_string(suite.join(file)).unwrap();
    let texts: Vec<String> =
        source.split("r##\"").skip(1).map(|part| part.split("\"##;").next().unwrap().to_owned()).collect();
    texts.chunks(2).map(|pair| (pair[0].clone(), pair[1].clone())).collect()
}

fn options() -> Options {
    Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH
}

fn assert_examples_match(file: &str, minimum: usize) {
    let examples = examples(file);
    assert!(examples.len() >= minimum, "{} examples in {file}", examples.len());
    let site = site();
    let mut differences = Vec::new();
    for (text, specified) in &examples {
        let events: Vec<Event<'_>> = Parser::new_ext(text, options()).collect();
        let has_raw_html = events.iter().any(|event| matches!(event, Event::Html(_) | Event::InlineHtml(_)));
        let expected = if has_raw_html {
            // The specification passes raw HTML through; here it is text.
            let as_text = events.into_iter().map(|event| {
                if let Event::Html(text) | Event::InlineHtml(text) = event {
                    Event::Text(text)
                } else {
                    event
                }
            });
            let mut html = String::new();
            pulldown_cmark::html::push_html(&mut html, as_text);
            html
        } else {
            specified.clone()
        };
        let ours = prerender::body(&site, markdown::parse(text), Vec::new());
        let (expected, ours) = (shape(&expected), shape(&ours));
        if expected != ours {
            differences.push(format!("{text}\nexpected {expected}\nours     {ours}"));
        }
    }
    assert!(
        differences.is_empty(),
        "{} of {} examples differ:\n{}",
        differences.len(),
        examples.len(),
        differences.join("\n")
    );
}

#[test]
fn every_example_of_commonmark_is_rendered_as_specified() {
    assert_examples_match("spec.rs", 649);
}

#[test]
fn every_example_of_gfm_tables_is_rendered_as_specified() {
    assert_examples_match("gfm_table.rs", 8);
}

#[test]
fn every_example_of_gfm_strikethrough_is_rendered_as_specified() {
    assert_examples_match("gfm_strikethrough.rs", 2);
}

/// The elements and words, without white space.
fn shape(html: &str) -> String {
    let body = QualName::new(None, ns!(html), local_name!("body"));
    let dom = parse_fragment(RcDom::default(), ParseOpts::default(), body, Vec::new(), false).one(html);
    let mut shape = String::new();
    for root in dom.document.children.borrow().iter() {
        walk(root, &mut shape);
    }
    shape
}

fn walk(node: &Handle, shape: &mut String) {
    for child in node.children.borrow().iter() {
        match &child.data {
            NodeData::Text { contents } => {
                shape.extend(contents.borrow().chars().filter(|c| !c.is_whitespace()));
            }
            NodeData::Element { name, attrs, .. } => {
                let attrs = attrs.borrow();
                let attribute = |name: &str| {
                    attrs
                        .iter()
                        .find(|attribute| &*attribute.name.local == name)
                        .map(|attribute| attribute.value.to_string())
                        .unwrap_or_default()
                };
                match &*name.local {
                    // The box around each table.
                    "div" => walk(child, shape),
                    "a" if Href::parse(&attribute("href")).is_none() => walk(child, shape),
                    "img" if Href::parse(&attribute("src")).is_none() => {
                        shape.extend(attribute("alt").chars().filter(|c| !c.is_whitespace()));
                    }
                    // For tables without rows, pulldown-cmark's copy of the examples has an empty `tbody`;
                    // GFM's specification has none.
                    "tbody" if child.children.borrow().is_empty() => {}
                    name => {
                        shape.extend(["<", name, ">"]);
                        walk(child, shape);
                        shape.extend(["</", name, ">"]);
                    }
                }
            }
            _ => {}
        }
    }
}
