//! Turns the events of pulldown-cmark into operations.

use pulldown_cmark::{Alignment, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use crate::op::MarkdownOp;

/// Parses CommonMark with GFM tables and strikethrough. Raw HTML becomes text.
pub fn parse(markdown: &str) -> Vec<MarkdownOp> {
    let mut writer = Writer { ops: Vec::new(), alignments: Vec::new(), column: 0, in_head: false };
    let mut events = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    while let Some(event) = events.next() {
        writer.event(event, &mut events);
    }
    writer.ops
}

struct Writer {
    ops: Vec<MarkdownOp>,
    /// The alignment of each column of the open table.
    alignments: Vec<Alignment>,
    /// The column of the next cell.
    column: usize,
    /// Whether the open row is a table's head.
    in_head: bool,
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
            // Extensions that are not enabled.
            Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => {}
        }
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
                return self.ops.push(MarkdownOp::Image { address, title, alt: plain_text(rest) });
            }
            Tag::CodeBlock(_) => return self.ops.push(MarkdownOp::CodeBlock(plain_text(rest))),
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
            Tag::Heading { level, .. } => match level {
                HeadingLevel::H1 => "h1",
                HeadingLevel::H2 => "h2",
                HeadingLevel::H3 => "h3",
                HeadingLevel::H4 => "h4",
                HeadingLevel::H5 => "h5",
                HeadingLevel::H6 => "h6",
            },
            Tag::BlockQuote(_) => "blockquote",
            Tag::List(None) => "ul",
            Tag::Item => "li",
            Tag::Emphasis => "em",
            Tag::Strong => "strong",
            Tag::Strikethrough => "del",
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
        check("```\n<b>\n```", &["#<b>\n"]);
        check("<b>x</b>", &["<p", "=<b>x</b>", ">"]);
    }
}
