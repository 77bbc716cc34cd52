//! Trims, joins, splits and inspects runs of inlines.

use crate::tree::{Inline, Mark, any_inline, inline_text};

/// Removes white space and breaks at both ends, and spaces before breaks.
pub(super) fn trimmed(inlines: Vec<Inline>) -> Vec<Inline> {
    let (before, words, after) = split_breaks(inlines);
    let is_anchor = |inline: &Inline| matches!(inline, Inline::Anchor(_));
    let before = before.into_iter().filter(is_anchor);
    let mut inlines: Vec<Inline> = before.chain(words).chain(after.into_iter().filter(is_anchor)).collect();
    let last = inlines.len().saturating_sub(1);
    for at in 0..inlines.len() {
        let before_break = at < last && inlines[at + 1] == Inline::Break;
        if let Inline::Text(text) = &mut inlines[at]
            && (at == last || before_break)
        {
            text.truncate(text.trim_end_matches([' ', '\u{3000}', '\u{a0}']).len());
        }
    }
    inlines.retain(|inline| !matches!(inline, Inline::Text(text) if text.is_empty()));
    if inlines.iter().all(|inline| matches!(inline, Inline::Break)) { Vec::new() } else { inlines }
}

/// Appends inlines to others. Merges adjacent code, and adjacent equal marks, which Markdown's delimiters
/// cannot separate (`**a****b**`). Others stay separate.
pub(crate) fn append(inlines: &mut Vec<Inline>, more: Vec<Inline>) {
    for next in more {
        match (inlines.last_mut(), next) {
            (Some(Inline::Marked(mark, earlier)), Inline::Marked(same, inner))
                if *mark == same && matches!(same, Mark::Strong | Mark::Emphasis | Mark::Strike) =>
            {
                append(earlier, inner);
            }
            (Some(Inline::Code(earlier)), Inline::Code(text)) => earlier.push_str(&text),
            (_, next) => inlines.push(next),
        }
    }
}

/// Removes the places that links may lead to.
pub(crate) fn remove_anchors(inlines: &mut Vec<Inline>) {
    if !any_inline(inlines, &|inline| matches!(inline, Inline::Anchor(_))) {
        return;
    }
    let mut kept = Vec::with_capacity(inlines.len());
    for mut inline in inlines.drain(..) {
        match (&mut inline, kept.last_mut()) {
            (Inline::Anchor(_), _) => continue,
            (Inline::Marked(_, inner), _) => {
                remove_anchors(inner);
                if inner.is_empty() {
                    continue;
                }
            }
            (Inline::Text(text), Some(Inline::Text(before))) => {
                before.push_str(text);
                continue;
            }
            _ => {}
        }
        append(&mut kept, vec![inline]);
    }
    *inlines = kept;
}

/// Splits inlines into the breaks and white space at the start, the content, and the breaks and white space
/// at the end.
pub(super) fn split_breaks(mut inlines: Vec<Inline>) -> (Vec<Inline>, Vec<Inline>, Vec<Inline>) {
    let is_space = |inline: &Inline| match inline {
        Inline::Break => true,
        Inline::Text(text) => text.trim().is_empty(),
        _ => false,
    };
    let is_outside = |inline: &Inline| is_space(inline) || matches!(inline, Inline::Anchor(_));
    let begin = inlines.iter().take_while(|inline| is_outside(inline)).count();
    let mut before: Vec<Inline> = inlines.drain(..begin).collect();
    let end = inlines.iter().rposition(|inline| !is_outside(inline)).map_or(0, |at| at + 1);
    let mut after = inlines.split_off(end);
    // Next to white space of any kind, a delimiter neither opens nor closes a mark.
    if let Some(Inline::Text(text)) = inlines.last_mut() {
        let space = text.split_off(text.trim_end().len());
        if !space.is_empty() {
            after.insert(0, Inline::Text(space));
        }
    }
    if let Some(Inline::Text(text)) = inlines.first_mut() {
        let length = text.len() - text.trim_start().len();
        if length > 0 {
            before.push(Inline::Text(text.drain(..length).collect()));
        }
    }
    (before, inlines, after)
}

/// Reads a picture's size from its file name: `…_w800h555.jpg`.
pub(super) fn size_from_file_name(src: &str) -> Option<(u32, u32)> {
    let name = src.split(['?', '#']).next()?.rsplit('/').next()?;
    let (_, size) = name.rsplit_once("_w")?;
    let (width, rest) = size.split_once('h')?;
    let height: String = rest.chars().take_while(char::is_ascii_digit).collect();
    Some((width.parse().ok()?, height.parse().ok()?))
}

/// Returns the links of a paragraph that contains only links, white space and separators; `None` for any
/// other paragraph.
pub(crate) fn only_links(inlines: &[Inline]) -> Option<Vec<(String, String)>> {
    let mut links = Vec::new();
    for inline in inlines {
        match inline {
            Inline::Marked(Mark::Link(href), inner) => links.push((href.clone(), inline_text(inner))),
            Inline::Text(text)
                if text.chars().all(|c| c.is_whitespace() || matches!(c, '｜' | '|' | '·')) => {}
            Inline::Break => {}
            _ => return None,
        }
    }
    (!links.is_empty()).then_some(links)
}
