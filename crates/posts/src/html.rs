//! Turns a post's HTML into blocks: builds the tree that a browser would build, and keeps what a browser
//! would show.

mod bounded;
mod elements;
mod inlines;
mod node;
mod table;
mod tag;

use bundle::Secid;
use markup5ever_rcdom::{Handle, NodeData};

use crate::eastmoney;
use crate::headings;
use crate::security;
use crate::tree::{Block, Image, Inline, Mark};
pub(crate) use inlines::{append, only_links};
use inlines::{size_from_file_name, split_breaks, trimmed};
use node::{attribute, has_class, is_block, is_hidden, is_left_out, is_quote, name, text_of};
pub(crate) use tag::scan_tag;

/// Whether a start tag hides its element.
pub(crate) fn hides(tag: &str) -> bool {
    bounded::parse(tag).1
}

/// A body's blocks, and what else its HTML contains.
#[derive(Debug, Default)]
pub(crate) struct Content {
    pub(crate) blocks: Vec<Block>,
    /// The name of the source medium, if the body gives it.
    pub(crate) source: String,
    /// The texts of links and spans, and the alternative texts of pictures, that are marked as securities but
    /// have no valid id.
    pub(crate) unidentified: Vec<String>,
    /// The texts of elements that their author hides, by an attribute or a style.
    pub(crate) hidden: Vec<String>,
}

/// The depth beyond which elements are read as text only. Browsers stop nesting at 512
/// (`kMaximumHTMLParserDOMTreeDepth`); this limit is half of that, because each level is a recursive call.
const MAX_DEPTH: usize = 256;

/// Reads a fragment of HTML by the WHATWG rules.
pub(crate) fn read(html: &str) -> Content {
    let (dom, may_hide) = bounded::parse(html);
    let mut walk = Walk::new();
    for root in dom.document.children.borrow().iter() {
        walk.children(root, 0);
    }
    let hidden = if may_hide { hidden_texts(&dom.document) } else { Vec::new() };
    Content { hidden, ..walk.finish() }
}

/// The texts that their author hides: by an attribute or a style, as a template, or as a declaration.
fn hidden_texts(root: &Handle) -> Vec<String> {
    let mut texts = Vec::new();
    let mut stack = vec![root.clone()];
    while let Some(node) = stack.pop() {
        if let NodeData::Comment { contents } = &node.data {
            texts.push(contents.to_string());
        }
        if let NodeData::Element { template_contents, .. } = &node.data {
            texts.extend(template_contents.borrow().iter().flat_map(children_texts));
        }
        if is_hidden(&node) {
            texts.extend(children_texts(&node));
        } else {
            stack.extend(node.children.borrow().iter().rev().cloned());
        }
    }
    texts
}

fn children_texts(node: &Handle) -> Vec<String> {
    node.children.borrow().iter().map(text_of).collect()
}

struct Walk {
    found: Content,
    /// The containers being filled, the innermost last; the first is the body.
    containers: Vec<Container>,
    /// The open marks and the inlines in each; the first is the paragraph itself.
    frames: Vec<(Option<Mark>, Vec<Inline>)>,
    /// The level and the id of the heading that is open.
    heading: Option<(u8, String)>,
    /// Whether there has been white space since the last word.
    space: bool,
    /// Whether the line has no text yet.
    line_start: bool,
    /// Whether the elements are those of a table's cell, where charts stay in the text.
    in_cell: bool,
}

enum Container {
    Body(Vec<Block>),
    Quote(Vec<Block>),
    List(Option<u64>, Vec<Vec<Block>>),
    Item(Vec<Block>),
}

impl Container {
    fn push(&mut self, block: Block) {
        match self {
            Self::Body(blocks) | Self::Quote(blocks) | Self::Item(blocks) => blocks.push(block),
            Self::List(_, items) => items.push(vec![block]),
        }
    }
}

impl Walk {
    fn new() -> Self {
        Self {
            found: Content::default(),
            containers: vec![Container::Body(Vec::new())],
            frames: vec![(None, Vec::new())],
            heading: None,
            space: false,
            line_start: true,
            in_cell: false,
        }
    }

    fn finish(mut self) -> Content {
        self.end_paragraph();
        while self.containers.len() > 1 {
            self.close();
        }
        if let Some(Container::Body(blocks)) = self.containers.pop() {
            self.found.blocks = blocks;
        }
        self.found
    }

    fn children(&mut self, node: &Handle, depth: usize) {
        for child in node.children.borrow().iter() {
            match &child.data {
                NodeData::Text { contents } => self.text(&contents.borrow()),
                NodeData::Element { .. } if depth < MAX_DEPTH => self.element(child, depth + 1),
                NodeData::Element { .. } => {
                    let text = text_of(child);
                    self.text(&text);
                }
                _ => {}
            }
        }
    }

    fn element(&mut self, node: &Handle, depth: usize) {
        let name = name(node);
        if is_hidden(node) || is_left_out(node, &name) {
            return;
        }
        match &*name {
            "br" => self.line_break(),
            "hr" => {
                self.end_paragraph();
                self.push(Block::Rule);
            }
            "img" => self.picture(node),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.end_paragraph();
                let id = attribute(node, "id").unwrap_or_default();
                let outer = self.heading.replace((name.as_bytes()[1] - b'0', id));
                self.children(node, depth);
                self.end_paragraph();
                self.heading = outer;
            }
            "blockquote" => self.contain(Container::Quote(Vec::new()), node, depth),
            "ul" | "menu" | "dir" => self.contain(Container::List(None, Vec::new()), node, depth),
            "ol" => {
                let start = attribute(node, "start").and_then(|start| start.trim().parse().ok()).unwrap_or(1);
                self.contain(Container::List(Some(start), Vec::new()), node, depth);
            }
            "li" if matches!(self.containers.last(), Some(Container::List(..))) => {
                self.contain(Container::Item(Vec::new()), node, depth);
            }
            "pre" | "listing" | "xmp" | "plaintext" => self.code_block(node),
            "table" => self.table(node, depth),
            "p" if has_class(node, "em_media") && self.found.source.is_empty() => self.source(node, depth),
            "strong" | "b" => self.marked(Mark::Strong, node, depth),
            "em" | "i" => self.marked(Mark::Emphasis, node, depth),
            "del" | "s" | "strike" => self.marked(Mark::Strike, node, depth),
            "code" | "kbd" | "samp" | "tt" => self.code(node),
            "a" => self.link(node, depth),
            "span" if is_quote(node) => self.quote(node, depth),
            name if is_block(name) => {
                self.end_paragraph();
                self.children(node, depth);
                self.end_paragraph();
            }
            _ => self.children(node, depth),
        }
    }

    // Text.

    fn text(&mut self, mut text: &str) {
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c');
        while let Some(c) = text.chars().next() {
            // Ideographic, no-break and em spaces at the start of a line are an indent. They are dropped,
            // because the layout of paragraphs is up to the style sheet.
            if is_space(c) || (self.line_start && matches!(c, '\u{3000}' | '\u{a0}' | '\u{2003}')) {
                self.space |= is_space(c);
                text = &text[c.len_utf8()..];
                continue;
            }
            self.flush_space();
            let end = text.find(is_space).unwrap_or(text.len());
            let inlines = self.inlines();
            match inlines.last_mut() {
                Some(Inline::Text(text_so_far)) => text_so_far.push_str(&text[..end]),
                _ => inlines.push(Inline::Text(text[..end].to_owned())),
            }
            text = &text[end..];
        }
    }

    /// Writes one space if there has been white space since the last word, outside the marks that are still
    /// empty. Called before anything except a break is added to the line.
    fn flush_space(&mut self) {
        if self.space && !self.line_start {
            let outer = self.frames.iter().rposition(|(_, inlines)| !inlines.is_empty()).unwrap_or(0);
            match self.frames[outer].1.last_mut() {
                Some(Inline::Text(text)) => text.push(' '),
                _ => self.frames[outer].1.push(Inline::Text(' '.to_string())),
            }
        }
        self.space = false;
        self.line_start = false;
    }

    fn push_inline(&mut self, inline: Inline) {
        self.flush_space();
        append(self.inlines(), vec![inline]);
    }

    fn inlines(&mut self) -> &mut Vec<Inline> {
        if self.frames.is_empty() {
            self.frames.push((None, Vec::new()));
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last].1
    }

    fn line_break(&mut self) {
        self.inlines().push(Inline::Break);
        self.space = false;
        self.line_start = true;
    }

    // Marks.

    fn marked(&mut self, mark: Mark, node: &Handle, depth: usize) {
        // Strong within strong stays strong; a link within a link would close the outer one.
        let is_address = |mark: &Mark| matches!(mark, Mark::Link(_) | Mark::Quote(_));
        let inside = self
            .frames
            .iter()
            .flat_map(|(open, _)| open)
            .any(|open| *open == mark || (is_address(open) && is_address(&mark)));
        if inside {
            return self.children(node, depth);
        }
        self.frames.push((Some(mark), Vec::new()));
        let height = self.frames.len();
        self.children(node, depth);
        if self.frames.len() == height {
            self.close_frame();
        }
    }

    fn close_frame(&mut self) {
        if self.frames.len() > 1
            && let Some((Some(mark), inlines)) = self.frames.pop()
            && !inlines.is_empty()
        {
            let (before, inlines, after) = split_breaks(inlines);
            let outer = self.inlines();
            outer.extend(before);
            if !inlines.is_empty() {
                append(outer, vec![Inline::Marked(mark, inlines)]);
            }
            outer.extend(after);
        }
    }

    fn link(&mut self, node: &Handle, depth: usize) {
        if is_quote(node) {
            return self.quote(node, depth);
        }
        match attribute(node, "href") {
            // The link around a chart is dropped, because the viewer adds its own link to the quote page,
            // except in tables.
            Some(_) if has_class(node, "EmImageRemark") => self.children(node, depth),
            Some(href) if !href.trim().is_empty() => {
                let mark = security::from_address(&href).map_or(Mark::Link(href), Mark::Quote);
                self.marked(mark, node, depth);
            }
            _ => self.children(node, depth),
        }
    }

    fn quote(&mut self, node: &Handle, depth: usize) {
        if let Some(secid) =
            security::from_link(attribute(node, "href").as_deref(), attribute(node, "data-code").as_deref())
        {
            return self.marked(Mark::Quote(secid), node, depth);
        }
        self.found.unidentified.push(text_of(node));
        self.children(node, depth);
    }

    fn code(&mut self, node: &Handle) {
        let text = text_of(node).split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            self.push_inline(Inline::Code(text));
        }
    }

    // Pictures.

    fn picture(&mut self, node: &Handle) {
        let src = attribute(node, "src").unwrap_or_default();
        let alt = attribute(node, "alt").unwrap_or_default();
        let code = attribute(node, "data-code");
        let is_chart = code.is_some() || src.contains("GetPic.aspx");
        if is_chart {
            if let Some(secid) = security::from_chart(&src, code.as_deref()) {
                let alt = alt.trim().trim_end_matches("_0").to_owned();
                return self.chart(secid, alt);
            }
            self.found.unidentified.push(alt.clone());
        }
        if !src.trim().is_empty() {
            let title = attribute(node, "title").unwrap_or_default();
            let size: Option<(u32, u32)> = size_from_file_name(&src).or_else(|| {
                Some((attribute(node, "width")?.parse().ok()?, attribute(node, "height")?.parse().ok()?))
            });
            let size =
                size.filter(|(width, height)| (1..20_000).contains(width) && (1..20_000).contains(height));
            self.push_inline(Inline::Image(Image { src, alt, title, size }));
        }
    }

    fn chart(&mut self, secid: Secid, alt: String) {
        if self.in_cell {
            return self.push_inline(Inline::Chart(secid, alt));
        }
        self.end_paragraph();
        self.push(Block::Paragraph(vec![Inline::Chart(secid, alt)]));
    }

    // Blocks.

    fn push(&mut self, block: Block) {
        if let Some(container) = self.containers.last_mut() {
            container.push(block);
        }
    }

    /// Ends the current paragraph unless it is empty; open marks continue in the next one.
    fn end_paragraph(&mut self) {
        let marks: Vec<Mark> = self.frames.iter().filter_map(|(mark, _)| mark.clone()).collect();
        while self.frames.len() > 1 {
            self.close_frame();
        }
        let inlines = self.frames.pop().map(|(_, inlines)| trimmed(inlines)).unwrap_or_default();
        self.frames.push((None, Vec::new()));
        self.frames.extend(marks.into_iter().map(|mark| (Some(mark), Vec::new())));
        self.space = false;
        self.line_start = true;
        if !inlines.is_empty() {
            let block = match &mut self.heading {
                Some((level, id)) => {
                    let (inlines, own) = headings::split_id(inlines);
                    let id = Some(std::mem::take(id)).filter(|id| !id.is_empty());
                    Block::Heading(*level, inlines, id.or(own).unwrap_or_default())
                }
                None => Block::Paragraph(inlines),
            };
            self.push(block);
        }
    }

    fn contain(&mut self, container: Container, node: &Handle, depth: usize) {
        self.end_paragraph();
        self.containers.push(container);
        self.children(node, depth);
        self.end_paragraph();
        self.close();
    }

    fn close(&mut self) {
        match self.containers.pop() {
            Some(Container::Quote(blocks)) if !blocks.is_empty() => self.push(Block::Quote(blocks)),
            Some(Container::List(start, items)) if !items.is_empty() => self.push(Block::List(start, items)),
            Some(Container::Item(blocks)) => {
                if let Some(Container::List(_, items)) = self.containers.last_mut() {
                    items.push(blocks);
                }
            }
            _ => {}
        }
    }

    fn code_block(&mut self, node: &Handle) {
        self.end_paragraph();
        let text = text_of(node);
        let text = text.trim_matches('\n');
        if text.trim().is_empty() {
            return;
        }
        let class =
            node.children.borrow().iter().find_map(|child| attribute(child, "class")).unwrap_or_default();
        let language =
            class.split_whitespace().find_map(|class| class.strip_prefix("language-")).unwrap_or_default();
        let language: String = language
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '#' | '.'))
            .collect();
        self.push(Block::Code(language, text.to_owned()));
    }

    fn source(&mut self, node: &Handle, depth: usize) {
        self.end_paragraph();
        let mut inner = Self::new();
        inner.children(node, depth);
        let inner = inner.finish();
        let text = crate::tree::blocks_text(&inner.blocks);
        eastmoney::source_name(&text).unwrap_or(text.trim()).clone_into(&mut self.found.source);
    }
}
