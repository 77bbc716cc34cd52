//! Turns the events of pulldown-cmark into operations.

use std::collections::HashMap;

use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::op::MarkdownOp;

/// The extensions of CommonMark that the bundle's Markdown has.
pub const EXTENSIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_DEFINITION_LIST);

/// The names of the bundle's construct for what Markdown has no signs for, `![WORDS](as:NAME)`, that are names of
/// elements; see docs/bundle-format.md.
const CONSTRUCTS: [&str; 18] = [
    "cite", "dfn", "ins", "kbd", "li", "mark", "ol", "p", "q", "rt", "ruby", "samp", "small", "sub", "sup",
    "u", "ul", "var",
];

/// Parses the bundle's Markdown. Raw HTML becomes text.
pub fn parse(markdown: &str) -> Vec<MarkdownOp> {
    let mut writer = Writer::default();
    let mut events = Parser::new_ext(markdown, EXTENSIONS);
    while let Some(event) = events.next() {
        writer.event(event, &mut events);
    }
    writer.finish()
}

#[derive(Default)]
struct Writer {
    ops: Vec<MarkdownOp>,
    /// For each open construct, how many operations close it.
    constructs: Vec<usize>,
    /// For each open quotation, where the caption begins, if the quotation is a figure.
    captions: Vec<Option<usize>>,
    /// The alignment of each column of the open table.
    alignments: Vec<Alignment>,
    /// The column of the next cell.
    column: usize,
    /// Whether the open row is a table's head.
    in_head: bool,
    /// The footnotes' names in the order of their first references, each with the count of references.
    notes: Vec<(String, usize)>,
    /// The index in `notes` of each name.
    note_of: HashMap<String, usize>,
    /// The operations of each footnote.
    definitions: HashMap<String, Vec<MarkdownOp>>,
    /// The names of the open footnotes, and the operations before them.
    outside: Vec<(String, Vec<MarkdownOp>)>,
}

impl Writer {
    fn event<'a>(&mut self, event: Event<'a>, rest: &mut impl Iterator<Item = Event<'a>>) {
        match event {
            Event::Start(tag) => self.start(tag, rest),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::SoftBreak => self.text("\n"),
            Event::Code(text) => self.ops.push(MarkdownOp::Code(text.into_string())),
            Event::HardBreak => self.ops.push(MarkdownOp::LineBreak),
            Event::Rule => self.ops.push(MarkdownOp::Rule),
            Event::FootnoteReference(name) => self.note(&name),
            Event::TaskListMarker(is_done) => {
                self.describe("li", "class", if is_done { "done" } else { "todo" });
            }
            // Extensions that are not enabled.
            Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    /// Gives the element of this name that has just been opened an attribute, if there is one.
    fn describe(&mut self, element: &str, name: &str, value: &str) {
        let found = self.ops.iter().rposition(|op| match op {
            MarkdownOp::Attribute { .. } => false,
            MarkdownOp::Open(open) => open == element || open != "p" && open != "li",
            _ => true,
        });
        let Some(at) = found.filter(|at| matches!(&self.ops[*at], MarkdownOp::Open(open) if open == element))
        else {
            return;
        };
        let attributes = self.ops[at + 1..].iter().map_while(|op| match op {
            MarkdownOp::Attribute { name, .. } => Some(name),
            _ => None,
        });
        let mut count = 0;
        for known in attributes {
            if known == name {
                return;
            }
            count += 1;
        }
        let attribute = MarkdownOp::Attribute { name: name.to_owned(), value: value.to_owned() };
        self.ops.insert(at + 1 + count, attribute);
    }

    /// Adds a reference to a footnote.
    fn note(&mut self, name: &str) {
        let name = &single_line(name);
        let at = *self.note_of.entry(name.clone()).or_insert(self.notes.len());
        if at == self.notes.len() {
            self.notes.push((name.clone(), 0));
        }
        let (_, count) = &mut self.notes[at];
        *count += 1;
        let id = reference_id(name, *count);
        self.open_with("sup", "id", &id);
        self.link(["#fn:", name].concat(), (at + 1).to_string());
        self.ops.push(MarkdownOp::Close);
    }

    /// Moves the element that begins at an operation to the end.
    fn move_to_end(&mut self, begin: usize) {
        let mut depth = 0_usize;
        let end = self.ops[begin..].iter().position(|op| {
            match op {
                MarkdownOp::Open(_) | MarkdownOp::OpenLink { .. } => depth += 1,
                MarkdownOp::Close => depth -= 1,
                _ => {}
            }
            depth == 0
        });
        self.ops[begin..].rotate_left(end.map_or(0, |end| end + 1));
    }

    fn link(&mut self, address: String, text: String) {
        let title = String::new();
        self.ops.extend([MarkdownOp::OpenLink { address, title }, MarkdownOp::Text(text), MarkdownOp::Close]);
    }

    /// Returns the operations, with the footnotes at the end in the order of their references.
    fn finish(mut self) -> Vec<MarkdownOp> {
        if self.notes.is_empty() {
            return self.ops;
        }
        self.open_with("ol", "class", "footnotes");
        for (name, count) in std::mem::take(&mut self.notes) {
            self.open_with("li", "id", &["fn:", &name].concat());
            self.ops.append(&mut self.definitions.remove(&name).unwrap_or_default());
            for reference in 1..=count.min(MAX_BACK_LINKS) {
                // The last character asks for a sign instead of a picture.
                self.link(["#", &reference_id(&name, reference)].concat(), "↩\u{fe0e}".to_owned());
            }
            self.ops.push(MarkdownOp::Close);
        }
        self.ops.push(MarkdownOp::Close);
        self.ops
    }

    /// Opens a construct of the bundle's Markdown.
    fn construct(&mut self, name: &str, value: &str) {
        let head = match (name, self.ops.as_mut_slice()) {
            ("details" | "figure", [.., MarkdownOp::Open(group), MarkdownOp::Open(head)])
                if group == "blockquote" && head == "p" =>
            {
                name.clone_into(group);
                if name == "figure" { "figcaption" } else { "summary" }.clone_into(head);
                let caption = (name == "figure").then(|| self.ops.len() - 1);
                if let Some(open) = self.captions.last_mut() {
                    *open = caption;
                }
                true
            }
            _ => false,
        };
        let closes = if head { 0 } else { self.construct_element(name, value) };
        self.constructs.push(closes);
    }

    /// Opens the element of a construct, if it has one. Returns how many operations close it.
    fn construct_element(&mut self, name: &str, value: &str) -> usize {
        match name {
            "list" => {
                for word in value.split(' ') {
                    let key = if word == "reversed" { "reversed" } else { "type" };
                    self.describe("ol", key, if key == "type" { word } else { "" });
                }
                return 0;
            }
            "item" => {
                match value {
                    "x" => self.describe("li", "class", "done"),
                    "o" => self.describe("li", "class", "todo"),
                    number => self.describe("li", "value", number),
                }
                return 0;
            }
            "note" => {
                self.note(value);
                return 0;
            }
            "br" => {
                self.ops.push(MarkdownOp::LineBreak);
                return 0;
            }
            "id" => self.open_with("span", "id", value),
            "math" => self.open_with("span", "class", name),
            "abbr" => self.open_with(name, "title", value),
            "audio" | "video" => {
                self.open_with(name, "src", value);
                self.describe(name, "controls", "");
                // Nothing is asked for before the reader wants it.
                self.describe(name, "preload", "none");
            }
            "player" => {
                self.open_with("span", "class", name);
                let (address, title) = (value.to_owned(), String::new());
                self.ops.push(MarkdownOp::OpenLink { address, title });
                return 2;
            }
            name if CONSTRUCTS.contains(&name) => self.open(name),
            _ => return 0,
        }
        1
    }

    fn open(&mut self, name: &str) {
        self.ops.push(MarkdownOp::Open(name.to_owned()));
    }

    /// Opens an element with an attribute, unless that is empty.
    fn open_with(&mut self, name: &str, key: &str, value: &str) {
        self.open(name);
        if !value.is_empty() {
            self.describe(name, key, value);
        }
    }

    fn text(&mut self, text: &str) {
        match self.ops.last_mut() {
            Some(MarkdownOp::Text(last)) => last.push_str(text),
            _ => self.ops.push(MarkdownOp::Text(text.to_owned())),
        }
    }

    fn start<'a>(&mut self, tag: Tag<'a>, rest: &mut impl Iterator<Item = Event<'a>>) {
        let name = match tag {
            Tag::Link { dest_url, title, .. } => {
                let (address, title) = (single_line(&dest_url), single_line(&title));
                return self.ops.push(MarkdownOp::OpenLink { address, title });
            }
            Tag::Image { dest_url, title, .. } => {
                let (address, title) = (single_line(&dest_url), single_line(&title));
                if let Some(name) = address.strip_prefix("as:") {
                    return self.construct(name, &title);
                }
                return self.ops.push(MarkdownOp::Image { address, title, alt: plain_text(rest) });
            }
            Tag::CodeBlock(kind) => {
                let class = match &kind {
                    CodeBlockKind::Fenced(info) => info.split_whitespace().next(),
                    CodeBlockKind::Indented => None,
                };
                let class = class.map(|language| ["language-", language].concat()).unwrap_or_default();
                return self.ops.push(MarkdownOp::CodeBlock { class, text: plain_text(rest) });
            }
            Tag::FootnoteDefinition(name) => {
                return self.outside.push((name.into_string(), std::mem::take(&mut self.ops)));
            }
            Tag::List(Some(start)) => {
                return self.open_with(
                    "ol",
                    "start",
                    &if start == 1 { String::new() } else { start.to_string() },
                );
            }
            Tag::Table(alignments) => {
                self.alignments = alignments;
                "table"
            }
            Tag::TableHead => {
                (self.in_head, self.column) = (true, 0);
                self.open("thead");
                "tr"
            }
            Tag::TableRow => {
                self.column = 0;
                "tr"
            }
            Tag::TableCell => {
                let alignment = match self.alignments.get(self.column) {
                    Some(Alignment::Right) => "right",
                    Some(Alignment::Center) => "center",
                    Some(Alignment::Left) => "left",
                    Some(Alignment::None) | None => "",
                };
                self.column += 1;
                return self.open_with(if self.in_head { "th" } else { "td" }, "class", alignment);
            }
            // Raw HTML is text, not an element.
            Tag::HtmlBlock => return,
            Tag::Heading { level, id, .. } => {
                let name = match level {
                    HeadingLevel::H1 => "h1",
                    HeadingLevel::H2 => "h2",
                    HeadingLevel::H3 => "h3",
                    HeadingLevel::H4 => "h4",
                    HeadingLevel::H5 => "h5",
                    HeadingLevel::H6 => "h6",
                };
                return self.open_with(name, "id", &id.unwrap_or(CowStr::Borrowed("")));
            }
            Tag::BlockQuote(_) => {
                self.captions.push(None);
                "blockquote"
            }
            Tag::List(None) => "ul",
            Tag::Item => "li",
            Tag::Emphasis => "em",
            Tag::Strong => "strong",
            Tag::Strikethrough => "del",
            Tag::DefinitionList => "dl",
            Tag::DefinitionListTitle => "dt",
            Tag::DefinitionListDefinition => "dd",
            // A paragraph; the other tags belong to extensions that are not enabled.
            _ => "p",
        };
        self.open(name);
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::HtmlBlock => return,
            TagEnd::TableHead => {
                self.in_head = false;
                self.ops.extend([MarkdownOp::Close, MarkdownOp::Close]);
                return self.open("tbody");
            }
            TagEnd::Table => self.ops.push(MarkdownOp::Close),
            TagEnd::BlockQuote(_) => {
                if let Some(begin) = self.captions.pop().flatten() {
                    self.move_to_end(begin);
                }
            }
            TagEnd::Image => {
                let closes = self.constructs.pop().unwrap_or(0);
                return self.ops.extend(std::iter::repeat_n(MarkdownOp::Close, closes));
            }
            TagEnd::FootnoteDefinition => {
                let (name, outside) = self.outside.pop().unwrap_or_default();
                let ops = std::mem::replace(&mut self.ops, outside);
                self.definitions.entry(single_line(&name)).or_insert(ops);
                return;
            }
            // A paragraph that only described its list is none.
            TagEnd::Paragraph if matches!(self.ops.last(), Some(MarkdownOp::Open(name)) if name == "p") => {
                self.ops.pop();
                return;
            }
            _ => {}
        }
        self.ops.push(MarkdownOp::Close);
    }
}

/// The largest number of links back from a footnote.
const MAX_BACK_LINKS: usize = 50;

/// The id of a reference to a footnote, as kramdown's: the first one has no number.
fn reference_id(note: &str, count: usize) -> String {
    match count {
        1 => ["fnref:", note].concat(),
        count => ["fnref:", note, ":", &count.to_string()].concat(),
    }
}

fn single_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// Consumes the events up to the end of the open element, and returns their plain text.
fn plain_text<'a>(events: &mut impl Iterator<Item = Event<'a>>) -> String {
    let (mut plain, mut depth) = (String::new(), 1);
    for event in events {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => {
                depth -= 1;
                if depth == 0 {
                    break;
                }
            }
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                plain.push_str(&text);
            }
            Event::SoftBreak | Event::HardBreak => plain.push(' '),
            _ => {}
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(markdown: &str, expected: &[&str]) {
        let encoded: Vec<String> = parse(markdown).iter().map(MarkdownOp::encode).collect();
        assert_eq!(encoded, expected, "{markdown}");
    }

    #[test]
    fn markdown_becomes_operations() {
        check("a *b*\nc", &["<p", "=a ", "<em", "=b", ">", "=\nc", ">"]);
        check("3. x", &["<ol", "+start\n3", "<li", "=x", ">", ">"]);
        check("[t](quote:1.2 \"u\")![*v* w](x)", &["<p", "@quote:1.2\nu", "=t", ">", "!x\n\nv w", ">"]);
        check(
            "|a|b|\n|-|-:|\n|c|",
            &[
                "<table",
                "<thead",
                "<tr",
                "<th",
                "=a",
                ">",
                "<th",
                "+class\nright",
                "=b",
                ">",
                ">",
                ">",
                "<tbody",
                "<tr",
                "<td",
                "=c",
                ">",
                "<td",
                "+class\nright",
                ">",
                ">",
                ">",
                ">",
            ],
        );
        check("```\n<b>\n```", &["#\n<b>\n"]);
        check("```rust x\na\n```", &["#language-rust\na\n"]);
        check("<b>x</b>", &["<p", "=<b>x</b>", ">"]);
    }

    #[test]
    fn extensions_become_operations() {
        check("## a {#b}", &["<h2", "+id\nb", "=a", ">"]);
        check(
            "- [x] a\n- [ ] b",
            &["<ul", "<li", "+class\ndone", "=a", ">", "<li", "+class\ntodo", "=b", ">", ">"],
        );
        check("a\n: b", &["<dl", "<dt", "=a", ">", "<dd", "=b", ">", ">"]);
        check(
            "a[^n][^n]\n\n[^n]: b",
            &[
                "<p",
                "=a",
                "<sup",
                "+id\nfnref:n",
                "@#fn:n\n",
                "=1",
                ">",
                ">",
                "<sup",
                "+id\nfnref:n:2",
                "@#fn:n\n",
                "=1",
                ">",
                ">",
                ">",
                "<ol",
                "+class\nfootnotes",
                "<li",
                "+id\nfn:n",
                "<p",
                "=b",
                ">",
                "@#fnref:n\n",
                "=↩\u{fe0e}",
                ">",
                "@#fnref:n:2\n",
                "=↩\u{fe0e}",
                ">",
                ">",
                ">",
            ],
        );
        check("10![8](as:sup)", &["<p", "=10", "<sup", "=8", ">", ">"]);
        check(
            "![a *b*](as:abbr \"c d\")",
            &["<p", "<abbr", "+title\nc d", "=a ", "<em", "=b", ">", ">", ">"],
        );
        check("![a](as:unknown)![b](x)", &["<p", "=a", "!x\n\nb", ">"]);
        check(
            "4. ![](as:list \"A reversed\")![](as:item \"9\")a",
            &["<ol", "+start\n4", "+type\nA", "+reversed\n", "<li", "+value\n9", "=a", ">", ">"],
        );
        check(
            "1. ![](as:item \"9\")\n\n   > b",
            &["<ol", "<li", "+value\n9", "<blockquote", "<p", "=b", ">", ">", ">", ">"],
        );
        check("> ![a](as:details)\n>\n> b", &["<details", "<summary", "=a", ">", "<p", "=b", ">", ">"]);
        check(
            "> ![a](as:figure)\n>\n> ![](/b)",
            &["<figure", "<p", "!/b\n\n", ">", "<figcaption", "=a", ">", ">"],
        );
        check("![a](as:player \"/b\")", &["<p", "<span", "+class\nplayer", "@/b\n", "=a", ">", ">", ">"]);
        check("a ![](as:details)![](as:list \"A\")", &["<p", "=a ", ">"]);
    }
}
