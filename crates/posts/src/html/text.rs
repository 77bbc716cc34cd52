//! Reads text: white space as a browser collapses it, except that a line's end between Chinese or Japanese characters
//! leaves no space.

use super::Walk;
use super::inlines::append;
use super::node::text_of;
use crate::tree::Inline;
use markup5ever_rcdom::Handle;

/// The white space since the last word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Space {
    /// Whether there has been any.
    is_some: bool,
    /// Whether it contains a line's end.
    has_line_end: bool,
    /// Whether the line has no text yet.
    line_start: bool,
    /// The last character of the text before.
    last: Option<char>,
}

impl Default for Space {
    fn default() -> Self {
        Self { is_some: false, has_line_end: false, line_start: true, last: None }
    }
}

impl Walk {
    pub(super) fn text(&mut self, mut text: &str) {
        let is_space = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c');
        while let Some(c) = text.chars().next() {
            // Ideographic, no-break and em spaces at the start of a line are an indent. They are dropped,
            // because the layout of paragraphs is up to the style sheet.
            if is_space(c) || (self.space.line_start && matches!(c, '\u{3000}' | '\u{a0}' | '\u{2003}')) {
                self.space.is_some |= is_space(c);
                self.space.has_line_end |= c == '\n';
                text = &text[c.len_utf8()..];
                continue;
            }
            if self.space.has_line_end && is_unspaced(c) && self.space.last.is_some_and(is_unspaced) {
                self.space.is_some = false;
            }
            self.flush_space();
            let end = text.find(is_space).unwrap_or(text.len());
            self.space.last = text[..end].chars().next_back();
            let inlines = self.inlines();
            match inlines.last_mut() {
                Some(Inline::Text(text_so_far)) => text_so_far.push_str(&text[..end]),
                _ => inlines.push(Inline::Text(text[..end].to_owned())),
            }
            text = &text[end..];
        }
    }

    /// Writes one space if there has been white space since the last word, outside the marks that are still
    /// empty, and then the anchors that wait for text. Called before anything except a break is added to the line.
    fn flush_space(&mut self) {
        let needs_space = self.space.is_some && !self.space.line_start;
        self.space = Space { line_start: false, ..Space::default() };
        if !needs_space && self.anchors.is_empty() {
            return;
        }
        let outer = self.frames.iter().rposition(|(_, inlines)| !inlines.is_empty()).unwrap_or(0);
        let inlines = &mut self.frames[outer].1;
        if needs_space {
            match inlines.last_mut() {
                Some(Inline::Text(text)) => text.push(' '),
                _ => inlines.push(Inline::Text(' '.to_string())),
            }
        }
        inlines.extend(self.anchors.drain(..).map(Inline::Anchor));
    }

    pub(super) fn push_inline(&mut self, inline: Inline) {
        self.flush_space();
        append(self.inlines(), vec![inline]);
    }

    pub(super) fn inlines(&mut self) -> &mut Vec<Inline> {
        if self.frames.is_empty() {
            self.frames.push((None, Vec::new()));
        }
        let last = self.frames.len() - 1;
        &mut self.frames[last].1
    }

    pub(super) fn line_break(&mut self) {
        self.inlines().push(Inline::Break);
        self.space = Space::default();
    }

    /// Whether the line has no text yet.
    pub(super) fn is_line_start(&self) -> bool {
        self.space.line_start
    }

    /// Code within a line, with its inner spaces.
    pub(super) fn code(&mut self, node: &Handle) {
        let text = text_of(node).replace(['\n', '\t'], " ");
        if text.trim().is_empty() {
            self.text(&text);
        } else {
            self.push_inline(Inline::Code(text));
        }
    }

    pub(super) fn math(&mut self, node: &Handle) {
        let text = text_of(node);
        if !text.trim().is_empty() {
            self.push_inline(Inline::Math(text.trim().replace('\n', " ")));
        }
    }
}

/// Whether a character belongs to a script that has no spaces between words: Chinese or Japanese, or their
/// punctuation.
fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}'
        | '\u{20000}'..='\u{3ffff}' | '“' | '”' | '‘' | '’' | '…' | '—')
        && !matches!(c, '\u{3130}'..='\u{318f}')
}
