//! Parses HTML in time and memory proportional to its length, whatever it contains.
//!
//! In every paragraph, a parser that follows the standard reopens the formatting elements that were never
//! closed (<https://html.spec.whatwg.org/#reconstruct-the-active-formatting-elements>). With enough of them,
//! the tree grows with the square of the text's length, so that 25 KB of HTML need half a gigabyte of memory.
//! For many tags, the parser searches all open elements, so that a megabyte of `<div>` takes minutes. It also
//! compares each attribute of a tag with all earlier ones. This module therefore limits how many elements may
//! be open and how many attributes a tag may have.

use std::cell::{Cell, RefCell};

use html5ever::buffer_queue::BufferQueue;
use html5ever::driver::parse_fragment;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{Tracer, TreeBuilder};
use html5ever::{LocalName, ParseOpts, QualName, TokenizerResult, local_name, ns};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

use super::elements::{is_formatting, is_raw, is_void};
use super::node::hides;
use super::tag::scan_tag;
use crate::eastmoney;

/// The largest number of open elements, apart from those that the parser adds in tables (such as `tbody`).
/// Further start tags are ignored, except those of elements without content and of raw text (`is_void`,
/// `is_raw`). Browsers limit the depth to the same number
/// (`kMaximumHTMLParserDOMTreeDepth` in
/// <https://source.chromium.org/chromium/chromium/src/+/main:third_party/blink/renderer/core/html/parser/html_construction_site.cc>).
const MAX_OPEN: usize = 512;

/// The limit for the number of open formatting elements plus the number of those that the parser may have to
/// reopen. An element in both groups counts twice. Further start tags of formatting elements are ignored.
const MAX_FORMATTING: usize = 16;

/// The attributes that formatting elements keep, because later steps read them.
const USED_ATTRIBUTES: [&str; 7] = ["class", "data-code", "hidden", "href", "id", "name", "style"];

/// Passes tokens on to the tree builder, within the limits.
struct Bounded {
    tree: TreeBuilder<Handle, RcDom>,
    /// How many elements may still be opened before the open ones must be counted again.
    elements_left: Cell<usize>,
    /// How many formatting elements may still be opened before they must be counted again.
    formatting_left: Cell<usize>,
    /// The name of the open element whose text is not parsed as markup.
    raw: RefCell<Option<LocalName>>,
    /// Whether a comment or doctype has ended since the flag was cleared.
    comment_ended: Cell<bool>,
    /// Whether anything may be hidden by its author.
    may_hide: Cell<bool>,
}

/// Counts the nodes that the tree builder holds (the open elements, the formatting elements that it may have
/// to reopen, and a few others), and the sum for `MAX_FORMATTING`.
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

    /// Whether another element may be opened.
    fn may_open(&self) -> bool {
        take_one(&self.elements_left, || MAX_OPEN.saturating_sub(self.count().elements.get()))
    }

    /// Whether another formatting element may be opened. It counts twice: it is open and may be reopened.
    fn may_open_formatting(&self) -> bool {
        take_one(&self.formatting_left, || {
            MAX_FORMATTING.saturating_sub(self.count().formatting.get()).div_ceil(2)
        })
    }

    /// Notes whether a token may hide anything. Most posts have no such token, and need no search for hidden text.
    fn look_for_hidden(&self, token: &Token) {
        let may_hide = match token {
            Token::TagToken(tag) => tag.name == local_name!("template") || hides(&tag.attrs),
            Token::CommentToken(comment) => !eastmoney::is_mark(comment),
            Token::DoctypeToken(_) => true,
            _ => false,
        };
        if may_hide {
            self.may_hide.set(true);
        }
    }

    /// Returns the tag to pass on, or `None` to ignore it.
    fn admit(&self, mut tag: Tag) -> Option<Tag> {
        if tag.kind == TagKind::EndTag {
            return Some(tag);
        }
        // In SVG and MathML, elements with these names may have children.
        let is_foreign = self.adjusted_current_node_present_but_not_in_html_namespace();
        if !is_foreign && (is_void(&tag.name) || is_raw(&tag.name)) {
            return Some(tag);
        }
        if !self.may_open() {
            return None;
        }
        if is_formatting(&tag.name) {
            if !self.may_open_formatting() {
                return None;
            }
            tag.attrs.retain(|attribute| USED_ATTRIBUTES.contains(&&*attribute.name.local));
        }
        Some(tag)
    }
}

/// Returns whether another element may be opened, and if so, subtracts it from `left`. Counts again if none
/// seems to be left.
fn take_one(left: &Cell<usize>, count: impl Fn() -> usize) -> bool {
    if left.get() == 0 {
        left.set(count());
    }
    let available = left.get();
    left.set(available.saturating_sub(1));
    available > 0
}

impl TokenSink for Bounded {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        self.look_for_hidden(&token);
        match token {
            Token::TagToken(tag) => {
                let Some(tag) = self.admit(tag) else { return TokenSinkResult::Continue };
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
                    self.comment_ended.set(true);
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

/// Parses a fragment of HTML by the standard, except that the numbers of open elements and of a tag's
/// attributes are limited, and that formatting elements keep only [`USED_ATTRIBUTES`]. Also returns whether anything
/// in it may be hidden by its author.
pub(super) fn parse(html: &str) -> (RcDom, bool) {
    let body = QualName::new(None, ns!(html), local_name!("body"));
    // The context element “body” does not change the tokenizer's initial state.
    let tree = parse_fragment(RcDom::default(), ParseOpts::default(), body, Vec::new(), true).tokenizer.sink;
    let sink = Bounded {
        tree,
        elements_left: Cell::default(),
        formatting_left: Cell::default(),
        raw: RefCell::default(),
        comment_ended: Cell::default(),
        may_hide: Cell::default(),
    };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts::default());
    let sink = &tokenizer.sink;
    let feed = |text: &str| {
        let input = BufferQueue::default();
        input.push_back(text.into());
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    };
    // The text is fed to the tokenizer unchanged, piece by piece, except for tags with too many attributes.
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
            let (length, cut) = scan_tag(markup);
            match cut {
                Some(cut) if length.is_some() => {
                    feed(&markup[..cut]);
                    feed(">");
                }
                // A tag that does not end is dropped, as the standard says.
                Some(_) => {}
                None => feed(&markup[..length.unwrap_or(markup.len())]),
            }
            length.map_or("", |length| &markup[length..])
        } else if raw.is_none()
            && ["<!", "<?", "</"].iter().any(|begin| markup.starts_with(begin))
            && !markup.starts_with("</>")
        {
            let is_cdata_section = markup.starts_with("<![CDATA[")
                && sink.adjusted_current_node_present_but_not_in_html_namespace();
            let end = if is_cdata_section { "]]>" } else { ">" };
            let mut rest = markup;
            sink.comment_ended.set(is_cdata_section);
            loop {
                let (piece, after) = rest.split_at(rest.find(end).map_or(rest.len(), |at| at + end.len()));
                feed(piece);
                rest = after;
                if rest.is_empty() || sink.comment_ended.get() {
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
    let may_hide = tokenizer.sink.may_hide.get();
    (tokenizer.sink.tree.sink, may_hide)
}

#[cfg(test)]
mod tests;
