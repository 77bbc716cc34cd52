//! Reads tables: merged cells keep their columns, and tables used for layout are dissolved into their
//! contents.

use markup5ever_rcdom::Handle;

use super::Walk;
use super::node::{attribute, is_hidden, name};
use crate::tree::{Block, Inline};

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
        let mut spans = Vec::new();
        let mut cells: Vec<Vec<Vec<Block>>> =
            rows.iter().map(|row| self.row(row, &mut spans, depth)).collect();
        cells.retain(|row| !row.is_empty());
        let width = cells.iter().map(Vec::len).max().unwrap_or(0);
        let is_flat = |blocks: &Vec<Block>| {
            blocks.iter().all(|block| matches!(block, Block::Paragraph(_) | Block::Heading(..)))
        };
        if width < 2 || width * cells.len() > MAX_CELLS || !cells.iter().flatten().all(is_flat) {
            // A layout table, one with blocks in its cells, or one too large to show.
            cells.into_iter().flatten().flatten().for_each(|block| self.push(block));
            return;
        }
        let mut table: Vec<Vec<Vec<Inline>>> =
            cells.into_iter().map(|row| row.into_iter().map(merge_paragraphs).collect()).collect();
        for row in &mut table {
            row.resize(width, Vec::new());
        }
        if table.iter().flatten().any(|cell| !cell.is_empty()) {
            self.push(Block::Table(table));
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
            let mut inner = Self { in_cell: true, ..Self::new() };
            inner.children(cell, depth);
            let inner = inner.finish();
            self.found.unidentified.extend(inner.unidentified);
            if self.found.source.is_empty() {
                self.found.source = inner.source;
            }
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
            cells.push(inner.blocks);
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

/// Merges the paragraphs and headings of a cell into one paragraph. Spaces separate them, and replace breaks.
fn merge_paragraphs(blocks: Vec<Block>) -> Vec<Inline> {
    let mut merged = Vec::new();
    for block in blocks {
        if let Block::Paragraph(inlines) | Block::Heading(_, inlines, _) = block {
            if !merged.is_empty() {
                merged.push(Inline::Text(" ".into()));
            }
            merged.extend(
                inlines
                    .into_iter()
                    .map(|inline| if inline == Inline::Break { Inline::Text(" ".into()) } else { inline }),
            );
        }
    }
    merged
}
