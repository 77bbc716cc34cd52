//! Words in HTML come out of the article's Markdown as they were, whatever they are and whatever stands
//! around them.
#![no_main]

use libfuzzer_sys::fuzz_target;

/// Elements that change how words look, and nothing else.
const AROUND: [&str; 12] =
    ["p", "b", "i", "em", "strong", "span", "font", "div", "blockquote", "li", "h2", "del"];

/// Characters that count: no white space, and nothing that HTML does not let through as it is.
fn counts(c: &char) -> bool {
    !c.is_whitespace() && !c.is_control() && *c != '\u{feff}' && *c != '\u{fffd}'
}

fuzz_target!(|input: &str| {
    // The first characters choose elements, the rest are words, a line in each.
    let (mut html, mut words) = (String::from("---\ntitle: t\n---\n<p>始</p>"), String::from("始"));
    for line in input.lines() {
        let mut chars = line.chars();
        let choice = chars.next().map_or(0, |c| c as usize);
        let text: String = chars.filter(|c| counts(c) || *c == ' ').collect();
        let (outer, inner) = (AROUND[choice % AROUND.len()], AROUND[choice / AROUND.len() % AROUND.len()]);
        let escaped = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        html.push_str(&format!("<{outer}><{inner}>{escaped}</{inner}></{outer}>"));
        words.push_str(&text);
    }
    html.push_str("<p>终</p>\n");
    words.push('终');
    let article = posts::read("2026-05-01-a.md", html.as_bytes(), &posts::TimeZone::UTC).article;
    let mut shown = String::new();
    for text in [&article.summary, &article.body] {
        for step in markdown::outline(text) {
            match step.split_at_checked(1) {
                Some(("=" | "`" | "#", text)) => shown.push_str(text),
                Some(("!", _)) => panic!("a picture of words: {step}"),
                _ => {}
            }
        }
    }
    shown.push_str(&article.source);
    let only = |text: &str| {
        let mut chars: Vec<char> = text.chars().filter(counts).collect();
        // The source of a story is put last.
        chars.sort_unstable();
        chars
    };
    // A summary is plain text, and read as Markdown here: its words are counted as they stand.
    if article.summary.is_empty() {
        assert_eq!(only(&shown), only(&words), "{:?}", article.body);
    }
});
