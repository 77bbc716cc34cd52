//! The blocks and inlines of a body: exactly what the bundle's Markdown can express.

use bundle::Secid;

/// A block of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    Paragraph(Vec<Inline>),
    Heading(Heading),
    Quote(Vec<Self>),
    List(List),
    /// Terms with their definitions.
    Definitions(Vec<Definition>),
    /// A part that readers may open, or a picture with its caption: the kind, the summary or the caption, and the
    /// rest.
    Group(Group, Vec<Inline>, Vec<Self>),
    /// The language, and the text.
    Code(String, String),
    /// A formula that stands alone, in TeX.
    Math(String),
    Table(Table),
    Rule,
    /// A footnote's name and its text.
    Footnote(String, Vec<Self>),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heading {
    pub(crate) level: u8,
    pub(crate) inlines: Vec<Inline>,
    /// Its name in addresses; empty if it has none.
    pub(crate) id: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct List {
    /// How its items are numbered, if they are.
    pub(crate) numbers: Option<Numbers>,
    pub(crate) items: Vec<Item>,
}

/// How a list numbers its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Numbers {
    /// The first item's number.
    pub(crate) start: i64,
    /// As in HTML's `type`: `1`, `a`, `A`, `i` or `I`.
    pub(crate) style: char,
    /// Whether the numbers descend.
    pub(crate) reversed: bool,
}

impl Default for Numbers {
    fn default() -> Self {
        Self { start: 1, style: '1', reversed: false }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Item {
    /// Its number, if it is not the next one.
    pub(crate) value: Option<i64>,
    /// Whether it is done, if it is a task.
    pub(crate) task: Option<bool>,
    pub(crate) blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Definition {
    Term(Vec<Inline>),
    Details(Vec<Block>),
}

/// Blocks that belong together below a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Group {
    Details,
    Figure,
}

/// All rows have as many cells as there are alignments. The first row is the head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) alignments: Vec<Alignment>,
    pub(crate) rows: Vec<Vec<Vec<Inline>>>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Alignment {
    #[default]
    None,
    Left,
    Center,
    Right,
}

/// A piece of a paragraph.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Inline {
    Text(String),
    Code(String),
    /// A formula in TeX.
    Math(String),
    Break,
    Image(Image),
    Chart(Secid, String),
    /// A place that links may lead to.
    Anchor(String),
    /// A reference to the footnote of this name.
    Footnote(String),
    Marked(Mark, Vec<Self>),
}

/// A picture. `src` is the address in the post, or in the bundle after `body::sanitize_addresses`; `size` is
/// the width and height in pixels, if known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Image {
    pub(crate) src: String,
    pub(crate) alt: String,
    pub(crate) title: String,
    pub(crate) size: Option<(u32, u32)>,
    /// The widths of the smaller copies of its file in pixels, smallest first, and that of the file at last; empty if there
    /// are no copies.
    pub(crate) widths: Vec<u32>,
}

/// What is special about a run of inlines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    Strong,
    Emphasis,
    Strike,
    /// The address in the post, or in the bundle after `body::sanitize_addresses`.
    Link(String),
    Quote(Secid),
    /// An element that Markdown has no signs for: its name in the bundle's Markdown.
    Element(&'static str),
    /// An abbreviation's long form.
    Abbreviation(String),
    /// A card that links to where something plays, or a file to play: the kind, the address, and the words of the card
    /// or the fallback.
    Media(Media, String),
}

/// Something to play.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Media {
    Video,
    Audio,
    /// A page of another host.
    Player,
}

impl Media {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Video => "video",
            Self::Audio => "audio",
            Self::Player => "player",
        }
    }
}

/// The plain text of inlines, as a browser shows it; the readings of a ruby are in brackets.
pub(crate) fn inline_text(inlines: &[Inline]) -> String {
    let mut text = String::new();
    push_text(inlines, &mut text);
    text
}

fn push_text(inlines: &[Inline], text: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(words) | Inline::Code(words) | Inline::Math(words) => text.push_str(words),
            Inline::Break => text.push('\n'),
            Inline::Marked(Mark::Media(..), _)
            | Inline::Image(_)
            | Inline::Chart(..)
            | Inline::Anchor(_)
            | Inline::Footnote(_) => {}
            Inline::Marked(Mark::Element("rt"), inlines) => {
                text.push('(');
                push_text(inlines, text);
                text.push(')');
            }
            Inline::Marked(Mark::Element("li"), inlines) => {
                push_text(inlines, text);
                text.push('\n');
            }
            Inline::Marked(_, inlines) => push_text(inlines, text),
        }
    }
}

/// The plain text of blocks, with line breaks between blocks, list items and table rows. Footnotes are left out.
pub(crate) fn blocks_text(blocks: &[Block]) -> String {
    let mut lines = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(inlines) => lines.push(inline_text(inlines)),
            Block::Heading(heading) => lines.push(inline_text(&heading.inlines)),
            Block::Quote(blocks) => lines.push(blocks_text(blocks)),
            Block::List(list) => lines.extend(list.items.iter().map(|item| blocks_text(&item.blocks))),
            Block::Definitions(definitions) => {
                lines.extend(definitions.iter().map(|definition| match definition {
                    Definition::Term(inlines) => inline_text(inlines),
                    Definition::Details(blocks) => blocks_text(blocks),
                }));
            }
            Block::Group(Group::Details, head, blocks) => {
                lines.extend([inline_text(head), blocks_text(blocks)]);
            }
            Block::Group(Group::Figure, caption, blocks) => {
                lines.extend([blocks_text(blocks), inline_text(caption)]);
            }
            Block::Code(_, text) | Block::Math(text) => lines.push(text.clone()),
            Block::Table(table) => lines.extend(
                table
                    .rows
                    .iter()
                    .map(|row| row.iter().map(|cell| inline_text(cell)).collect::<Vec<_>>().join(" ")),
            ),
            Block::Rule | Block::Footnote(..) => {}
        }
    }
    lines.retain(|line| !line.is_empty());
    lines.join("\n")
}

/// Whether a piece of a paragraph, or of one with a mark in it, is such a one.
pub(crate) fn any_inline(inlines: &[Inline], is_such: &impl Fn(&Inline) -> bool) -> bool {
    inlines.iter().any(|inline| {
        is_such(inline) || matches!(inline, Inline::Marked(_, inner) if any_inline(inner, is_such))
    })
}

/// Calls `visit` with the inlines of every block.
pub(crate) fn visit_inlines(blocks: &mut [Block], visit: &mut impl FnMut(&mut Vec<Inline>)) {
    for block in blocks {
        match block {
            Block::Paragraph(inlines) => visit(inlines),
            Block::Heading(heading) => visit(&mut heading.inlines),
            Block::Quote(blocks) | Block::Footnote(_, blocks) => visit_inlines(blocks, visit),
            Block::List(list) => {
                list.items.iter_mut().for_each(|item| visit_inlines(&mut item.blocks, visit));
            }
            Block::Definitions(definitions) => {
                for definition in definitions {
                    match definition {
                        Definition::Term(inlines) => visit(inlines),
                        Definition::Details(blocks) => visit_inlines(blocks, visit),
                    }
                }
            }
            Block::Group(_, head, blocks) => {
                visit(head);
                visit_inlines(blocks, visit);
            }
            Block::Table(table) => table.rows.iter_mut().flatten().for_each(&mut *visit),
            Block::Code(..) | Block::Math(_) | Block::Rule => {}
        }
    }
}
