//! Translates what kramdown reads within lines of text.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::html::scan_tag;

/// Characters that a backslash does not escape in kramdown, but in CommonMark.
const NOT_ESCAPABLE: [char; 9] = ['%', '&', ',', '/', ';', '?', '@', '^', '~'];

/// Translates lines of text.
pub(super) fn translate(text: &str, out: &mut String) {
    if !text.contains(['\\', '`', '$', '~', '<', '{', '[']) {
        return out.push_str(text);
    }
    let mut unmatched = BTreeSet::new();
    let mut rest = text;
    while let Some(at) = rest.find(['\\', '`', '$', '~', '<', '{', ']']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = match rest.as_bytes()[0] {
            b'\\' => backslash(rest, out),
            b'`' => code(rest, &mut unmatched, out),
            b'$' => formula(rest, out),
            b'~' => tildes(rest, out),
            b'<' => tag(rest, out),
            b'{' => attributes(rest, out),
            _ => link(rest, out),
        };
        rest = &rest[length..];
    }
    out.push_str(rest);
}

fn backslash(text: &str, out: &mut String) -> usize {
    let Some(next) = text[1..].chars().next() else {
        out.push('\\');
        return 1;
    };
    if next == '\\' && text[2..].starts_with('\n') {
        // A line break.
        out.push('\\');
        return 2;
    }
    if NOT_ESCAPABLE.contains(&next) {
        out.push_str("\\\\");
        return 1;
    }
    out.push('\\');
    out.push(next);
    1 + next.len_utf8()
}

/// Copies a code span. `unmatched` has the lengths of runs of backticks that nothing matches.
fn code(text: &str, unmatched: &mut BTreeSet<usize>, out: &mut String) -> usize {
    let length = text.len() - text.trim_start_matches('`').len();
    let mut at = if unmatched.contains(&length) { text.len() } else { length };
    while let Some(found) = text[at..].find('`').map(|found| at + found) {
        let run = text.len() - found - text[found..].trim_start_matches('`').len();
        if run == length {
            out.push_str(&text[..found + run]);
            return found + run;
        }
        at = found + run;
    }
    unmatched.insert(length);
    out.push_str(&text[..length]);
    length
}

/// `$$…$$` is a formula within the line.
fn formula(text: &str, out: &mut String) -> usize {
    let inner = text.strip_prefix("$$").and_then(|rest| rest.split_once("$$"));
    match inner.filter(|(formula, _)| !formula.trim().is_empty()) {
        Some((formula, after)) => {
            out.push_str("<span data-math-style=\"inline\">");
            push_literal(formula.trim(), out);
            out.push_str("</span>");
            text.len() - after.len()
        }
        None => {
            let length = if text.starts_with("$$") { 2 } else { 1 };
            out.push_str(&text[..length]);
            length
        }
    }
}

/// Pushes text in which neither Markdown nor HTML has a meaning.
pub(super) fn push_literal(text: &str, out: &mut String) {
    for c in text.chars() {
        if c.is_ascii_punctuation() || c == '\n' {
            let _ = write!(out, "&#{};", u32::from(c));
        } else {
            out.push(c);
        }
    }
}

/// Only two tildes strike words.
fn tildes(text: &str, out: &mut String) -> usize {
    let length = text.len() - text.trim_start_matches('~').len();
    if length == 1 {
        out.push('\\');
    }
    out.push_str(&text[..length]);
    length
}

/// Copies a tag, an address in angle brackets, or only the sign.
fn tag(text: &str, out: &mut String) -> usize {
    let is_tag = text[1..].trim_start_matches('/').starts_with(|c: char| c.is_ascii_alphabetic());
    let length = if is_tag { scan_tag(text).0.unwrap_or(1) } else { 1 };
    let length = if text[..length].contains("\n\n") { 1 } else { length };
    out.push_str(&text[..length]);
    length
}

/// Takes off an attribute list after a span, and the signs of extensions.
fn attributes(text: &str, out: &mut String) -> usize {
    let extension = ["{::nomarkdown}", "{:/nomarkdown}", "{:/}"].into_iter().find(|sign| text.starts_with(sign));
    if let Some(sign) = extension {
        return sign.len();
    }
    let is_after_span = out.ends_with(['*', '_', ')', ']', '`', '>', '"', '\'']);
    let end = text.find('}').filter(|end| text.starts_with("{:") && is_after_span && !text[..*end].contains('\n'));
    match end {
        Some(end) => {
            let id = text[2..end].split_whitespace().find_map(|word| word.strip_prefix('#'));
            if let Some(id) = id {
                let _ = write!(out, "<a id=\"{}\"></a>", id.replace(['"', '<', '>'], ""));
            }
            end + 1
        }
        None => {
            out.push('{');
            1
        }
    }
}

/// A link's destination may contain spaces.
fn link(text: &str, out: &mut String) -> usize {
    out.push(']');
    let Some(inner) = text.strip_prefix("](") else { return 1 };
    let (mut depth, mut end, mut title) = (1_usize, None, None);
    for (at, c) in inner.char_indices() {
        match c {
            '\n' => return 1,
            '(' => depth += 1,
            ')' => {
                depth -= 1;
                if depth == 0 {
                    end = Some(at);
                    break;
                }
            }
            '"' | '\'' if inner[..at].ends_with(' ') => {
                title = Some(at);
                break;
            }
            _ => {}
        }
    }
    let Some(length) = title.or(end) else { return 1 };
    let address = inner[..length].trim();
    if address.contains(' ') && !address.contains(['<', '>']) {
        let _ = write!(out, "(<{address}>{}", if title.is_some() { " " } else { "" });
        return 2 + length;
    }
    // The destination may have tildes and underscores.
    out.push('(');
    out.push_str(&inner[..length]);
    2 + length
}
