//! Reads tables: merged cells keep their columns, and tables used for layout are dissolved into their
//! contents.

use markup5ever_rcdom::Handle;

use super::Walk;
use super::node::{attribute, is_hidden, name};
use crate::tree::{Alignment, Block, Definition, Inline, List, Mark, Table};

/// The largest number of cells, including empty ones; a larger table is dissolved, since no page could show
/// it.
const MAX_CELLS: usize = 100_000;

impl Walk {
    pub(super) fn table(&mut self, node: &Handle, depth: usize) {
        self.end_paragraph();
        let mut rows = Vec::new();
        let mut captions = Vec::new();
        collect_rows(node, &mut rows, &mut captions);
        for caption in captions {
            self.children(&caption, depth);
            self.end_paragraph();
        }
        let alignments = alignments(&rows);
        let mut spans = Vec::new();
        let mut cells: Vec<Vec<Vec<Block>>> =
            rows.iter().map(|row| self.row(row, &mut spans, depth)).collect();
        cells.retain(|row| !row.is_empty());
        let width = cells.iter().map(Vec::len).max().unwrap_or(0);
        if width < 2 || width * cells.len() > MAX_CELLS || !cells.iter().flatten().flatten().all(is_flat) {
            // A layout table, one with tables in its cells, or one too large to show.
            cells.into_iter().flatten().flatten().for_each(|block| self.push(block));
            return;
        }
        let mut table: Vec<Vec<Vec<Inline>>> =
            cells.into_iter().map(|row| row.into_iter().map(merge_blocks).collect()).collect();
        for row in &mut table {
            row.resize(width, Vec::new());
        }
        if table.iter().flatten().any(|cell| !cell.is_empty()) {
            let alignments = (0..width).map(|at| alignments.get(at).copied().unwrap_or_default()).collect();
            self.push(Block::Table(Table { alignments, rows: table }));
        }
    }

    /// The cells of a row, with empty ones where a merged cell continues. `spans` has, for each column, the
    /// number of further rows that a merged cell covers.
    fn row(&mut self, row: &Handle, spans: &mut Vec<usize>, depth: usize) -> Vec<Vec<Block>> {
        let mut cells = Vec::new();
        let push_covered = |cells: &mut Vec<Vec<Block>>, spans: &mut Vec<usize>| {
            while let Some(rows) = spans.get_mut(cells.len()).filter(|rows| **rows > 0) {
                *rows -= 1;
                cells.push(Vec::new());
            }
        };
        for cell in row.children.borrow().iter() {
            let name = name(cell);
            if !matches!(&*name, "td" | "th") || is_hidden(cell) {
                continue;
            }
            let inner = self.inner(cell, depth, true);
            push_covered(&mut cells, spans);
            // The limits are the standard's (https://html.spec.whatwg.org/#attr-tdth-colspan), lowered to what a page can show.
            let span = |name, limit| {
                attribute(cell, name)
                    .and_then(|span| span.trim().parse::<usize>().ok())
                    .unwrap_or(1)
                    .clamp(1, limit)
            };
            let (columns, rows) = (span("colspan", 50), span("rowspan", 1000));
            if rows > 1 {
                spans.resize(spans.len().max(cells.len() + columns), 0);
                spans[cells.len()..cells.len() + columns].fill(rows - 1);
            }
            cells.push(inner);
            cells.extend(std::iter::repeat_n(Vec::new(), columns - 1));
        }
        push_covered(&mut cells, spans);
        cells
    }
}

/// Collects the rows and captions of a table, without those of nested tables.
fn collect_rows(node: &Handle, rows: &mut Vec<Handle>, captions: &mut Vec<Handle>) {
    for child in node.children.borrow().iter() {
        let name = name(child);
        if is_hidden(child) {
            continue;
        }
        match &*name {
            "tr" => rows.push(child.clone()),
            "thead" | "tbody" | "tfoot" => collect_rows(child, rows, captions),
            "caption" => captions.push(child.clone()),
            _ => {}
        }
    }
}

/// The alignments of a table's columns: those of the first row's cells, or of the second's.
fn alignments(rows: &[Handle]) -> Vec<Alignment> {
    let mut found: Vec<Alignment> = Vec::new();
    for row in rows.iter().take(2) {
        let children = row.children.borrow();
        let cells = children.iter().filter(|cell| matches!(&*name(cell), "td" | "th"));
        for (at, cell) in cells.enumerate() {
            let alignment = alignment(cell);
            match found.get_mut(at) {
                Some(earlier) if *earlier == Alignment::None => *earlier = alignment,
                Some(_) => {}
                None => found.push(alignment),
            }
        }
    }
    found
}

fn alignment(cell: &Handle) -> Alignment {
    let style = attribute(cell, "style").unwrap_or_default().to_ascii_lowercase();
    let styled = style.split(';').find_map(|rule| {
        rule.split_once(':')
            .filter(|(name, _)| name.trim() == "text-align")
            .map(|(_, value)| value.trim().to_owned())
    });
    let value = styled.or_else(|| attribute(cell, "align")).unwrap_or_default().to_ascii_lowercase();
    match value.trim() {
        "left" => Alignment::Left,
        "center" | "middle" => Alignment::Center,
        "right" => Alignment::Right,
        _ => Alignment::None,
    }
}

/// Whether a block can be written within a line.
fn is_flat(block: &Block) -> bool {
    match block {
        Block::Table(_) => false,
        Block::Quote(blocks) | Block::Group(_, _, blocks) => blocks.iter().all(is_flat),
        Block::List(list) => list.items.iter().all(|item| item.blocks.iter().all(is_flat)),
        Block::Definitions(definitions) => definitions.iter().all(|definition| match definition {
            Definition::Term(_) => true,
            Definition::Details(blocks) => blocks.iter().all(is_flat),
        }),
        _ => true,
    }
}

/// Merges blocks into inlines, with breaks between paragraphs; lists become elements within the line.
pub(super) fn merge_blocks(blocks: Vec<Block>) -> Vec<Inline> {
    let mut merged = Vec::new();
    for block in blocks {
        let inlines = match block {
            Block::Paragraph(inlines) => inlines,
            Block::Heading(heading) => heading.inlines,
            Block::Code(_, text) => code_lines(&text),
            Block::Math(text) => vec![Inline::Math(text.replace('\n', " "))],
            Block::Quote(blocks) => merge_blocks(blocks),
            Block::Group(_, head, blocks) => separated(vec![head, merge_blocks(blocks)]),
            Block::Definitions(definitions) => separated(
                definitions
                    .into_iter()
                    .map(|definition| match definition {
                        Definition::Term(inlines) => inlines,
                        Definition::Details(blocks) => merge_blocks(blocks),
                    })
                    .collect(),
            ),
            Block::List(list) => {
                // An element of its own needs no break before it.
                merged.push(inline_list(list));
                continue;
            }
            Block::Table(table) => {
                separated(table.rows.into_iter().map(|row| row.join(&Inline::Text(" ".to_owned()))).collect())
            }
            Block::Rule | Block::Footnote(..) => continue,
        };
        let is_list = |inline: &Inline| matches!(inline, Inline::Marked(Mark::Element("ul" | "ol"), _));
        if merged.last().is_some_and(|last| !is_list(last)) {
            merged.push(Inline::Break);
        }
        merged.extend(inlines);
    }
    merged
}

fn separated(parts: Vec<Vec<Inline>>) -> Vec<Inline> {
    let mut inlines = Vec::new();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        if !inlines.is_empty() {
            inlines.push(Inline::Break);
        }
        inlines.extend(part);
    }
    inlines
}

fn code_lines(text: &str) -> Vec<Inline> {
    separated(text.lines().map(|line| vec![Inline::Code(line.to_owned())]).collect())
}

fn inline_list(list: List) -> Inline {
    let name = if list.numbers.is_some() { "ol" } else { "ul" };
    let items =
        list.items.into_iter().map(|item| Inline::Marked(Mark::Element("li"), merge_blocks(item.blocks)));
    Inline::Marked(Mark::Element(name), items.collect())
}
