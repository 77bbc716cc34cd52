//! Prints blocks as Markdown: CommonMark with GFM tables and strikethrough, without raw HTML. Parsing the
//! result gives the same blocks, marks and text again, except that white space may differ and some code in
//! tables becomes text.

use std::fmt::Write as _;

use crate::tree::{Block, Image, Inline, Mark};

/// Prints blocks as Markdown.
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
            Block::Heading(level, inlines, _) => {
                // A heading is one line, so a break becomes a space.
                let text = Printer::print(inlines, false).replace("\\\n", " ");
                lines.push(format!("{} {text}", "#".repeat(usize::from(*level))));
            }
            Block::Quote(blocks) => nest(blocks, "> ", "> ", lines),
            Block::List(start, items) => {
                // Two adjacent lists with the same marker would become one.
                let alternate =
                    last_list.is_some_and(|(ordered, alternate)| ordered == start.is_some() && !alternate);
                list = Some((start.is_some(), alternate));
                push_list(*start, alternate, items, lines);
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

fn push_list(start: Option<u64>, alternate: bool, items: &[Vec<Block>], lines: &mut Vec<String>) {
    for (at, item) in items.iter().enumerate() {
        let marker = match start {
            // CommonMark allows nine digits.
            Some(start) => format!(
                "{}{} ",
                start.saturating_add(at as u64).min(999_999_999),
                if alternate { ')' } else { '.' }
            ),
            None => if alternate { "* " } else { "- " }.to_owned(),
        };
        // Continuation lines are indented by the marker's width.
        nest(item, &marker, &" ".repeat(marker.len()), lines);
        // A blank line keeps a list within the item from absorbing the next item. It does not change how the
        // list looks, because an item of several blocks makes the list loose anyway.
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

/// Prints the inlines of one paragraph, and looks at the characters on both sides of every delimiter.
///
/// In CommonMark the characters around the asterisks decide whether emphasis opens and closes, and Chinese
/// has no spaces: in `**甲：**乙` the second pair does not close, because it stands between a punctuation
/// mark and a letter. If the letter is written as a character reference, which begins with the punctuation
/// mark `&`, the pair closes.
struct Printer {
    out: String,
    /// Whether the next character must be written as white space or ASCII punctuation, so that the delimiter
    /// before it closes.
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
            // After its first character, a word has no special meaning up to the next ASCII symbol or space.
            let rest = &text[c.len_utf8()..];
            let end =
                rest.bytes().position(|b| b.is_ascii() && !b.is_ascii_alphanumeric()).unwrap_or(rest.len());
            self.out.push_str(&rest[..end]);
            text = &rest[end..];
        }
    }

    fn character(&mut self, c: char) {
        let line_start = self.out.is_empty() || self.out.ends_with('\n');
        let number_start = matches!(c, '.' | ')') && last_line_is_a_number(&self.out);
        let escaped = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '&' | '~' | '!')
            || (self.in_table && c == '|')
            || (line_start && matches!(c, '#' | '>' | '+' | '-' | '=' | '|' | ':'))
            || number_start;
        // A line must not begin like a table's delimiter row (hyphens, colons and bars), nor end like a
        // closed heading (`#`).
        if self.guard && !escaped && may_block_delimiter(c) {
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
            // There is nothing to mark, or a bar would split the cell.
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
        // An underscore never opens or closes emphasis within a word.
        let is_underscore = *mark == Mark::Emphasis;
        self.guard = is_underscore || !self.out.ends_with(char::is_alphanumeric);
        self.out.push_str(delimiter);
        if (is_underscore || !self.out[inner..].starts_with(char::is_alphanumeric))
            && let Some(last) = self.out[..begin].chars().next_back()
            && may_block_delimiter(last)
        {
            self.out.replace_range(begin - last.len_utf8()..begin, &format!("&#{};", last as u32));
        }
    }
}

/// Whether a character is neither white space nor ASCII punctuation: a delimiter next to it may not open or
/// close.
fn may_block_delimiter(c: char) -> bool {
    !c.is_whitespace() && !c.is_ascii_punctuation()
}

fn last_line_is_a_number(out: &str) -> bool {
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

/// A link's destination, in angle brackets if the bare form would be misread.
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
mod tests;
