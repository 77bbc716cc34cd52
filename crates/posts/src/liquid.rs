//! Carries out Liquid, on a Jekyll site as Jekyll does: conditions, loops, variables, filters, includes, and links to
//! posts and pages. Where the site is not Jekyll's, only the tags are carried out that decide which words are shown:
//! `comment`, `if`, `unless`, `case`, `assign`, `capture`, `raw` and `highlight`; others stay as they are written.
//!
//! Values and filters are those of the crate liquid. Its templates are not used: they stop at the first tag, filter
//! or name that is not known, so that the words of a whole post would be lost, and nothing bounds them.
//!
//! If a condition cannot be decided here, the words of all its branches are kept. If a tag that hides words has
//! no end, everything after it is hidden. A tag that is not known shows nothing, but the words between it and its end
//! are kept.

mod code;
mod expressions;
mod filters;
mod loops;
mod markup;
mod report;
mod scope;
mod shortcodes;
mod tags;
mod value;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use liquid_core::Value;

pub use self::filters::NEVER_IN_URLS;
use self::markup::{Tag, find_opening, split_comment, split_raw, split_tag};
pub(crate) use self::report::Report;
use self::scope::Names;
pub(crate) use self::scope::Scope;
pub use self::scope::{SiteValues, Surroundings};
use self::value::printed;
use crate::Program;
use crate::kept_back::KeptBack;

/// How much text and how many values a post's tags may handle in all, in bytes.
const MAX_WORK: usize = 16 << 20;
/// How deep includes and loops may be nested.
const MAX_DEPTH: usize = 24;

/// Carries out a text's tags. Words that are hidden go to `kept_back`.
pub(crate) fn carry_out(text: &str, scope: &Scope<'_>, kept_back: &mut KeptBack) -> String {
    let names = Names::new(scope);
    let mut reader = Reader {
        site: filters::Site { url: names.url(), dialect: scope.dialect, zone: scope.zone },
        names,
        kept_back,
        output: String::with_capacity(text.len()),
        visible: true,
        trims_start: false,
        open: Vec::new(),
        variables: HashMap::new(),
        counters: HashMap::new(),
        stop: None,
        loops: 0,
        depth: 0,
        work: 0,
        endless: HashSet::new(),
    };
    if scope.program == Program::Hexo {
        reader.read(&code::hide(text));
        return code::show(reader.finish());
    }
    reader.read(text);
    reader.finish()
}

/// A block whose end tag has not come yet.
enum Block {
    /// `if` or `unless`.
    If(Branches),
    /// `case`, with the value that is compared, if it is known.
    Case(Option<Rc<Value>>, Branches),
    /// A loop over values that are not known, with its variable, and what that stood for before.
    For(Branches, String, Option<Variable>),
    /// A variable's name, where its text begins in the output, and how many unsupported tags came before.
    Capture(String, usize, usize),
    /// The language of code, and where the code begins in the output.
    Highlight(String, usize),
    /// Where a quotation begins in the output, and the line below it.
    Quote(usize, String),
}

impl Block {
    fn branches(&self) -> Option<&Branches> {
        match self {
            Self::If(branches) | Self::Case(_, branches) | Self::For(branches, ..) => Some(branches),
            Self::Capture(..) | Self::Highlight(..) | Self::Quote(..) => None,
        }
    }
}

/// Which branch of a block is shown.
struct Branches {
    /// Whether the block itself is shown.
    outer: bool,
    /// Whether a branch has been chosen.
    chosen: bool,
    /// Whether a condition could not be decided, so that all further branches are shown.
    undecided: bool,
}

impl Branches {
    /// A block that is itself shown or not.
    fn new(outer: bool) -> Self {
        Self { outer, chosen: false, undecided: false }
    }

    /// Whether the branch with this condition is shown.
    fn enter(&mut self, condition: Option<bool>) -> bool {
        if self.undecided {
            return self.outer;
        }
        if self.chosen {
            return false;
        }
        self.undecided = condition.is_none();
        self.chosen = condition == Some(true);
        self.outer && condition != Some(false)
    }
}

/// A variable's value; `None` if it is not known.
#[derive(Debug, Clone)]
struct Variable(Option<Rc<Value>>);

impl Variable {
    fn new(value: impl Into<Option<Value>>) -> Self {
        Self(value.into().map(Rc::new))
    }
}

/// What a tag `break` or `continue` ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    Loop,
    Iteration,
}

struct Reader<'a> {
    names: Names<'a>,
    site: filters::Site<'a>,
    kept_back: &'a mut KeptBack,
    output: String,
    /// Whether the text here is shown.
    visible: bool,
    /// Whether the white space here is left out, because a tag before it ends in `-%}`.
    trims_start: bool,
    open: Vec<Block>,
    /// Variables that the text sets.
    variables: HashMap<String, Variable>,
    /// The counts of `increment`, `decrement` and `cycle`.
    counters: HashMap<String, i64>,
    stop: Option<Stop>,
    /// How many loops are being run, and how many texts within texts are being read.
    loops: usize,
    depth: usize,
    /// How many bytes of text and values have been handled.
    work: usize,
    /// What nothing further on ends, so that its end is not searched for again: the names and signs of tags and
    /// shortcodes.
    endless: HashSet<String>,
}

impl Reader<'_> {
    fn read(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = find_opening(rest) {
            let (before, tag) = rest.split_at(at);
            self.text_before(before, tag);
            rest = if self.names.scope.program == Program::Zola {
                self.zola_tag(tag)
            } else if tag.starts_with("{%") {
                self.tag(tag)
            } else {
                self.output(tag)
            };
            if self.stop.is_some() {
                return;
            }
            // A tag's own text may have been left as it is.
            let source = &tag[..tag.len() - rest.len()];
            self.trims_start = self.is_jekyll() && (source.ends_with("-%}") || source.ends_with("-}}"));
        }
        self.text_before(rest, "");
    }

    /// Reads a text within the text, such as an include.
    fn read_within(&mut self, text: &str) {
        let endless = std::mem::take(&mut self.endless);
        let (open, visible) = (self.open.len(), self.visible);
        self.depth += 1;
        self.read(text);
        self.depth -= 1;
        // A block that has no end here has its end here.
        while self.open.len() > open {
            self.close();
        }
        self.visible = visible;
        self.endless = endless;
    }

    /// What a text becomes by itself.
    fn shown_within(&mut self, text: &str) -> String {
        if find_opening(text).is_none() {
            return text.to_owned();
        }
        let from = self.output.len();
        self.read_within(text);
        self.output.split_off(from)
    }

    fn is_jekyll(&self) -> bool {
        self.names.scope.surroundings.is_some() && self.names.scope.is_jekyll
    }

    /// Whether the tags of this text may not do more.
    fn is_exhausted(&mut self, bytes: usize) -> bool {
        self.work = self.work.saturating_add(bytes);
        let is_exhausted = self.work > MAX_WORK || self.depth > MAX_DEPTH;
        self.kept_back.liquid.is_exhausted |= is_exhausted;
        is_exhausted
    }

    fn finish(self) -> String {
        let hides = |block: &Block| {
            matches!(block, Block::Capture(..))
                || block.branches().is_some_and(|branches| !branches.undecided)
        };
        if !self.visible || self.open.iter().any(hides) {
            self.kept_back.unclosed("a Liquid block");
        }
        let captured = self.open.iter().find_map(|block| match block {
            Block::Capture(_, from, _) => Some(*from),
            _ => None,
        });
        let mut output = self.output;
        if let Some(from) = captured {
            self.kept_back.add(&output[from..]);
            output.truncate(from);
        }
        output
    }

    /// Shows a text that is followed by a tag, or by nothing.
    fn text_before(&mut self, text: &str, tag: &str) {
        let text = if self.trims_start { text.trim_start() } else { text };
        let trims_end = self.is_jekyll() && tag.as_bytes().get(2) == Some(&b'-');
        self.trims_start = false;
        self.text(if trims_end { text.trim_end() } else { text });
    }

    fn text(&mut self, text: &str) {
        // The post's own text costs nothing.
        if self.depth > 0 && self.is_exhausted(text.len()) {
            return;
        }
        if self.visible {
            self.output.push_str(text);
        } else {
            self.kept_back.add(text);
        }
    }

    /// Reads the output tag at the start of a text, and returns the text after it.
    fn output<'t>(&mut self, rest: &'t str) -> &'t str {
        // Hugo's comments.
        for (begin, end) in [("{{/*", "*/}}"), ("{{- /*", "*/ -}}"), ("{{-/*", "*/-}}")] {
            if let Some(inner) = rest.strip_prefix(begin) {
                let (comment, after) = inner.split_once(end).unwrap_or_else(|| {
                    self.kept_back.unclosed("a comment “{{/*”");
                    (inner, "")
                });
                self.kept_back.add(comment);
                return after;
            }
        }
        if let Some(after) = self.shortcode(rest) {
            return after;
        }
        // Where no later tag ends either, the rest of the text is not searched again.
        let is_endless = self.endless.contains("{{");
        let end = if is_endless { None } else { rest.find("}}").map(|end| end + 2) };
        let Some(end) = end else {
            self.endless.insert("{{".to_owned());
            self.text(&rest[..2]);
            return &rest[2..];
        };
        let (source, after) = rest.split_at(end);
        let markup = source[2..end - 2].trim_matches('-').trim();
        if self.is_jekyll() {
            if !self.visible {
                self.kept_back.add(source);
            } else if markup.starts_with('.') {
                // A template of another program, which Jekyll would show nothing of.
                self.text(source);
            } else if let Some(value) = self.value(markup) {
                self.text(&printed(&value));
            } else {
                self.unsupported(source);
            }
            return after;
        }
        let name = markup.split(['|', '.', '[']).next().unwrap_or_default().trim();
        // Only what the text itself sets is shown; other tags stay as they are written.
        let is_set = self.variables.get(name).is_some_and(|value| value.0.is_some());
        match self.value(markup).filter(|_| is_set) {
            Some(value) => self.text(&printed(&value)),
            None => self.unsupported(source),
        }
        after
    }

    /// Notes a tag that is not carried out. On a Jekyll site nothing is shown of it; elsewhere it may not be
    /// Liquid's.
    fn unsupported(&mut self, source: &str) {
        let is_shown = !self.is_jekyll();
        if self.visible {
            self.kept_back.liquid.unsupported(source, is_shown);
        }
        if is_shown {
            self.text(source);
        } else {
            self.kept_back.add(source);
        }
    }

    /// Carries out the tag at the start of a text, and returns the text after it.
    fn tag<'t>(&mut self, rest: &'t str) -> &'t str {
        let is_endless = self.endless.contains("{%");
        let Some((tag, after)) = (!is_endless).then(|| split_tag(rest)).flatten() else {
            self.endless.insert("{%".to_owned());
            self.text(&rest[..2]);
            return &rest[2..];
        };
        match tag.name {
            "comment" | "doc" => {
                let (comment, after) = split_comment(after, tag.name);
                self.kept_back.add(comment);
                if let Some(after) = after {
                    return after;
                }
                self.kept_back.unclosed("the Liquid tag “comment”");
                return "";
            }
            "raw" => {
                let (raw, after) = split_raw(after);
                self.text(raw);
                return after;
            }
            // Liquid's comment within a tag, and tags of which nothing is shown.
            name if name.starts_with('#') => self.kept_back.add(tag.markup),
            "liquid" => self.kept_back.add(tag.markup),
            "assign" => self.assign(tag.markup),
            "for" | "tablerow" if self.is_jekyll() => return self.for_loop(&tag, after),
            _ if self.block(&tag) => {}
            _ if !self.visible => self.kept_back.add(tag.source),
            _ if self.is_jekyll() => {
                if let Some(after) = self.jekyll_tag(&tag, after) {
                    return after;
                }
                self.unsupported(tag.source);
            }
            _ => self.unsupported(tag.source),
        }
        after
    }

    fn assign(&mut self, markup: &str) {
        self.kept_back.add(markup);
        let Some((name, value)) = markup.split_once('=') else { return };
        let value = self.value(value).map(Cow::into_owned);
        self.set(name.trim().to_owned(), value);
    }

    /// Sets a variable. Its value is not known where this may not happen.
    fn set(&mut self, name: String, value: Option<Value>) {
        let is_undecided = self.open.iter().filter_map(Block::branches).any(|branches| branches.undecided);
        if self.visible {
            self.variables.insert(name, Variable::new(value.filter(|_| !is_undecided)));
        }
    }

    /// Gives a variable what it stood for before.
    fn restore(&mut self, name: String, before: Option<Variable>) {
        match before {
            Some(value) => self.variables.insert(name, value),
            None => self.variables.remove(&name),
        };
    }

    /// Carries out a tag that opens, divides or closes a block. Returns `false` for any other tag.
    fn block(&mut self, tag: &Tag<'_>) -> bool {
        match (tag.name, self.open.last_mut()) {
            ("if" | "unless", _) => {
                let condition = self.condition(tag.markup).map(|is_true| is_true == (tag.name == "if"));
                let mut branches = Branches::new(self.visible);
                self.visible = branches.enter(condition);
                self.open.push(Block::If(branches));
            }
            ("case", _) => {
                let value = self.operand(tag.markup.trim()).map(|value| Rc::new(value.into_owned()));
                let branches = Branches { undecided: value.is_none(), ..Branches::new(self.visible) };
                self.visible = self.visible && branches.undecided;
                self.open.push(Block::Case(value, branches));
            }
            ("elsif", Some(Block::If(_))) => {
                let condition = self.condition(tag.markup);
                if let Some(Block::If(branches)) = self.open.last_mut() {
                    self.visible = branches.enter(condition);
                }
            }
            ("when", Some(Block::Case(value, _))) => {
                let value = value.clone();
                let condition = self.is_one_of(value.as_deref(), tag.markup);
                if let Some(Block::Case(_, branches)) = self.open.last_mut() {
                    self.visible = branches.enter(condition);
                }
            }
            ("else", Some(Block::If(branches) | Block::Case(_, branches) | Block::For(branches, ..))) => {
                self.visible = branches.enter(Some(true));
            }
            ("endif" | "endunless", Some(Block::If(_)))
            | ("endcase", Some(Block::Case(..)))
            | ("endcapture", Some(Block::Capture(..)))
            | ("endhighlight", Some(Block::Highlight(..)))
            | ("endblockquote" | "endquote" | "endpullquote", Some(Block::Quote(..))) => self.close(),
            ("for" | "tablerow", _) => self.open_loop(tag),
            ("endfor" | "endtablerow", Some(Block::For(..))) => {
                if let Some(Block::For(branches, name, before)) = self.open.pop() {
                    self.restore(name, before);
                    self.visible = branches.outer;
                    if branches.undecided {
                        self.text(tag.source);
                    }
                }
            }
            ("capture", _) => {
                let name = tag.markup.trim().trim_matches(['"', '\'']).to_owned();
                let unsupported = self.kept_back.liquid.count();
                self.open.push(Block::Capture(name, self.output.len(), unsupported));
            }
            ("highlight", _) if self.visible => {
                let language = tag.markup.split_whitespace().next().unwrap_or_default().to_owned();
                self.open.push(Block::Highlight(language, self.output.len()));
            }
            _ => return false,
        }
        true
    }

    /// Closes the innermost block.
    fn close(&mut self) {
        match self.open.pop() {
            Some(Block::If(branches) | Block::Case(_, branches)) => self.visible = branches.outer,
            Some(Block::For(branches, name, before)) => {
                self.restore(name, before);
                self.visible = branches.outer;
            }
            Some(Block::Capture(name, from, unsupported)) => {
                let captured = self.output.split_off(from);
                self.kept_back.add(&captured);
                let is_sure = self.is_jekyll() || self.kept_back.liquid.count() == unsupported;
                let is_small = captured.len() <= filters::MAX_SIZE;
                self.set(name, (is_sure && is_small).then(|| Value::scalar(captured)));
            }
            Some(Block::Highlight(language, from)) => {
                let code = self.output.split_off(from);
                push_code(&mut self.output, &language, &code);
            }
            Some(Block::Quote(from, author)) => {
                let words = self.output.split_off(from);
                tags::push_quote(&mut self.output, &words, &author);
            }
            None => {}
        }
    }
}

/// Writes code as HTML on one line, in which neither Markdown nor HTML has a meaning.
fn push_code(output: &mut String, language: &str, code: &str) {
    output.push_str("<pre><code class=\"language-");
    output.extend(
        language.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '#' | '.')),
    );
    output.push_str("\">");
    for c in code.trim_matches('\n').chars() {
        if c.is_ascii_punctuation() || matches!(c, '\n' | '\t' | ' ') {
            output.push_str(&format!("&#{};", u32::from(c)));
        } else {
            output.push(c);
        }
    }
    output.push_str("</code></pre>");
}

#[cfg(test)]
mod tests;
