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
    /// For each open construct and picture, whether an operation closes it.
    constructs: Vec<bool>,
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
            Event::TaskListMarker(is_done) => self.describe("li", if is_done { "x" } else { "o" }),
            // Extensions that are not enabled.
            Event::InlineMath(_) | Event::DisplayMath(_) => {}
        }
    }

    /// Adds a property to the list or item of this name that has just been opened, if there is one.
    fn describe(&mut self, wanted: &str, property: &str) {
        for op in self.ops.iter_mut().rev() {
            match op {
                MarkdownOp::Open { name, attribute } if name == wanted => {
                    if !attribute.is_empty() {
                        attribute.push(' ');
                    }
                    return attribute.push_str(property);
                }
                MarkdownOp::Open { name, .. } if name == "p" || name == "li" => {}
                _ => return,
            }
        }
    }

    fn note(&mut self, name: &str) {
        let at = *self.note_of.entry(name.to_owned()).or_insert(self.notes.len());
        if at == self.notes.len() {
            self.notes.push((name.to_owned(), 0));
        }
        let (_, count) = &mut self.notes[at];
        *count += 1;
        let attribute = [&(at + 1).to_string(), " ", &count.to_string(), " ", name].concat();
        self.open("note", &attribute);
        self.ops.push(MarkdownOp::Close);
    }

    /// Returns the operations, with the footnotes at the end in the order of their references.
    fn finish(mut self) -> Vec<MarkdownOp> {
        if self.notes.is_empty() {
            return self.ops;
        }
        self.open("footnotes", "");
        for (at, (name, count)) in std::mem::take(&mut self.notes).into_iter().enumerate() {
            let attribute = [&(at + 1).to_string(), " ", &count.to_string(), " ", &name].concat();
            self.open("footnote", &attribute);
            self.ops.append(&mut self.definitions.remove(&name).unwrap_or_default());
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
        if !head {
            match name {
                "list" => self.describe("ol", value),
                "item" => self.describe("li", value),
                "note" => self.note(value),
                _ => {}
            }
        }
        let is_element = CONSTRUCTS.contains(&name);
        if is_element {
            self.open(name, value);
        }
        self.constructs.push(is_element);
    }

    fn open(&mut self, name: &str, attribute: &str) {
        self.ops.push(MarkdownOp::Open { name: name.to_owned(), attribute: attribute.to_owned() });
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
            Tag::List(Some(start)) => return self.open("ol", &start.to_string()),
            Tag::Table(alignments) => {
                self.alignments = alignments;
                "table"
            }
            Tag::TableHead => {
                (self.in_head, self.column) = (true, 0);
                self.open("thead", "");
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
                return self.open(if self.in_head { "th" } else { "td" }, alignment);
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
                return self.open(name, &id.unwrap_or(CowStr::Borrowed("")));
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
        self.open(name, "");
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::HtmlBlock => return,
            TagEnd::TableHead => {
                self.in_head = false;
                self.ops.extend([MarkdownOp::Close, MarkdownOp::Close]);
                return self.open("tbody", "");
            }
            TagEnd::Table => self.ops.push(MarkdownOp::Close),
            TagEnd::Image => {
                if self.constructs.pop() == Some(true) {
                    self.ops.push(MarkdownOp::Close);
                }
                return;
            }
            TagEnd::FootnoteDefinition => {
                let (name, outside) = self.outside.pop().unwrap_or_default();
                let ops = std::mem::replace(&mut self.ops, outside);
                self.definitions.entry(name).or_insert(ops);
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
        check("3. x", &["<ol 3", "<li", "=x", ">", ">"]);
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
                "<th right",
                "=b",
                ">",
                ">",
                ">",
                "<tbody",
                "<tr",
                "<td",
                "=c",
                ">",
                "<td right",
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
        check("## a {#b}", &["<h2 b", "=a", ">"]);
        check("- [x] a\n- [ ] b", &["<ul", "<li x", "=a", ">", "<li o", "=b", ">", ">"]);
        check("a\n: b", &["<dl", "<dt", "=a", ">", "<dd", "=b", ">", ">"]);
        check(
            "a[^n][^n]\n\n[^n]: b",
            &[
                "<p", "=a", "<note 1 1 n", ">", "<note 1 2 n", ">", ">", "<footnotes", "<footnote 1 2 n", "<p", "=b",
                ">", ">", ">",
            ],
        );
        check("10![8](as:sup)", &["<p", "=10", "<sup", "=8", ">", ">"]);
        check("![a *b*](as:abbr \"c d\")", &["<p", "<abbr c d", "=a ", "<em", "=b", ">", ">", ">"]);
        check("![a](as:unknown)![b](x)", &["<p", "=a", "!x\n\nb", ">"]);
        check(
            "4. ![](as:list \"A reversed\")![](as:item \"9\")a",
            &["<ol 4 A reversed", "<li 9", "=a", ">", ">"],
        );
        check("1. ![](as:item \"9\")\n\n   > b", &["<ol 1", "<li 9", "<blockquote", "<p", "=b", ">", ">", ">", ">"]);
        check(
            "> ![a](as:details)\n>\n> b",
            &["<details", "<summary", "=a", ">", "<p", "=b", ">", ">"],
        );
        check("a ![](as:details)![](as:list \"A\")", &["<p", "=a ", ">"]);
    }
}
