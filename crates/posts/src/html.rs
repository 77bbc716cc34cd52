//! Turns a post's HTML into blocks: builds the tree that a browser would build, and keeps what a browser
//! would show.

mod blocks;
mod bounded;
mod elements;
mod footnotes;
mod inlines;
mod media;
mod node;
mod table;
mod tag;
mod text;

use std::collections::BTreeMap;

use markup5ever_rcdom::{Handle, NodeData};

use crate::kramdown;
use crate::security;
use crate::tree::{Block, Definition, Group, Heading, Inline, Item, List, Mark, Numbers};
pub(crate) use inlines::{append, only_links, remove_anchors};
use inlines::{split_breaks, trimmed};
use node::{
    attribute, has_class, is_block, is_hidden, is_left_out, is_lost, is_media, is_quote, name, text_of,
};
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
    /// The footnotes' names and their texts.
    notes: Vec<(String, Vec<Block>)>,
    /// The names of elements that the bundle cannot express, with how many there are.
    pub(crate) lost: BTreeMap<String, usize>,
}

/// The depth beyond which elements are read as text only. Browsers stop nesting at 512
/// (`kMaximumHTMLParserDOMTreeDepth`); this limit is half of that, because each level is a recursive call.
const MAX_DEPTH: usize = 256;

/// Reads a fragment of HTML by the WHATWG rules.
pub(crate) fn read(html: &str) -> Content {
    let (dom, may_hide) = bounded::parse(html);
    let mut walk = Walk::default();
    for root in dom.document.children.borrow().iter() {
        walk.children(root, 0);
    }
    let hidden = if may_hide { hidden_texts(&dom.document) } else { Vec::new() };
    let mut content = Content { hidden, ..walk.finish() };
    let notes = std::mem::take(&mut content.notes);
    footnotes::match_references(&mut content.blocks, notes);
    content
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
    /// The ids of elements that have no text yet.
    anchors: Vec<String>,
    space: text::Space,
    /// The address of the last picture.
    last_picture: String,
    /// The address of the last picture that was shown for a script.
    without_script: String,
    /// Whether the elements are those of a table's cell, where charts stay in the text.
    in_cell: bool,
}

impl Default for Walk {
    fn default() -> Self {
        Self {
            found: Content::default(),
            containers: vec![Container::Body(Vec::new())],
            frames: vec![(None, Vec::new())],
            heading: None,
            anchors: Vec::new(),
            space: text::Space::default(),
            last_picture: String::new(),
            without_script: String::new(),
            in_cell: false,
        }
    }
}

enum Container {
    Body(Vec<Block>),
    Quote(Vec<Block>),
    List(Option<Numbers>, Vec<Item>),
    Item(Item),
    Definitions(Vec<Definition>),
    Details(Vec<Block>),
    Group(Group, Vec<Inline>, Vec<Block>),
}

impl Container {
    fn push(&mut self, block: Block) {
        match self {
            Self::Body(blocks) | Self::Quote(blocks) | Self::Details(blocks) | Self::Group(.., blocks) => {
                blocks.push(block);
            }
            Self::Item(item) => item.blocks.push(block),
            Self::List(_, items) => items.push(Item { blocks: vec![block], ..Item::default() }),
            Self::Definitions(definitions) => definitions.push(Definition::Details(vec![block])),
        }
    }
}

impl Walk {
    fn finish(mut self) -> Content {
        self.end_paragraph();
        while self.containers.len() > 1 {
            self.close();
        }
        if let Some(Container::Body(blocks)) = self.containers.pop() {
            self.found.blocks = blocks;
        }
        if let Some(Block::Paragraph(inlines)) = self.found.blocks.last_mut() {
            inlines.extend(self.anchors.into_iter().map(Inline::Anchor));
        }
        self.found
    }

    /// Reads a node's children apart from what is being read.
    fn inner(&mut self, node: &Handle, depth: usize, in_cell: bool) -> Vec<Block> {
        let mut inner = Self { in_cell: self.in_cell || in_cell, ..Self::default() };
        inner.children(node, depth);
        let inner = inner.finish();
        self.found.unidentified.extend(inner.unidentified);
        self.found.notes.extend(inner.notes);
        for (name, count) in inner.lost {
            *self.found.lost.entry(name).or_default() += count;
        }
        if self.found.source.is_empty() {
            self.found.source = inner.source;
        }
        inner.blocks
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
        if is_lost(node, &name) {
            *self.found.lost.entry(name.clone()).or_default() += 1;
        }
        if is_hidden(node) {
            return;
        }
        if is_media(node, &name) {
            if !self.media(node, &name) && name == "object" {
                // What a browser shows if it cannot show the object.
                self.children(node, depth + 1);
            }
            return;
        }
        if name == "noscript" {
            return self.pictures_without_scripts(node);
        }
        if is_left_out(node, &name) {
            return;
        }
        if self.footnote(node, &name, depth) {
            return;
        }
        self.anchor(node, &name);
        match &*name {
            "br" => self.line_break(),
            "wbr" => {}
            kramdown::NOT_IN_CONTENTS => {
                self.push_inline(Inline::Anchor(kramdown::NOT_IN_CONTENTS.to_owned()));
            }
            kramdown::CONTENTS => {
                self.end_paragraph();
                self.push(Block::Paragraph(vec![Inline::Anchor(kramdown::CONTENTS.to_owned())]));
            }
            "hr" => {
                self.end_paragraph();
                self.push(Block::Rule);
            }
            "img" => self.picture(node),
            "input" => self.task(node),
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
            "ol" => self.ordered_list(node, depth),
            "li" if matches!(self.containers.last(), Some(Container::List(..))) => {
                let value = attribute(node, "value").and_then(|value| value.trim().parse().ok());
                let item = Item { value, ..Item::default() };
                self.contain(Container::Item(item), node, depth);
            }
            "dl" => self.contain(Container::Definitions(Vec::new()), node, depth),
            "dt" if matches!(self.containers.last(), Some(Container::Definitions(_))) => {
                self.term(node, depth);
            }
            "dd" if matches!(self.containers.last(), Some(Container::Definitions(_))) => {
                self.contain(Container::Details(Vec::new()), node, depth);
            }
            "details" => {
                self.contain(Container::Group(Group::Details, Vec::new(), Vec::new()), node, depth);
            }
            "figure" => self.contain(Container::Group(Group::Figure, Vec::new(), Vec::new()), node, depth),
            "summary" | "figcaption" => self.head(node, depth),
            "pre" | "listing" | "xmp" | "plaintext" => self.code_block(node),
            "table" => self.table(node, depth),
            "p" if has_class(node, "em_media") && self.found.source.is_empty() => self.source(node, depth),
            "strong" | "b" => self.marked(Mark::Strong, node, depth),
            "em" | "i" => self.marked(Mark::Emphasis, node, depth),
            "del" | "s" | "strike" => self.marked(Mark::Strike, node, depth),
            "code" | "tt" => self.code(node),
            "a" => self.link(node, depth),
            "abbr" | "acronym" => {
                let mark = attribute(node, "title").filter(|title| !title.trim().is_empty());
                match mark.map(Mark::Abbreviation) {
                    Some(mark) => self.marked(mark, node, depth),
                    None => self.children(node, depth),
                }
            }
            "span" if is_quote(node) => self.quote(node, depth),
            "span" if attribute(node, "data-math-style").is_some() => self.math(node),
            name if is_block(name) => {
                self.end_paragraph();
                self.children(node, depth);
                self.end_paragraph();
            }
            name => match elements::construct(name) {
                Some(name) => self.marked(Mark::Element(name), node, depth),
                None => self.children(node, depth),
            },
        }
    }

    /// Notes an element's id, so that links may lead to it. A heading keeps its own.
    fn anchor(&mut self, node: &Handle, name: &str) {
        let is_heading = name.len() == 2 && name.starts_with('h') && name != "hr";
        let named = if name == "a" { attribute(node, "name") } else { None };
        let id = attribute(node, "id").or(named).filter(|id| !id.trim().is_empty());
        if let Some(id) = id.filter(|_| !is_heading) {
            self.anchors.push(id);
        }
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
        let mut inlines = self.frames.pop().map(|(_, inlines)| trimmed(inlines)).unwrap_or_default();
        self.frames.push((None, Vec::new()));
        self.frames.extend(marks.into_iter().map(|mark| (Some(mark), Vec::new())));
        self.space = text::Space::default();
        if !inlines.is_empty() {
            inlines.extend(self.anchors.drain(..).map(Inline::Anchor));
            let block = match &mut self.heading {
                Some((level, id)) => Block::Heading(Heading::of(*level, inlines, std::mem::take(id))),
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
            Some(Container::List(numbers, items)) if !items.is_empty() => {
                self.push(Block::List(List { numbers, items }));
            }
            Some(Container::Item(item)) => {
                if let Some(Container::List(_, items)) = self.containers.last_mut() {
                    items.push(item);
                }
            }
            Some(Container::Details(blocks)) => {
                if let Some(Container::Definitions(definitions)) = self.containers.last_mut() {
                    definitions.push(Definition::Details(blocks));
                }
            }
            Some(Container::Definitions(definitions)) => self.definitions(definitions),
            Some(Container::Group(group, head, blocks)) => self.group(group, head, blocks),
            _ => {}
        }
    }
}
