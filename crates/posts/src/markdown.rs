//! Blocks to Markdown: CommonMark with GFM tables and strikethrough, no raw HTML, read back to the same
//! blocks.

use std::fmt::Write as _;

use crate::tree::{Block, Image, Inline, Mark};

/// The Markdown of some blocks.
pub(crate) fn print(blocks: &[Block]) -> String {
    let mut lines = Vec::new();
    push_blocks(blocks, &mut lines);
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines.join("\n")
}

fn push_blocks(blocks: &[Block], lines: &mut Vec<String>) {
    let mut last_list: Option<(bool, bool)> = None;
    for block in blocks {
        if lines.last().is_some_and(|line| !line.is_empty()) {
            lines.push(String::new());
        }
        let mut list = None;
        match block {
            Block::Paragraph(inlines) => {
                lines.extend(Printer::print(inlines, false).split('\n').map(str::to_owned));
            }
            Block::Heading(level, inlines) => {
                // A heading is one line: a break in it is a space.
                let text = Printer::print(inlines, false).replace("\\\n", " ");
                lines.push(format!("{} {text}", "#".repeat(usize::from(*level))));
            }
            Block::Quote(blocks) => nest(blocks, "> ", "> ", lines),
            Block::List(start, items) => {
                // Two lists in a row would become one, so the second takes the other marker.
                let other = last_list.is_some_and(|(ordered, other)| ordered == start.is_some() && !other);
                list = Some((start.is_some(), other));
                push_list(*start, other, items, lines);
            }
            Block::Code(language, text) => push_code(language, text, lines),
            Block::Table(rows) => push_table(rows, lines),
            Block::Rule => lines.push("***".to_owned()),
        }
        last_list = list;
    }
}

fn nest(blocks: &[Block], first: &str, rest: &str, lines: &mut Vec<String>) {
    let mut inner = Vec::new();
    push_blocks(blocks, &mut inner);
    if inner.is_empty() {
        inner.push(String::new());
    }
    for (at, line) in inner.iter().enumerate() {
        let prefix = if at == 0 { first } else { rest };
        lines.push(if line.is_empty() { prefix.trim_end().to_owned() } else { format!("{prefix}{line}") });
    }
}

fn push_list(start: Option<u64>, other: bool, items: &[Vec<Block>], lines: &mut Vec<String>) {
    for (at, item) in items.iter().enumerate() {
        let marker = match start {
            // Nine digits are the most that CommonMark takes.
            Some(start) => format!(
                "{}{} ",
                start.saturating_add(at as u64).min(999_999_999),
                if other { ')' } else { '.' }
            ),
            None => if other { "* " } else { "- " }.to_owned(),
        };
        // An item that begins with code would take the code's indent for its own.
        nest(item, &marker, &" ".repeat(marker.len()), lines);
        // Items of several blocks make a loose list anyway; a list in an item must not swallow the next.
        if item.len() > 1 && at + 1 < items.len() {
            lines.push(String::new());
        }
    }
}

fn push_code(language: &str, text: &str, lines: &mut Vec<String>) {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    lines.push(format!("{fence}{language}"));
    lines.extend(text.strip_suffix('\n').unwrap_or(text).split('\n').map(str::to_owned));
    lines.push(fence);
}

fn push_table(rows: &[Vec<Vec<Inline>>], lines: &mut Vec<String>) {
    for (at, row) in rows.iter().enumerate() {
        let mut line = String::from("|");
        for cell in row {
            let _ = write!(line, " {} |", Printer::print(cell, true).replace("\\\n", " "));
        }
        lines.push(line);
        if at == 0 {
            lines.push(format!("|{}", " --- |".repeat(row.len())));
        }
    }
}

/// Prints the inlines of one paragraph, minding what stands left and right of every delimiter.
///
/// CommonMark opens and closes emphasis by the characters around the asterisks, and Chinese has no spaces: in
/// `**甲：**乙` the second pair does not close, for a punctuation mark stands before it and a letter after.
/// Written as a character reference the letter begins with `&`, which is punctuation, and the pair closes.
struct Printer {
    out: String,
    /// The next character must not be a letter to the eyes of CommonMark.
    guard: bool,
    in_table: bool,
}

impl Printer {
    fn print(inlines: &[Inline], in_table: bool) -> String {
        let mut printer = Self { out: String::new(), guard: false, in_table };
        printer.inlines(inlines);
        printer.out
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => self.text(text),
                Inline::Code(text) => self.code(text),
                Inline::Break => self.syntax("\\\n"),
                Inline::Image(image) => self.image(image),
                Inline::Chart(secid, alt) => {
                    let text = format!("![{}](chart:{secid})", escape(alt, self.in_table));
                    self.syntax(&text);
                }
                Inline::Marked(mark, inlines) => self.marked(mark, inlines),
            }
        }
    }

    fn text(&mut self, mut text: &str) {
        while let Some(c) = text.chars().next() {
            self.character(c);
            // What follows a character on its line means nothing to Markdown up to the next ASCII sign.
            let rest = &text[c.len_utf8()..];
            let end =
                rest.bytes().position(|b| b.is_ascii() && !b.is_ascii_alphanumeric()).unwrap_or(rest.len());
            self.out.push_str(&rest[..end]);
            text = &rest[end..];
        }
    }

    fn character(&mut self, c: char) {
        let line_start = self.out.is_empty() || self.out.ends_with('\n');
        let number_start = matches!(c, '.' | ')') && ends_a_number(&self.out);
        let escaped = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '&' | '~' | '!')
            || (self.in_table && c == '|')
            || (line_start && matches!(c, '#' | '>' | '+' | '-' | '=' | '|' | ':'))
            || number_start;
        // A table's delimiter row is hyphens, colons and bars: none may begin a line, and a heading's closing
        // `#` none end one.
        if self.guard && !escaped && is_letter(c) {
            let _ = write!(self.out, "&#{};", c as u32);
        } else if escaped || (c == '#' && self.out.ends_with([' ', '#'])) {
            self.out.push('\\');
            self.out.push(c);
        } else if (line_start && c.is_whitespace()) || matches!(c, '\n' | '\r') {
            let _ = write!(self.out, "&#{};", c as u32);
        } else {
            self.out.push(c);
        }
        self.guard = false;
    }

    fn syntax(&mut self, text: &str) {
        self.out.push_str(text);
        self.guard = false;
    }

    fn code(&mut self, text: &str) {
        let text: String = text.chars().map(|c| if matches!(c, '\n' | '\r') { ' ' } else { c }).collect();
        if text.trim().is_empty() || (self.in_table && text.contains('|')) {
            // Nothing to mark, or a bar that would part the cell.
            return text.chars().for_each(|c| self.character(c));
        }
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest + 1);
        let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
        self.syntax(&format!("{fence}{pad}{text}{pad}{fence}"));
    }

    fn image(&mut self, image: &Image) {
        let size = image.size.map(|(width, height)| format!("#{width}x{height}")).unwrap_or_default();
        let src = match image.src.split_once('#') {
            Some((src, _)) if !size.is_empty() => src,
            _ => &image.src,
        };
        let title = if image.title.is_empty() {
            String::new()
        } else {
            format!(" \"{}\"", escape(&image.title, self.in_table).replace('"', "\\\""))
        };
        let text = format!(
            "![{}]({}{title})",
            escape(&image.alt, self.in_table),
            destination(&format!("{src}{size}"), self.in_table)
        );
        self.syntax(&text);
    }

    fn marked(&mut self, mark: &Mark, inlines: &[Inline]) {
        let delimiter = match mark {
            Mark::Strong => "**",
            Mark::Emphasis => "_",
            Mark::Strike => "~~",
            Mark::Link(_) | Mark::Quote(_) => {
                self.syntax("[");
                self.inlines(inlines);
                let to = match mark {
                    Mark::Quote(secid) => format!("quote:{secid}"),
                    Mark::Link(href) => destination(href, self.in_table),
                    _ => String::new(),
                };
                return self.syntax(&format!("]({to})"));
            }
        };
        let begin = self.out.len();
        self.syntax(delimiter);
        let inner = self.out.len();
        self.inlines(inlines);
        if self.out.len() == inner {
            return self.out.truncate(begin);
        }
        // An underscore never opens or closes within a word.
        let always = *mark == Mark::Emphasis;
        self.guard = always || !self.out.ends_with(char::is_alphanumeric);
        self.out.push_str(delimiter);
        if (always || !self.out[inner..].starts_with(char::is_alphanumeric))
            && let Some(last) = self.out[..begin].chars().next_back()
            && is_letter(last)
        {
            self.out.replace_range(begin - last.len_utf8()..begin, &format!("&#{};", last as u32));
        }
    }
}

fn is_letter(c: char) -> bool {
    !c.is_whitespace() && !c.is_ascii_punctuation()
}

fn ends_a_number(out: &str) -> bool {
    let line = out.rsplit('\n').next().unwrap_or_default();
    !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit())
}

fn escape(text: &str, in_table: bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => escaped.push(' '),
            '\\' | '[' | ']' | '`' | '*' | '_' | '<' | '&' | '~' | '!' => escaped.extend(['\\', c]),
            '|' if in_table => escaped.push_str("\\|"),
            _ => escaped.push(c),
        }
    }
    escaped
}

/// A link's destination, in angle brackets where the bare form would end too soon.
fn destination(href: &str, in_table: bool) -> String {
    let plain = !href.is_empty()
        && !href.contains(|c: char| {
            c.is_whitespace() || c.is_control() || matches!(c, '(' | ')' | '<' | '>' | '\\' | '&' | '|')
        });
    if plain {
        return href.to_owned();
    }
    let mut escaped = String::from("<");
    for c in href.chars() {
        match c {
            '\n' | '\r' => {}
            '<' | '>' | '\\' | '&' => escaped.extend(['\\', c]),
            '|' if in_table => escaped.push_str("%7C"),
            _ => escaped.push(c),
        }
    }
    escaped.push('>');
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::html;
    use proptest::prelude::*;
    use pulldown_cmark::{Options, Parser};

    /// The blocks a reader of the bundle sees in this Markdown.
    fn reread(markdown: &str) -> Vec<Block> {
        let mut rendered = String::new();
        pulldown_cmark::html::push_html(
            &mut rendered,
            Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH),
        );
        html::read(&rendered).blocks
    }

    fn blocks(html: &str) -> Vec<Block> {
        html::read(html).blocks
    }

    #[test]
    fn html_is_printed_as_markdown() {
        let check = |html: &str, expected: &str| assert_eq!(print(&blocks(html)), expected, "{html}");
        check("<p>　　甲<strong>乙</strong>丙</p>", "甲**乙**丙");
        check("<p>甲<strong>“乙”</strong>丙</p>", "&#30002;**“乙”**&#19993;");
        check("<p>a <b>“b”</b> c</p>", "a **“b”** c");
        check("<p>x<br>y</p><p>z</p>", "x\\\ny\n\nz");
        check(
            "<p>1. x *y* _z_ [a](b) <i></i>&lt;b&gt; &amp;amp;</p>",
            "1\\. x \\*y\\* \\_z\\_ \\[a\\](b) \\<b> \\&amp;",
        );
        check("<ul><li>a<li>b<ol start=3><li>c</ol></ul>", "- a\n- b\n\n  3. c");
        check("<table><tr><td>a<td>b|c<tr><td colspan=2>d</table>", "| a | b\\|c |\n| --- | --- |\n| d |  |");
        check(
            "<pre><code class=language-rust>let a = `b`;\n\nx</code></pre>",
            "```rust\nlet a = `b`;\n\nx\n```",
        );
        check(
            "<p><a href='http://a.b/c(d)'>e</a><img src='http://x/y_w8h6.jpg' alt=z></p>",
            "[e](<http://a.b/c(d)>)![z](http://x/y_w8h6.jpg#8x6)",
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn what_is_printed_is_read_back_to_the_same_words_and_marks(html in html_strategy()) {
            let mut blocks = blocks(&html);
            crate::body::settle_addresses(&mut blocks, &html, 1, &mut Vec::new());
            let markdown = print(&blocks);
            prop_assert_eq!(&outline(&reread(&markdown)), &outline(&blocks), "{}\n→\n{}", html, markdown);
        }

        #[test]
        fn any_text_survives(text in "[\\PC\\n]{0,40}") {
            let html = text.replace('&', "&amp;").replace('<', "&lt;");
            let blocks = blocks(&html);
            let markdown = print(&blocks);
            prop_assert_eq!(&outline(&reread(&markdown)), &outline(&blocks), "{}", markdown);
        }
    }

    /// Pieces that meet in every order: marks beside letters, spaces and punctuation, and every sign Markdown
    /// has a use for.
    fn html_strategy() -> impl Strategy<Value = String> {
        let text = prop::sample::select(vec![
            "甲",
            "乙。",
            "“丙”",
            " ",
            "a",
            "b c",
            "1.",
            "-",
            "*",
            "_",
            "**",
            "`",
            "``",
            "~~",
            "[x](y)",
            "!",
            "#",
            "&gt;",
            "&lt;b>",
            "&amp;amp;",
            "|",
            "\\",
            "：",
            "+ ",
            "=== ",
            "http://a.b",
        ]);
        let leaf = prop::collection::vec(text, 1..4).prop_map(|texts| texts.concat());
        let inline = leaf.prop_recursive(3, 12, 3, |inner| {
            (
                prop::sample::select(vec![
                    "strong",
                    "em",
                    "del",
                    "code",
                    "a href='http://x.y/'",
                    "a href='javascript:x'",
                    "span",
                ]),
                prop::collection::vec(inner, 1..4),
            )
                .prop_map(|(tag, inner)| {
                    format!("<{tag}>{}</{}>", inner.concat(), tag.split(' ').next().unwrap())
                })
        });
        let paragraph = prop::collection::vec(inline, 1..5).prop_map(|inner| inner.concat());
        let block =
            (prop::sample::select(vec!["p", "h2", "blockquote", "li", "td", "pre", "center"]), paragraph)
                .prop_map(|(tag, inner)| match tag {
                    "li" => format!("<ul><li>{inner}</li><li>x</li></ul>"),
                    "td" => format!("<table><tr><td>{inner}</td><td>y</td></tr><tr><td>z</td></tr></table>"),
                    _ => format!("<{tag}>{inner}</{tag}>"),
                });
        prop::collection::vec(block, 1..4).prop_map(|blocks| blocks.concat())
    }

    /// Blocks and marks by name with the words in them, white space aside: what must not change.
    fn outline(blocks: &[Block]) -> String {
        let mut out = String::new();
        for block in blocks {
            match block {
                Block::Paragraph(inlines) => {
                    out.push_str("\np:");
                    outline_inlines(inlines, &mut out);
                }
                Block::Heading(level, inlines) => {
                    let _ = write!(out, "\nh{level}:");
                    outline_inlines(inlines, &mut out);
                }
                Block::Quote(inner) => {
                    let _ = write!(out, "\nquote({})", outline(inner));
                }
                Block::List(start, items) => {
                    let _ = write!(
                        out,
                        "\nlist {start:?}({})",
                        items.iter().map(|item| outline(item)).collect::<Vec<_>>().join(";")
                    );
                }
                Block::Code(language, text) => {
                    let _ = write!(out, "\ncode {language}: {text}");
                }
                Block::Table(rows) => {
                    for row in rows {
                        out.push_str("\ntr:");
                        for cell in row {
                            out.push('|');
                            outline_inlines(cell, &mut out);
                        }
                    }
                }
                Block::Rule => out.push_str("\nrule"),
            }
        }
        out
    }

    fn outline_inlines(inlines: &[Inline], out: &mut String) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => out.extend(text.chars().filter(|c| !c.is_whitespace())),
                Inline::Code(text) => out.extend(text.chars().filter(|c| !c.is_whitespace())),
                Inline::Break => {}
                Inline::Image(image) => {
                    let _ = write!(out, "<img {} {}>", image.src, image.alt);
                }
                Inline::Chart(secid, _) => {
                    let _ = write!(out, "<chart {secid}>");
                }
                Inline::Marked(mark, inner) => {
                    let _ = write!(out, "<{mark:?} ");
                    outline_inlines(inner, out);
                    out.push('>');
                }
            }
        }
    }
}
