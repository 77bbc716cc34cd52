//! Words that an author keeps back: removes comments from a body, and remembers that there were some.

mod attributes;

use std::collections::BTreeSet;

use bundle::fingerprint;
use memchr::{memchr_iter, memmem};

use crate::eastmoney;
use crate::html;
use crate::liquid::{self, Scope};

/// What was removed from a post's text.
#[derive(Debug, Default)]
pub(crate) struct KeptBack {
    /// A fingerprint of all removed words; 0 if there were none.
    pub(crate) fingerprint: u64,
    /// What had no end, so that everything after it was removed.
    pub(crate) unclosed: Vec<&'static str>,
    /// What carrying out Liquid met with.
    pub(crate) liquid: liquid::Report,
}

impl KeptBack {
    /// Notes removed text.
    pub(crate) fn add(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.fingerprint = self.fingerprint.rotate_left(1) ^ fingerprint(text);
        }
    }

    pub(crate) fn unclosed(&mut self, what: &'static str) {
        self.unclosed.push(what);
    }
}

/// Removes from a body what its author keeps back.
///
/// That is what Liquid does not show, if there is a `scope` to read it in, kramdown's `{::comment}`, HTML's
/// comments, and link definitions that serve as comments, such as `[//]: # (note)`. Code is unchanged, except
/// that Liquid applies to it too, as in Jekyll.
pub(crate) fn remove(body: &str, scope: Option<&Scope<'_>>, kept_back: &mut KeptBack) -> Option<String> {
    // Most posts have none of these signs, so they are searched for as fast as possible.
    let mut braces = memchr_iter(b'{', body.as_bytes());
    let has_liquid = braces.any(|at| body[at + 1..].starts_with(['%', '{']));
    let shown = scope.filter(|_| has_liquid).map(|scope| liquid::carry_out(body, scope, kept_back));
    let shown = attributes::remove_hidden(shown.as_deref().unwrap_or(body), kept_back).or(shown);
    let text = shown.as_deref().unwrap_or(body);
    remove_comments(text, kept_back).or(shown)
}

/// Removes comments outside code, and the indentation of HTML within HTML, which is no code in kramdown. Returns
/// `None` if there are none.
fn remove_comments(text: &str, kept_back: &mut KeptBack) -> Option<String> {
    let bytes = text.as_bytes();
    let has = |sign: &[u8]| memmem::find(bytes, sign).is_some();
    let may_have_comments = has(b"{::")
        || has(b"]:")
        || has(b"    <")
        || has(b"\t<")
        || memmem::find_iter(bytes, b"<!--").any(|at| !eastmoney::is_mark(&text[at + 4..]));
    if !may_have_comments {
        return None;
    }
    let output = String::with_capacity(text.len());
    let (paragraph_end, unmatched) = (0, BTreeSet::new());
    let mut scanner =
        Scanner { text, at: 0, copied: 0, output, kept_back, open: 0, paragraph_end, unmatched };
    scanner.scan();
    Some(scanner.output)
}

/// Goes through Markdown, past code, and removes comments.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// Up to where the text is in the output or removed.
    copied: usize,
    output: String,
    kept_back: &'a mut KeptBack,
    /// The number of open HTML elements whose content is not a paragraph.
    open: usize,
    /// Where the paragraph of the last backtick ends.
    paragraph_end: usize,
    /// The lengths of runs of backticks that nothing in this paragraph matches.
    unmatched: BTreeSet<usize>,
}

impl<'a> Scanner<'a> {
    fn scan(&mut self) {
        let (mut after_blank, mut in_list) = (true, false);
        let mut in_code = false;
        while self.at < self.text.len() {
            let line = self.line();
            let content = line.trim_start_matches([' ', '\t']);
            let indent = line.len() - content.len();
            let is_blank = content.trim_end().is_empty();
            // Indented code begins after a blank line, or in the first line; in a list, such lines are its text.
            in_code =
                !is_blank && (indent >= 4 || line.starts_with('\t')) && !in_list && (after_blank || in_code);
            if in_code && self.open > 0 && content.starts_with('<') {
                in_code = false;
                self.skip(indent);
                continue;
            }
            if !is_blank && indent < 2 {
                // The text of a footnote may be indented as a list's.
                in_list = is_list_item(content) || content.starts_with("[^");
            }
            after_blank = is_blank;
            if is_blank || in_code {
                self.at += line.len();
            } else if let Some((sign, length)) = fence(unquoted(content)) {
                self.skip_fenced_code(sign, length);
            } else if let Some(length) = definition_comment(&self.text[self.at..], line) {
                self.remove(self.at, self.at + length);
            } else {
                self.scan_line(line.len());
            }
        }
        self.output.push_str(&self.text[self.copied..]);
    }

    /// The rest of the current line with its end.
    fn line(&self) -> &'a str {
        self.text[self.at..].split_inclusive('\n').next().unwrap_or_default()
    }

    /// Removes what begins at `from` and ends at `to`, and continues after it.
    fn remove(&mut self, from: usize, to: usize) {
        self.output.push_str(&self.text[self.copied..from]);
        self.kept_back.add(&self.text[from..to]);
        self.copied = to;
        self.at = to;
    }

    /// Leaves out a number of bytes, which are white space, and continues after them.
    fn skip(&mut self, length: usize) {
        self.output.push_str(&self.text[self.copied..self.at]);
        self.at += length;
        self.copied = self.at;
    }

    fn skip_fenced_code(&mut self, sign: char, length: usize) {
        self.at += self.line().len();
        while self.at < self.text.len() {
            let line = self.line();
            let content = unquoted(line.trim());
            self.at += line.len();
            if closes_fence(content, (sign, length)) {
                return;
            }
        }
    }

    /// Goes through a line's text. Stops at the line's end, or in a later line after something that ends there.
    fn scan_line(&mut self, length: usize) {
        let mut end = self.at + length;
        while self.at < end {
            let rest = &self.text[self.at..];
            let Some(found) = rest[..end - self.at].find(['\\', '`', '<', '{']) else {
                self.at = end;
                return;
            };
            self.at += found;
            let rest = &rest[found..];
            if let Some(escaped) = rest.strip_prefix('\\') {
                self.at += 1 + escaped.chars().next().map_or(0, char::len_utf8);
            } else if rest.starts_with('`') {
                self.at += self.code_span();
            } else if let Some(comment) = rest.strip_prefix("<!--") {
                let length = html_comment(comment);
                if length.is_none() {
                    self.kept_back.unclosed("an HTML comment “<!--”");
                }
                let length = length.unwrap_or(comment.len());
                if eastmoney::is_mark(comment) {
                    self.at += 4 + length;
                } else {
                    let before = self.text[..self.at].bytes().rev().take(16);
                    let signs: Vec<u8> = before.take_while(|byte| *byte != b'\n').collect();
                    let is_heading = signs.contains(&b'#')
                        && signs.iter().all(|byte| matches!(byte, b'#' | b' '))
                        && signs.len() < 16;
                    self.remove(self.at, self.at + 4 + length);
                    if is_heading {
                        // Without its comment, the heading would be text.
                        self.output.push_str("<!-- -->");
                    }
                }
            } else if let Some((length, is_closed)) = kramdown_comment(rest, self.is_line_start()) {
                if !is_closed {
                    self.kept_back.unclosed("“{::comment}”");
                }
                self.remove(self.at, self.at + length);
            } else {
                if let Some(is_end) = container_tag(rest) {
                    self.open = if is_end { self.open.saturating_sub(1) } else { self.open + 1 };
                }
                self.at += html_tag(rest).unwrap_or(1);
            }
            if self.at > end {
                // The rest of the line where the comment or the code ended is text, whatever it begins with.
                end = self.at + self.line().len();
            }
        }
    }

    /// Whether only a little white space stands before this place in its line.
    fn is_line_start(&self) -> bool {
        let text = &self.text[..self.at];
        let before = text.trim_end_matches([' ', '\t']);
        text.len() - before.len() <= 3 && (before.is_empty() || before.ends_with('\n'))
    }

    /// The length of the code span that begins here, or of its backticks if they begin none.
    fn code_span(&mut self) -> usize {
        if self.paragraph_end <= self.at {
            let rest = &self.text[self.at..];
            self.paragraph_end = self.at + rest.find("\n\n").unwrap_or(rest.len());
            self.unmatched.clear();
        }
        let text = &self.text[self.at..self.paragraph_end];
        let length = text.len() - text.trim_start_matches('`').len();
        let mut at = if self.unmatched.contains(&length) { text.len() } else { length };
        while let Some(found) = text[at..].find('`').map(|found| at + found) {
            let run = text.len() - found - text[found..].trim_start_matches('`').len();
            if run == length {
                return found + run;
            }
            at = found + run;
        }
        self.unmatched.insert(length);
        length
    }
}

/// A line without the signs of quotations.
fn unquoted(line: &str) -> &str {
    line.trim_start_matches(['>', ' ', '\t'])
}

/// The length of the HTML tag at the start of a text; for an element whose content is not markup, up to its end
/// tag.
fn html_tag(text: &str) -> Option<usize> {
    let name = text.strip_prefix('<')?.trim_start_matches('/');
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let length = html::scan_tag(text).0.filter(|length| !text[..*length].contains("\n\n"))?;
    let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
    let is_raw = RAW_ELEMENTS.iter().any(|raw| name.eq_ignore_ascii_case(raw));
    if !is_raw || text.starts_with("</") {
        return Some(length);
    }
    let end = text[length..].match_indices("</").find(|(at, _)| {
        let rest = &text[length + at + 2..];
        rest.get(..name.len()).is_some_and(|rest| rest.eq_ignore_ascii_case(name))
    });
    Some(end.map_or(length, |(at, _)| length + at))
}

/// Elements that contain blocks and whose end tags cannot be left out.
const CONTAINERS: [&str; 20] = [
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "div",
    "dl",
    "fieldset",
    "figure",
    "footer",
    "form",
    "header",
    "main",
    "nav",
    "ol",
    "section",
    "select",
    "summary",
    "table",
    "ul",
];

/// Whether the tag at the start of a text is an end tag, if it is that of a container.
fn container_tag(text: &str) -> Option<bool> {
    let inner = text.strip_prefix('<')?;
    let name = inner.trim_start_matches('/');
    let name = &name[..name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len())];
    let is_container = CONTAINERS.iter().any(|container| name.eq_ignore_ascii_case(container));
    is_container.then_some(inner.starts_with('/'))
}

/// Elements whose content is not markup: <https://html.spec.whatwg.org/#raw-text-elements>, and escapable ones.
const RAW_ELEMENTS: [&str; 4] = ["script", "style", "textarea", "title"];

fn is_list_item(line: &str) -> bool {
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let marker = if digits.len() < line.len() {
        digits.strip_prefix(['.', ')'])
    } else {
        line.strip_prefix(['-', '*', '+'])
    };
    marker.is_some_and(|rest| rest.starts_with([' ', '\t']))
}

/// The sign and the number of signs of a line that opens fenced code.
pub(crate) fn fence(line: &str) -> Option<(char, usize)> {
    let sign = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let info = line.trim_start_matches(sign);
    let length = line.len() - info.len();
    (length >= 3 && !(sign == '`' && info.contains('`'))).then_some((sign, length))
}

/// Whether a line closes fenced code that was opened with this sign, so many times.
pub(crate) fn closes_fence(line: &str, (sign, length): (char, usize)) -> bool {
    line.len() >= length && line.chars().all(|c| c == sign)
}

/// The length of an HTML comment after its `<!--`, by the standard
/// (<https://html.spec.whatwg.org/#comment-start-state>). Returns `None` if it has no end.
fn html_comment(text: &str) -> Option<usize> {
    if let Some(length) = [">", "->"].into_iter().find(|end| text.starts_with(end)).map(str::len) {
        return Some(length);
    }
    text.match_indices("--").find_map(|(at, _)| {
        let rest = &text[at + 2..];
        let end = [">", "!>", "->"].into_iter().find(|end| rest.starts_with(end))?;
        Some(at + 2 + end.len())
    })
}

/// The largest number of characters of a comment's options.
const MAX_OPTIONS: usize = 200;

/// If a text begins with `{::comment}`, the length of the comment and whether it has an end; otherwise it goes to
/// the end of the text. Where the tag is alone on a line, so is the end.
fn kramdown_comment(text: &str, is_line_start: bool) -> Option<(usize, bool)> {
    let rest = text.strip_prefix("{::comment")?;
    let options = rest.char_indices().take(MAX_OPTIONS).find(|(_, c)| *c == '}')?.0;
    if !rest.starts_with(['}', ' ', '\t', '/']) {
        return None;
    }
    let begin = text.len() - rest.len() + options + 1;
    if rest[..options].ends_with('/') {
        return Some((begin, true));
    }
    let is_alone = |before: &str, after: &str| {
        before.len() <= 3
            && before.trim().is_empty()
            && after.lines().next().unwrap_or_default().trim().is_empty()
    };
    let is_block = is_line_start && is_alone("", &text[begin..]);
    let end = text[begin..].match_indices("{:/").find_map(|(at, _)| {
        let name = &text[begin + at + 3..];
        let end = ["}", "comment}"].into_iter().find(|end| name.starts_with(end))?;
        let before = text[begin..begin + at].rsplit('\n').next().unwrap_or_default();
        (!is_block || is_alone(before, &name[end.len()..])).then_some(begin + at + 3 + end.len())
    });
    Some((end.unwrap_or(text.len()), end.is_some()))
}

/// The length of a link definition that serves as a comment, such as `[//]: # (note)` or `[comment]: <> "note"`.
/// `line` is the text's first line. A note in brackets or quotation marks may continue up to a blank line.
fn definition_comment(text: &str, line: &str) -> Option<usize> {
    let (label, target) = line.trim_start().strip_prefix('[')?.split_once("]:")?;
    let is_sign_only = !label.is_empty() && label.chars().all(|c| c.is_ascii_punctuation());
    let target = target.trim();
    let is_comment = label == "//"
        || label.to_ascii_lowercase().trim_start_matches('_').starts_with("comment")
        || (is_sign_only && (target.starts_with('#') || target.starts_with("<>")));
    if !is_comment {
        return None;
    }
    let note = target.split_once([' ', '\t']).map_or("", |(_, note)| note.trim_start());
    if note.is_empty() {
        // The note may stand on the next line.
        let next = text[line.len()..].split_inclusive('\n').next().unwrap_or_default();
        let is_note = ["\"\"", "''", "()"].iter().any(|signs| {
            next.trim().len() > 1
                && next.trim().starts_with(&signs[..1])
                && next.trim().ends_with(&signs[1..])
        });
        return Some(line.len() + if is_note { next.len() } else { 0 });
    }
    let closing = match note.chars().next() {
        Some('(') => ')',
        Some(quote @ ('"' | '\'')) => quote,
        _ => return Some(line.len()),
    };
    let mut length = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        if at > 0 && line.trim().is_empty() {
            break;
        }
        length += line.len();
        if line.trim_end().ends_with(closing) && (at > 0 || note.len() > 1) {
            return Some(length);
        }
    }
    // The note has no end.
    Some(length)
}
