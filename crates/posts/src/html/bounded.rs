//! A parse that takes time and memory by the length of its text, whatever the text is.
//!
//! The standard opens formatting that was never closed again in every paragraph
//! (<https://html.spec.whatwg.org/#reconstruct-the-active-formatting-elements>): with enough of it the tree grows by the square of
//! the text, and 25 KB take half a gigabyte. And with many start tags it looks through all elements that are open: a megabyte of
//! `<div>` takes minutes. So only so much may be open at a time. A tag's attributes are each compared with all before it, so a tag is
//! only so long.

use std::cell::{Cell, RefCell};

use html5ever::buffer_queue::BufferQueue;
use html5ever::driver::parse_fragment;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::{Tracer, TreeBuilder};
use html5ever::{LocalName, ParseOpts, QualName, TokenizerResult, local_name, ns};
use markup5ever_rcdom::{Handle, RcDom};

/// How many formatting elements with attributes may be open that are not known to be closed. Of those without, and of those alike, the
/// standard keeps three (<https://html.spec.whatwg.org/#push-onto-the-list-of-active-formatting-elements>). More lose their attributes.
const OPEN: usize = 16;

/// How many elements may be open, besides those that a table opens by itself; the start tags of more are read over, as browsers do it
/// (`kMaximumHTMLParserDOMTreeDepth` in <https://source.chromium.org/chromium/chromium/src/+/main:third_party/blink/renderer/core/html/parser/html_construction_site.cc>).
const DEEPEST: usize = 512;

/// How many bytes a tag may have; what else is in it is read over.
const TAG: usize = 16 * 1024;

/// How many bytes the tokenizer is given at a time.
const PIECE: usize = 4 * 1024;

/// What ends a tag in whatever state its attributes are, and is text within a comment (or, within drawings, a CDATA section).
const TAG_END: &str = "'\">";

/// What the tokens of a text go through on their way to the tree.
struct Bounded {
    tree: TreeBuilder<Handle, RcDom>,
    /// The names of those that are open: in the body, and in each cell that is in a cell. An end tag closes nothing outside its own.
    scopes: RefCell<Vec<Vec<LocalName>>>,
    /// How many start tags may come before the open elements have to be counted again.
    room: Cell<usize>,
    /// Whether a token has come since this was last asked.
    has_token: Cell<bool>,
}

/// Formatting elements: <https://html.spec.whatwg.org/#formatting>
fn is_formatting(tag: &Tag) -> bool {
    matches!(&*tag.name, "a" | "b" | "big" | "code" | "em" | "font" | "i" | "nobr" | "s" | "small" | "strike" | "strong" | "tt" | "u")
}

/// Elements that have nothing in them: <https://html.spec.whatwg.org/#void-elements>
fn is_void(tag: &Tag) -> bool {
    matches!(&*tag.name, "area" | "base" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta" | "source" | "track" | "wbr")
}

/// Elements whose text is not markup: <https://html.spec.whatwg.org/#parsing-main-inbody>
fn is_raw(tag: &Tag) -> bool {
    matches!(&*tag.name, "iframe" | "noembed" | "noframes" | "noscript" | "plaintext" | "script" | "style" | "textarea" | "title" | "xmp")
}

/// Counts what a tree holds on to.
#[derive(Default)]
struct Count(Cell<usize>);

impl Tracer for Count {
    type Handle = Handle;

    fn trace_handle(&self, _: &Handle) {
        self.0.set(self.0.get() + 1);
    }
}

/// Elements behind which formatting begins anew: <https://html.spec.whatwg.org/#concept-parser-marker>
fn is_marker(tag: &Tag) -> bool {
    matches!(&*tag.name, "applet" | "caption" | "marquee" | "object" | "td" | "template" | "th")
}

impl Bounded {
    /// Whether an element may be opened within those that are.
    fn has_room(&self) -> bool {
        if self.room.get() == 0 {
            let open = Count::default();
            self.tree.trace_handles(&open);
            self.room.set(DEEPEST.saturating_sub(open.0.get()));
        }
        let room = self.room.get();
        self.room.set(room.saturating_sub(1));
        room > 0
    }

    /// A tag as it goes on to the tree.
    fn bounded(&self, mut tag: Tag) -> Tag {
        let mut scopes = self.scopes.borrow_mut();
        let open: usize = scopes.iter().map(Vec::len).sum();
        match tag.kind {
            TagKind::StartTag if is_marker(&tag) => scopes.push(Vec::new()),
            // Whether it ends one is the tree's to know: what may be open is not forgotten.
            TagKind::EndTag if is_marker(&tag) && scopes.len() > 1 => {
                let left = scopes.pop().unwrap_or_default();
                if let Some(outer) = scopes.last_mut() {
                    outer.extend(left);
                }
            }
            TagKind::StartTag if is_formatting(&tag) && !tag.attrs.is_empty() => {
                if open >= OPEN && &*tag.name != "a" {
                    tag.attrs.clear();
                } else if &*tag.name != "a"
                    && let Some(scope) = scopes.last_mut()
                {
                    scope.push(tag.name.clone());
                }
            }
            TagKind::EndTag if is_formatting(&tag) => {
                if let Some(scope) = scopes.last_mut()
                    && let Some(at) = scope.iter().rposition(|name| *name == tag.name)
                {
                    scope.remove(at);
                }
            }
            _ => {}
        }
        tag
    }
}

impl TokenSink for Bounded {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        if !matches!(token, Token::ParseError(_)) {
            self.has_token.set(true);
        }
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag && !is_void(&tag) && !is_raw(&tag) && !self.has_room() => TokenSinkResult::Continue,
            Token::TagToken(tag) => self.tree.process_token(Token::TagToken(self.bounded(tag)), line),
            token => self.tree.process_token(token, line),
        }
    }

    fn end(&self) {
        self.tree.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.tree.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// The tree of a fragment of HTML, as the standard says but for formatting and elements that are never closed.
pub(super) fn parse(html: &str) -> RcDom {
    let body = QualName::new(None, ns!(html), local_name!("body"));
    // Body is no element that changes the tokenizer's first state.
    let tree = parse_fragment(RcDom::default(), ParseOpts::default(), body, Vec::new(), true).tokenizer.sink;
    let tokenizer =
        Tokenizer::new(Bounded { tree, scopes: RefCell::new(vec![Vec::new()]), room: Cell::default(), has_token: Cell::default() }, TokenizerOpts::default());
    let feed = |text: &str| {
        let input = BufferQueue::default();
        input.push_back(text.into());
        while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
        tokenizer.sink.has_token.take()
    };
    // Text gives tokens as it comes; bytes without a token are those of one tag or comment.
    let (mut silent, mut rest) = (0, html);
    while !rest.is_empty() {
        let (piece, after) = rest.split_at(rest.ceil_char_boundary(PIECE));
        rest = after;
        silent = if feed(piece) { 0 } else { silent + piece.len() };
        // Not between the characters that end a comment.
        if silent > TAG && !piece.ends_with(['-', '!', ']']) {
            silent = 0;
            if feed(TAG_END) {
                rest = rest.find('>').map_or("", |end| &rest[end + 1..]);
            }
        }
    }
    tokenizer.end();
    tokenizer.sink.tree.sink
}

#[cfg(test)]
mod tests {
    use markup5ever_rcdom::NodeData;

    use super::*;

    fn nodes(html: &str) -> usize {
        let dom = parse(html);
        let (mut count, mut stack) = (0, vec![dom.document.clone()]);
        while let Some(node) = stack.pop() {
            count += 1;
            stack.extend(node.children.borrow().iter().cloned());
        }
        count
    }

    #[test]
    fn formatting_that_is_never_closed_makes_a_tree_by_the_length_of_the_text() {
        for each in [
            "<p><b class=N>词",
            "<p><b class=N></i>词",
            "<b class=N><table><tr><td></b></table><p>词",
            "<td><b class=N></td><p>词",
            "<select><b class=N></select><p>词",
        ] {
            let crafted = |lines: usize| (0..lines).map(|at| each.replace('N', &at.to_string())).collect::<String>();
            let (once, twice) = (nodes(&crafted(1000)), nodes(&crafted(2000)));
            assert!(twice < once * 5 / 2, "{each}: {once} nodes became {twice}");
        }
    }

    #[test]
    fn elements_that_are_never_closed_nest_no_deeper_than_browsers_have_them() {
        for each in ["<div>", "<span>", "<b>", "<ul><li>", "<table><tr><td>", "<rt>", "<optgroup>", "<svg><g>", "<object></div>", "<span><div></span>"] {
            let dom = parse(&(each.repeat(3_000) + "深<br>"));
            let (mut depth, mut text, mut stack) = (0, String::new(), vec![(0, dom.document.clone())]);
            while let Some((at, node)) = stack.pop() {
                depth = depth.max(at);
                if let NodeData::Text { contents } = &node.data {
                    text.push_str(&contents.borrow());
                }
                stack.extend(node.children.borrow().iter().map(|child| (at + 1, child.clone())));
            }
            assert!((200..=DEEPEST * 3 / 2).contains(&depth), "{each} is {depth} deep");
            assert_eq!(text, "深", "{each}");
        }
    }

    #[test]
    fn text_that_is_none_of_markup_stays_so_however_deep() {
        let dom = parse(&("<div>".repeat(1000) + "<script><b>1</b></script><style><i></style><textarea><u></textarea>"));
        let mut stack = vec![dom.document.clone()];
        while let Some(node) = stack.pop() {
            if let NodeData::Element { name, .. } = &node.data {
                assert!(["html", "div", "script", "style", "textarea"].contains(&&*name.local), "{}", name.local);
            }
            stack.extend(node.children.borrow().iter().cloned());
        }
    }

    #[test]
    fn a_tag_of_any_length_is_read_in_time_by_its_length_and_what_stands_behind_it_is_read() {
        let many: String = (0..150_000).map(|at| format!("a{at:05} ")).collect();
        let long = "一".repeat(100_000);
        for text in [
            format!("前<b {many}>中</b>后"),
            format!("前<b {many}{many}"),
            format!("前<b title=\"{long}\">中</b>后"),
            format!("前<b title='{long}'>中</b>后"),
            format!("前<b title={long}>中</b>后"),
            format!("前<!--{long}-->中后"),
            format!("前<!--{}-->中后", "-".repeat(100_000)),
            format!("前<!-- {} -->中后", "'\">".repeat(50_000)),
            format!("前<!{long}>中后"),
            format!("前<svg><![CDATA[{long}]]></svg>中后"),
            format!("前<b {long}=\"{long}\" {long}>中</b>后"),
        ] {
            let dom = parse(&text);
            let (mut read, mut stack) = (String::new(), vec![dom.document.clone()]);
            while let Some(node) = stack.pop() {
                match &node.data {
                    NodeData::Text { contents } => read.push_str(&contents.borrow()),
                    NodeData::Element { attrs, .. } => assert!(attrs.borrow().len() < 4096),
                    _ => {}
                }
                stack.extend(node.children.borrow().iter().rev().cloned());
            }
            let read = read.replace(TAG_END, "").replace(&long, "");
            let is_whole = read == "前中后" || read == "前" && !text.contains('>');
            assert!(is_whole, "{} is read as {}", text.chars().take(20).collect::<String>(), read.chars().take(100).collect::<String>());
        }
    }

    #[test]
    fn formatting_that_is_closed_is_as_the_standard_says() {
        let html = "<p><b>甲</b>".repeat(1000);
        // The root, html, and three a paragraph.
        assert_eq!(nodes(&html), 2 + 3000);
    }
}
