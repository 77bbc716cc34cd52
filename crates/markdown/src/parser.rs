//! Turns the events of pulldown-cmark into operations.

use std::collections::HashMap;

use pulldown_cmark::{Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::CONSTRUCTS;
use crate::op::MarkdownOp;

/// The extensions of CommonMark that the bundle's Markdown has.
pub const EXTENSIONS: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_HEADING_ATTRIBUTES)
    .union(Options::ENABLE_DEFINITION_LIST);

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

    /// Gives the list or item that has just been opened an attribute, if there is one.
    fn describe(&mut self, element: &str, key: &'static str, value: &str) {
        for op in self.ops.iter_mut().rev() {
            match op {
                MarkdownOp::Open { name, attributes } if name == element => {
                    if attributes.iter().all(|(known, _)| *known != key) {
                        attributes.push((key, value.to_owned()));
                    }
                    return;
                }
                MarkdownOp::Open { name, .. } if name == "p" || name == "li" => {}
                _ => return,
            }
        }
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

    fn link(&mut self, address: String, text: String) {
        let title = String::new();
        self.ops.extend([
            MarkdownOp::OpenLink { address, title },
            MarkdownOp::Text(text),
            MarkdownOp::Close,
        ]);
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
            (
                "details" | "figure",
                [.., MarkdownOp::Open { name: group, .. }, MarkdownOp::Open { name: head, .. }],
            ) if group == "blockquote" && head == "p" => {
                name.clone_into(group);
                if name == "figure" { "figcaption" } else { "summary" }.clone_into(head);
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
            "audio" | "video" => self.open_with(name, "src", value),
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
        self.ops.push(MarkdownOp::Open { name: name.to_owned(), attributes: Vec::new() });
    }

    /// Opens an element with an attribute, unless that is empty.
    fn open_with(&mut self, name: &str, key: &'static str, value: &str) {
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
                let language = match &kind {
                    CodeBlockKind::Fenced(info) => info.split_whitespace().next().unwrap_or_default(),
                    CodeBlockKind::Indented => "",
                };
                let (language, text) = (language.to_owned(), plain_text(rest));
                return self.ops.push(MarkdownOp::CodeBlock { language, text });
            }
            Tag::FootnoteDefinition(name) => {
                return self.outside.push((name.into_string(), std::mem::take(&mut self.ops)));
            }
            Tag::List(Some(start)) => return self.open_with("ol", "start", &if start == 1 { String::new() } else { start.to_string() }),
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
            Tag::BlockQuote(_) => "blockquote",
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
            TagEnd::Paragraph if matches!(self.ops.last(), Some(MarkdownOp::Open { name, .. }) if name == "p") => {
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

    #[test]
    fn markdown_becomes_operations() {
        let check = |markdown: &str, expected: &[&str]| {
            let encoded: Vec<String> = parse(markdown).iter().map(MarkdownOp::encode).collect();
            assert_eq!(encoded, expected, "{markdown}");
        };
        check("a *b*\nc", &["<p", "=a ", "<em", "=b", ">", "=\nc", ">"]);
        check("3. x", &["<ol\nstart 3", "<li", "=x", ">", ">"]);
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
                "<th\nclass right",
                "=b",
                ">",
                ">",
                ">",
                "<tbody",
                "<tr",
                "<td",
                "=c",
                ">",
                "<td\nclass right",
                ">",
                ">",
                ">",
                ">",
            ],
        );
        check("```\n<b>\n```", &["#\n<b>\n"]);
        check("```rust x\na\n```", &["#rust\na\n"]);
        check("<b>x</b>", &["<p", "=<b>x</b>", ">"]);
    }

    #[test]
    fn extensions_become_operations() {
        let check = |markdown: &str, expected: &[&str]| {
            let encoded: Vec<String> = parse(markdown).iter().map(MarkdownOp::encode).collect();
            assert_eq!(encoded, expected, "{markdown}");
        };
        check("## a {#b}", &["<h2\nid b", "=a", ">"]);
        check("- [x] a\n- [ ] b", &["<ul", "<li\nclass done", "=a", ">", "<li\nclass todo", "=b", ">", ">"]);
        check("a\n: b", &["<dl", "<dt", "=a", ">", "<dd", "=b", ">", ">"]);
        check(
            "a[^n][^n]\n\n[^n]: b",
            &[
                "<p", "=a", "<sup\nid fnref:n", "@#fn:n\n", "=1", ">", ">", "<sup\nid fnref:n:2", "@#fn:n\n", "=1",
                ">", ">", ">", "<ol\nclass footnotes", "<li\nid fn:n", "<p", "=b", ">", "@#fnref:n\n", "=↩\u{fe0e}",
                ">", "@#fnref:n:2\n", "=↩\u{fe0e}", ">", ">", ">",
            ],
        );
        check("10![8](as:sup)", &["<p", "=10", "<sup", "=8", ">", ">"]);
        check("![a *b*](as:abbr \"c d\")", &["<p", "<abbr\ntitle c d", "=a ", "<em", "=b", ">", ">", ">"]);
        check("![a](as:unknown)![b](x)", &["<p", "=a", "!x\n\nb", ">"]);
        check(
            "4. ![](as:list \"A reversed\")![](as:item \"9\")a",
            &["<ol\nstart 4\ntype A\nreversed ", "<li\nvalue 9", "=a", ">", ">"],
        );
        check("1. ![](as:item \"9\")\n\n   > b", &["<ol", "<li\nvalue 9", "<blockquote", "<p", "=b", ">", ">", ">", ">"]);
        check(
            "> ![a](as:details)\n>\n> b",
            &["<details", "<summary", "=a", ">", "<p", "=b", ">", ">"],
        );
        check("![a](as:player \"/b\")", &["<p", "<span\nclass player", "@/b\n", "=a", ">", ">", ">"]);
        check("a ![](as:details)![](as:list \"A\")", &["<p", "=a ", ">"]);
    }
}
