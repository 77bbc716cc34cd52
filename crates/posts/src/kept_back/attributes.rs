//! kramdown's attribute lists (`{: hidden=""}`), as far as they hide the block or the span before them.
//!
//! Source: <https://kramdown.gettalong.org/syntax.html#inline-attribute-lists>

use std::collections::HashMap;
use std::ops::Range;

use memchr::memmem;

use super::{KeptBack, closes_fence, fence, is_list_item};
use crate::html;

/// Removes blocks and spans that an attribute list hides. Returns `None` if there are none.
pub(super) fn remove_hidden(text: &str, kept_back: &mut KeptBack) -> Option<String> {
    let has_lists = memmem::find(text.as_bytes(), b"{:").is_some();
    let may_hide = has_lists && ["hidden", "display", "visibility"].iter().any(|word| text.contains(word));
    if !may_hide {
        return None;
    }
    let lines: Vec<Line<'_>> = lines(text);
    let lists = definitions(&lines);
    let mut hidden: Vec<Range<usize>> = Vec::new();
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !line.is_code) {
        match line.attributes() {
            Some(attributes) if hides(attributes, &lists) => {
                let block = block_of(&lines, at);
                hidden.push(lines[block.start].at..lines[block.end - 1].end());
            }
            Some(_) => {}
            None => hidden.extend(spans(line, &lists)),
        }
    }
    hidden.sort_by_key(|range| range.start);
    let (mut output, mut copied) = (String::with_capacity(text.len()), 0);
    for range in &hidden {
        if range.start >= copied {
            output.push_str(&text[copied..range.start]);
        }
        kept_back.add(&text[range.start.max(copied)..range.end.max(copied)]);
        copied = copied.max(range.end);
    }
    output.push_str(&text[copied..]);
    (!hidden.is_empty()).then_some(output)
}

/// A line of a text.
struct Line<'a> {
    /// Where it begins in the text.
    at: usize,
    /// The line with its end.
    text: &'a str,
    /// Whether it belongs to fenced code.
    is_code: bool,
}

impl<'a> Line<'a> {
    fn end(&self) -> usize {
        self.at + self.text.len()
    }

    fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The attributes, if the line is an attribute list.
    fn attributes(&self) -> Option<&'a str> {
        let inner = self.text.trim().strip_prefix("{:")?.strip_suffix('}')?;
        (!inner.starts_with([':', '/']) && !inner.contains(['{', '}'])).then_some(inner)
    }

    /// Whether the line may continue a list: it is an item, or indented.
    fn is_in_list(&self) -> bool {
        self.text.starts_with([' ', '\t']) || is_list_item(self.text)
    }
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let (mut at, mut open) = (0, None);
    let mut lines = Vec::new();
    for line in text.split_inclusive('\n') {
        let content = line.trim();
        let opening = open.or_else(|| fence(content));
        let is_closed = open.is_some_and(|opening| closes_fence(content, opening));
        lines.push(Line { at, text: line, is_code: opening.is_some() });
        open = opening.filter(|_| !is_closed);
        at += line.len();
    }
    lines
}

/// The attribute lists that the text names: `{:name: hidden=""}`.
fn definitions<'a>(lines: &[Line<'a>]) -> HashMap<&'a str, &'a str> {
    let definition = |attributes: &'a str| {
        let (name, attributes) = attributes.split_once(':')?;
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        is_name.then_some((name, attributes))
    };
    lines.iter().filter(|line| !line.is_code).filter_map(|line| definition(line.attributes()?)).collect()
}

/// Whether a list of attributes hides what it belongs to, by itself or by a list that it names.
fn hides(attributes: &str, lists: &HashMap<&str, &str>) -> bool {
    let is_definition = attributes.split_once(':').is_some_and(|(name, _)| lists.contains_key(name));
    if is_definition {
        return false;
    }
    let hides_itself = |attributes: &str| {
        let tag = format!("<p {attributes}>");
        attributes.contains('=') && html::hides(&tag)
    };
    let mut names = attributes.split_whitespace().filter(|word| !word.contains('='));
    hides_itself(attributes) || names.any(|name| lists.get(name).is_some_and(|list| hides_itself(list)))
}

/// The lines of the block that the attribute list on a line belongs to: the block before it, or after a blank line
/// the block that follows.
fn block_of(lines: &[Line<'_>], at: usize) -> Range<usize> {
    let before = at.checked_sub(1).filter(|before| !lines[*before].is_blank());
    let Some(last) = before else {
        let mut end = at + 1;
        while lines.get(end).is_some_and(|line| !line.is_blank() || line.is_code) {
            end += 1;
        }
        return at..end;
    };
    let mut start = last;
    if lines[last].text.starts_with('#') {
        return start..at + 1;
    }
    let is_list = lines[last].is_in_list();
    while let Some(before) = start.checked_sub(1).map(|before| &lines[before]) {
        let goes_on = if before.is_blank() {
            // Items of a list may have blank lines between them.
            lines[last].is_code && before.is_code
                || is_list && start.checked_sub(2).is_some_and(|earlier| lines[earlier].is_in_list())
        } else {
            before.is_code == lines[last].is_code
        };
        if !goes_on {
            break;
        }
        start -= 1;
    }
    start..at + 1
}

/// The spans of a line that an attribute list after them hides, such as `*words*{: hidden=""}`, with these lists.
fn spans(line: &Line<'_>, lists: &HashMap<&str, &str>) -> Vec<Range<usize>> {
    let mut hidden = Vec::new();
    for (at, _) in line.text.match_indices("{:") {
        let Some(length) = line.text[at..].find('}') else { continue };
        let attributes = &line.text[at + 2..at + length];
        if at == 0 || attributes.starts_with([':', '/']) || !hides(attributes, lists) {
            continue;
        }
        if let Some(start) = span_before(&line.text[..at]) {
            hidden.push(line.at + start..line.at + at + length + 1);
        }
    }
    hidden
}

/// Where the span at the end of a text begins.
fn span_before(text: &str) -> Option<usize> {
    let last = text.chars().next_back()?;
    match last {
        '*' | '_' | '`' => {
            let run = text.len() - text.trim_end_matches(last).len();
            text[..text.len() - run].rfind(&text[text.len() - run..])
        }
        ')' | ']' => {
            let opening = text.rfind('[')?;
            // The text of a link may contain brackets, and a link `[a][b]` has two.
            let opening =
                text[..opening].strip_suffix(']').and_then(|text| text.rfind('[')).unwrap_or(opening);
            Some(if text[..opening].ends_with('!') { opening - 1 } else { opening })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_attribute_list_hides_is_removed_and_nothing_else() {
        for (text, expected) in [
            ("One.\n\nTwo\nthree.\n{: hidden=\"\"}\n\nFour.\n", "One.\n\n\nFour.\n"),
            ("One.\n\n{: style=\"display: none\"}\nTwo.\n\nThree.\n", "One.\n\n\nThree.\n"),
            ("## One\n{: hidden=''}\nTwo.\n", "Two.\n"),
            ("Zero.\n## One\n{: hidden=''}\n", "Zero.\n"),
            ("- a\n- b\n{: hidden=\"\"}\n\nc\n", "\nc\n"),
            ("x\n\n- a\n\n- b\n{: hidden=\"\"}\n", "x\n\n"),
            ("```\na\n\nb\n```\n{: hidden=\"\"}\nc\n", "c\n"),
            (
                "{:x: hidden=\"\"}\n\nOne.\n{: x}\n\nTwo.\n{:x}\n\nThree.\n",
                "{:x: hidden=\"\"}\n\n\n\nThree.\n",
            ),
            ("a *b c*{: hidden=\"\"} d\n", "a  d\n"),
            ("a **b** and `c`{: style=\"display:none\"} d\n", "a **b** and  d\n"),
            ("a ![b](c){: hidden=\"\"} [d](e){: .x} f\n", "a  [d](e){: .x} f\n"),
            ("One.\n{: .hidden}\n", "One.\n{: .hidden}\n"),
            ("One.\n{: hidden}\n", "One.\n{: hidden}\n"),
            ("```\nOne.\n{: hidden=\"\"}\n```\n", "```\nOne.\n{: hidden=\"\"}\n```\n"),
        ] {
            let found = remove_hidden(text, &mut KeptBack::default());
            assert_eq!(found.as_deref().unwrap_or(text), expected, "{text}");
        }
    }
}
