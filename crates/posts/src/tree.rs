//! The blocks and inlines of a body: exactly what the bundle's Markdown can express.

use bundle::Secid;

/// A block of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    Paragraph(Vec<Inline>),
    /// The level, the text, and the id that its author gives it, or an empty text.
    Heading(u8, Vec<Inline>, String),
    Quote(Vec<Block>),
    /// The first item's number, if the list is ordered, and the items.
    List(Option<u64>, Vec<Vec<Block>>),
    /// The language, and the text.
    Code(String, String),
    /// Rows of cells; the first row is the head. All rows have the same length.
    Table(Vec<Vec<Vec<Inline>>>),
    Rule,
}

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Inline {
    Text(String),
    Code(String),
    Break,
    Image(Image),
    Chart(Secid, String),
    Marked(Mark, Vec<Inline>),
}

/// A picture. `src` is the address in the post, or in the bundle after `body::sanitize_addresses`; `size` is
/// the width and height in pixels, if known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Image {
    pub(crate) src: String,
    pub(crate) alt: String,
    pub(crate) title: String,
    pub(crate) size: Option<(u32, u32)>,
}

/// The formatting or the link target of a run of inlines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    Strong,
    Emphasis,
    Strike,
    /// The address in the post, or in the bundle after `body::sanitize_addresses`.
    Link(String),
    Quote(Secid),
}

/// The plain text of inlines, as a browser shows it.
pub(crate) fn inline_text(inlines: &[Inline]) -> String {
    let mut text = String::new();
    push_text(inlines, &mut text);
    text
}

fn push_text(inlines: &[Inline], text: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(words) | Inline::Code(words) => text.push_str(words),
            Inline::Break => text.push('\n'),
            Inline::Image(_) | Inline::Chart(..) => {}
            Inline::Marked(_, inlines) => push_text(inlines, text),
        }
    }
}

/// The plain text of blocks, with line breaks between blocks, list items and table rows.
pub(crate) fn blocks_text(blocks: &[Block]) -> String {
    let mut lines = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(inlines) | Block::Heading(_, inlines, _) => lines.push(inline_text(inlines)),
            Block::Quote(blocks) => lines.push(blocks_text(blocks)),
            Block::List(_, items) => lines.extend(items.iter().map(|item| blocks_text(item))),
            Block::Code(_, text) => lines.push(text.clone()),
            Block::Table(rows) => lines.extend(
                rows.iter().map(|row| row.iter().map(|cell| inline_text(cell)).collect::<Vec<_>>().join(" ")),
            ),
            Block::Rule => {}
        }
    }
    lines.join("\n")
}

/// Whether a piece of a paragraph, or of one with a mark in it, is such a one.
pub(crate) fn any_inline(inlines: &[Inline], is_such: &impl Fn(&Inline) -> bool) -> bool {
    inlines.iter().any(|inline| match inline {
        Inline::Marked(_, inner) => any_inline(inner, is_such),
        inline => is_such(inline),
    })
}

/// Calls `visit` with the inlines of every block.
pub(crate) fn visit_inlines(blocks: &mut [Block], visit: &mut impl FnMut(&mut Vec<Inline>)) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) | Block::Heading(_, inlines, _) => visit(inlines),
            Block::Quote(blocks) => visit_inlines(blocks, visit),
            Block::List(_, items) => items.iter_mut().for_each(|item| visit_inlines(item, visit)),
            Block::Table(rows) => rows.iter_mut().flatten().for_each(&mut *visit),
            Block::Code(..) | Block::Rule => {}
        }
    }
}
