//! Code in Markdown, in which Hexo carries out no tags.

use std::borrow::Cow;

/// A character that no text has (<https://www.unicode.org/faq/private_use.html#noncharacters>), which stands between
/// braces for as long as they are no tag.
const MARK: char = '\u{fdd0}';

/// A text whose code has no tags for [`super::carry_out`].
pub(super) fn hide(text: &str) -> Cow<'_, str> {
    if text.contains(MARK) || !text.contains(['`', '~']) {
        return Cow::Borrowed(text);
    }
    let mut hidden = String::with_capacity(text.len() + 64);
    let mut fence: Option<(char, usize)> = None;
    // The paragraph before the line.
    let mut paragraph = String::new();
    for line in text.split_inclusive('\n') {
        let begin = line.trim_start();
        let sign = begin.chars().next().filter(|sign| matches!(sign, '`' | '~'));
        let length = sign.map_or(0, |sign| begin.chars().take_while(|c| *c == sign).count());
        match (fence, sign) {
            (Some((open, least)), _) => {
                push_hidden(&mut hidden, line);
                if sign == Some(open) && length >= least && begin[length..].trim().is_empty() {
                    fence = None;
                }
            }
            (None, Some(sign)) if length >= 3 && !(sign == '`' && begin[length..].contains('`')) => {
                push_paragraph(&mut hidden, &paragraph);
                paragraph.clear();
                push_hidden(&mut hidden, line);
                fence = Some((sign, length));
            }
            _ => {
                paragraph.push_str(line);
                if begin.is_empty() {
                    push_paragraph(&mut hidden, &paragraph);
                    paragraph.clear();
                }
            }
        }
    }
    push_paragraph(&mut hidden, &paragraph);
    Cow::Owned(hidden)
}

/// The text with its braces as they were.
pub(super) fn show(text: String) -> String {
    if text.contains(MARK) { text.replace(MARK, "") } else { text }
}

/// Appends a paragraph, in which runs of as many backticks enclose code.
fn push_paragraph(output: &mut String, text: &str) {
    let mut rest = text;
    // The lengths of runs that nothing further on matches.
    let mut unmatched = Vec::new();
    while let Some(at) = rest.find('`') {
        let length = rest[at..].bytes().take_while(|byte| *byte == b'`').count();
        let (before, after) = rest.split_at(at + length);
        output.push_str(before);
        let end = if unmatched.contains(&length) { None } else { find_run(after, length) };
        let Some(end) = end else {
            unmatched.push(length);
            rest = after;
            continue;
        };
        push_hidden(output, &after[..end]);
        output.push_str(&after[end..end + length]);
        rest = &after[end + length..];
    }
    output.push_str(rest);
}

/// Where a run of exactly this many backticks begins.
fn find_run(text: &str, length: usize) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find('`') {
        let begin = from + at;
        let found = text[begin..].bytes().take_while(|byte| *byte == b'`').count();
        if found == length {
            return Some(begin);
        }
        from = begin + found;
    }
    None
}

fn push_hidden(output: &mut String, code: &str) {
    let mut before = ' ';
    for c in code.chars() {
        if before == '{' && matches!(c, '{' | '%' | '#') {
            output.push(MARK);
        }
        output.push(c);
        before = c;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_has_no_tags_and_is_shown_as_it_was() {
        for (text, tags) in [
            ("{{ a }} `{{ b }}` {{ c }}", 2),
            ("``{{ a }} ` {% b %}`` {{ c }}", 1),
            ("` {{ a }}", 1),
            ("` {{ a }}\n\n`", 1),
            ("```js\n{{ a }}\n``\n{% b %}\n```\n{{ c }}", 1),
            ("  ~~~~\n{{ a }}\n~~~\n{{ b }}\n", 0),
            ("```a``` {{ b }}", 1),
            ("{{{{ a", 2),
        ] {
            let hidden = hide(text);
            assert_eq!(hidden.matches("{{").count() + hidden.matches("{%").count(), tags, "{hidden}");
            assert_eq!(show(hidden.into_owned()), text);
        }
    }
}
