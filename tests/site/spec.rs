//! Every example of the CommonMark specification and of GFM's tables and strikethrough, through our views.
//!
//! The examples come with the source of pulldown-cmark, at the version that is locked. The elements and words
//! must be the specification's, but for what we never do: raw HTML is text, and an address that is not
//! allowed leaves its words only.

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
        format: 1,
        site,
        settings: Settings::default(),
        counts: Counts::default(),
        newest: Vec::new(),
        index: bundle::Index::default(),
    };
    SiteContext::new(manifest, Base::new("/"))
}

/// The examples of one of pulldown-cmark's test files: the Markdown and the HTML.
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

fn check(file: &str, least: usize) {
    let examples = examples(file);
    assert!(examples.len() >= least, "{} examples in {file}", examples.len());
    let site = site();
    let mut wrong = Vec::new();
    for (text, specified) in &examples {
        let events: Vec<Event<'_>> = Parser::new_ext(text, options()).collect();
        let raw = events.iter().any(|event| matches!(event, Event::Html(_) | Event::InlineHtml(_)));
        let expected = if raw {
            // The specification lets raw HTML pass; here it is text.
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
        let ours = prerender::body(&site, markdown::outline(text), Vec::new());
        let (expected, ours) = (outline(&expected), outline(&ours));
        if expected != ours {
            wrong.push(format!("{text}\nexpected {expected}\nours     {ours}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} examples differ:\n{}", wrong.len(), examples.len(), wrong.join("\n"));
}

#[test]
fn every_example_of_commonmark() {
    check("spec.rs", 649);
}

#[test]
fn every_example_of_gfm_tables() {
    check("gfm_table.rs", 8);
}

#[test]
fn every_example_of_gfm_strikethrough() {
    check("gfm_strikethrough.rs", 2);
}

/// Elements and words, white space aside.
fn outline(html: &str) -> String {
    let body = QualName::new(None, ns!(html), local_name!("body"));
    let dom = parse_fragment(RcDom::default(), ParseOpts::default(), body, Vec::new(), false).one(html);
    let mut outline = String::new();
    for root in dom.document.children.borrow().iter() {
        walk(root, &mut outline);
    }
    outline
}

fn walk(node: &Handle, outline: &mut String) {
    for child in node.children.borrow().iter() {
        match &child.data {
            NodeData::Text { contents } => {
                outline.extend(contents.borrow().chars().filter(|c| !c.is_whitespace()));
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
                    // Our frame for wide tables.
                    "div" => walk(child, outline),
                    "a" if Href::parse(&attribute("href")).is_none() => walk(child, outline),
                    "img" if Href::parse(&attribute("src")).is_none() => {
                        outline.extend(attribute("alt").chars().filter(|c| !c.is_whitespace()));
                    }
                    // A table without rows has no body in GFM's specification; pulldown-cmark's copy has an
                    // empty one.
                    "tbody" if child.children.borrow().is_empty() => {}
                    name => {
                        outline.extend(["<", name, ">"]);
                        walk(child, outline);
                        outline.extend(["</", name, ">"]);
                    }
                }
            }
            _ => {}
        }
    }
}
