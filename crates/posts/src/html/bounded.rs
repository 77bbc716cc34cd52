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

/// How many elements may be open, besides those that a table opens by itself; the start tags of more are read
/// over. Browsers have no deeper trees either (`kMaximumHTMLParserDOMTreeDepth` in
/// <https://source.chromium.org/chromium/chromium/src/+/main:third_party/blink/renderer/core/html/parser/html_construction_site.cc>).
const DEEPEST: usize = 512;

/// How many formatting elements may be open, and how many may wait to be opened again, together; the start
/// tags of more are read over.
const FORMATTING: usize = 16;

/// How many attributes a tag may have; more are read over.
const ATTRIBUTES: usize = 256;

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

/// Formatting elements: <https://html.spec.whatwg.org/#formatting>
fn is_formatting(name: &str) -> bool {
    matches!(
        name,
        "a" | "b"
            | "big"
            | "code"
            | "em"
            | "font"
            | "i"
            | "nobr"
            | "s"
            | "small"
            | "strike"
            | "strong"
            | "tt"
            | "u"
    )
}

/// Elements that have nothing in them: <https://html.spec.whatwg.org/#void-elements>
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "track"
            | "wbr"
    )
}

/// Elements whose text is not markup: <https://html.spec.whatwg.org/#parsing-main-inbody>
fn is_raw(name: &str) -> bool {
    matches!(
        name,
        "iframe"
            | "noembed"
            | "noframes"
            | "noscript"
            | "plaintext"
            | "script"
            | "style"
            | "textarea"
            | "title"
            | "xmp"
    )
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

/// How long the tag is that a text begins with, where it ends at all, and where the attributes begin that are
/// too many: <https://html.spec.whatwg.org/#before-attribute-name-state> and the states behind it.
fn tag(text: &str) -> (Option<usize>, Option<usize>) {
    enum State {
        TagName,
        BeforeName,
        Name,
        AfterName,
        BeforeValue,
        Quoted(u8),
        Unquoted,
    }
    let (mut state, mut attributes, mut cut) = (State::TagName, 0, None);
    for (at, byte) in text.bytes().enumerate().skip(1) {
        let is_space = byte.is_ascii_whitespace();
        // An attribute begins here.
        let mut name = || {
            attributes += 1;
            if attributes > ATTRIBUTES && cut.is_none() {
                cut = Some(at);
            }
            State::Name
        };
        state = match (state, byte) {
            (State::Quoted(quote), _) => {
                if byte == quote {
                    State::BeforeName
                } else {
                    State::Quoted(quote)
                }
            }
            (_, b'>') => return (Some(at + 1), cut),
            (State::TagName, b'/') if at == 1 => State::TagName,
            (State::TagName, _) if !is_space && byte != b'/' => State::TagName,
            (State::BeforeValue, b'"' | b'\'') => State::Quoted(byte),
            (State::BeforeValue, _) if is_space => State::BeforeValue,
            (State::BeforeValue | State::Unquoted, _) if !is_space => State::Unquoted,
            (State::Name | State::AfterName, b'=') => State::BeforeValue,
            (State::Name | State::AfterName, _) if is_space => State::AfterName,
            (State::TagName, _) | (State::Name | State::AfterName | State::BeforeName, b'/') => {
                State::BeforeName
            }
            (State::Name, _) => State::Name,
            (State::BeforeName | State::Unquoted, _) if is_space => State::BeforeName,
            _ => name(),
        };
    }
    (None, cut)
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
            let crafted =
                |lines: usize| (0..lines).map(|at| each.replace('N', &at.to_string())).collect::<String>();
            let (once, twice) = (nodes(&crafted(1000)), nodes(&crafted(2000)));
            assert!(twice < once * 5 / 2, "{each}: {once} nodes became {twice}");
        }
    }

    #[test]
    fn elements_that_are_never_closed_nest_no_deeper_than_browsers_have_them() {
        for each in [
            "<div>",
            "<span>",
            "<ul><li>",
            "<table><tr><td>",
            "<rt>",
            "<optgroup>",
            "<svg><g>",
            "<object></div>",
            "<span><div></span>",
        ] {
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
        let dom = parse(
            &("<div>".repeat(1000) + "<script><b>1</b></script><style><i></style><textarea><u></textarea>"),
        );
        let mut stack = vec![dom.document.clone()];
        while let Some(node) = stack.pop() {
            if let NodeData::Element { name, .. } = &node.data {
                assert!(
                    ["html", "div", "script", "style", "textarea"].contains(&&*name.local),
                    "{}",
                    name.local
                );
            }
            stack.extend(node.children.borrow().iter().cloned());
        }
    }

    /// All that can be read of a text, and how many elements, how deep, and attributes there are at most.
    fn read(html: &str) -> (String, usize, usize, usize) {
        let dom = parse(html);
        let (mut text, mut elements, mut deepest, mut attributes, mut stack) =
            (String::new(), 0, 0, 0, vec![(0, dom.document.clone())]);
        while let Some((depth, node)) = stack.pop() {
            deepest = deepest.max(depth);
            match &node.data {
                NodeData::Text { contents } => text.push_str(&contents.borrow()),
                NodeData::Element { attrs, .. } => {
                    elements += 1;
                    attributes = attributes.max(attrs.borrow().len());
                }
                _ => {}
            }
            stack.extend(node.children.borrow().iter().rev().map(|child| (depth + 1, child.clone())));
        }
        (text, elements, deepest, attributes)
    }

    #[test]
    fn a_tag_has_only_so_many_attributes_and_what_stands_behind_it_is_read() {
        let many: String = (0..150_000).map(|at| format!("a{at:05} ")).collect();
        let slashes: String = (0..10_000).map(|at| format!("/a{at:05}-=-")).collect();
        let long = "一".repeat(100_000);
        for html in [
            format!("前<b {many}>中</b>后"),
            format!("前<b {many}"),
            format!("前<b></b {many}>中后"),
            format!("前<b {slashes}>中</b>后"),
            format!("前<div {many} title='>' {many}>中</div>后"),
            format!("前<b title=\"{long}>{long}\">中</b>后"),
            format!("前<b title='{long}'>中</b>后"),
            format!("前<b title={long}>中</b>后"),
            format!("前<!--{long}-->中后"),
            format!("前<!--<b {many}-->中后"),
            format!("前&am<!--<b {many}-->中后").replace("&am", ""),
            format!("前<script><b {many}</script>中后").replace(&many, ""),
            format!("前<!{many}>中后"),
            format!("前<svg><![CDATA[<b {many} > ]]></svg>中后").replace(&format!("<b {many} > "), ""),
        ] {
            let (text, _, _, attributes) = read(&html);
            let text = text.replace("<b ", "");
            assert!(
                text == "前中后" || text == "前" && !html.contains('>'),
                "{} is read as {}",
                &html[..30],
                text.chars().take(100).collect::<String>()
            );
            assert!(attributes <= ATTRIBUTES, "{attributes}");
        }
        let script = format!(
            "前<script>if (a <b {many} >1) {{}}</script><textarea></b {many} ></textarea>后<svg><![CDATA[<b {many} > ]]></svg>末"
        );
        let (text, ..) = read(&script);
        assert_eq!(text.matches(&many).count(), 3);
    }

    #[test]
    fn what_is_within_bounds_is_read_as_the_standard_says() {
        use html5ever::tendril::TendrilSink as _;
        use proptest::prelude::*;
        fn written(node: &Handle, out: &mut String) {
            match &node.data {
                NodeData::Element { name, attrs, .. } => {
                    let attrs = attrs.borrow();
                    let is_kept = |name: &LocalName| ASKED.contains(&&**name);
                    let kept = attrs
                        .iter()
                        .filter(|attribute| !is_formatting(&name.local) || is_kept(&attribute.name.local));
                    out.push_str(&format!(
                        "<{:?} {:?}>",
                        name,
                        kept.map(|attribute| (&attribute.name.local, &attribute.value)).collect::<Vec<_>>()
                    ));
                }
                NodeData::Text { contents } => out.push_str(&contents.borrow()),
                data => out.push_str(&format!("{data:?}")),
            }
            node.children.borrow().iter().for_each(|child| written(child, out));
            out.push_str("</>");
        }
        let written = |dom: &RcDom| {
            let mut out = String::new();
            written(&dom.document, &mut out);
            out
        };
        let parts = prop::sample::select(vec![
            "<",
            "</",
            ">",
            "/",
            "=",
            "\"",
            "'",
            " ",
            "\n",
            "\r",
            "a",
            "p",
            "div",
            "<p>",
            "</p>",
            "<a href=x>",
            "</a>",
            "<td>",
            "<table>",
            "</table>",
            "<!--",
            "-->",
            "--!>",
            "<!",
            "<?",
            "]]>",
            "<![CDATA[",
            "<svg>",
            "</svg>",
            "<script>",
            "</script>",
            "<textarea>",
            "</textarea>",
            "<title>",
            "</title>",
            "&",
            "amp",
            ";",
            "&amp",
            "&#x4e00",
            "词",
            "<br>",
            "<b class='",
            "<img alt=\"",
            "\u{0}",
            "<select>",
            "<plaintext",
            "<style>",
            "</style ",
            "<math><mi>",
            "-",
            "!",
        ]);
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let result = runner.run(&prop::collection::vec(parts, 0..40), |parts| {
            // No more formatting, and of no other attributes, than is bounded.
            let html = parts.concat();
            prop_assume!(html.matches("<a").count() + html.matches("<b").count() < FORMATTING / 2);
            let body = QualName::new(None, ns!(html), local_name!("body"));
            let standard = parse_fragment(RcDom::default(), ParseOpts::default(), body, Vec::new(), true)
                .one(html.as_str());
            let ours = written(&parse(&html));
            prop_assert_eq!(ours, written(&standard), "{}", html);
            Ok(())
        });
        result.unwrap();
    }

    #[test]
    fn whatever_is_repeated_takes_room_by_its_length() {
        for each in [
            "<p><b class=N>词",
            "<p>词",
            "<b class=N><table></b></table><div></div><p>词",
            "<td><b class=N>词",
            "<svg><style><g>词",
            "<svg><desc><b class=N></desc></svg><p>词",
            "<a N=N href=N class=N><p>词",
            "<div><object></div></object><b class=N><p>词",
        ] {
            let crafted = |times: usize| {
                read(&(0..times).map(|at| each.replace('N', &at.to_string())).collect::<String>())
            };
            let ((once, elements, ..), (twice, more, deepest, _)) = (crafted(1000), crafted(2000));
            assert!(more <= elements * 5 / 2, "{each}: {elements} elements became {more}");
            assert!(
                more <= 2000 * (FORMATTING + 8) && deepest <= DEEPEST * 2,
                "{each}: {more} elements, {deepest} deep"
            );
            assert_eq!((once.matches('词').count(), twice.matches('词').count()), (1000, 2000), "{each}");
        }
    }

    #[test]
    fn formatting_that_is_closed_is_as_the_standard_says() {
        let html = "<p><b>甲</b>".repeat(1000);
        // The root, html, and three a paragraph.
        assert_eq!(nodes(&html), 2 + 3000);
    }
}
