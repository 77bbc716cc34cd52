//! Tables: rows of cells, merged cells keeping their columns; a frame that only lays out is read through.

use markup5ever_rcdom::Handle;

use super::Walk;
use super::node::{attribute, is_hidden, name};
use crate::tree::{Block, Inline};

/// A table of more cells than this, empty ones counted, is read as a frame: no page could show it.
const CELLS: usize = 100_000;

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
        let flat = |blocks: &Vec<Block>| {
            blocks.iter().all(|block| matches!(block, Block::Paragraph(_) | Block::Heading(..)))
        };
        if width < 2 || width * cells.len() > CELLS || !cells.iter().flatten().all(flat) {
            // A frame rather than a table: what stands in it is what counts.
            cells.into_iter().flatten().flatten().for_each(|block| self.push(block));
            return;
        }
        let mut table: Vec<Vec<Vec<Inline>>> =
            cells.into_iter().map(|row| row.into_iter().map(joined).collect()).collect();
        for row in &mut table {
            row.resize(width, Vec::new());
        }
        if table.iter().flatten().any(|cell| !cell.is_empty()) {
            self.push(Block::Table(table));
        }
    }

    /// The cells of a row, empty ones where a merged cell goes on. `spans` tells how many more rows each
    /// column is taken for.
    fn row(&mut self, row: &Handle, spans: &mut Vec<usize>, depth: usize) -> Vec<Vec<Block>> {
        let mut cells = Vec::new();
        let go_on = |cells: &mut Vec<Vec<Block>>, spans: &mut Vec<usize>| {
            while let Some(rows) = spans.get_mut(cells.len()).filter(|rows| **rows > 0) {
                *rows -= 1;
                cells.push(Vec::new());
            }
        };
        for cell in row.children.borrow().iter() {
            let name = name(cell);
            if !matches!(&*name, "td" | "th") || is_hidden(cell, &name) {
                continue;
            }
            let mut inner = Self { in_cell: true, ..Self::new() };
            inner.children(cell, depth);
            let inner = inner.finish();
            self.found.untold.extend(inner.untold);
            if self.found.source.is_empty() {
                self.found.source = inner.source;
            }
            go_on(&mut cells, spans);
            // The bounds are the standard's (https://html.spec.whatwg.org/#attr-tdth-colspan), lowered to what a page can show.
            let span = |name, most| {
                attribute(cell, name)
                    .and_then(|span| span.trim().parse::<usize>().ok())
                    .unwrap_or(1)
                    .clamp(1, most)
            };
            let (columns, rows) = (span("colspan", 50), span("rowspan", 1000));
            if rows > 1 {
                spans.resize(spans.len().max(cells.len() + columns), 0);
                spans[cells.len()..cells.len() + columns].fill(rows - 1);
            }
            cells.push(inner.blocks);
            cells.extend(std::iter::repeat_n(Vec::new(), columns - 1));
        }
        go_on(&mut cells, spans);
        cells
    }
}

/// The rows of a table, those of tables within it apart.
fn collect_rows(node: &Handle, rows: &mut Vec<Handle>, captions: &mut Vec<Handle>) {
    for child in node.children.borrow().iter() {
        let name = name(child);
        if is_hidden(child, &name) {
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

/// The paragraphs of a cell as one, parted by spaces.
fn joined(blocks: Vec<Block>) -> Vec<Inline> {
    let mut joined = Vec::new();
    for block in blocks {
        if let Block::Paragraph(inlines) | Block::Heading(_, inlines) = block {
            if !joined.is_empty() {
                joined.push(Inline::Text(" ".into()));
            }
            joined.extend(
                inlines
                    .into_iter()
                    .map(|inline| if inline == Inline::Break { Inline::Text(" ".into()) } else { inline }),
            );
        }
    }
    joined
}
