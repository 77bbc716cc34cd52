//! Reads HTML elements as kramdown does: an end tag without a start tag is text, and so is a start tag whose
//! attributes are not well formed.

use std::borrow::Cow;

/// An element at the start of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Element<'a> {
    /// An element with its content, or a comment: its HTML, and its length in the text.
    Whole(Cow<'a, str>, usize),
    /// An element whose content is Markdown.
    Markdown(Markdown<'a>),
    /// The end tag of such an element.
    End(&'a str),
}

/// An element whose content is Markdown.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Markdown<'a> {
    pub(super) name: &'a str,
    /// Its start tag without the attribute that says so.
    pub(super) tag: String,
    /// The length of the start tag as it is written.
    pub(super) length: usize,
    /// Whether its content is one text, without blocks.
    pub(super) is_text: bool,
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

/// Elements whose content may be blocks of Markdown (`HTML_CONTENT_MODEL_BLOCK`).
const OF_BLOCKS: [&str; 28] = [
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
];

/// Elements whose content may be a text of Markdown (`HTML_CONTENT_MODEL_SPAN`).
const OF_TEXT: [&str; 40] = [
    "a", "abbr", "acronym", "b", "bdo", "big", "button", "cite", "caption", "del", "dfn", "dt", "em", "h1",
    "h2", "h3", "h4", "h5", "h6", "i", "ins", "label", "legend", "optgroup", "p", "q", "rb", "rbc", "rp",
    "rt", "rtc", "ruby", "select", "small", "span", "strong", "sub", "sup", "th", "tt",
];

fn is_one_of(names: &[&str], name: &str) -> bool {
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// Whether an element may not be a part of a line.
pub(super) fn is_block(name: &str) -> bool {
    is_one_of(&BLOCKS, name) || is_one_of(&["thead", "tfoot", "tr"], name)
}

/// Whether an element that may not be a part of a line is read as one all the same. kramdown shows its tags as text,
/// but where a tag of Liquid writes it, only what it shows is meant.
pub(super) fn is_shown_in_line(name: &str) -> bool {
    is_one_of(&["figcaption", "iframe", "pre"], name)
}

/// Where the end tag of an element is in the text after its start tag.
pub(super) fn end_of(text: &str, name: &str) -> Option<usize> {
    let is_end =
        |at: &usize| end_tag(&text[*at..]).is_some_and(|(other, _)| other.eq_ignore_ascii_case(name));
    text.match_indices("</").map(|(at, _)| at).find(is_end)
}

/// Whether the content of an element within a line is not Markdown.
pub(super) fn is_raw(name: &str) -> bool {
    !is_one_of(&OF_BLOCKS, name) && !is_one_of(&OF_TEXT, name)
}

/// Reads the element at the start of a text, if it is a block. `render` renders Markdown within it, of which it is told
/// whether it is one text.
pub(super) fn read<'t>(text: &'t str, render: &dyn Fn(&str, bool) -> String) -> Option<Element<'t>> {
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
    if let Some(markdown) = markdown(text, &tag) {
        return Some(Element::Markdown(markdown));
    }
    let (html, length) = whole(text, &tag, render);
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

/// The element with this start tag, if that says that its content is Markdown.
fn markdown<'t>(text: &'t str, tag: &Tag<'t>) -> Option<Markdown<'t>> {
    let source = &text[..tag.length];
    let at = source.find(" markdown=").or_else(|| source.find("\nmarkdown="))?;
    let value = &source[at + " markdown=".len()..];
    let values = ["\"1\"", "'1'", "1", "\"block\"", "'block'", "\"span\"", "'span'"];
    let found = values.into_iter().find(|known| value.starts_with(known))?;
    let is_text = found.contains("span") || found.contains('1') && is_one_of(&OF_TEXT, tag.name);
    let plain = format!("{}{}", &source[..at], &value[found.len()..]);
    Some(Markdown { name: tag.name, tag: plain, length: tag.length, is_text })
}

/// The HTML of the element that begins with a tag, and its length. Without its end tag, it goes to the text's end.
fn whole(text: &str, tag: &Tag<'_>, render: &dyn Fn(&str, bool) -> String) -> (String, usize) {
    let mut html = text[..tag.length].to_owned();
    let mut open = vec![tag.name];
    // Whether an element with Markdown may still have its end.
    let mut may_end = true;
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
            if let Some(inner) = markdown(rest, &inner).filter(|_| may_end) {
                let content = &rest[inner.length..];
                let end = end_of(content, inner.name);
                may_end = end.is_some();
                // Only the innermost one is rendered, so that nothing is read more than twice.
                if let Some(content) =
                    end.map(|end| &content[..end]).filter(|text| !text.contains(" markdown="))
                {
                    html.push_str(&inner.tag);
                    html.push_str(&render(content, inner.is_text));
                    at += inner.length + content.len();
                    open.push(inner.name);
                    continue;
                }
            }
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
