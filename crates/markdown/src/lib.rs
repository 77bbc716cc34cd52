//! Reads a body's Markdown into an outline: a list of strings that the viewer makes elements of.
//!
//! A crate of its own because it is a program of its own in the browser: 60 KB that the first page does not
//! need. The outline is what passes between the two. Each string is a sign and what belongs to it:
//!
//! | sign | meaning |
//! | --- | --- |
//! | `<NAME` | an element begins: `p h1…h6 blockquote ul li em strong del table thead tbody tr`, `ol START`, `th CLASS`, `td CLASS` |
//! | `>` | the innermost element that is open ends |
//! | `=TEXT` | text |
//! | `` `TEXT `` | code in a line |
//! | `#TEXT` | a block of code |
//! | `/` | a line break |
//! | `-` | a rule |
//! | `@ADDRESS⏎TITLE` | a link begins; it ends as an element does |
//! | `!ADDRESS⏎TITLE⏎ALT` | a picture |
//!
//! ⏎ is a newline; addresses and titles hold none. Raw HTML is text.

use pulldown_cmark::{Alignment, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// The outline of a text in CommonMark with GFM tables and strikethrough.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
pub fn outline(markdown: &str) -> Vec<String> {
    let mut writer = Writer { out: Vec::new(), alignments: Vec::new(), column: 0, head: false };
    let mut events = Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH);
    while let Some(event) = events.next() {
        writer.event(event, &mut events);
    }
    writer.out
}

struct Writer {
    out: Vec<String>,
    /// Of the table that is open, a column's each.
    alignments: Vec<Alignment>,
    /// The next cell's column.
    column: usize,
    /// Within a table's head.
    head: bool,
}

impl Writer {
    fn event<'a>(&mut self, event: Event<'a>, rest: &mut impl Iterator<Item = Event<'a>>) {
        match event {
            Event::Start(tag) => self.start(tag, rest),
            Event::End(tag) => self.end(tag),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => self.text(&text),
            Event::SoftBreak => self.text("\n"),
            Event::Code(text) => self.put('`', &text),
            Event::HardBreak => self.put('/', ""),
            Event::Rule => self.put('-', ""),
            // Extensions that are not switched on.
            Event::InlineMath(_)
            | Event::DisplayMath(_)
            | Event::FootnoteReference(_)
            | Event::TaskListMarker(_) => {}
        }
    }

    fn put(&mut self, sign: char, text: &str) {
        self.out.push(format!("{sign}{text}"));
    }

    fn text(&mut self, text: &str) {
        match self.out.last_mut() {
            Some(last) if last.starts_with('=') => last.push_str(text),
            _ => self.put('=', text),
        }
    }

    fn start<'a>(&mut self, tag: Tag<'a>, rest: &mut impl Iterator<Item = Event<'a>>) {
        let name = match tag {
            Tag::Link { dest_url, title, .. } => {
                return self.put('@', &format!("{}\n{}", line(&dest_url), line(&title)));
            }
            Tag::Image { dest_url, title, .. } => {
                let alt = words(rest);
                return self.put('!', &format!("{}\n{}\n{alt}", line(&dest_url), line(&title)));
            }
            Tag::CodeBlock(_) => {
                let code = words(rest);
                return self.put('#', &code);
            }
            Tag::List(Some(start)) => return self.put('<', &format!("ol {start}")),
            Tag::Table(alignments) => {
                self.alignments = alignments;
                "table"
            }
            Tag::TableHead => {
                (self.head, self.column) = (true, 0);
                self.put('<', "thead");
                "tr"
            }
            Tag::TableRow => {
                self.column = 0;
                "tr"
            }
            Tag::TableCell => {
                let class = match self.alignments.get(self.column) {
                    Some(Alignment::Right) => " right",
                    Some(Alignment::Center) => " center",
                    Some(Alignment::Left) => " left",
                    Some(Alignment::None) | None => "",
                };
                self.column += 1;
                return self.put('<', &format!("{}{class}", if self.head { "th" } else { "td" }));
            }
            // What holds raw HTML is no element.
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
            // The rest are extensions that are not switched on.
            _ => "p",
        };
        self.put('<', name);
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::HtmlBlock => return,
            TagEnd::TableHead => {
                self.head = false;
                self.put('>', "");
                self.put('>', "");
                return self.put('<', "tbody");
            }
            TagEnd::Table => self.put('>', ""),
            _ => {}
        }
        self.put('>', "");
    }
}

fn line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}

/// The words up to the end of the element that is open.
fn words<'a>(events: &mut impl Iterator<Item = Event<'a>>) -> String {
    let (mut words, mut open) = (String::new(), 1);
    for event in events {
        match event {
            Event::Start(_) => open += 1,
            Event::End(_) => {
                open -= 1;
                if open == 0 {
                    break;
                }
            }
            Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => {
                words.push_str(&text);
            }
            Event::SoftBreak | Event::HardBreak => words.push(' '),
            _ => {}
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_becomes_an_outline() {
        let check = |markdown: &str, expected: &[&str]| assert_eq!(outline(markdown), expected, "{markdown}");
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
