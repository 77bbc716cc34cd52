//! docs/writing.md: what it lists is what the code knows, and its examples become what it says.

use std::collections::BTreeSet;
use std::fs;

use posts::{FRONT_MATTER_KEYS, WarningKind};

use crate::project::Project;

/// The rows of the table below a heading, as cells.
fn table(heading: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(testkit::setup::root().join("docs/writing.md")).unwrap();
    let (_, section) = text.split_once(&format!("\n## {heading}\n")).expect("the heading is there");
    let section = section.split("\n## ").next().unwrap();
    let rows = section.lines().skip_while(|line| !line.starts_with("| --- |")).skip(1);
    rows.take_while(|line| line.starts_with("| "))
        .map(|line| line[2..line.len() - 2].split(" | ").map(str::to_owned).collect())
        .collect()
}

/// The texts in backticks in a cell.
fn codes(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2).filter(|code| !code.is_empty())
}

#[test]
fn every_key_of_front_matter_is_explained_and_no_other() {
    let rows = table("Front matter");
    let explained: Vec<&str> = rows.iter().flat_map(|row| codes(&row[0])).collect();
    assert_eq!(explained.iter().copied().collect::<BTreeSet<_>>(), BTreeSet::from(FRONT_MATTER_KEYS));
    assert_eq!(explained.len(), FRONT_MATTER_KEYS.len(), "each once");
}

#[test]
fn every_warning_is_explained_and_no_other() {
    let rows = table("Warnings");
    let explained: Vec<String> = rows.iter().flat_map(|row| codes(&row[0])).map(str::to_owned).collect();
    assert_eq!(explained, WarningKind::ALL.map(|kind| kind.to_string()));
}

/// Each element that a body can have: an example of the documentation, and what shows it.
const EXAMPLES: [(&str, &str); 28] = [
    ("*word*", "<em>word</em>"),
    ("_word_", "<em>word</em>"),
    ("**word**", "<strong>word</strong>"),
    ("__word__", "<strong>word</strong>"),
    ("~~word~~", "<del>word</del>"),
    ("`code`", "<code>code</code>"),
    ("# Title", "<h1 id=\"title\">Title</h1>"),
    ("###### Title", "<h6 id=\"title\">Title</h6>"),
    ("> words", "<blockquote><p>words</p></blockquote>"),
    ("- entry", "<ul><li>entry</li></ul>"),
    ("1. entry", "<ol><li>entry</li></ol>"),
    ("[words](https://example.com/)", "href=\"https://example.com/\""),
    ("![what it shows](/harbour.jpg)", "<img "),
    ("~~~\ncode\n~~~", "<pre "),
    ("a\n\n---\n\nb", "<hr>"),
    ("a\\\nb", "<br>"),
    ("| a | b |\n| --- | ---: |\n| c | d |", "<table>"),
    ("- [x] task", "<li class=\"done\">task</li>"),
    ("- [ ] task", "<li class=\"todo\">task</li>"),
    ("word[^1]\n\n[^1]: note", "<sup id=\"fnref:1\">"),
    ("word[^1]\n\n[^1]: note", "<ol class=\"footnotes\"><li id=\"fn:1\"><p>note</p>"),
    ("term\n: what it means", "<dl><dt>term</dt><dd>what it means</dd></dl>"),
    ("10<sup>8</sup>", "<sup>8</sup>"),
    ("<ruby>东<rt>dōng</rt></ruby>", "<ruby>东<rt>dōng</rt></ruby>"),
    ("<ol type=\"A\" start=\"3\"><li>a</li></ol>", "<ol start=\"3\" type=\"A\">"),
    (
        "<iframe src=\"https://www.youtube.com/embed/x\"></iframe>",
        "href=\"https://www.youtube.com/watch?v=x\"",
    ),
    ("<video src=\"/a.mp4\"></video>", "<video src=\"/a.mp4\" controls=\"\" preload=\"none\">"),
    ("[Kweichow Moutai](quote:1.600519)", "data-secid=\"1.600519\""),
];

#[test]
fn each_example_of_markdown_becomes_what_the_documentation_says() {
    let text = fs::read_to_string(testkit::setup::root().join("docs/writing.md")).unwrap();
    for (example, expected) in EXAMPLES {
        let element = expected.split([' ', '>']).next().unwrap();
        let name = element.trim_start_matches('<');
        let is_documented =
            [format!("`<{name}>`"), format!("`{name}`")].iter().any(|name| text.contains(name))
                || !element.starts_with('<');
        assert!(is_documented, "docs/writing.md does not name {name}");
        let project = Project::with(&[]);
        project.post("2026-03-01-a.md", &format!("---\ntitle: A\ncategories: c\n---\n{example}\n"));
        project.build(&[]);
        let page = fs::read_to_string(project.site().join("c/2026/03/01/a.html")).unwrap();
        let (_, body) = page.split_once("class=\"body\"").expect("the page has a body");
        assert!(body.contains(expected), "{example} has no {expected}: {}", &body[..body.len().min(400)]);
    }
}
