//! Reads lists, definitions, groups with a head, and code.

use markup5ever_rcdom::Handle;

use super::node::{attribute, text_of};
use super::table::merge_blocks;
use super::{Container, Walk};
use crate::eastmoney;
use crate::markdown;
use crate::tree::{Block, Definition, Group, Heading, Inline, Numbers, blocks_text};

impl Heading {
    /// A heading with the id of its element.
    pub(super) fn of(level: u8, mut inlines: Vec<Inline>, id: String) -> Self {
        if id.is_empty() || markdown::is_heading_id(&id) {
            return Self { level, inlines, id };
        }
        inlines.insert(0, Inline::Anchor(id));
        Self { level, inlines, id: String::new() }
    }
}

/// Whether inlines show nothing.
fn is_blank(inlines: &[Inline]) -> bool {
    inlines.iter().all(|inline| match inline {
        Inline::Text(text) => text.trim().is_empty(),
        Inline::Break => true,
        Inline::Marked(_, inner) => is_blank(inner),
        _ => false,
    })
}

impl Walk {
    pub(super) fn ordered_list(&mut self, node: &Handle, depth: usize) {
        let reversed = attribute(node, "reversed").is_some();
        let start = attribute(node, "start").and_then(|start| start.trim().parse().ok());
        let style = attribute(node, "type").and_then(|style| style.trim().chars().next());
        let style = style.filter(|style| matches!(style, 'a' | 'A' | 'i' | 'I')).unwrap_or('1');
        let numbers = Numbers { start: start.unwrap_or(1), style, reversed };
        self.end_paragraph();
        self.containers.push(Container::List(Some(numbers), Vec::new()));
        self.children(node, depth);
        self.end_paragraph();
        if let Some(Container::List(Some(numbers), items)) = self.containers.last_mut()
            && reversed
            && start.is_none()
        {
            numbers.start = i64::try_from(items.len()).unwrap_or(1);
        }
        self.close();
    }

    /// A check box at the start of an item makes it a task.
    pub(super) fn task(&mut self, node: &Handle) {
        let is_start = self.is_line_start();
        if let Some(Container::Item(item)) = self.containers.last_mut()
            && is_start
            && item.blocks.is_empty()
            && attribute(node, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox"))
        {
            item.task = Some(attribute(node, "checked").is_some());
        }
    }

    pub(super) fn term(&mut self, node: &Handle, depth: usize) {
        self.end_paragraph();
        let inlines = merge_blocks(self.inner(node, depth, false));
        if let Some(Container::Definitions(definitions)) = self.containers.last_mut()
            && !inlines.is_empty()
        {
            // Several terms of one definition are lines of one term.
            match definitions.last_mut() {
                Some(Definition::Term(term)) => {
                    term.push(Inline::Break);
                    term.extend(inlines);
                }
                _ => definitions.push(Definition::Term(inlines)),
            }
        }
    }

    /// Pushes definitions. Those without a term stand before the list, a term without a definition after it.
    pub(super) fn definitions(&mut self, mut definitions: Vec<Definition>) {
        let first = definitions.iter().position(|definition| matches!(definition, Definition::Term(_)));
        for definition in definitions.drain(..first.unwrap_or(definitions.len())) {
            if let Definition::Details(blocks) = definition {
                for block in blocks {
                    self.push(block);
                }
            }
        }
        let last = definitions.pop_if(|last| matches!(last, Definition::Term(_)));
        if !definitions.is_empty() {
            self.push(Block::Definitions(definitions));
        }
        if let Some(Definition::Term(inlines)) = last {
            self.push(Block::Paragraph(inlines));
        }
    }

    /// The summary of details or the caption of a figure; elsewhere a paragraph.
    pub(super) fn head(&mut self, node: &Handle, depth: usize) {
        self.end_paragraph();
        let is_head = matches!(self.containers.last(), Some(Container::Group(_, head, _)) if head.is_empty());
        if !is_head {
            self.children(node, depth);
            return self.end_paragraph();
        }
        let inlines = merge_blocks(self.inner(node, depth, false));
        if let Some(Container::Group(_, head, _)) = self.containers.last_mut()
            && !is_blank(&inlines)
        {
            *head = inlines;
        }
    }

    pub(super) fn group(&mut self, group: Group, head: Vec<Inline>, blocks: Vec<Block>) {
        match group {
            Group::Figure if head.is_empty() => blocks.into_iter().for_each(|block| self.push(block)),
            Group::Figure if blocks.is_empty() => self.push(Block::Paragraph(head)),
            Group::Details if head.is_empty() && blocks.is_empty() => {}
            Group::Details if head.is_empty() => {
                self.push(Block::Group(group, vec![Inline::Text("…".into())], blocks));
            }
            _ => self.push(Block::Group(group, head, blocks)),
        }
    }

    pub(super) fn code_block(&mut self, node: &Handle) {
        self.end_paragraph();
        let text = text_of(node);
        let text = text.trim_matches('\n');
        if text.trim().is_empty() {
            return;
        }
        let inner = |name| node.children.borrow().iter().find_map(|child| attribute(child, name));
        let class =
            [inner("class"), attribute(node, "class")].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let language = class.split_whitespace().find_map(|class| class.strip_prefix("language-"));
        let language: String = language
            .map(str::to_owned)
            .or_else(|| inner("data-lang"))
            .unwrap_or_default()
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '#' | '.'))
            .collect();
        self.push(match language.as_str() {
            markdown::MATH => Block::Math(text.to_owned()),
            _ => Block::Code(language, text.to_owned()),
        });
    }

    pub(super) fn source(&mut self, node: &Handle, depth: usize) {
        self.end_paragraph();
        let mut inner = Self::default();
        inner.children(node, depth);
        let text = blocks_text(&inner.finish().blocks);
        eastmoney::source_name(&text).unwrap_or(text.trim()).clone_into(&mut self.found.source);
    }
}
