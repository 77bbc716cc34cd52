//! Finds HTML elements that are blocks in kramdown.

use crate::html::scan_tag;

/// An element at the start of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Element<'a> {
    /// An element with its content, or a comment.
    Whole(&'a str),
    /// The start tag of an element whose content is Markdown, and the tag without the attribute that says so.
    Markdown(&'a str, String),
    /// The end tag of such an element.
    End(&'a str),
}

/// Elements that are parts of a line (`HTML_SPAN_ELEMENTS` in `kramdown/parser/html.rb`).
const SPANS: [&str; 42] = [
    "a", "abbr", "acronym", "b", "big", "bdo", "br", "button", "cite", "code", "del", "dfn", "em", "i", "img", "input",
    "ins", "kbd", "label", "mark", "option", "q", "rb", "rbc", "rp", "rt", "rtc", "ruby", "samp", "select", "small",
    "span", "strike", "strong", "sub", "sup", "textarea", "time", "tt", "u", "var", "wbr",
];

const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
];

/// Reads the element at the start of a text, if it is a block.
pub(super) fn read(text: &str) -> Option<Element<'_>> {
    if let Some(comment) = text.strip_prefix("<!--") {
        return comment.find("-->").map(|end| Element::Whole(&text[..end + 7]));
    }
    let (name, is_end) = tag_name(text)?;
    if SPANS.iter().any(|span| name.eq_ignore_ascii_case(span)) {
        return None;
    }
    let length = scan_tag(text).0?;
    let tag = &text[..length];
    if is_end {
        return Some(Element::End(tag));
    }
    if VOID.iter().any(|void| name.eq_ignore_ascii_case(void)) || tag.ends_with("/>") {
        return Some(Element::Whole(tag));
    }
    if let Some(plain) = without_markdown(tag) {
        return Some(Element::Markdown(tag, plain));
    }
    Some(Element::Whole(&text[..end_of(text, name, length)]))
}

/// Whether a line is a single tag of an element that is a part of a line.
pub(super) fn is_single_tag(line: &str) -> bool {
    tag_name(line).is_some() && scan_tag(line).0 == Some(line.len())
}

/// The name of the tag at the start of a text, and whether it is an end tag.
fn tag_name(text: &str) -> Option<(&str, bool)> {
    let rest = text.strip_prefix('<')?;
    let (rest, is_end) = rest.strip_prefix('/').map_or((rest, false), |rest| (rest, true));
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))).unwrap_or(rest.len());
    // An address in angle brackets is no tag.
    rest[end..].starts_with(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).then_some((&rest[..end], is_end))
}

/// A tag without its attribute `markdown`, if that says that its content is Markdown.
fn without_markdown(tag: &str) -> Option<String> {
    let at = tag.find(" markdown=").or_else(|| tag.find("\nmarkdown="))?;
    let value = &tag[at + " markdown=".len()..];
    let values = ["\"1\"", "'1'", "1", "\"block\"", "'block'", "\"span\"", "'span'"];
    let found = values.into_iter().find(|known| value.starts_with(known))?;
    Some(format!("{}{}", &tag[..at], &value[found.len()..]))
}

/// Where an element ends: after the end tag that matches its start tag of this length, or with the text.
fn end_of(text: &str, name: &str, length: usize) -> usize {
    let (mut at, mut depth) = (length, 1_usize);
    let is_raw = matches!(name.to_ascii_lowercase().as_str(), "script" | "style" | "pre" | "textarea");
    while let Some(found) = text[at..].find('<').map(|found| at + found) {
        let rest = &text[found..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            at = comment.find("-->").map_or(text.len(), |end| found + end + 7);
            continue;
        }
        let Some((other, is_end)) = tag_name(rest).filter(|(other, _)| other.eq_ignore_ascii_case(name)) else {
            at = found + 1;
            continue;
        };
        let Some(length) = scan_tag(rest).0 else { break };
        at = found + length;
        if is_end {
            depth -= 1;
            if depth == 0 {
                return at;
            }
        } else if !is_raw && !text[..at].ends_with("/>") && !other.is_empty() {
            depth += 1;
        }
    }
    text.len()
}
