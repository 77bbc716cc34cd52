//! A parse that takes time and memory by the length of its text, whatever the text is.
//!
//! The standard opens formatting that was never closed again in every paragraph
//! (<https://html.spec.whatwg.org/#reconstruct-the-active-formatting-elements>): with enough of it the tree grows by the square of
//! the text, and 25 KB take half a gigabyte. So only so much may be open at a time.

use std::cell::RefCell;

use html5ever::buffer_queue::BufferQueue;
use html5ever::driver::parse_fragment;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};
use html5ever::tree_builder::TreeBuilder;
use html5ever::{LocalName, ParseOpts, QualName, TokenizerResult, local_name, ns};
use markup5ever_rcdom::{Handle, RcDom};

/// How many formatting elements with attributes may be open that are not known to be closed. Of those without, and of those alike, the
/// standard keeps three (<https://html.spec.whatwg.org/#push-onto-the-list-of-active-formatting-elements>). More lose their attributes.
const OPEN: usize = 16;

/// What the tokens of a text go through on their way to the tree.
struct Bounded {
    tree: TreeBuilder<Handle, RcDom>,
    /// The names of those that are open: in the body, and in each cell that is in a cell. An end tag closes nothing outside its own.
    scopes: RefCell<Vec<Vec<LocalName>>>,
}

/// Formatting elements: <https://html.spec.whatwg.org/#formatting>
fn is_formatting(tag: &Tag) -> bool {
    matches!(&*tag.name, "a" | "b" | "big" | "code" | "em" | "font" | "i" | "nobr" | "s" | "small" | "strike" | "strong" | "tt" | "u")
}

/// Elements behind which formatting begins anew: <https://html.spec.whatwg.org/#concept-parser-marker>
fn is_marker(tag: &Tag) -> bool {
    matches!(&*tag.name, "applet" | "caption" | "marquee" | "object" | "td" | "template" | "th")
}

impl Bounded {
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
        match token {
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

/// The tree of a fragment of HTML, as the standard says but for formatting that is never closed.
pub(super) fn parse(html: &str) -> RcDom {
    let body = QualName::new(None, ns!(html), local_name!("body"));
    // Body is no element that changes the tokenizer's first state.
    let tree = parse_fragment(RcDom::default(), ParseOpts::default(), body, Vec::new(), true).tokenizer.sink;
    let tokenizer = Tokenizer::new(Bounded { tree, scopes: RefCell::new(vec![Vec::new()]) }, TokenizerOpts::default());
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
    fn formatting_that_is_closed_is_as_the_standard_says() {
        let html = "<p><b>甲</b>".repeat(1000);
        // The root, html, and three a paragraph.
        assert_eq!(nodes(&html), 2 + 3000);
    }
}
