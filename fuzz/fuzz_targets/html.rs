//! The words of a post's HTML all appear in the article, whatever elements surround them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use markdown::MarkdownOp;

/// Elements that only change how words look.
const WRAPPERS: [&str; 12] =
    ["p", "b", "i", "em", "strong", "span", "font", "div", "blockquote", "li", "h2", "del"];

/// Whether a character must appear in the article: neither white space nor one that HTML changes.
fn must_appear(c: &char) -> bool {
    !c.is_whitespace() && !c.is_control() && *c != '\u{feff}' && *c != '\u{fffd}'
}

fuzz_target!(|input: &str| {
    // The first character of each line chooses the elements; the rest are words.
    let (mut html, mut words) = (String::from("---\ntitle: t\n---\n<p>始</p>"), String::from("始"));
    for line in input.lines() {
        let mut chars = line.chars();
        let choice = chars.next().map_or(0, |c| c as usize);
        let text: String = chars.filter(|c| must_appear(c) || *c == ' ').collect();
        let outer = WRAPPERS[choice % WRAPPERS.len()];
        let inner = WRAPPERS[choice / WRAPPERS.len() % WRAPPERS.len()];
        // A brace as it is could begin a shortcode, which is no word.
        let escaped =
            text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('{', "&#123;");
        html.push_str(&format!("<{outer}><{inner}>{escaped}</{inner}></{outer}>"));
        words.push_str(&text);
    }
    html.push_str("<p>终</p>\n");
    words.push('终');
    let article =
        posts::read("2026-05-01-a.md", html.as_bytes(), &posts::Context::new(&posts::TimeZone::UTC)).article;
    let mut shown = String::new();
    for text in [&article.summary, &article.body] {
        for op in markdown::parse(text) {
            match op {
                MarkdownOp::Text(text) | MarkdownOp::Code(text) | MarkdownOp::CodeBlock { text, .. } => {
                    shown.push_str(&text);
                }
                MarkdownOp::Image { .. } => panic!("words became a picture: {op:?}"),
                _ => {}
            }
        }
    }
    shown.push_str(&article.source);
    let sorted_chars = |text: &str| {
        let mut chars: Vec<char> = text.chars().filter(must_appear).collect();
        // The order is not compared, because the source may have been anywhere in the body.
        chars.sort_unstable();
        chars
    };
    // A summary is plain text, so parsing it as Markdown would lose characters.
    if article.summary.is_empty() {
        assert_eq!(sorted_chars(&shown), sorted_chars(&words), "{:?}", article.body);
    }
});
