//! The ids of headings, as kramdown gives them on Jekyll's sites, so that old links to places in a page work.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::kramdown;
use crate::tree::{Block, Heading, Inline, Item, List, Mark};

/// An id that an author gives a heading at its end: `{#id}`.
static OWN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?:^|[ \t])\{#([\w:][\w:.\-]*)\}$").ok());
/// What kramdown's GFM leaves out of an id (`generate_gfm_header_id` in `kramdown/parser/gfm.rb`, 1.1).
static LEFT_OUT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"[^\w\- \t]").ok());

/// Takes the id that an author gives a heading from its text.
fn split_id(mut inlines: Vec<Inline>) -> (Vec<Inline>, Option<String>) {
    let found = match inlines.last_mut() {
        Some(Inline::Text(text)) => OWN.as_ref().and_then(|own| {
            let captures = own.captures(text)?;
            let (id, start) = (captures[1].to_owned(), captures.get(0)?.start());
            text.truncate(start);
            Some(id)
        }),
        _ => None,
    };
    (inlines, found)
}

/// Gives each heading the id that its author writes at its end, or one that is made of its text.
pub(crate) fn add_ids(blocks: &mut [Block]) {
    add(blocks, &mut HashMap::new());
}

fn add(blocks: &mut [Block], counts: &mut HashMap<String, usize>) {
    for block in blocks {
        match block {
            Block::Heading(heading) => {
                let (inlines, own) = split_id(std::mem::take(&mut heading.inlines));
                heading.inlines = inlines;
                if heading.id.is_empty() {
                    heading.id = own.unwrap_or_default();
                }
                if !heading.id.is_empty() {
                    continue;
                }
                let text = raw_text(&heading.inlines).to_lowercase();
                let Some(left_out) = &*LEFT_OUT else { continue };
                let id = left_out.replace_all(&text, "").replace([' ', '\t'], "-");
                let count = counts.entry(id.clone()).or_default();
                let number = if *count > 0 { format!("-{count}") } else { String::new() };
                *count += 1;
                heading.id = id + &number;
            }
            Block::Quote(blocks) | Block::Group(_, _, blocks) => add(blocks, counts),
            Block::List(list) => list.items.iter_mut().for_each(|item| add(&mut item.blocks, counts)),
            _ => {}
        }
    }
}

/// Puts a table of contents wherever the body asks for one: a list of links to its headings.
pub(crate) fn add_contents(blocks: &mut Vec<Block>) {
    let is_place = |block: &Block| match block {
        Block::Paragraph(inlines) => {
            matches!(inlines.as_slice(), [Inline::Anchor(mark)] if mark == kramdown::CONTENTS)
        }
        _ => false,
    };
    let Some(at) = blocks.iter().position(is_place) else { return remove_marks(blocks) };
    let headings: Vec<&Heading> = blocks
        .iter()
        .filter_map(|block| match block {
            Block::Heading(heading) if !heading.id.is_empty() && !heading.inlines.iter().any(is_left_out) => {
                Some(heading)
            }
            _ => None,
        })
        .collect();
    let contents = contents(&headings);
    remove_marks(blocks);
    blocks.retain(|block| !is_place(block));
    if let Some(list) = contents {
        blocks.insert(at.min(blocks.len()), Block::List(list));
    }
}

/// Whether this leaves its heading out of the contents.
fn is_left_out(inline: &Inline) -> bool {
    matches!(inline, Inline::Anchor(mark) if mark == kramdown::NOT_IN_CONTENTS)
}

fn remove_marks(blocks: &mut [Block]) {
    for block in blocks {
        if let Block::Heading(heading) = block {
            heading.inlines.retain(|inline| !is_left_out(inline));
        }
    }
}

/// A list of headings, in which each one contains those below it.
fn contents(headings: &[&Heading]) -> Option<List> {
    let mut items = Vec::new();
    let mut rest = headings;
    while let Some((first, after)) = rest.split_first() {
        let below = after.iter().take_while(|heading| heading.level > first.level).count();
        let link = Inline::Marked(Mark::Link(format!("#{}", first.id)), without_links(&first.inlines));
        let mut blocks = vec![Block::Paragraph(vec![link])];
        blocks.extend(contents(&after[..below]).map(Block::List));
        items.push(Item { blocks, ..Item::default() });
        rest = &after[below..];
    }
    (!items.is_empty()).then_some(List { numbers: None, items })
}

/// Inlines that may stand within a link, and only once on a page.
fn without_links(inlines: &[Inline]) -> Vec<Inline> {
    let mut kept = Vec::new();
    for inline in inlines {
        match inline {
            Inline::Marked(Mark::Link(_) | Mark::Quote(_), inner) => kept.extend(without_links(inner)),
            Inline::Marked(mark, inner) => kept.push(Inline::Marked(mark.clone(), without_links(inner))),
            Inline::Anchor(_) | Inline::Footnote(_) => {}
            inline => kept.push(inline.clone()),
        }
    }
    kept
}

/// A heading's text as kramdown's GFM takes it for its id: without dashes that stand for a longer one, and without
/// pictures.
fn raw_text(inlines: &[Inline]) -> String {
    let texts = inlines.iter().map(|inline| match inline {
        Inline::Text(text) => text.replace("---", "").replace("--", ""),
        Inline::Code(code) => code.clone(),
        Inline::Marked(_, inner) => raw_text(inner),
        Inline::Math(text) => text.clone(),
        _ => String::new(),
    });
    texts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html;
    use crate::tree::inline_text;

    fn heading(block: &Block) -> Option<&Heading> {
        match block {
            Block::Heading(heading) => Some(heading),
            _ => None,
        }
    }

    #[test]
    fn headings_have_the_ids_of_kramdown() {
        let mut blocks = html::read(
            "<h2>第一节 背景</h2><h2>Plain heading</h2><blockquote><h3>Plain heading</h3></blockquote><h2>1. C++ &amp; <code>x_y</code>: Ünï!</h2><h2>Own {#my-id}</h2><h2 id=\"old\">Z</h2><h2>……</h2><h2>①</h2><h2>a -- b <code>c--d</code></h2>",
        )
        .blocks;
        add_ids(&mut blocks);
        let expected = [
            "第一节-背景",
            "plain-heading",
            "plain-heading-1",
            "1-c--x_y-ünï",
            "my-id",
            "old",
            "",
            "-1",
            "a--b-c--d",
        ];
        let headings = |blocks: &[Block]| {
            blocks.iter().filter_map(heading).map(|heading| heading.id.clone()).collect::<Vec<_>>()
        };
        let in_quote = match &blocks[2] {
            Block::Quote(inner) => headings(inner),
            _ => Vec::new(),
        };
        let mut found = headings(&blocks);
        found.splice(2..2, in_quote);
        assert_eq!(found, expected);
        assert_eq!(heading(&blocks[4]).map(|heading| inline_text(&heading.inlines)).as_deref(), Some("Own"));
    }
}
