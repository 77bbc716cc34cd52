//! Splits a text into Liquid's tags, and a tag's markup into words.

/// A tag such as `{%- if page.draft -%}`.
pub(super) struct Tag<'a> {
    pub(super) name: &'a str,
    pub(super) markup: &'a str,
    /// The tag as it is written.
    pub(super) source: &'a str,
}

/// The position of the next `{%` or `{{`.
pub(super) fn find_opening(text: &str) -> Option<usize> {
    text.match_indices('{')
        .map(|(at, _)| at)
        .find(|at| matches!(text.as_bytes().get(at + 1), Some(b'%' | b'{')))
}

/// Splits at white space outside quotation marks, and around comparison signs.
pub(super) fn words(markup: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut rest = markup.trim_start();
    let is_sign = |c: char| matches!(c, '=' | '!' | '<' | '>');
    while let Some(first) = rest.chars().next() {
        let length = if matches!(first, '"' | '\'') {
            rest[1..].find(first).map_or(rest.len(), |at| at + 2)
        } else if is_sign(first) {
            rest.find(|c| !is_sign(c)).unwrap_or(rest.len())
        } else {
            rest.find(|c: char| c.is_whitespace() || is_sign(c)).unwrap_or(rest.len())
        };
        let (word, after) = rest.split_at(length);
        words.push(word);
        rest = after.trim_start();
    }
    words
}

/// Splits a text that begins with `{%` after the tag. Returns `None` if the tag does not end.
pub(super) fn split_tag(text: &str) -> Option<(Tag<'_>, &str)> {
    let end = text.find("%}")? + 2;
    let (source, after) = text.split_at(end);
    let inner = source[2..end.saturating_sub(2).max(2)].trim_matches('-').trim();
    let split =
        inner.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '#'))).unwrap_or(inner.len());
    let (name, markup) = inner.split_at(split);
    Some((Tag { name, markup, source }, after))
}

/// Splits the text after a tag `comment` into the comment and the text after its end; comments may contain
/// comments.
pub(super) fn split_comment<'t>(text: &'t str, name: &str) -> (&'t str, Option<&'t str>) {
    let (mut depth, mut at) = (1, 0);
    while let Some(found) = text[at..].find("{%").map(|found| at + found) {
        let Some((tag, after)) = split_tag(&text[found..]) else { break };
        at = text.len() - after.len();
        if tag.name == name {
            depth += 1;
        } else if tag.name == "raw" {
            at = text.len() - split_raw(after).1.len();
        } else if tag.name.strip_prefix("end") == Some(name) {
            depth -= 1;
            if depth == 0 {
                return (&text[..found], Some(after));
            }
        }
    }
    (text, None)
}

/// Splits the text after a tag `raw` at its end.
pub(super) fn split_raw(text: &str) -> (&str, &str) {
    let mut at = 0;
    while let Some(found) = text[at..].find("{%").map(|found| at + found) {
        match split_tag(&text[found..]) {
            Some((tag, after)) if tag.name == "endraw" => return (&text[..found], after),
            Some(_) => at = found + 2,
            None => break,
        }
    }
    (text, "")
}

/// A part of a path such as `page.a["b"][i]`.
pub(super) enum Part<'a> {
    /// A name, or an expression's value.
    Name(&'a str),
    Expression(&'a str),
}

/// The parts of a path.
pub(super) fn path_of(text: &str) -> Vec<Part<'_>> {
    let mut path = Vec::new();
    let mut rest = text;
    // Brackets after the last one that closes do not end.
    let end = text.rfind(']').unwrap_or(0);
    while !rest.is_empty() {
        let is_closed = text.len() - rest.len() < end;
        let inner = rest.strip_prefix('[').filter(|_| is_closed);
        if let Some((inner, after)) = inner.and_then(|inner| inner.split_once(']')) {
            path.push(Part::Expression(inner.trim()));
            rest = after.strip_prefix('.').unwrap_or(after);
        } else {
            let first = rest.chars().next().map_or(0, char::len_utf8);
            let end = rest[first..].find(['.', '[']).map_or(rest.len(), |at| first + at);
            path.push(Part::Name(rest[..end].trim_start_matches('.')));
            rest = rest[end..].strip_prefix('.').unwrap_or(&rest[end..]);
        }
    }
    path
}

/// Splits the text after the tag `for` into the loop's text, the text after its `else`, and the text after its end.
/// Returns `None` if it has no end.
pub(super) fn split_loop<'t>(text: &'t str, name: &str) -> Option<(&'t str, &'t str, &'t str)> {
    let (mut depth, mut at) = (0, 0);
    let (mut conditions, mut otherwise) = (0, None);
    while let Some(found) = text[at..].find("{%").map(|found| at + found) {
        let (tag, after) = split_tag(&text[found..])?;
        at = text.len() - after.len();
        match tag.name {
            "raw" => at = text.len() - split_raw(after).1.len(),
            "comment" => at = text.len() - split_comment(after, tag.name).1?.len(),
            "if" | "unless" | "case" => conditions += 1,
            "endif" | "endunless" | "endcase" => conditions -= 1,
            "else" if depth == 0 && conditions == 0 && otherwise.is_none() => otherwise = Some((found, at)),
            other if other == name => depth += 1,
            other if other.strip_prefix("end") == Some(name) => {
                if depth == 0 {
                    let (end, from) = otherwise.unwrap_or((found, found));
                    return Some((&text[..end], &text[from..found], after));
                }
                depth -= 1;
            }
            _ => {}
        }
    }
    None
}

/// The values of parameters such as `a="x" b=page.title`, as they are written.
pub(super) fn parameters(markup: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = markup;
    while let Some((name, after)) = rest.split_once('=') {
        let name = name.split_whitespace().last().unwrap_or_default();
        let after = after.trim_start();
        let end = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => after[1..].find(quote).map_or(after.len(), |at| at + 2),
            _ => after.find(char::is_whitespace).unwrap_or(after.len()),
        };
        let (value, after) = after.split_at(end);
        found.push((name, value));
        rest = after;
    }
    found
}

/// Splits at a sign outside quotation marks.
pub(super) fn split_outside_quotes(text: &str, sign: char) -> Vec<&str> {
    let (mut parts, mut from, mut open) = (Vec::new(), 0, None);
    for (at, c) in text.char_indices() {
        match open {
            Some(quote) if c == quote => open = None,
            None if matches!(c, '"' | '\'') => open = Some(c),
            None if c == sign => {
                parts.push(&text[from..at]);
                from = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}
