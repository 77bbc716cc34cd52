//! A story's body between HTML and Markdown: blocks of inlines, with just what the bundle's Markdown can say.

use bundle::Secid;

/// A block of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    Paragraph(Vec<Inline>),
    Heading(u8, Vec<Inline>),
    Quote(Vec<Block>),
    /// The number of the first item, if the list is numbered, and the items.
    List(Option<u64>, Vec<Vec<Block>>),
    /// The language, and the text as it stands.
    Code(String, String),
    /// Rows of cells, the first the head. All rows are equally long.
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

/// A picture: its address as the post writes it, alternative text, title, and width and height where known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Image {
    pub(crate) src: String,
    pub(crate) alt: String,
    pub(crate) title: String,
    pub(crate) size: Option<(u32, u32)>,
}

/// What is said of some inlines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    Strong,
    Emphasis,
    Strike,
    /// The address as the post writes it.
    Link(String),
    Quote(Secid),
}

/// The words of some inlines: what a browser shows of them.
pub(crate) fn words(inlines: &[Inline]) -> String {
    let mut text = String::new();
    push_words(inlines, &mut text);
    text
}

fn push_words(inlines: &[Inline], text: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(words) | Inline::Code(words) => text.push_str(words),
            Inline::Break => text.push('\n'),
            Inline::Image(_) | Inline::Chart(..) => {}
            Inline::Marked(_, inlines) => push_words(inlines, text),
        }
    }
}

/// The words of some blocks, a line for each.
pub(crate) fn block_words(blocks: &[Block]) -> String {
    let mut lines = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(inlines) | Block::Heading(_, inlines) => lines.push(words(inlines)),
            Block::Quote(blocks) => lines.push(block_words(blocks)),
            Block::List(_, items) => lines.extend(items.iter().map(|item| block_words(item))),
            Block::Code(_, text) => lines.push(text.clone()),
            Block::Table(rows) => lines.extend(
                rows.iter().map(|row| row.iter().map(|cell| words(cell)).collect::<Vec<_>>().join(" ")),
            ),
            Block::Rule => {}
        }
    }
    lines.join("\n")
}

/// Calls `visit` with every run of inlines in the blocks, outermost first.
pub(crate) fn visit_inlines(blocks: &mut [Block], visit: &mut impl FnMut(&mut Vec<Inline>)) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) | Block::Heading(_, inlines) => visit(inlines),
            Block::Quote(blocks) => visit_inlines(blocks, visit),
            Block::List(_, items) => items.iter_mut().for_each(|item| visit_inlines(item, visit)),
            Block::Table(rows) => rows.iter_mut().flatten().for_each(&mut *visit),
            Block::Code(..) | Block::Rule => {}
        }
    }
}
