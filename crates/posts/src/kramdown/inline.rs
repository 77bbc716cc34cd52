//! Reads lines of text as kramdown does, and writes their spans as HTML, so that CommonMark's own rules find none.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::element::{self, end_tag, start_tag};

/// The characters that a backslash escapes (`ESCAPED_CHARS_GFM`).
const ESCAPABLE: &str = "\\.*_+`<>()[]{}#!:|\"'$=-~";

/// Signs that may begin a span, or that CommonMark would read.
const SIGNS: [char; 14] = ['\\', '`', '$', '~', '<', '>', '{', '[', ']', '!', '-', '.', '*', '_'];

/// The depth of HTML elements beyond which their tags are only copied.
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
    if line.len() - content.len() > 3 || name.is_empty() || name.starts_with('^') || name.contains(['[', ']']) {
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
    (!target.is_empty() && (title.is_empty() || quoted.is_some()))
        .then_some((name, target, quoted.unwrap_or_default()))
}

fn normalized(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Translates lines of text.
pub(super) fn translate(text: &str, definitions: &Definitions, out: &mut String) {
    let mut spans = Spans {
        text,
        at: 0,
        definitions,
        open: Vec::new(),
        after_span: false,
        images: 0,
        depth: 0,
        steps_left: 1000 + text.len() * 30,
        out,
    };
    while spans.at < text.len() {
        spans.next();
    }
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
    out: &'a mut String,
}

impl<'t> Spans<'_, 't> {
    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    fn before(&self) -> Option<char> {
        self.text[..self.at].chars().next_back()
    }

    /// Reads up to what ends a span. Returns whether it was found.
    fn read_to(&mut self, stop: Stop<'t>) -> bool {
        let mut brackets = 1_usize;
        while self.at < self.text.len() {
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
                Stop::Tag(name) => {
                    end_tag(rest).is_some_and(|(other, _)| other.eq_ignore_ascii_case(name))
                }
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
        has_content && !self.before().is_some_and(char::is_whitespace) && !is_double && !is_within_word
    }

    /// Reads text up to the next sign, or what the sign here begins.
    fn next(&mut self) {
        let rest = self.rest();
        if self.at == 0 || self.text[..self.at].ends_with('\n') {
            let length = line_prefix(rest);
            if length > 0 {
                self.out.push_str(&rest[..length]);
                self.at += length;
                return;
            }
        }
        let end = rest.find('\n').map_or(rest.len(), |end| end + 1);
        let length = rest[..end].find(SIGNS).unwrap_or(end);
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
            b'-' => self.dashes(),
            b'.' => self.replace("...", "…"),
            b'>' => self.replace(">>", "»"),
            _ => false,
        };
        if self.at == begin {
            self.push_sign(1);
        }
        self.after_span = is_span || is_attribute && self.after_span && self.at > begin + 1;
    }

    /// Writes characters as text.
    fn push_sign(&mut self, length: usize) {
        let text = &self.rest()[..length];
        for c in text.chars() {
            if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '~' | '!') {
                self.out.push('\\');
            }
            self.out.push(c);
        }
        self.at += length;
    }

    fn replace(&mut self, sign: &str, by: &str) -> bool {
        if self.rest().starts_with(sign) {
            self.out.push_str(by);
            self.at += sign.len();
        }
        false
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
        if rest.starts_with("\\\\\n") {
            // A line break.
            self.out.push('\\');
            self.at += 2;
        } else if let Some(next) = rest[1..].chars().next().filter(|next| ESCAPABLE.contains(*next)) {
            self.out.push('\\');
            self.out.push(next);
            self.at += 2;
        }
        false
    }

    fn code(&mut self) -> bool {
        let rest = self.rest();
        let length = rest.len() - rest.trim_start_matches('`').len();
        let (fence, inner) = rest.split_at(length);
        let is_alone = length == 1
            && self.before().is_some_and(char::is_whitespace)
            && inner.starts_with(char::is_whitespace);
        match inner.find(fence).filter(|_| !is_alone && self.steps_left > 0) {
            Some(end) => {
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
            None => {
                self.push_sign(length);
                false
            }
        }
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
        let is_inner = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace() && c != '~');
        let rest = self.rest();
        let inner = rest.strip_prefix("~~").unwrap_or_default();
        let end = inner.match_indices("~~").map(|(at, _)| at).find(|at| is_inner(inner[..*at].chars().next_back()));
        if !is_inner(inner.chars().next()) || end.is_none() || self.steps_left == 0 {
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
            || rest[delimiter.len()..].starts_with(char::is_whitespace)
            || self.open.contains(&kind)
            || self.steps_left == 0
        {
            self.push_sign(delimiter.len());
            return false;
        }
        if self.span(kind, delimiter) {
            return true;
        }
        if kind == Kind::Strong && self.open.last() != Some(&Kind::Emphasis) && self.span(Kind::Emphasis, sign) {
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
            return self.replace("<<", "«");
        }
        if rest.starts_with("<!--") {
            let length = rest.find("-->").map_or(1, |end| end + 3);
            if length == 1 {
                return false;
            }
            self.out.push_str(&rest[..length]);
            self.at += length;
            return true;
        }
        if let Some((address, length)) = address(rest) {
            let scheme = if address.contains("://") || address.starts_with("mailto:") { "" } else { "mailto:" };
            let words = address.trim_start_matches("mailto:");
            let _ = write!(self.out, "<a href=\"{scheme}{}\">", attribute(address));
            push_literal(words, self.out);
            self.out.push_str("</a>");
            self.at += length;
            return true;
        }
        let Some(tag) = start_tag(rest) else { return false };
        if element::is_block(tag.name) {
            return false;
        }
        self.out.push_str(&rest[..tag.length]);
        self.at += tag.length;
        if tag.is_closed || self.depth >= MAX_DEPTH {
            return true;
        }
        if element::is_raw(tag.name) {
            let inner = self.rest();
            let length = inner
                .match_indices("</")
                .map(|(at, _)| at)
                .find(|at| end_tag(&inner[*at..]).is_some_and(|(name, _)| name.eq_ignore_ascii_case(tag.name)))
                .unwrap_or(inner.len());
            push_raw(&inner[..length], self.out);
            self.at += length;
        } else {
            self.depth += 1;
            let open = std::mem::take(&mut self.open);
            self.read_to(Stop::Tag(tag.name));
            self.open = open;
            self.depth -= 1;
        }
        let _ = write!(self.out, "</{}>", tag.name);
        self.at += end_tag(self.rest()).map_or(0, |(_, length)| length);
        true
    }

    /// Takes off an attribute list after a span, and the signs of extensions.
    fn attributes(&mut self) -> bool {
        let rest = self.rest();
        let extension = ["{::nomarkdown}", "{:/nomarkdown}", "{:/}"].into_iter().find(|sign| rest.starts_with(sign));
        if let Some(sign) = extension {
            self.at += sign.len();
            return false;
        }
        if !rest.starts_with("{:") || rest[2..].starts_with([':', '/']) || !self.after_span {
            return false;
        }
        let Some(end) = rest.find('}').filter(|end| !rest[..*end].contains('\n')) else { return false };
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
        if let Some((name, _)) = rest.strip_prefix("[^").and_then(|rest| rest.split_once(']'))
            && !name.is_empty()
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '.'))
        {
            self.out.push_str(&rest[..name.len() + 3]);
            self.at += name.len() + 3;
            return true;
        }
        let is_nested = !is_image && self.open.iter().any(|kind| matches!(kind, Kind::Link | Kind::Image));
        if is_nested || rest[begin..].starts_with('^') || self.steps_left == 0 {
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
        self.at += 1;
        let target = if is_closed { self.target(words) } else { None };
        let Some((target, title)) = target else {
            self.revert(at, length);
            self.push_sign(begin);
            return false;
        };
        let title = if title.is_empty() { String::new() } else { format!(" title=\"{}\"", attribute(&title)) };
        let target = attribute(&target);
        if is_image {
            self.out.truncate(length);
            let _ = write!(self.out, "<img src=\"{target}\" alt=\"{}\"{title}>", attribute(&unescaped(words)));
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
        let (target, after) = match inner.strip_prefix('<').and_then(|inner| inner.split_once('>')) {
            Some((target, after)) => (target, after),
            None => {
                let end = destination(inner)?;
                (&inner[..end], &inner[end..])
            }
        };
        let (title, after) = match after.trim_start().chars().next()? {
            ')' => ("", &after.trim_start()[1..]),
            quote @ ('"' | '\'') => {
                let text = &after.trim_start()[1..];
                let (end, after) = text.match_indices(quote).find_map(|(at, _)| {
                    let after = text[at + 1..].trim_start().strip_prefix(')')?;
                    Some((at, after))
                })?;
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

/// The length of the signs at the start of a line that say what block it begins, or of the whole line if it is a rule.
fn line_prefix(text: &str) -> usize {
    let line = text.split_inclusive('\n').next().unwrap_or_default();
    let is_rule = |line: &str| {
        let line = line.trim();
        !line.is_empty() && line.chars().all(|c| matches!(c, '-' | '=' | '|' | '+' | ':' | '*' | '_' | ' ' | '\t'))
    };
    if is_rule(line) {
        return line.len();
    }
    let mut at = 0;
    loop {
        let rest = &line[at..];
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let is_item = rest.starts_with(['-', '*', '+', ':']) && rest[1..].starts_with([' ', '\t']);
        at += match rest.as_bytes().first() {
            Some(b' ' | b'\t' | b'>') => 1,
            _ if is_item => 2,
            _ if (1..10).contains(&digits)
                && rest[digits..].starts_with('.')
                && rest[digits + 1..].starts_with([' ', '\t']) =>
            {
                digits + 2
            }
            _ if ["[ ] ", "[x] ", "[X] "].iter().any(|task| rest.starts_with(task)) && at > 0 => 4,
            _ if rest.starts_with("[^") && rest.contains("]:") => rest.find("]:").unwrap_or(0) + 2,
            _ => return at,
        };
    }
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
    let (inner, _) = text[1..].split_once('>')?;
    let is_link = ["mailto:", "http:", "https:", "ftp:", "ftps:"].iter().any(|scheme| inner.starts_with(scheme));
    let is_mailbox = inner.split_once('@').is_some_and(|(name, host)| {
        let is_part = |part: &str| {
            !part.is_empty() && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '.' | '_'))
        };
        is_part(name) && is_part(host) && host.contains('.')
    });
    ((is_link || is_mailbox) && !inner.contains('\n')).then_some((inner, inner.len() + 2))
}

/// Pushes text in which neither Markdown nor HTML has a meaning.
pub(super) fn push_literal(text: &str, out: &mut String) {
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            let _ = write!(out, "&#{};", u32::from(c));
        } else {
            out.push(if c == '\n' { ' ' } else { c });
        }
    }
}

/// Pushes HTML in whose text Markdown has no meaning.
fn push_raw(html: &str, out: &mut String) {
    let mut rest = html;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '<' => start_tag(rest).map(|tag| tag.length).or_else(|| Some(end_tag(rest)?.1)),
            '&' => {
                let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#');
                let end = rest.bytes().take(12).position(|byte| byte == b';');
                end.filter(|end| *end > 1 && is_name(&rest[1..*end])).map(|end| end + 1)
            }
            _ => None,
        };
        match length {
            Some(length) => out.push_str(&rest[..length]),
            None => push_literal(&rest[..c.len_utf8()], out),
        }
        rest = &rest[length.unwrap_or(c.len_utf8())..];
    }
}
