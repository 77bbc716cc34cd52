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

mod filters;
mod markup;
mod scope;
mod shortcodes;
mod tags;
mod value;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use liquid_core::Value;
use liquid_core::model::{Object, State};

use self::filters::Call;
pub use self::filters::NEVER_IN_URLS;
use self::markup::{
    Part, Tag, find_opening, path_of, split_comment, split_loop, split_outside_quotes, split_raw, split_tag,
    words,
};
use self::scope::Names;
pub(crate) use self::scope::Scope;
pub use self::scope::{SiteValues, Surroundings};
pub(crate) use self::tags::Report;
use self::value::{count, equals, is_true, items, printed, size};
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
    reader.read(text);
    reader.finish()
}

/// A block whose end tag has not come yet.
enum Block {
    /// `if` or `unless`.
    If(Branches),
    /// `case`, with the value that is compared, if it is known.
    Case(Option<Value>, Branches),
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
struct Variable(Option<Value>);

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

impl<'a> Reader<'a> {
    fn read(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = find_opening(rest) {
            let (before, tag) = rest.split_at(at);
            self.text_before(before, tag);
            rest = if tag.starts_with("{%") { self.tag(tag) } else { self.output(tag) };
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
            self.variables.insert(name, Variable(value.filter(|_| !is_undecided)));
        }
    }

    /// The value of a name or a literal and the filters after it; `None` if it is not known.
    fn value(&mut self, markup: &str) -> Option<Cow<'a, Value>> {
        let mut parts = split_outside_quotes(markup, '|').into_iter();
        let first = parts.next().unwrap_or_default().trim();
        let mut value = if first.is_empty() { Cow::Owned(Value::Nil) } else { self.operand(first)? };
        for filter in parts {
            if self.is_exhausted(size(&value)) {
                return None;
            }
            value = self.filtered(value, filter)?;
        }
        Some(value)
    }

    /// What a filter makes of a value.
    fn filtered(&mut self, value: Cow<'a, Value>, filter: &str) -> Option<Cow<'a, Value>> {
        let (name, markup) = filter.split_once(':').unwrap_or((filter, ""));
        let mut call = Call { name: name.trim(), arguments: Vec::new(), keywords: Vec::new() };
        for argument in split_outside_quotes(markup, ',') {
            let argument = argument.trim();
            let keyword = argument.split_once(':').filter(|(name, _)| {
                !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')
            });
            match keyword {
                Some((name, value)) => call.keywords.push((name, self.operand(value.trim())?.into_owned())),
                None if argument.is_empty() => {}
                None => call.arguments.push(self.operand(argument)?.into_owned()),
            }
        }
        if let Some(suffix) = call.name.strip_suffix("_exp") {
            let found = self.filtered_by_condition(&value, suffix, &call.arguments);
            return Some(found.map_or(value, Cow::Owned));
        }
        match filters::apply(&value, &call, &self.site) {
            Some(output) => Some(Cow::Owned(output)),
            // As in Jekyll, a filter that is not known changes nothing.
            None if self.is_jekyll() => {
                self.kept_back.liquid.unsupported(&format!("| {}", call.name), false);
                Some(value)
            }
            None => None,
        }
    }

    /// Jekyll's filters `where_exp` and `find_exp`, whose condition is a text.
    fn filtered_by_condition(&mut self, value: &Value, name: &str, arguments: &[Value]) -> Option<Value> {
        let [variable, condition] = arguments else { return None };
        let (variable, condition) = (printed(variable), printed(condition));
        let before = self.variables.get(&variable).cloned();
        let mut found = Vec::new();
        for item in items(value) {
            if self.is_exhausted(size(&item) + condition.len()) {
                break;
            }
            self.variables.insert(variable.clone(), Variable(Some(item.clone())));
            if self.condition(&condition) == Some(true) {
                found.push(item);
                if name == "find" {
                    break;
                }
            }
        }
        self.restore(variable, before);
        match name {
            "where" => Some(found.into()),
            "find" => Some(found.pop().unwrap_or(Value::Nil)),
            _ => None,
        }
    }

    /// Gives a variable what it stood for before.
    fn restore(&mut self, name: String, before: Option<Variable>) {
        match before {
            Some(value) => self.variables.insert(name, value),
            None => self.variables.remove(&name),
        };
    }

    /// Runs a loop, and returns the text after it.
    fn for_loop<'t>(&mut self, tag: &Tag<'_>, after: &'t str) -> &'t str {
        let split = if self.endless.contains(tag.name) { None } else { split_loop(after, tag.name) };
        let Some((inner, otherwise, after)) = split else {
            self.endless.insert(tag.name.to_owned());
            self.kept_back.unclosed("a Liquid loop");
            self.kept_back.add(after);
            return "";
        };
        if !self.visible {
            self.kept_back.add(inner);
            self.kept_back.add(otherwise);
            return after;
        }
        let markup = tag.markup.replace(": ", ":");
        let mut words = markup.split_whitespace();
        let name = words.next().unwrap_or_default().to_owned();
        let collection = words.nth(1).unwrap_or_default();
        let (mut is_reversed, mut limit, mut offset) = (false, usize::MAX, 0);
        for word in words {
            let number = |reader: &mut Self, text: &str| {
                reader.operand(text).and_then(|value| printed(&value).parse().ok())
            };
            match word.split_once(':') {
                Some(("limit", text)) => limit = number(self, text).unwrap_or(limit),
                Some(("offset", text)) => offset = number(self, text).unwrap_or(offset),
                _ => is_reversed |= word == "reversed",
            }
        }
        let Some((values, length)) = self.loop_values(collection) else {
            self.unsupported(tag.source);
            self.kept_back.add(inner);
            return after;
        };
        let length = length.saturating_sub(offset).min(limit);
        if length == 0 {
            self.kept_back.add(inner);
            self.read_within(otherwise);
            return after;
        }
        let values: Box<dyn Iterator<Item = Value>> = match values {
            Values::List(values) => {
                let mut values: Vec<Value> = values.into_iter().skip(offset).take(length).collect();
                if is_reversed {
                    values.reverse();
                }
                Box::new(values.into_iter())
            }
            Values::Range(from, to) => {
                let numbers = (from..=to).skip(offset).take(length);
                if is_reversed {
                    let last = from.saturating_add_unsigned((offset + length - 1) as u64);
                    Box::new((from.saturating_add_unsigned(offset as u64)..=last).rev().map(Value::scalar))
                } else {
                    Box::new(numbers.map(Value::scalar))
                }
            }
        };
        if tag.name == "tablerow" {
            // One row; the words matter here, not their arrangement.
            self.text("<tr class=\"row1\">");
            self.iterate(
                &name,
                values,
                length,
                &format!("<td class=\"col{{{{ forloop.index }}}}\">{inner}</td>"),
            );
            self.text("</tr>");
        } else {
            self.iterate(&name, values, length, inner);
        }
        after
    }

    fn iterate(&mut self, name: &str, values: Box<dyn Iterator<Item = Value>>, length: usize, inner: &str) {
        let before = self.variables.get(name).cloned();
        let outer = self.variables.get("forloop").cloned();
        self.loops += 1;
        for (at, value) in values.enumerate() {
            if self.is_exhausted(size(&value) + inner.len()) {
                break;
            }
            let parent = outer.clone().and_then(|outer| outer.0).unwrap_or(Value::Nil);
            let place = for_loop_value(at, length, parent);
            self.variables.insert("forloop".to_owned(), Variable(Some(place)));
            self.variables.insert(name.to_owned(), Variable(Some(value)));
            self.read_within(inner);
            if self.stop.take() == Some(Stop::Loop) {
                break;
            }
        }
        self.loops -= 1;
        self.restore("forloop".to_owned(), outer);
        self.restore(name.to_owned(), before);
    }

    /// The values that a loop goes through and their number; `None` if they are not known.
    fn loop_values(&mut self, collection: &str) -> Option<(Values, usize)> {
        let range = collection.strip_prefix('(').and_then(|text| text.strip_suffix(')')?.split_once(".."));
        if let Some((from, to)) = range {
            let mut number = |text: &str| {
                let value = self.operand(text.trim().trim_matches('.'))?;
                Some(printed(&value).parse::<f64>().unwrap_or_default())
            };
            #[allow(
                clippy::cast_possible_truncation,
                reason = "numbers without an integer are far beyond any loop"
            )]
            let (from, to) = (number(from)? as i64, number(to)? as i64);
            let length = usize::try_from(to.saturating_sub(from).saturating_add(1)).unwrap_or(0);
            return Some((Values::Range(from, to), length));
        }
        let value = self.operand(collection)?;
        if self.is_exhausted(size(&value)) {
            return None;
        }
        let values = items(&value);
        let length = values.len();
        Some((Values::List(values), length))
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
                let value = self.operand(tag.markup.trim()).map(Cow::into_owned);
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
                let condition = self.is_one_of(value.as_ref(), tag.markup);
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

    /// Opens a loop where the site is not Jekyll's: what it goes through is not known, so that its words are shown
    /// once. A loop over nothing shows nothing.
    fn open_loop(&mut self, tag: &Tag<'_>) {
        let mut words = tag.markup.split_whitespace();
        let name = words.next().unwrap_or_default().to_owned();
        let values = words.nth(1).and_then(|values| self.operand(values));
        let is_run = values.filter(|value| items(value).is_empty()).map(|_| false);
        let mut branches = Branches::new(self.visible);
        let is_visible = branches.enter(is_run);
        if is_run.is_none() {
            self.unsupported(tag.source);
        }
        self.visible = is_visible;
        let before = self.variables.insert(name.clone(), Variable(None));
        self.open.push(Block::For(branches, name, before));
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

    /// Whether a condition is true; `None` if that is unknown here. As in Liquid, the last `and` or `or` binds
    /// its two sides first.
    fn condition(&mut self, markup: &str) -> Option<bool> {
        let words = words(markup);
        let is_connector = |word: &&str| matches!(*word, "and" | "or");
        let mut connectors = words.iter().copied().filter(is_connector).rev();
        let mut comparisons = words.rsplit(is_connector).map(|words| self.comparison(words));
        let mut right = comparisons.next()?;
        for left in comparisons {
            right = match (connectors.next()?, left, right) {
                ("and", Some(false), _) | ("and", _, Some(false)) => Some(false),
                ("or", Some(true), _) | ("or", _, Some(true)) => Some(true),
                (_, Some(_), right @ Some(_)) => right,
                _ => None,
            };
        }
        right
    }

    fn comparison(&mut self, words: &[&str]) -> Option<bool> {
        match words {
            [value] => self.operand(value).map(|value| is_true(&value)),
            [left, operator, right] => {
                let (left, right) = (self.operand(left)?, self.operand(right)?);
                value::compare(&left, operator, &right)
            }
            _ => None,
        }
    }

    /// Whether the values of `when` include this one.
    fn is_one_of(&mut self, value: Option<&Value>, markup: &str) -> Option<bool> {
        let value = value?;
        let candidates: Option<Vec<Cow<'_, Value>>> = words(markup)
            .into_iter()
            .filter(|word| *word != "or")
            .map(|word| self.operand(word.trim_matches(',')))
            .collect();
        Some(candidates?.iter().any(|candidate| equals(value, candidate)))
    }

    /// The value of a literal or a name; `None` if it is unknown here. As in Jekyll, a name that nothing defines
    /// is nil.
    fn operand(&mut self, text: &str) -> Option<Cow<'a, Value>> {
        let quoted = ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote));
        if let Some(text) = quoted {
            return Some(Cow::Owned(Value::scalar(text.to_owned())));
        }
        if let Some(value) = literal(text) {
            return Some(Cow::Owned(value));
        }
        // Liquid has no brackets but those of ranges, and takes others for a part of a name.
        if text.starts_with('(') && !text.contains("..") {
            return Some(Cow::Owned(Value::Nil));
        }
        if text.is_empty() || text.contains(['(', '|', ',', ':']) {
            return None;
        }
        let mut path = Vec::new();
        for part in path_of(text) {
            path.push(match part {
                Part::Name(name) => name.to_owned(),
                Part::Expression(markup) => self.operand(markup).map(|value| printed(&value))?,
            });
        }
        let (root, path) = path.split_first()?;
        match self.variables.get(root) {
            Some(value) => Some(Cow::Owned(value::at(value.0.as_ref()?, path))),
            None if matches!(root.as_str(), "forloop" | "tablerowloop") => {
                let is_in_loop = self.open.iter().any(|block| matches!(block, Block::For(..)));
                if is_in_loop { None } else { Some(Cow::Owned(Value::Nil)) }
            }
            None => self.names.find(root, path),
        }
    }
}

/// The value of a word that is no name.
fn literal(text: &str) -> Option<Value> {
    Some(match text {
        "true" => Value::scalar(true),
        "false" => Value::scalar(false),
        "nil" | "null" => Value::Nil,
        "empty" => Value::State(State::Empty),
        "blank" => Value::State(State::Blank),
        _ if text.starts_with(|c: char| c == '-' || c.is_ascii_digit()) => match text.parse::<i64>() {
            Ok(number) => Value::scalar(number),
            Err(_) => Value::scalar(text.parse::<f64>().ok()?),
        },
        _ => return None,
    })
}

/// The values that a loop goes through.
enum Values {
    List(Vec<Value>),
    /// Whole numbers, both included.
    Range(i64, i64),
}

/// What `forloop` stands for in an iteration, counted from 0.
fn for_loop_value(at: usize, length: usize, parent: Value) -> Value {
    let mut values = Object::new();
    for (name, number) in [
        ("index", at + 1),
        ("index0", at),
        ("length", length),
        ("rindex", length - at),
        ("rindex0", length - at - 1),
    ] {
        values.insert(name.into(), count(number));
    }
    values.insert("first".into(), Value::scalar(at == 0));
    values.insert("last".into(), Value::scalar(at + 1 == length));
    values.insert("parentloop".into(), parent);
    values.into()
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
