//! Renders lines of text to HTML as kramdown does.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::element::{self, Tag, end_tag, start_tag};

/// The characters that a backslash escapes (`ESCAPED_CHARS_GFM`).
const ESCAPABLE: &str = "\\.*_+`<>()[]{}#!:|\"'$=-~";

/// Signs that may begin a span or mean another character.
const SIGNS: [char; 17] =
    ['\\', '`', '$', '~', '<', '>', '{', '[', ']', '!', '-', '.', '*', '_', '&', '"', '\''];

/// What stands around the name of a footnote in rendered text.
pub(super) const NOTE: (char, char) = ('\u{e002}', '\u{e003}');

/// How deep spans and elements may be nested; what begins beyond that is text.
const MAX_DEPTH: usize = 60;

/// The targets and titles of link definitions, by their normalized names.
pub(super) type Definitions = BTreeMap<String, (String, String)>;

/// A text's link definitions, such as `[name]: https://example.com/ "title"`.
pub(super) fn definitions(text: &str) -> Definitions {
    let mut found = Definitions::new();
    for (name, target, title) in text.lines().filter_map(definition) {
        found.insert(normalized(name), (target.to_owned(), title.to_owned()));
    }
    found
}

/// The name, target and title of the definition that is a line.
pub(super) fn definition(line: &str) -> Option<(&str, &str, &str)> {
    let content = line.trim_start_matches(' ');
    let (name, rest) = content.strip_prefix('[')?.split_once("]:")?;
    if line.len() - content.len() > 3 || name.is_empty() || name.starts_with('^') || name.contains(['[', ']'])
    {
        return None;
    }
    let rest = rest.trim();
    let (target, rest) = match rest.strip_prefix('<') {
        Some(inner) => inner.split_once('>')?,
        None => rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len())),
    };
    let title = rest.trim();
    let quoted = ['"', '\'']
        .into_iter()
        .find_map(|quote| title.strip_prefix(quote)?.strip_suffix(quote))
        .or_else(|| title.strip_prefix('(')?.strip_suffix(')'));
    (!target.is_empty() && (title.is_empty() || quoted.is_some())).then_some((
        name,
        target,
        quoted.unwrap_or_default(),
    ))
}

fn normalized(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Renders lines of text, without the signs of their blocks.
pub(super) fn render(text: &str, definitions: &Definitions) -> String {
    let mut out = String::with_capacity(text.len());
    let mut spans = Spans {
        text,
        at: 0,
        definitions,
        open: Vec::new(),
        after_span: false,
        images: 0,
        depth: 0,
        steps_left: 1000 + text.len() * 10,
        may_strike: true,
        out: &mut out,
    };
    while spans.at < text.len() {
        spans.next();
    }
    out
}

/// As Ruby's `\s`.
const fn is_space(c: char) -> bool {
    c.is_ascii_whitespace()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Emphasis,
    Strong,
    Link,
    Image,
}

/// What ends a span.
#[derive(Clone, Copy)]
enum Stop<'t> {
    /// Asterisks, underscores or tildes, and where the content begins in the output.
    Delimiter(&'t str, usize),
    /// The bracket that belongs to the one before.
    Bracket,
    /// The end tag of an element.
    Tag(&'t str),
}

struct Spans<'a, 't> {
    text: &'t str,
    at: usize,
    definitions: &'a Definitions,
    open: Vec<Kind>,
    /// Whether a span has just ended here, which an attribute list may follow.
    after_span: bool,
    /// The number of images in the open link.
    images: usize,
    depth: usize,
    /// How many signs may still be read: spans that do not end are read again as text.
    steps_left: usize,
    /// Whether struck words may still end.
    may_strike: bool,
    out: &'a mut String,
}

impl<'t> Spans<'_, 't> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn before(&self) -> Option<char> {
        self.text[..self.at].chars().next_back()
    }

    /// Whether no span may begin here: it would be nested too deep, or too much was read again already.
    fn is_exhausted(&self) -> bool {
        self.depth >= MAX_DEPTH || self.steps_left == 0
    }

    /// Counts a search of the text, which may be repeated.
    fn charge(&mut self, bytes: usize) {
        self.steps_left = self.steps_left.saturating_sub(bytes / 4);
    }

    /// Reads up to what ends a span. Returns whether it was found.
    fn read_to(&mut self, stop: Stop<'t>) -> bool {
        self.depth += 1;
        let is_found = self.find(stop);
        self.depth -= 1;
        is_found
    }

    fn find(&mut self, stop: Stop<'t>) -> bool {
        let mut brackets = 1_usize;
        while self.at < self.text.len() {
            // What is not read to its end now is read again as text. The content of an element is not.
            if self.steps_left == 0 && !matches!(stop, Stop::Tag(_)) {
                return false;
            }
            let rest = self.rest();
            let is_end = match stop {
                Stop::Delimiter(delimiter, start) => {
                    rest.starts_with(delimiter) && self.is_end(delimiter, self.out.len() > start)
                }
                Stop::Bracket => {
                    if rest.starts_with(']') {
                        brackets -= 1;
                    } else if rest.starts_with('[') || rest.starts_with("![") {
                        brackets += 1;
                    }
                    brackets == self.images
                }
                Stop::Tag(name) => end_tag(rest).is_some_and(|(other, _)| other.eq_ignore_ascii_case(name)),
            };
            if is_end {
                return true;
            }
            self.next();
        }
        false
    }

    /// Whether the delimiter here ends its span.
    fn is_end(&self, delimiter: &str, has_content: bool) -> bool {
        let rest = self.rest();
        let after = &rest[delimiter.len()..];
        let is_single = delimiter.len() == 1;
        let is_double = is_single && after.starts_with(delimiter) && !after[1..].starts_with(delimiter);
        let is_within_word = delimiter.starts_with('_') && after.starts_with(char::is_alphanumeric);
        has_content && !self.before().is_some_and(is_space) && !is_double && !is_within_word
    }

    /// Reads text up to the next sign, or what the sign here begins.
    fn next(&mut self) {
        let rest = self.rest();
        let length = rest.find(SIGNS).unwrap_or(rest.len());
        if length > 0 {
            self.out.push_str(&rest[..length]);
            self.at += length;
            self.after_span = false;
            return;
        }
        self.steps_left = self.steps_left.saturating_sub(1);
        let is_attribute = rest.starts_with('{');
        let begin = self.at;
        let is_span = match rest.as_bytes()[0] {
            b'\\' => self.backslash(),
            b'`' => self.code(),
            b'$' => self.formula(),
            b'~' => self.strike(),
            b'<' => self.tag(),
            b'{' => self.attributes(),
            b'[' => self.link(false),
            b'!' if rest.starts_with("![") => self.link(true),
            b'*' | b'_' => self.emphasis(),
            b'&' => self.entity(),
            b'"' => self.quote("“", "”"),
            b'\'' => self.quote("‘", "’"),
            b'-' => self.dashes(),
            b'.' => self.replace("...", "…"),
            b'>' => self.closing_guillemet(),
            _ => false,
        };
        if self.at == begin {
            self.push_sign(1);
        }
        self.after_span = is_span || is_attribute && self.after_span && self.at > begin + 1;
    }

    /// Writes characters as text.
    fn push_sign(&mut self, length: usize) {
        push_literal(&self.rest()[..length], self.out);
        self.at += length;
    }

    fn entity(&mut self) -> bool {
        if let Some(length) = entity(self.rest()) {
            self.out.push_str(&self.rest()[..length]);
            self.at += length;
        }
        false
    }

    /// A straight quotation mark opens at the start of a word.
    fn quote(&mut self, open: &str, close: &str) -> bool {
        let opens = self
            .before()
            .is_none_or(|c| is_space(c) || matches!(c, '(' | '[' | '{' | '-' | '"' | '\'' | '*' | '_'));
        let is_last = self.rest()[1..].chars().next().is_none_or(is_space);
        self.out.push_str(if opens && !is_last { open } else { close });
        self.at += 1;
        false
    }

    fn replace(&mut self, sign: &str, by: &str) -> bool {
        if self.rest().starts_with(sign) {
            self.out.push_str(by);
            self.at += sign.len();
        }
        false
    }

    fn closing_guillemet(&mut self) -> bool {
        if self.rest().starts_with(">>") && self.out.ends_with(' ') {
            self.out.pop();
            self.out.push('\u{a0}');
        }
        self.replace(">>", "»")
    }

    fn dashes(&mut self) -> bool {
        let length = self.rest().len() - self.rest().trim_start_matches('-').len();
        self.out.extend(std::iter::repeat_n('—', length / 3));
        self.out.push_str(["", "-", "–"][length % 3]);
        self.at += length;
        false
    }

    fn backslash(&mut self) -> bool {
        let rest = self.rest();
        // Two before a line's end, or one as in GFM.
        let is_break = |sign: &str| rest.strip_prefix(sign).is_some_and(|rest| rest.starts_with('\n'));
        if is_break("\\\\") || is_break("\\") {
            self.out.push_str("<br>");
            self.at += if is_break("\\") { 1 } else { 2 };
        } else if let Some(next) = rest[1..].chars().next().filter(|next| ESCAPABLE.contains(*next)) {
            push_literal(next.encode_utf8(&mut [0; 4]), self.out);
            self.at += 2;
        }
        false
    }

    fn code(&mut self) -> bool {
        let rest = self.rest();
        let length = rest.len() - rest.trim_start_matches('`').len();
        let (fence, inner) = rest.split_at(length);
        let is_alone = length == 1 && self.before().is_none_or(is_space) && inner.starts_with(is_space);
        let end = if is_alone || self.steps_left == 0 { None } else { inner.find(fence) };
        let Some(end) = end else {
            self.charge(if is_alone { 0 } else { inner.len() });
            self.push_sign(length);
            return false;
        };
        let mut code = &inner[..end];
        if length > 1 {
            code = code.strip_prefix(' ').unwrap_or(code);
            code = code.strip_suffix(' ').unwrap_or(code);
        }
        self.out.push_str("<code>");
        push_literal(code, self.out);
        self.out.push_str("</code>");
        self.at += length * 2 + end;
        true
    }

    /// `$$…$$` is a formula within the line.
    fn formula(&mut self) -> bool {
        let Some(inner) = self.rest().strip_prefix("$$") else { return false };
        let Some(end) = inner.find("$$").filter(|end| !inner[..*end].trim().is_empty()) else { return false };
        self.out.push_str("<span data-math-style=\"inline\">");
        push_literal(inner[..end].trim(), self.out);
        self.out.push_str("</span>");
        self.at += end + 4;
        true
    }

    /// `~~…~~` strikes words; one tilde does not.
    fn strike(&mut self) -> bool {
        let is_inner = |c: Option<char>| c.is_some_and(|c| !is_space(c) && c != '~');
        let rest = self.rest();
        let inner = if self.may_strike && !self.is_exhausted() {
            rest.strip_prefix("~~").unwrap_or_default()
        } else {
            ""
        };
        let end =
            inner.match_indices("~~").map(|(at, _)| at).find(|at| is_inner(inner[..*at].chars().next_back()));
        self.may_strike &= inner.is_empty() || end.is_some();
        self.charge(end.unwrap_or(inner.len()));
        if !is_inner(inner.chars().next()) || end.is_none() {
            let length = rest.len() - rest.trim_start_matches('~').len();
            self.push_sign(length);
            return false;
        }
        let (at, length) = (self.at, self.out.len());
        self.out.push_str("<del>");
        self.at += 2;
        if self.read_to(Stop::Delimiter("~~", self.out.len())) {
            self.out.push_str("</del>");
            self.at += 2;
            return true;
        }
        self.revert(at, length);
        self.push_sign(2);
        false
    }

    fn revert(&mut self, at: usize, length: usize) {
        self.at = at;
        self.out.truncate(length);
    }

    fn emphasis(&mut self) -> bool {
        let rest = self.rest();
        let sign = &rest[..1];
        let delimiter = if rest[1..].starts_with(sign) { &rest[..2] } else { sign };
        let kind = if delimiter.len() == 2 { Kind::Strong } else { Kind::Emphasis };
        let is_within_word = sign == "_" && self.before().is_some_and(|c| c.is_alphabetic() || c == '-');
        if is_within_word
            || rest[delimiter.len()..].starts_with(is_space)
            || self.open.contains(&kind)
            || self.is_exhausted()
        {
            self.push_sign(delimiter.len());
            return false;
        }
        if self.span(kind, delimiter) {
            return true;
        }
        if kind == Kind::Strong
            && self.open.last() != Some(&Kind::Emphasis)
            && self.span(Kind::Emphasis, sign)
        {
            return true;
        }
        self.push_sign(delimiter.len());
        false
    }

    /// Reads emphasis. Returns `false` and stays here if it does not end.
    fn span(&mut self, kind: Kind, delimiter: &'t str) -> bool {
        let (at, length, images) = (self.at, self.out.len(), self.images);
        let tag = if kind == Kind::Strong { "strong" } else { "em" };
        let _ = write!(self.out, "<{tag}>");
        self.at += delimiter.len();
        self.open.push(kind);
        let is_found = self.read_to(Stop::Delimiter(delimiter, self.out.len()));
        self.open.pop();
        if is_found {
            let _ = write!(self.out, "</{tag}>");
            self.at += delimiter.len();
        } else {
            self.images = images;
            self.revert(at, length);
        }
        is_found
    }

    /// Copies an element or a comment. What kramdown takes for text is written as text.
    fn tag(&mut self) -> bool {
        let rest = self.rest();
        if rest.starts_with("<<") {
            let is_spaced = rest.starts_with("<< ");
            return if is_spaced { self.replace("<< ", "«\u{a0}") } else { self.replace("<<", "«") };
        }
        if rest.starts_with("<!--") {
            let end = if self.steps_left == 0 { None } else { rest.find("-->") };
            let Some(end) = end else {
                self.charge(rest.len());
                return false;
            };
            let length = end + 3;
            self.out.push_str(&rest[..length]);
            self.at += length;
            return true;
        }
        if let Some((address, length)) = address(rest) {
            let scheme =
                if address.contains("://") || address.starts_with("mailto:") { "" } else { "mailto:" };
            let words = address.trim_start_matches("mailto:");
            let _ = write!(self.out, "<a href=\"{scheme}{}\">", attribute(address));
            push_literal(words, self.out);
            self.out.push_str("</a>");
            self.at += length;
            return true;
        }
        let Some(tag) = start_tag(rest) else { return false };
        if element::is_block(tag.name) && !self.is_shown_in_line(&tag) {
            return false;
        }
        self.out.push_str(&rest[..tag.length]);
        self.at += tag.length;
        if tag.is_closed || self.depth >= MAX_DEPTH {
            return true;
        }
        if element::is_raw(tag.name) {
            let inner = self.rest();
            let length = element::end_of(inner, tag.name).unwrap_or(inner.len());
            push_raw(&inner[..length], self.out);
            self.at += length;
        } else {
            let open = std::mem::take(&mut self.open);
            self.read_to(Stop::Tag(tag.name));
            self.open = open;
        }
        let _ = write!(self.out, "</{}>", tag.name);
        self.at += end_tag(self.rest()).map_or(0, |(_, length)| length);
        true
    }

    /// Whether the element that begins here is read although it may not be a part of a line.
    fn is_shown_in_line(&mut self, tag: &Tag<'_>) -> bool {
        if !element::is_shown_in_line(tag.name) || self.is_exhausted() {
            return false;
        }
        let inner = &self.rest()[tag.length..];
        let end = element::end_of(inner, tag.name);
        // The same text may be searched for the ends of many elements.
        self.charge(end.unwrap_or(inner.len()));
        end.is_some()
    }

    /// Takes off an attribute list after a span, and the signs of extensions.
    fn attributes(&mut self) -> bool {
        let rest = self.rest();
        let extension =
            ["{::nomarkdown}", "{:/nomarkdown}", "{:/}"].into_iter().find(|sign| rest.starts_with(sign));
        if let Some(sign) = extension {
            self.at += sign.len();
            return false;
        }
        if !rest.starts_with("{:") || rest[2..].starts_with([':', '/']) || !self.after_span {
            return false;
        }
        // It may go on in the next line, but not longer.
        let is_short = |end: &usize| rest[..*end].matches('\n').count() < 2;
        let end = rest[1..].find(['}', '{']).map(|end| end + 1);
        let Some(end) = end.filter(|end| rest[*end..].starts_with('}') && is_short(end)) else {
            return false;
        };
        if let Some(id) = rest[2..end].split_whitespace().find_map(|word| word.strip_prefix('#')) {
            let _ = write!(self.out, "<a id=\"{}\"></a>", attribute(id));
        }
        self.at += end + 1;
        true
    }

    /// Reads a link, an image or a reference to a footnote.
    fn link(&mut self, is_image: bool) -> bool {
        let rest = self.rest();
        let begin = if is_image { 2 } else { 1 };
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '.');
        let note = rest.strip_prefix("[^").unwrap_or_default();
        let name = &note[..note.find(|c| !is_name(c)).unwrap_or(note.len())];
        if !name.is_empty() && note[name.len()..].starts_with(']') {
            self.out.push(NOTE.0);
            self.out.push_str(name);
            self.out.push(NOTE.1);
            self.at += name.len() + 3;
            return true;
        }
        let is_nested = !is_image && self.open.iter().any(|kind| matches!(kind, Kind::Link | Kind::Image));
        if is_nested || rest[begin..].starts_with('^') || self.is_exhausted() {
            self.push_sign(begin);
            return false;
        }
        let (at, length) = (self.at, self.out.len());
        self.at += begin;
        let images = std::mem::take(&mut self.images);
        self.open.push(if is_image { Kind::Image } else { Kind::Link });
        let is_closed = self.read_to(Stop::Bracket);
        self.open.pop();
        self.images = images;
        let words = &self.text[at + begin..self.at];
        // The words of links within links are read again for each.
        self.charge(words.len());
        self.at += 1;
        let target = if is_closed { self.target(words) } else { None };
        let Some((target, title)) = target else {
            self.revert(at, length);
            self.push_sign(begin);
            return false;
        };
        let title =
            if title.is_empty() { String::new() } else { format!(" title=\"{}\"", attribute(&title)) };
        let target = attribute(&target);
        if is_image {
            self.out.truncate(length);
            let _ =
                write!(self.out, "<img src=\"{target}\" alt=\"{}\"{title}>", attribute(&unescaped(words)));
            self.images += 1;
        } else {
            self.out.insert_str(length, &format!("<a href=\"{target}\"{title}>"));
            self.out.push_str("</a>");
        }
        true
    }

    /// The target and title of the link whose words end here: in brackets, or by the name of a definition.
    fn target(&mut self, words: &str) -> Option<(String, String)> {
        let rest = self.rest();
        let by_name = |name: &str| self.definitions.get(&normalized(name)).cloned();
        let trimmed = rest.trim_start();
        if let Some((name, after)) = trimmed.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            let found = by_name(&if name.is_empty() { unescaped(words) } else { name.to_owned() })?;
            self.at = self.text.len() - after.len();
            return Some(found);
        }
        let Some(inner) = rest.strip_prefix('(') else { return by_name(&unescaped(words)) };
        let in_brackets = inner.strip_prefix('<').and_then(|inner| {
            let end = inner.find(['>', '\n']).filter(|end| inner[*end..].starts_with('>'))?;
            Some((&inner[..end], &inner[end + 1..]))
        });
        let (target, after) = if let Some(found) = in_brackets {
            found
        } else {
            let end = destination(inner);
            // The same text may be searched for the ends of many links.
            self.charge(end.unwrap_or(inner.len()));
            inner.split_at(end?)
        };
        let (title, after) = match after.trim_start().chars().next()? {
            ')' => ("", &after.trim_start()[1..]),
            quote @ ('"' | '\'') => {
                let text = &after.trim_start()[1..];
                let end = text.match_indices(quote).find_map(|(at, _)| {
                    let after = text[at + 1..].trim_start().strip_prefix(')')?;
                    Some((at, after))
                });
                let length = end.map_or(text.len(), |(at, _)| at);
                self.charge(length);
                let (end, after) = end?;
                (&text[..end], after)
            }
            _ => return None,
        };
        self.at = self.text.len() - after.len();
        Some((target.trim().to_owned(), title.to_owned()))
    }
}

/// The length of a link's destination: up to the bracket that closes it, or to white space before a title.
fn destination(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => return Some(at),
            ')' => depth -= 1,
            c if c.is_whitespace() && text[at + c.len_utf8()..].starts_with(['"', '\'']) => return Some(at),
            _ => {}
        }
    }
    None
}

/// Text without the backslashes of its escaped characters.
fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\\' && chars.peek().is_some_and(|next| ESCAPABLE.contains(*next)) {
            continue;
        }
        plain.push(c);
    }
    plain
}

/// Text as the value of an attribute.
fn attribute(text: &str) -> String {
    text.replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;").replace('\n', " ")
}

/// An address in angle brackets (`AUTOLINK_START`), and its length with them.
fn address(text: &str) -> Option<(&str, usize)> {
    let inner = &text[1..];
    let inner = &inner[..inner.find(['>', '<', '\n']).filter(|end| inner[*end..].starts_with('>'))?];
    let is_link =
        ["mailto:", "http:", "https:", "ftp:", "ftps:"].iter().any(|scheme| inner.starts_with(scheme));
    let is_mailbox = inner.split_once('@').is_some_and(|(name, host)| {
        let is_part = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_'))
        };
        is_part(name) && is_part(host) && host.contains('.')
    });
    (is_link || is_mailbox).then_some((inner, inner.len() + 2))
}

/// Pushes text as HTML.
pub(super) fn push_literal(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
}

/// The length of the entity at the start of a text.
fn entity(text: &str) -> Option<usize> {
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#');
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    (end > 1 && is_name(&text[1..end])).then_some(end + 1)
}

/// Pushes HTML whose text is not Markdown.
fn push_raw(html: &str, out: &mut String) {
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = if rest.starts_with('<') {
            start_tag(rest).map(|tag| tag.length).or_else(|| Some(end_tag(rest)?.1))
        } else {
            entity(rest)
        };
        match length {
            Some(length) => out.push_str(&rest[..length]),
            None => push_literal(&rest[..1], out),
        }
        rest = &rest[length.unwrap_or(1)..];
    }
    out.push_str(rest);
}
