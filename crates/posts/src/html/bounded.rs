//! A parse that takes time and memory by the length of its text, whatever the text is.
//!
//! The standard opens formatting that was never closed again in every paragraph
//! (<https://html.spec.whatwg.org/#reconstruct-the-active-formatting-elements>): with enough of it the tree grows by the square of
//! the text, and 25 KB take half a gigabyte. So only so much may be open at a time.

use std::cell::Cell;

use html5ever::buffer_queue::BufferQueue;
use html5ever::driver::parse_fragment;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::TreeBuilder;
use html5ever::{ParseOpts, QualName, TokenizerResult, local_name, ns};
use markup5ever_rcdom::{Handle, RcDom};

/// How many formatting elements may be open: those of the first that are not closed. What stands in more keeps its words.
const OPEN: usize = 64;

/// What the tokens of a text go through on their way to the tree.
struct Bounded {
    tree: TreeBuilder<Handle, RcDom>,
    open: Cell<usize>,
    dropped: Cell<usize>,
}

/// Formatting elements but those of which one closes another: <https://html.spec.whatwg.org/#formatting>
fn is_formatting(tag: &Tag) -> bool {
    matches!(&*tag.name, "b" | "big" | "code" | "em" | "font" | "i" | "s" | "small" | "strike" | "strong" | "tt" | "u")
}

impl Bounded {
    /// Whether a tag is one too many, or closes one that was.
    fn is_dropped(&self, tag: &Tag) -> bool {
        let (open, dropped) = (self.open.get(), self.dropped.get());
        match tag.kind {
            TagKind::StartTag if open >= OPEN => {
                self.dropped.set(dropped + 1);
                true
            }
            TagKind::StartTag => {
                self.open.set(open + 1);
                false
            }
            TagKind::EndTag if dropped > 0 => {
                self.dropped.set(dropped - 1);
                true
            }
            TagKind::EndTag => {
                self.open.set(open.saturating_sub(1));
                false
            }
        }
    }
}

impl TokenSink for Bounded {
    type Handle = Handle;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Handle> {
        match &token {
            Token::TagToken(tag) if is_formatting(tag) && self.is_dropped(tag) => TokenSinkResult::Continue,
            _ => self.tree.process_token(token, line),
        }
    }

    fn end(&self) {
        self.tree.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.tree.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// The tree of a fragment of HTML, as the standard says but for formatting that is never closed.
pub(super) fn parse(html: &str) -> RcDom {
    let body = QualName::new(None, ns!(html), local_name!("body"));
    // Body is no element that changes the tokenizer's first state.
    let tree = parse_fragment(RcDom::default(), ParseOpts::default(), body, Vec::new(), true).tokenizer.sink;
    let tokenizer = Tokenizer::new(Bounded { tree, open: Cell::new(0), dropped: Cell::new(0) }, TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(html.into());
    while !matches!(tokenizer.feed(&input), TokenizerResult::Done) {}
    tokenizer.end();
    tokenizer.sink.tree.sink
}

#[cfg(test)]
mod tests {
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
        let crafted = |lines: usize| (0..lines).map(|at| format!("<p><b class={at}>词")).collect::<String>();
        let (once, twice) = (nodes(&crafted(2000)), nodes(&crafted(4000)));
        assert!(twice < once * 5 / 2, "{once} nodes became {twice}");
    }

    #[test]
    fn formatting_that_is_closed_is_as_the_standard_says() {
        let html = "<p><b>甲</b>".repeat(1000);
        // The root, html, and three a paragraph.
        assert_eq!(nodes(&html), 2 + 3000);
    }
}
