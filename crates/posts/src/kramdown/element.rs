//! Reads HTML elements as kramdown does: an end tag without a start tag is text, and so is a start tag whose
//! attributes are not well formed.

use std::borrow::Cow;

/// An element at the start of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Element<'a> {
    /// An element with its content, or a comment: its HTML, and its length in the text.
    Whole(Cow<'a, str>, usize),
    /// The start tag of an element whose content is Markdown, without the attribute that says so, and its length.
    Markdown(String, usize),
    /// The end tag of such an element.
    End(&'a str),
}

/// A start tag at the start of a text.
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    pub(super) length: usize,
    /// Whether the element has no content.
    pub(super) is_closed: bool,
}

/// Elements that are parts of a line (`HTML_SPAN_ELEMENTS` in `kramdown/parser/html.rb`).
const SPANS: [&str; 39] = [
    "a", "abbr", "acronym", "b", "big", "bdo", "br", "button", "cite", "code", "del", "dfn", "em", "i",
    "img", "input", "ins", "kbd", "label", "mark", "option", "q", "rb", "rbc", "rp", "rt", "rtc", "ruby",
    "samp", "select", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var",
];

/// Elements that are no parts of a line (`HTML_BLOCK_ELEMENTS`). Others may be either.
const BLOCKS: [&str; 46] = [
    "address",
    "article",
    "aside",
    "applet",
    "body",
    "blockquote",
    "caption",
    "col",
    "colgroup",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hgroup",
    "hr",
    "html",
    "head",
    "iframe",
    "legend",
    "menu",
    "li",
    "main",
    "map",
    "nav",
    "ol",
    "optgroup",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "th",
    "ul",
];

const VOID: [&str; 16] = [
    "area", "base", "br", "col", "command", "embed", "hr", "img", "input", "keygen", "link", "meta", "param",
    "source", "track", "wbr",
];

/// Elements whose content may be Markdown (`HTML_CONTENT_MODEL_BLOCK` and `HTML_CONTENT_MODEL_SPAN`).
const PARSED: [&str; 68] = [
    "address",
    "applet",
    "article",
    "aside",
    "blockquote",
    "body",
    "dd",
    "details",
    "div",
    "dl",
    "fieldset",
    "figure",
    "figcaption",
    "footer",
    "form",
    "header",
    "hgroup",
    "iframe",
    "li",
    "main",
    "map",
    "menu",
    "nav",
    "noscript",
    "object",
    "section",
    "summary",
    "td",
    "a",
    "abbr",
    "acronym",
    "b",
    "bdo",
    "big",
    "button",
    "cite",
    "caption",
    "del",
    "dfn",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "i",
    "ins",
    "label",
    "legend",
    "optgroup",
    "p",
    "q",
    "rb",
    "rbc",
    "rp",
    "rt",
    "rtc",
    "ruby",
    "select",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "th",
    "tt",
];

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether an element may not be a part of a line.
pub(super) fn is_block(name: &str) -> bool {
    is_one_of(&BLOCKS, name) || is_one_of(&["thead", "tfoot", "tr"], name)
}

/// Whether the content of an element within a line is not Markdown.
pub(super) fn is_raw(name: &str) -> bool {
    !is_one_of(&PARSED, name)
}

/// Reads the element at the start of a text, if it is a block.
pub(super) fn read(text: &str) -> Option<Element<'_>> {
    if let Some(comment) = text.strip_prefix("<!--") {
        let length = comment.find("-->")? + 7;
        return Some(Element::Whole(Cow::Borrowed(&text[..length]), length));
    }
    if let Some((name, length)) = end_tag(text) {
        return (!is_one_of(&SPANS, name)).then(|| Element::End(&text[..length]));
    }
    let tag = start_tag(text)?;
    if is_one_of(&SPANS, tag.name) {
        return None;
    }
    if tag.is_closed {
        return Some(Element::Whole(Cow::Borrowed(&text[..tag.length]), tag.length));
    }
    if let Some(plain) = without_markdown(&text[..tag.length]) {
        return Some(Element::Markdown(plain, tag.length));
    }
    let (html, length) = whole(text, &tag);
    Some(Element::Whole(Cow::Owned(html), length))
}

/// An element's name at the start of a text.
fn name(text: &str) -> Option<&str> {
    let is_start = |c: char| c.is_alphabetic() || matches!(c, '_' | ':');
    let end = text
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':' | '-' | '.')))
        .unwrap_or(text.len());
    text.starts_with(is_start).then_some(&text[..end])
}

/// The end tag at the start of a text: its name and its length.
pub(super) fn end_tag(text: &str) -> Option<(&str, usize)> {
    let name = name(text.strip_prefix("</")?)?;
    let rest = text[2 + name.len()..].trim_start();
    rest.starts_with('>').then(|| (name, text.len() - rest.len() + 1))
}

/// The start tag at the start of a text, if kramdown takes it for one (`HTML_TAG_RE`).
pub(super) fn start_tag(text: &str) -> Option<Tag<'_>> {
    let element = name(text.strip_prefix('<')?)?;
    let mut rest = &text[1 + element.len()..];
    loop {
        let trimmed = rest.trim_start();
        if let Some(end) = ["/>", ">"].into_iter().find(|end| trimmed.starts_with(end)) {
            let length = text.len() - trimmed.len() + end.len();
            let is_closed = end == "/>" || is_one_of(&VOID, element);
            return Some(Tag { name: element, length, is_closed });
        }
        if trimmed.len() == rest.len() {
            return None;
        }
        let attribute = name(trimmed)?;
        rest = &trimmed[attribute.len()..];
        if let Some(value) = rest.trim_start().strip_prefix('=') {
            let value = value.trim_start();
            let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''));
            let length = match quote {
                Some(quote) => value[1..].find(quote)? + 2,
                None => value.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(value.len()),
            };
            if length == 0 {
                return None;
            }
            rest = &value[length..];
        }
    }
}

/// A tag without its attribute `markdown`, if that says that its content is Markdown.
fn without_markdown(tag: &str) -> Option<String> {
    let at = tag.find(" markdown=").or_else(|| tag.find("\nmarkdown="))?;
    let value = &tag[at + " markdown=".len()..];
    let values = ["\"1\"", "'1'", "1", "\"block\"", "'block'", "\"span\"", "'span'"];
    let found = values.into_iter().find(|known| value.starts_with(known))?;
    Some(format!("{}{}", &tag[..at], &value[found.len()..]))
}

/// The HTML of the element that begins with a tag, and its length. Without its end tag, it goes to the text's end.
fn whole(text: &str, tag: &Tag<'_>) -> (String, usize) {
    let mut html = text[..tag.length].to_owned();
    let mut open = vec![tag.name];
    let mut at = tag.length;
    while !open.is_empty() {
        let Some(found) = text[at..].find('<').map(|found| at + found) else {
            html.push_str(&text[at..]);
            at = text.len();
            break;
        };
        html.push_str(&text[at..found]);
        at = found;
        let rest = &text[at..];
        let is_script = open.last().is_some_and(|open| is_one_of(&["script", "style"], open));
        let length = if let Some((name, length)) = end_tag(rest) {
            if open.last().is_some_and(|open| open.eq_ignore_ascii_case(name)) {
                open.pop();
                html.push_str(&rest[..length]);
            } else if is_script {
                html.push_str(&rest[..length]);
            } else {
                html.push_str("&lt;");
                html.push_str(&rest[1..length]);
            }
            length
        } else if is_script {
            html.push('<');
            1
        } else if let Some(comment) = rest.strip_prefix("<!--").and_then(|comment| comment.find("-->")) {
            html.push_str(&rest[..comment + 7]);
            comment + 7
        } else if let Some(inner) = start_tag(rest) {
            html.push_str(&rest[..inner.length]);
            if !inner.is_closed {
                open.push(inner.name);
            } else if !is_one_of(&VOID, inner.name) {
                html.push_str(&format!("</{}>", inner.name));
            }
            inner.length
        } else {
            html.push_str("&lt;");
            1
        };
        at += length;
    }
    for name in open.iter().rev() {
        html.push_str(&format!("</{name}>"));
    }
    (html, at)
}
