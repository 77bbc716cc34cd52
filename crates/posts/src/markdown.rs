//! Prints blocks as the bundle's Markdown: CommonMark with extensions and one construct of our own, without raw HTML
//! (docs/bundle-format.md). Parsing the result gives the same blocks, marks and text again, except that white space may
//! differ.

use std::fmt::Write as _;

use bundle::picture_fragment;

use crate::tree::{
    Alignment, Block, Definition, Group, Heading, Image, Inline, Item, List, Mark, Numbers, Table,
};

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
            Block::Paragraph(inlines) => push_text(&Printer::print(inlines, Place::Paragraph), lines),
            Block::Heading(heading) => lines.push(heading_line(heading)),
            Block::Quote(blocks) => nest(blocks, "> ", "> ", lines),
            Block::List(printed) => {
                // Two adjacent lists with the same marker would become one.
                let is_ordered = printed.numbers.is_some();
                let alternate =
                    last_list.is_some_and(|(ordered, alternate)| ordered == is_ordered && !alternate);
                list = Some((is_ordered, alternate));
                push_list(printed, alternate, lines);
            }
            Block::Definitions(definitions) => push_definitions(definitions, lines),
            Block::Group(group, head, blocks) => push_group(*group, head, blocks, lines),
            Block::Code(language, text) => push_code(language, text, lines),
            Block::Math(text) => push_code(MATH, text, lines),
            Block::Table(table) => push_table(table, lines),
            Block::Rule => lines.push("***".to_owned()),
            Block::Footnote(name, blocks) => push_footnote(name, blocks, lines),
        }
        last_list = list;
    }
}

/// The language of a code block that is a formula.
pub(crate) const MATH: &str = "math";

fn push_text(text: &str, lines: &mut Vec<String>) {
    lines.extend(text.split('\n').map(str::to_owned));
}

fn heading_line(heading: &Heading) -> String {
    let text = Printer::print(&heading.inlines, Place::Line);
    let mut line = format!("{} {text}", "#".repeat(usize::from(heading.level)));
    if line.ends_with('}') {
        // It would end the attributes of the heading.
        line.insert(line.len() - 1, '\\');
    }
    if !heading.id.is_empty() {
        let _ = write!(line, " {{#{}}}", heading.id);
    }
    line
}

/// Whether a heading may have this id.
pub(crate) fn is_heading_id(id: &str) -> bool {
    !id.is_empty() && !id.contains(|c: char| c.is_whitespace() || matches!(c, '{' | '}' | '<' | '>' | '\\'))
}

fn nest(blocks: &[Block], first: &str, rest: &str, lines: &mut Vec<String>) {
    let mut inner = Vec::new();
    push_blocks(blocks, &mut inner);
    if inner.is_empty() {
        inner.push(String::new());
    }
    indent(&inner, first, rest, lines);
}

fn indent(inner: &[String], first: &str, rest: &str, lines: &mut Vec<String>) {
    for (at, line) in inner.iter().enumerate() {
        let prefix = if at == 0 { first } else { rest };
        lines.push(if line.is_empty() { prefix.trim_end().to_owned() } else { format!("{prefix}{line}") });
    }
}

fn push_list(list: &List, alternate: bool, lines: &mut Vec<String>) {
    // CommonMark allows nine digits.
    let printable = |number: i64| number.clamp(0, 999_999_999);
    let mut number = list.numbers.map_or(1, |numbers| printable(numbers.start));
    for (at, item) in list.items.iter().enumerate() {
        number = item.value.map_or(number, printable);
        let marker = match list.numbers {
            Some(_) => format!("{number}{} ", if alternate { ')' } else { '.' }),
            None => if alternate { "* " } else { "- " }.to_owned(),
        };
        let numbers = list.numbers.filter(|_| at == 0);
        let mut inner = Vec::new();
        push_item(item, numbers, &mut inner);
        // Continuation lines are indented by the marker's width.
        indent(&inner, &marker, &" ".repeat(marker.len()), lines);
        // A blank line keeps a list within the item from absorbing the next item. It does not change how the
        // list looks, because an item of several blocks makes the list loose anyway.
        if item.blocks.len() > 1 && at + 1 < list.items.len() {
            lines.push(String::new());
        }
        number = printable(if list.numbers.is_some_and(|numbers| numbers.reversed) {
            number - 1
        } else {
            number + 1
        });
    }
}

/// Pushes an item's lines. `numbers` is how its list numbers the items, if it is the first one.
fn push_item(item: &Item, numbers: Option<Numbers>, lines: &mut Vec<String>) {
    let mut printer = Printer::default();
    let mut value = item.value;
    if let Some(Numbers { start, style, reversed }) = numbers {
        let style = if style == '1' { String::new() } else { style.to_string() };
        let kind = [style.as_str(), if reversed { "reversed" } else { "" }].join(" ");
        if !kind.trim().is_empty() {
            printer.construct("list", kind.trim(), |_| {});
        }
        if !(0..=999_999_999).contains(&start) {
            value = value.or(Some(start));
        }
    }
    if let Some(value) = value {
        printer.construct("item", &value.to_string(), |_| {});
    }
    let begins_with_text = matches!(item.blocks.first(), Some(Block::Paragraph(_)));
    let task = item.task.map(|is_done| if is_done { ("[x] ", "x") } else { ("[ ] ", "o") });
    if let Some((_, value)) = task.filter(|_| !begins_with_text) {
        printer.construct("item", value, |_| {});
    }
    let mut head = printer.out;
    if let Some((sign, _)) = task.filter(|_| begins_with_text) {
        head.insert_str(0, sign);
    }
    push_blocks(&item.blocks, lines);
    if !head.is_empty() {
        match lines.first_mut() {
            Some(first) if begins_with_text => first.insert_str(0, &head),
            _ => drop(lines.splice(0..0, [head, String::new()])),
        }
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
}

fn push_definitions(definitions: &[Definition], lines: &mut Vec<String>) {
    for (at, definition) in definitions.iter().enumerate() {
        match definition {
            Definition::Term(inlines) => {
                if at > 0 {
                    lines.push(String::new());
                }
                push_text(&Printer::print(inlines, Place::Paragraph), lines);
            }
            Definition::Details(blocks) => {
                // A paragraph alone is no paragraph of its own, unless there is a blank line before it.
                if !matches!(blocks.as_slice(), [Block::Paragraph(_)]) {
                    lines.push(String::new());
                }
                nest(blocks, ": ", "  ", lines);
            }
        }
    }
}

fn push_group(group: Group, head: &[Inline], blocks: &[Block], lines: &mut Vec<String>) {
    let name = match group {
        Group::Details => "details",
        Group::Figure => "figure",
    };
    let mut printer = Printer { place: Place::Line, ..Printer::default() };
    printer.construct(name, "", |printer| printer.inlines(head));
    let mut inner = vec![printer.out];
    if !blocks.is_empty() {
        inner.push(String::new());
        push_blocks(blocks, &mut inner);
    }
    indent(&inner, "> ", "> ", lines);
}

fn push_footnote(name: &str, blocks: &[Block], lines: &mut Vec<String>) {
    let marker = format!("[^{name}]:");
    let begins_with_text = matches!(blocks.first(), Some(Block::Paragraph(_)));
    if begins_with_text {
        nest(blocks, &(marker + " "), "    ", lines);
    } else {
        lines.push(marker);
        nest(blocks, "    ", "    ", lines);
    }
}

fn push_code(language: &str, text: &str, lines: &mut Vec<String>) {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    lines.push(format!("{fence}{language}"));
    lines.extend(text.strip_suffix('\n').unwrap_or(text).split('\n').map(str::to_owned));
    lines.push(fence);
}

fn push_table(table: &Table, lines: &mut Vec<String>) {
    for (at, row) in table.rows.iter().enumerate() {
        let mut line = String::from("|");
        for cell in row {
            let _ = write!(line, " {} |", Printer::print(cell, Place::Cell));
        }
        lines.push(line);
        if at == 0 {
            let rules = table.alignments.iter().map(|alignment| match alignment {
                Alignment::None => " --- |",
                Alignment::Left => " :-- |",
                Alignment::Center => " :-: |",
                Alignment::Right => " --: |",
            });
            lines.push(std::iter::once("|").chain(rules).collect());
        }
    }
}

/// Prints the inlines of one paragraph, and looks at the characters on both sides of every delimiter.
///
/// In CommonMark the characters around the asterisks decide whether emphasis opens and closes, and Chinese
/// has no spaces: in `**甲：**乙` the second pair does not close, because it stands between a punctuation
/// mark and a letter. If the letter is written as a character reference, which begins with the punctuation
/// mark `&`, the pair closes.
#[derive(Default)]
struct Printer {
    out: String,
    /// Whether the next character must be written as white space or ASCII punctuation, so that the delimiter
    /// before it closes.
    guard: bool,
    place: Place,
    /// The number of open links and constructs.
    brackets: usize,
}

/// Where inlines are printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Place {
    #[default]
    Paragraph,
    /// Where there is only one line.
    Line,
    /// A table's cell, which is one line and ends at a bar.
    Cell,
}

impl Printer {
    fn print(inlines: &[Inline], place: Place) -> String {
        let mut printer = Self { place, ..Self::default() };
        printer.inlines(inlines);
        printer.out
    }

    fn in_table(&self) -> bool {
        self.place == Place::Cell
    }

    fn inlines(&mut self, inlines: &[Inline]) {
        for inline in inlines {
            match inline {
                Inline::Text(text) => self.text(text),
                Inline::Code(text) => self.code(text),
                Inline::Math(text) => self.construct("math", "", |printer| printer.code(text)),
                Inline::Break if self.place == Place::Paragraph => self.syntax("\\\n"),
                Inline::Break => self.construct("br", "", |_| {}),
                Inline::Image(image) => self.image(image),
                Inline::Chart(secid, alt) => {
                    let text = format!("![{}](chart:{secid})", escape(alt, self.in_table()));
                    self.syntax(&text);
                }
                Inline::Anchor(id) => self.construct("id", id, |_| {}),
                // Brackets within brackets may be no reference to a footnote.
                Inline::Footnote(name) if self.brackets > 0 => self.construct("note", name, |_| {}),
                Inline::Footnote(name) => self.syntax(&format!("[^{name}]")),
                Inline::Marked(mark, inlines) => self.marked(mark, inlines),
            }
        }
    }

    /// Prints the one construct of our own: an image without an address, whose text is what it shows.
    fn construct(&mut self, name: &str, value: &str, content: impl FnOnce(&mut Self)) {
        self.syntax("![");
        self.brackets += 1;
        content(self);
        self.brackets -= 1;
        let title = self.title(value);
        self.syntax(&format!("](as:{name}{title})"));
    }

    /// The title of a link or an image with a space before it; nothing if it is empty.
    fn title(&self, title: &str) -> String {
        if title.is_empty() {
            return String::new();
        }
        format!(" \"{}\"", escape(title, self.in_table()).replace('"', "\\\""))
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
            || (self.in_table() && c == '|')
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
        if text.trim().is_empty() {
            // There is nothing to mark.
            return text.chars().for_each(|c| self.character(c));
        }
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest + 1);
        // Within a table, the backslash is no part of the code.
        let text = if self.in_table() { text.replace('|', "\\|") } else { text };
        let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
        self.syntax(&format!("{fence}{pad}{text}{pad}{fence}"));
    }

    fn image(&mut self, image: &Image) {
        let size = image.size.map(|size| picture_fragment(size, &image.widths)).unwrap_or_default();
        let src = match image.src.split_once('#') {
            Some((src, _)) if !size.is_empty() => src,
            // Only the builder knows which copies there are.
            Some((src, fragment)) if fragment.contains(',') => src,
            _ => &image.src,
        };
        let title = self.title(&image.title);
        let text = format!(
            "![{}]({}{title})",
            escape(&image.alt, self.in_table()),
            destination(&format!("{src}{size}"), self.in_table())
        );
        self.syntax(&text);
    }

    fn marked(&mut self, mark: &Mark, inlines: &[Inline]) {
        let delimiter = match mark {
            Mark::Strong => "**",
            Mark::Emphasis => "_",
            Mark::Strike => "~~",
            Mark::Link(href) => return self.link(&destination(href, self.in_table()), inlines),
            Mark::Quote(secid) => return self.link(&format!("quote:{secid}"), inlines),
            Mark::Element(name) => return self.construct(name, "", |printer| printer.inlines(inlines)),
            Mark::Abbreviation(long) => {
                return self.construct("abbr", long, |printer| printer.inlines(inlines));
            }
            Mark::Media(media, address) => {
                return self.construct(media.name(), address, |printer| printer.inlines(inlines));
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

    fn link(&mut self, to: &str, inlines: &[Inline]) {
        self.syntax("[");
        self.brackets += 1;
        self.inlines(inlines);
        self.brackets -= 1;
        self.syntax(&format!("]({to})"));
    }
}

/// Whether a character is neither white space nor ASCII punctuation: a delimiter next to it may not open or
/// close.
fn may_block_delimiter(c: char) -> bool {
    !c.is_whitespace() && !c.is_ascii_punctuation()
}

fn last_line_is_a_number(out: &str) -> bool {
    let before = out.trim_end_matches(|c: char| c.is_ascii_digit());
    before.len() < out.len() && (before.is_empty() || before.ends_with('\n'))
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
