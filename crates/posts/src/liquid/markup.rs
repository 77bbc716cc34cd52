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

/// The names in `page.a["b"].c`; `None` if one is not known here.
pub(super) fn path_of(text: &str) -> Option<Vec<&str>> {
    let mut path = Vec::new();
    for part in text.split('.') {
        let (name, mut rest) = part.split_at(part.find('[').unwrap_or(part.len()));
        path.push(name);
        while let Some(inner) = rest.strip_prefix('[') {
            let (name, after) = inner.split_once(']')?;
            let quoted =
                ['"', '\''].into_iter().find_map(|quote| name.strip_prefix(quote)?.strip_suffix(quote));
            path.push(quoted.or_else(|| Some(name).filter(|name| name.parse::<usize>().is_ok()))?);
            rest = after;
        }
    }
    Some(path)
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
