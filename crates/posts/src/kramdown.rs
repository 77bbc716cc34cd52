//! Translates kramdown to CommonMark with GFM.
//!
//! The text of lines is rendered here, by kramdown's rules, and set aside, and so is HTML that is no part of a line.
//! Marks stand for them, so that what remains is only the structure of blocks, which the two have in common, except for
//! what is translated here: attribute lists, contents, formulas, and tables without a head. What was set aside is put
//! back into the HTML that the rest is rendered to.
//!
//! Sources: <https://kramdown.gettalong.org/syntax.html>, and the parsers of kramdown 2.4 and kramdown-parser-gfm 1.1.

mod element;
mod inline;
mod table;

use std::fmt::Write as _;

use element::Element;

use crate::dialect::{self, Dialect};

/// The element that marks the place of a table of contents (`{:toc}`).
pub(crate) const CONTENTS: &str = "finews-contents";
/// The element within a heading that is left out of the contents (`{:.no_toc}`).
pub(crate) const NOT_IN_CONTENTS: &str = "finews-no-contents";

/// Markdown, and what was set aside.
#[derive(Debug, Default)]
pub(crate) struct Translation {
    pub(crate) markdown: String,
    html: Vec<String>,
    /// Texts as they are written, and as HTML.
    texts: Vec<(String, String)>,
}

/// The beginning and the end of the line that stands for a piece of HTML; between them is its number.
const MARK: (&str, &str) = ("<div data-finews=\"", "\"></div>");
/// What stands around the number of a text: characters without a meaning of their own.
const TEXT: (char, char) = ('\u{e000}', '\u{e001}');
/// What ends each term of a definition but the last one.
const TERM: char = '\u{e004}';

impl Translation {
    /// Puts what was set aside back into what the Markdown was rendered to. In code, that is the text as it is written.
    pub(crate) fn restore(&self, rendered: &str) -> String {
        let mut restored = String::with_capacity(rendered.len() * 2);
        let mut rest = rendered;
        let mut in_code = false;
        while let Some(at) = rest.find([TEXT.0, '<']) {
            restored.push_str(&rest[..at]);
            rest = &rest[at..];
            let found = rest
                .strip_prefix(MARK.0)
                .and_then(|rest| rest.split_once(MARK.1))
                .and_then(|(number, after)| Some((self.html.get(number.parse::<usize>().ok()?)?, after)))
                .or_else(|| {
                    let (number, after) = rest.strip_prefix(TEXT.0)?.split_once(TEXT.1)?;
                    let (text, html) = self.texts.get(number.parse::<usize>().ok()?)?;
                    Some((if in_code { text } else { html }, after))
                });
            if let Some((html, after)) = found {
                restored.push_str(html);
                rest = after;
                continue;
            }
            if rest.starts_with("<pre") {
                in_code = true;
            } else if rest.starts_with("</pre") {
                in_code = false;
            }
            let length = rest.chars().next().map_or(0, char::len_utf8);
            restored.push_str(&rest[..length]);
            rest = &rest[length..];
        }
        restored.push_str(rest);
        restored.replace(TERM, "</dt><dt>")
    }

    /// Sets a line's text aside, and returns what stands for it.
    fn set_aside_text(&mut self, text: &str, html: &str) -> String {
        let mut marks = String::new();
        let mut rest = html;
        // References to footnotes are numbered with the rest.
        loop {
            let (part, after) = rest.split_once(inline::NOTE.0).unwrap_or((rest, ""));
            if !part.is_empty() {
                let mut escaped = String::new();
                let whole = if part.len() == html.len() { text } else { part };
                inline::push_literal(whole, &mut escaped);
                let _ = write!(marks, "{}{}{}", TEXT.0, self.texts.len(), TEXT.1);
                self.texts.push((escaped, part.to_owned()));
            }
            let Some((name, after)) = after.split_once(inline::NOTE.1) else { return marks };
            let _ = write!(marks, "[^{name}]");
            rest = after;
        }
    }
}

/// Translates a body.
pub(crate) fn translate(text: &str) -> Translation {
    let definitions = inline::definitions(text);
    let mut translator = Translator { rest: text, is_boundary: true, definitions, ..Translator::default() };
    while !translator.rest.is_empty() {
        translator.block();
    }
    translator.end_text();
    translator.out
}

#[derive(Default)]
struct Translator<'a> {
    out: Translation,
    rest: &'a str,
    /// The length of what is left of the current line; 0 if that is not known.
    line_length: usize,
    /// Lines of text that are not translated yet.
    text: String,
    /// Whether a block may begin here: after a blank line, or another block.
    is_boundary: bool,
    /// Whether indented lines belong to a list or a footnote.
    in_list: bool,
    /// Fences that nothing further on ends: their sign and length, and how far their ends may be indented. For `<`, an
    /// element whose content is a text.
    endless: Vec<(char, usize, usize, usize)>,
    /// Whether the last line began an item.
    after_item: bool,
    /// Where the text of the last item begins in its line.
    item_indent: usize,
    /// Where the last block begins in the Markdown.
    block_start: usize,
    /// The number of open elements whose content is Markdown.
    open: usize,
    /// The body's link definitions.
    definitions: inline::Definitions,
    /// An id for the block that follows.
    id: String,
}

impl<'a> Translator<'a> {
    /// The current line with its end.
    fn line(&mut self) -> &'a str {
        if self.line_length == 0 {
            self.line_length = self.rest.find('\n').map_or(self.rest.len(), |end| end + 1);
        }
        &self.rest[..self.line_length]
    }

    fn advance(&mut self, length: usize) {
        self.line_length = self.line_length.saturating_sub(length);
        self.rest = &self.rest[length..];
    }

    fn block(&mut self) {
        let line = self.line();
        let content = line.trim();
        if content.is_empty() {
            self.end_text();
            self.out.markdown.push('\n');
            self.advance(line.len());
            self.is_boundary = true;
            return;
        }
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let is_code = (indent >= 4 || line[..indent].contains('\t')) && !self.in_list;
        if is_code && self.is_boundary {
            self.end_text();
            self.out.markdown.push_str(line);
            return self.advance(line.len());
        }
        if self.is_boundary && indent < 2 {
            // Indented lines after a blank line belong to the list before them.
            self.in_list = false;
        }
        let is_handled = self.fenced_code(indent)
            || self.attributes(content, line)
            || self.end_of_block(content, line)
            || (indent < 4 || self.in_list) && self.html(indent)
            || self.is_boundary
                && (self.definition(line)
                    || self.formula(indent)
                    || !is_heading(content) && self.table(indent));
        if !is_handled {
            self.text_line(line, content, indent);
        }
    }

    /// Adds a line of text, which may begin an item, a heading or a quotation.
    fn text_line(&mut self, line: &str, content: &str, indent: usize) {
        if self.is_boundary {
            self.end_text();
            self.block_start = self.out.markdown.len();
        }
        let number = content.trim_start_matches(|c: char| c.is_ascii_digit());
        let has_number = number.len() < content.len() && content.len() - number.len() < 10;
        let is_ordered = has_number && number.starts_with('.') && number[1..].starts_with([' ', '\t']);
        let after_indent = &line[indent..];
        let is_item = is_item(after_indent);
        if is_ordered && !self.is_boundary && !self.in_list && !self.text.is_empty() {
            // In CommonMark, only an item with the number 1 ends a paragraph.
            self.text.push('\n');
        }
        let sign = self.sign(line, indent, is_item);
        self.after_item = is_item;
        if is_item && (indent < 4 || self.in_list) {
            let marker = if is_ordered { content.len() - number.len() + 1 } else { 1 };
            let text = after_indent[marker..].trim_start_matches([' ', '\t']);
            if let Some((_, rest)) = text.strip_prefix("{:").and_then(|text| text.split_once('}'))
                && !rest.trim().is_empty()
            {
                // Attributes of the item.
                let marker = line.len() - text.len();
                self.begin_item(&format!("{}{}", line[..marker].replace(['*', '+'], "-"), rest.trim_start()));
                return self.advance(line.len());
            }
            self.item_indent = line.len() - text.len();
            if self.table_in_item(line) {
                return;
            }
        }
        if is_item && (indent < 4 || self.in_list) || content.starts_with("[^") && content.contains("]:") {
            self.in_list = true;
        }
        let is_heading = is_heading(content) && (indent == 0 || self.in_list);
        if content.starts_with(": ") && !self.is_boundary && !self.in_list && prefix(&self.text) == 0 {
            // Each line is a term.
            self.text = self.text.trim_end().replace('\n', &format!("{TERM}\n")) + "\n";
        }
        if is_item || is_heading || content.starts_with(": ") || content.starts_with("[^") {
            // Spans end with their block.
            self.end_text();
            self.block_start = self.out.markdown.len();
        }
        let id = std::mem::take(&mut self.id);
        if is_heading {
            let (text, own) = split_id(content);
            self.text.push_str(&line[..indent]);
            self.text.push_str(text);
            let id = if id.is_empty() { own } else { &id };
            let id = if id.is_empty() { String::new() } else { format!(" {{#{id}}}") };
            let _ = writeln!(self.text, "{id}");
        } else {
            if !id.is_empty() && !is_item && !content.starts_with(['>', '|']) {
                let _ = write!(self.text, "<a id=\"{id}\"></a>");
            }
            self.text.push_str(&line[..indent]);
            self.text.push_str(sign);
            self.text.push_str(&line[indent + sign.len()..]);
        }
        self.is_boundary = false;
        self.advance(line.len());
        if is_heading {
            self.end_text();
        }
        if matches!(content, "-" | "*" | "+") && self.in_list {
            // In CommonMark, a blank line would end an item that begins with it.
            while !self.rest.is_empty() && self.line().trim().is_empty() {
                let blank = self.line().len();
                self.advance(blank);
            }
        }
    }

    /// Renders the lines of text so far.
    fn end_text(&mut self) {
        let text = std::mem::take(&mut self.text);
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut from = 0;
        while from < lines.len() {
            // A quotation's blank line divides its text.
            let is_blank = |line: &&&str| line.trim_start_matches([' ', '\t', '>']).trim().is_empty();
            let above = |at: usize| {
                lines[from..from + at].iter().rev().take(2).take_while(|line| !is_blank(line)).count()
            };
            let is_text = |(at, line): &(usize, &&str)| !is_rule(line) || !self.rules(line, above(*at));
            let length = lines[from..].iter().enumerate().take_while(is_text).count();
            self.render(&lines[from..from + length]);
            from += length;
            if let Some(rule) = lines.get(from) {
                self.out.markdown.push_str(rule);
                from += 1;
            }
        }
    }

    /// Whether a line that looks like a rule is one, with a number of lines of text above it.
    fn rules(&self, line: &str, above: usize) -> bool {
        let line = line.trim_start_matches([' ', '\t', '>']);
        match above {
            0 => !is_short(line),
            // A heading has one line. In a list, the rule may end that.
            1 => self.in_list || line.starts_with(['-', '=']),
            _ => self.in_list,
        }
    }

    /// Renders the lines of a text.
    fn render(&mut self, lines: &[&str]) {
        let parts: Vec<(&str, &str)> = lines
            .iter()
            .map(|line| {
                line.split_at(prefix(line).min(if self.in_list { line.len() } else { heading_end(line) }))
            })
            .collect();
        let text = parts.iter().map(|(_, text)| text.trim_end()).collect::<Vec<_>>().join("\n");
        let html = inline::render(&text, &self.definitions);
        let pieces: Vec<&str> = html.split('\n').collect();
        for (at, (prefix, text)) in parts.iter().enumerate() {
            self.out.markdown.push_str(prefix);
            // A span may have joined lines.
            let piece = if pieces.len() == parts.len() {
                pieces[at]
            } else if at == 0 {
                html.as_str()
            } else {
                ""
            };
            let marks = self.out.set_aside_text(text.trim_end(), piece);
            self.out.markdown.push_str(&marks);
            self.out.markdown.push_str(&text[text.trim_end().len()..]);
        }
    }

    /// Fenced code that has an end; without one, the fence is text.
    fn fenced_code(&mut self, indent: usize) -> bool {
        let line = self.line();
        let Some((sign, length)) = crate::kept_back::fence(line.trim()) else { return false };
        if indent >= 4 && !self.in_list {
            return false;
        }
        // Without a blank line before it, a fence outside an item's text belongs to that, and so must its end.
        let is_lazy = self.in_list && !self.is_boundary && indent < self.item_indent;
        let least = if self.in_list && indent >= self.item_indent { self.item_indent } else { 0 };
        let most = if least == 0 { indent.max(3) } else { least + 3 };
        // Where an end was searched for in vain, it is not searched for again.
        let (from, to) = (least, most);
        let has_none = |(other, known, other_from, other_to): &(char, usize, usize, usize)| {
            (*other, *other_from, *other_to) == (sign, from, to) && *known <= length
        };
        if self.endless.iter().any(has_none) {
            return false;
        }
        let mut at = line.len();
        for inner in self.rest[line.len()..].split_inclusive('\n') {
            at += inner.len();
            let content = inner.trim();
            if is_lazy && content.is_empty() {
                return false;
            }
            let spaces = inner.len() - inner.trim_start_matches(' ').len();
            if (least..=most).contains(&spaces) && crate::kept_back::closes_fence(content, (sign, length)) {
                self.end_text();
                self.begin_block();
                let missing = if is_lazy { " ".repeat(self.item_indent - indent) } else { String::new() };
                for line in self.rest[..at].lines() {
                    let _ = writeln!(self.out.markdown, "{missing}{line}");
                }
                self.advance(at);
                self.is_boundary = true;
                return true;
            }
        }
        self.endless
            .retain(|(other, _, other_from, other_to)| (*other, *other_from, *other_to) != (sign, from, to));
        self.endless.push((sign, length, from, to));
        false
    }

    fn begin_block(&mut self) {
        self.block_start = self.out.markdown.len();
    }

    /// `^` alone ends a block.
    fn end_of_block(&mut self, content: &str, line: &str) -> bool {
        let is_end = content == "^";
        if is_end {
            self.end_text();
            self.in_list = false;
            self.is_boundary = true;
            self.out.markdown.push_str("\n<!-- -->\n\n");
            self.advance(line.len());
        }
        is_end
    }

    /// The target of a link, or what an abbreviation stands for (`*[HTML]: Hyper Text Markup Language`), is told apart
    /// from the text.
    fn definition(&mut self, line: &str) -> bool {
        let is_abbreviation = line
            .strip_prefix("*[")
            .and_then(|rest| rest.split_once(']'))
            .is_some_and(|(_, rest)| rest.starts_with(':'));
        let is_definition = is_abbreviation || inline::definition(line).is_some();
        if is_definition {
            self.advance(line.len());
        }
        is_definition
    }

    /// A line that is an attribute list, its definition or an extension: `{: .class #id}`, `{:toc}`, `{:name: .class}`,
    /// `{::options … /}`.
    fn attributes(&mut self, content: &str, line: &str) -> bool {
        if let Some(after) =
            content.strip_prefix("{::nomarkdown}").or_else(|| content.strip_prefix("{::nomarkdown /}"))
        {
            let start = self.rest.len() - self.rest.trim_start().len() + content.len() - after.len();
            let inner = &self.rest[start..];
            let end = ["{:/nomarkdown}", "{:/}"]
                .into_iter()
                .filter_map(|end| Some((inner.find(end)?, end.len())))
                .min();
            let (length, end) = end.unwrap_or((inner.len(), 0));
            self.set_aside(inner[..length].to_owned(), 0);
            self.advance(start + length + end);
            self.is_boundary = true;
            return true;
        }
        let Some(inner) = content.strip_prefix("{:").and_then(|rest| rest.strip_suffix('}')) else {
            return false;
        };
        if inner.contains(['{', '}']) {
            return false;
        }
        self.advance(line.len());
        let is_extension = inner.starts_with([':', '/']);
        let is_definition = inner.split_once(':').is_some_and(|(name, _)| {
            !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        });
        if is_extension || is_definition {
            return true;
        }
        let is_after_block = !self.is_boundary;
        self.end_text();
        if inner.split_whitespace().any(|word| word == "toc") && is_after_block {
            self.out.markdown.truncate(self.block_start);
            let _ = write!(self.out.markdown, "\n<{CONTENTS}></{CONTENTS}>\n\n");
            self.in_list = false;
            self.is_boundary = true;
            return true;
        }
        if inner.split_whitespace().any(|word| word.ends_with(".no_toc")) && is_after_block {
            let heading = self.out.markdown[self.block_start..].trim_end().len();
            if is_heading(&self.out.markdown[self.block_start..][..heading]) {
                self.out.markdown.insert_str(
                    self.block_start + heading,
                    &format!("<{NOT_IN_CONTENTS}></{NOT_IN_CONTENTS}>"),
                );
            }
        }
        let id = inner.split_whitespace().find_map(|word| word.strip_prefix('#')).unwrap_or_default();
        if !is_after_block {
            id.clone_into(&mut self.id);
        } else if !id.is_empty() {
            self.add_id(id);
        }
        if is_after_block && !self.in_list {
            // The list of attributes ends the block.
            self.out.markdown.push('\n');
            self.is_boundary = true;
        }
        true
    }

    /// Gives the last block an id.
    fn add_id(&mut self, id: &str) {
        let block = &self.out.markdown[self.block_start..];
        if is_heading(block) {
            self.out.markdown.truncate(self.out.markdown.trim_end().len());
            let _ = writeln!(self.out.markdown, " {{#{id}}}");
        } else if block.starts_with(TEXT.0) {
            self.out.markdown.insert_str(self.block_start, &format!("<a id=\"{id}\"></a>"));
        }
    }

    /// `$$…$$` between blank lines.
    fn formula(&mut self, indent: usize) -> bool {
        let Some(inner) = self.rest.trim_start_matches([' ', '\t']).strip_prefix("$$") else { return false };
        let Some((formula, after)) = inner.split_once("$$") else { return false };
        let is_alone = after.lines().next().is_none_or(|rest| rest.trim().is_empty());
        if !is_alone || formula.trim().is_empty() {
            return false;
        }
        let formula = formula.trim().replace('&', "&amp;").replace('<', "&lt;");
        let html = format!("<pre><code class=\"language-math\">{formula}</code></pre>");
        self.set_aside(html, indent);
        self.advance(self.rest.len() - after.len());
        let line = self.line();
        self.advance(line.len());
        true
    }

    /// The sign that a line begins with. In CommonMark, an item with another sign would begin another list.
    fn sign(&self, line: &str, indent: usize, is_item: bool) -> &'static str {
        let is_bullet = line[indent..].starts_with(['*', '+']);
        let begins = is_item && is_bullet && !is_rule(line);
        // Elsewhere, it may be text.
        if begins && indent < 4 && (self.is_boundary || self.after_item) { "-" } else { "" }
    }

    /// Begins an item with a line that differs from the body's.
    fn begin_item(&mut self, line: &str) {
        self.end_text();
        self.block_start = self.out.markdown.len();
        self.in_list = true;
        self.is_boundary = false;
        self.text.push_str(line);
    }

    /// A table of one line that is an item's text.
    fn table_in_item(&mut self, line: &str) -> bool {
        let next = self.rest[line.len()..].lines().next().unwrap_or_default().trim_start();
        let is_alone = next.is_empty()
            || next.starts_with(['-', '*', '+'])
            || next.starts_with(|c: char| c.is_ascii_digit());
        let (marker, text) = line.split_at(self.item_indent.min(line.len()));
        if !is_alone || !text.contains('|') || text.starts_with(['[', '<']) {
            return false;
        }
        let (out, definitions) = (&mut self.out, &self.definitions);
        let cell = |text: &str| out.set_aside_text(text, &inline::render(text, definitions));
        let Some((table, _)) = table::read(text, cell) else { return false };
        self.end_text();
        self.begin_block();
        for (at, row) in table.lines().enumerate() {
            let indent = if at == 0 { marker.replace(['*', '+'], "-") } else { " ".repeat(self.item_indent) };
            let _ = writeln!(self.out.markdown, "{indent}{row}");
        }
        self.in_list = true;
        self.is_boundary = false;
        self.advance(line.len());
        true
    }

    fn table(&mut self, indent: usize) -> bool {
        let is_item = is_item(self.line().trim_start());
        let code = if self.in_list { self.item_indent + 4 } else { 4 };
        if indent >= code || is_item {
            return false;
        }
        let (out, definitions) = (&mut self.out, &self.definitions);
        let cell = |text: &str| out.set_aside_text(text, &inline::render(text, definitions));
        let Some((table, length)) = table::read(self.rest, cell) else { return false };
        self.end_text();
        self.begin_block();
        for row in table.lines() {
            let _ = writeln!(self.out.markdown, "{}{row}", " ".repeat(indent));
        }
        self.advance(length);
        true
    }

    /// An HTML element that is no part of a line. kramdown does not look for Markdown in it, unless it has the
    /// attribute `markdown`.
    fn html(&mut self, indent: usize) -> bool {
        let text = self.rest.trim_start_matches([' ', '\t']);
        // A comment does not end a paragraph.
        if text.starts_with("<!--") && !self.is_boundary {
            return false;
        }
        let definitions = &self.definitions;
        let render = |text: &str, is_text: bool| {
            if is_text { in_element(text, definitions) } else { dialect::to_html(text, Dialect::Kramdown) }
        };
        let Some(element) = element::read(text, &render) else { return false };
        let (html, length) = match element {
            Element::Whole(html, length) => (html.into_owned(), length),
            Element::Markdown(element) => {
                let content = &text[element.length..];
                // Where an end was searched for in vain, it is not searched for again.
                let is_searched = element.is_text && !self.endless.iter().any(|(sign, ..)| *sign == '<');
                let end = if is_searched { element::end_of(content, element.name) } else { None };
                if is_searched && end.is_none() {
                    self.endless.push(('<', 0, 0, 0));
                }
                if let Some(end) = end {
                    let (name, shown) = (element.name, in_element(&content[..end], definitions));
                    let length = content[end..].find('>').map_or(content.len(), |at| end + at + 1);
                    (format!("{}{shown}</{name}>", element.tag), element.length + length)
                } else {
                    self.open += 1;
                    (element.tag, element.length)
                }
            }
            // Without its start tag, an end tag is text.
            Element::End(_) if self.open == 0 => return false,
            Element::End(tag) => {
                self.open -= 1;
                (tag.to_owned(), tag.len())
            }
        };
        let before = self.rest.len() - text.len();
        self.set_aside(html, indent);
        self.advance(before + length);
        self.end_line();
        true
    }

    /// Goes on after the end of a line, if nothing is left of it.
    fn end_line(&mut self) {
        let line = self.line();
        if line.trim().is_empty() {
            self.advance(line.len());
        }
        self.is_boundary = true;
    }

    /// Sets HTML aside, as a block of its own.
    fn set_aside(&mut self, html: String, indent: usize) {
        self.end_text();
        let indent = if self.in_list { " ".repeat(indent) } else { String::new() };
        if !self.out.markdown.is_empty() && !self.out.markdown.ends_with("\n\n") {
            self.out.markdown.push('\n');
        }
        self.begin_block();
        let _ = write!(self.out.markdown, "{indent}{}{}{}\n\n", MARK.0, self.out.html.len(), MARK.1);
        self.out.html.push(html);
        self.is_boundary = true;
    }
}

/// Renders the text of an element. References to footnotes have no place there, so that they stay as they are written.
fn in_element(text: &str, definitions: &inline::Definitions) -> String {
    let html = inline::render(text, definitions);
    html.replace(inline::NOTE.0, "[^").replace(inline::NOTE.1, "]")
}

/// Whether a line is a heading, which needs a space after its signs in GFM.
fn is_heading(line: &str) -> bool {
    let text = line.trim_start_matches('#');
    (1..7).contains(&(line.len() - text.len())) && text.starts_with([' ', '\t']) && !text.trim().is_empty()
}

/// Whether a line without spaces before it begins an item of a list.
fn is_item(line: &str) -> bool {
    let number = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let marker = match line.len() - number.len() {
        0 if line.starts_with(['-', '*', '+']) => &line[1..],
        1..10 if number.starts_with('.') => &number[1..],
        _ => return false,
    };
    marker.starts_with([' ', '\t'])
}

/// A heading without the signs at its end, and the id there.
fn split_id(line: &str) -> (&str, &str) {
    let (text, id) = match line.strip_suffix('}').and_then(|line| line.rsplit_once("{#")) {
        Some((text, id)) if !id.is_empty() && !id.contains(char::is_whitespace) => (text.trim_end(), id),
        _ => (line, ""),
    };
    let plain = text.trim_end_matches('#');
    let text = if plain.ends_with('\\') || plain.is_empty() { text } else { plain };
    (text.trim_end(), id)
}

/// Whether a line is a rule or underlines a heading.
fn is_rule(line: &str) -> bool {
    let line = line.trim_start_matches([' ', '\t', '>']).trim_end();
    line.chars().next().is_some_and(|sign| {
        let count = line.chars().filter(|c| *c == sign).count();
        let is_line = line.chars().all(|c| c == sign);
        matches!(sign, '-' | '=') && is_line
            || matches!(sign, '-' | '*' | '_')
                && count > 2
                && line.chars().all(|c| c == sign || c == ' ' || c == '\t')
    })
}

/// The length of a line, or of the spaces before what would be a heading in CommonMark; in kramdown it begins with its
/// signs.
fn heading_end(line: &str) -> usize {
    let content = line.trim_start_matches(' ');
    let indent = line.len() - content.len();
    if indent > 0 && is_heading(content.trim_end()) { indent } else { line.len() }
}

/// Whether a rule is too short to stand alone.
fn is_short(rule: &str) -> bool {
    let rule = rule.trim_end();
    rule.len() < 3 || rule.starts_with('=')
}

/// The length of the signs at the start of a line that say what block it begins.
fn prefix(line: &str) -> usize {
    let mut at = 0;
    loop {
        let rest = &line[at..];
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let is_item = rest.starts_with(['-', '*', '+', ':']) && rest[1..].starts_with([' ', '\t']);
        at += match rest.as_bytes().first() {
            Some(b' ' | b'\t' | b'>') => 1,
            _ if is_item => 2,
            _ if (1..10).contains(&digits)
                && rest[digits..].starts_with('.')
                && rest[digits + 1..].starts_with([' ', '\t']) =>
            {
                digits + 2
            }
            _ if ["[ ] ", "[x] ", "[X] "].iter().any(|task| rest.starts_with(task)) && at > 0 => 4,
            _ if rest.starts_with("[^") && rest.contains("]:") => rest.find("]:").unwrap_or(0) + 2,
            _ if is_heading(rest.trim_end())
                && at == line.len() - line.trim_start_matches([' ', '\t', '>']).len() =>
            {
                return at + rest.len() - rest.trim_start_matches('#').len() + 1;
            }
            _ => return at,
        };
    }
}

#[cfg(test)]
mod tests;
