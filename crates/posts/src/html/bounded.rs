//! A parse that takes time and memory by the length of its text, whatever the text is.
//!
//! The standard opens formatting that was never closed again in every paragraph
//! (<https://html.spec.whatwg.org/#reconstruct-the-active-formatting-elements>): with enough of it the tree grows by the square of
//! the text, and 25 KB take half a gigabyte. At many a tag it looks through all elements that are open: a
//! megabyte of `<div>` takes minutes. And a tag's attributes are each compared with all before. So only so
//! much may be open at a time, and a tag has only so many attributes.

use std::cell::{Cell, RefCell};

use html5ever::buffer_queue::BufferQueue;
use html5ever::driver::parse_fragment;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{Tracer, TreeBuilder};
use html5ever::{LocalName, ParseOpts, QualName, TokenizerResult, local_name, ns};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use super::elements::{is_formatting, is_raw, is_void};
use super::tag::tag;

/// How many elements may be open, besides those that a table opens by itself; the start tags of more are read
/// over. Browsers have no deeper trees either (`kMaximumHTMLParserDOMTreeDepth` in
/// <https://source.chromium.org/chromium/chromium/src/+/main:third_party/blink/renderer/core/html/parser/html_construction_site.cc>).
const DEEPEST: usize = 512;

/// How many formatting elements may be open, and how many may wait to be opened again, together; the start
/// tags of more are read over.
const FORMATTING: usize = 16;

/// The attributes of formatting elements that anybody asks for.
const ASKED: [&str; 5] = ["class", "data-code", "hidden", "href", "style"];

/// What the tokens of a text go through on their way to the tree.
struct Bounded {
    tree: TreeBuilder<Handle, RcDom>,
    /// How many start tags may come before the open elements have to be counted again.
    room: Cell<usize>,
    /// The same of formatting.
    formatting_room: Cell<usize>,
    /// The element whose text is not markup, while it is open.
    raw: RefCell<Option<LocalName>>,
    /// A comment or its like has ended.
    has_ended: Cell<bool>,
}

/// Counts what a tree holds on to: elements that are open, and formatting that waits to be opened again.
#[derive(Default)]
struct Count {
    elements: Cell<usize>,
    formatting: Cell<usize>,
}

impl Tracer for Count {
    type Handle = Handle;

    fn trace_handle(&self, node: &Handle) {
        self.elements.set(self.elements.get() + 1);
        if let NodeData::Element { name, .. } = &node.data
            && is_formatting(&name.local)
        {
            self.formatting.set(self.formatting.get() + 1);
        }
    }
}

impl Bounded {
    fn count(&self) -> Count {
        let count = Count::default();
        self.tree.trace_handles(&count);
        count
    }

    /// Whether an element may be opened within those that are.
    fn has_room(&self) -> bool {
        take_room(&self.room, || DEEPEST.saturating_sub(self.count().elements.get()))
    }

    /// The same of a formatting element, which is then open and waits for its next time, both.
    fn has_formatting_room(&self) -> bool {
        take_room(&self.formatting_room, || {
            FORMATTING.saturating_sub(self.count().formatting.get()).div_ceil(2)
        })
    }

    /// A tag as it goes on to the tree, if it does.
    fn bounded(&self, mut tag: Tag) -> Option<Tag> {
        if tag.kind == TagKind::EndTag {
            return Some(tag);
        }
        // In drawings and formulas, elements of these names have others in them.
        let is_foreign = self.adjusted_current_node_present_but_not_in_html_namespace();
        if !is_foreign && (is_void(&tag.name) || is_raw(&tag.name)) {
            return Some(tag);
        }
        if !self.has_room() {
            return None;
        }
        if is_formatting(&tag.name) {
            if !self.has_formatting_room() {
                return None;
            }
            tag.attrs.retain(|attribute| ASKED.contains(&&*attribute.name.local));
        }
        Some(tag)
    }
}

/// Takes one of what there is room for, which is counted again where it seems to be used up.
fn take_room(room: &Cell<usize>, count: impl Fn() -> usize) -> bool {
    if room.get() == 0 {
        room.set(count());
    }
    let left = room.get();
    room.set(left.saturating_sub(1));
    left > 0
}

impl TokenSink for Bounded {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        match token {
            Token::TagToken(tag) => {
                let Some(tag) = self.bounded(tag) else { return TokenSinkResult::Continue };
                let name = tag.name.clone();
                let result = self.tree.process_token(Token::TagToken(tag), line);
                self.raw.replace(
                    matches!(result, TokenSinkResult::RawData(_) | TokenSinkResult::Plaintext)
                        .then_some(name),
                );
                result
            }
            token => {
                if matches!(token, Token::CommentToken(_) | Token::DoctypeToken(_)) {
                    self.has_ended.set(true);
                }
                self.tree.process_token(token, line)
            }
        }
    }

    fn end(&self) {
        self.tree.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.tree.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// The tree of a fragment of HTML, as the standard says but for what is never closed and for tags of very
/// many attributes.
pub(super) fn parse(html: &str) -> RcDom {
    let body = QualName::new(None, ns!(html), local_name!("body"));
    // Body is no element that changes the tokenizer's first state.
    let tree = parse_fragment(RcDom::default(), ParseOpts::default(), body, Vec::new(), true).tokenizer.sink;
    let sink = Bounded {
        tree,
        room: Cell::default(),
        formatting_room: Cell::default(),
        raw: RefCell::default(),
        has_ended: Cell::default(),
    };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let sink = &tokenizer.sink;
    let feed = |text: &str| {
        let input = BufferQueue::default();
        input.push_back(text.into());
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    };
    // Whatever is fed is the text itself, piece by piece, but for tags of too many attributes.
    let mut rest = html;
    while !rest.is_empty() {
        let (text, markup) = rest.split_at(rest.find('<').unwrap_or(rest.len()));
        if !text.is_empty() {
            feed(text);
        }
        let raw = sink.raw.borrow().clone();
        let name = markup.trim_start_matches('<').trim_start_matches('/');
        let is_tag = match &raw {
            Some(raw) => {
                markup.starts_with("</")
                    && name.get(..raw.len()).is_some_and(|name| name.eq_ignore_ascii_case(raw))
            }
            None => (markup.strip_prefix("</").or(markup.strip_prefix('<')))
                .is_some_and(|name| name.starts_with(|c: char| c.is_ascii_alphabetic())),
        };
        rest = if is_tag {
            let (length, cut) = tag(markup);
            match cut {
                Some(cut) if length.is_some() => {
                    feed(&markup[..cut]);
                    feed(">");
                }
                // A tag that does not end is none.
                Some(_) => {}
                None => feed(&markup[..length.unwrap_or(markup.len())]),
            }
            length.map_or("", |length| &markup[length..])
        } else if raw.is_none()
            && ["<!", "<?", "</"].iter().any(|begin| markup.starts_with(begin))
            && !markup.starts_with("</>")
        {
            let is_section = markup.starts_with("<![CDATA[")
                && sink.adjusted_current_node_present_but_not_in_html_namespace();
            let end = if is_section { "]]>" } else { ">" };
            let mut rest = markup;
            sink.has_ended.set(is_section);
            loop {
                let (piece, after) = rest.split_at(rest.find(end).map_or(rest.len(), |at| at + end.len()));
                feed(piece);
                rest = after;
                if rest.is_empty() || sink.has_ended.get() {
                    break rest;
                }
            }
        } else {
            let (sign, after) = markup.split_at(markup.len().min(1));
            feed(sign);
            after
        };
    }
    tokenizer.end();
    tokenizer.sink.tree.sink
}

#[cfg(test)]
mod tests;
