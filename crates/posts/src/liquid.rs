//! Carries out the Liquid tags that decide which words of a post are shown: `comment`, `if`, `unless`, `case`,
//! `assign`, `capture`, `raw` and `highlight`, and Hugo's comments. Other tags stay as they are written.
//!
//! If a condition cannot be decided here, the words of all its branches are kept. If a tag that hides words has
//! no end, everything after it is hidden.

mod markup;
mod operand;

use std::collections::HashMap;

use bundle::Label;

use self::markup::{
    Tag, find_opening, path_of, split_comment, split_outside_quotes, split_raw, split_tag, words,
};
use self::operand::{Operand, of_map};
use crate::kept_back::KeptBack;
use crate::value::Map;

/// What a name in a template may stand for.
pub(crate) struct Scope<'a> {
    /// The post's front matter.
    pub(crate) page: &'a Map,
    /// The post's categories and tags.
    pub(crate) categories: &'a [Label],
    pub(crate) tags: &'a [Label],
    /// The site's `_config.yml`.
    pub(crate) site: &'a Map,
}

/// Carries out a text's tags. Words that are hidden go to `kept_back`.
pub(crate) fn carry_out(text: &str, scope: &Scope<'_>, kept_back: &mut KeptBack) -> String {
    let mut reader = Reader {
        scope,
        kept_back,
        output: String::with_capacity(text.len()),
        visible: true,
        open: Vec::new(),
        variables: HashMap::new(),
        tags_end: true,
        outputs_end: true,
    };
    reader.read(text);
    reader.finish()
}

/// A block whose end tag has not come yet.
enum Block {
    /// `if` or `unless`.
    If(Branches),
    /// `case`, with the value that is compared, if it is known.
    Case(Option<Operand>, Branches),
    /// A loop, with its variable, whose values are unknown, and what that stood for before.
    For(Branches, String, Option<Operand>),
    /// A variable's name, where its text begins in the output, and how many unsupported tags came before.
    Capture(String, usize, usize),
    /// The language of code, and where the code begins in the output.
    Highlight(String, usize),
}

impl Block {
    fn branches(&self) -> Option<&Branches> {
        match self {
            Self::If(branches) | Self::Case(_, branches) | Self::For(branches, ..) => Some(branches),
            Self::Capture(..) | Self::Highlight(..) => None,
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

struct Reader<'a> {
    scope: &'a Scope<'a>,
    kept_back: &'a mut KeptBack,
    output: String,
    /// Whether the text here is shown.
    visible: bool,
    open: Vec<Block>,
    /// Variables that the text sets.
    variables: HashMap<String, Operand>,
    /// Whether a tag `{%` may still have an end.
    tags_end: bool,
    /// Whether a tag `{{` may still have an end.
    outputs_end: bool,
}

impl Reader<'_> {
    fn read(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = find_opening(rest) {
            self.text(&rest[..at]);
            rest = &rest[at..];
            rest = if rest.starts_with("{%") { self.tag(rest) } else { self.output(rest) };
        }
        self.text(rest);
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

    fn text(&mut self, text: &str) {
        if self.visible {
            self.output.push_str(text);
        } else {
            self.kept_back.add(text);
        }
    }

    /// Reads the output tag at the start of a text, and returns the text after it.
    fn output<'t>(&mut self, rest: &'t str) -> &'t str {
        // Hugo's comments; its shortcodes, such as `{{< figure >}}`, stay as they are written.
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
        if let Some(after) = self.hugo_comment(rest) {
            return after;
        }
        // Where no later tag ends either, the rest of the text is not searched again.
        let end = if self.outputs_end { rest.find("}}").map(|end| end + 2) } else { None };
        let Some(end) = end else {
            self.outputs_end = false;
            self.text(&rest[..2]);
            return &rest[2..];
        };
        let (source, after) = rest.split_at(end);
        let markup = source[2..end - 2].trim_matches('-').trim();
        let name = markup.split(['|', '.', '[']).next().unwrap_or_default().trim();
        // Only what the text itself sets is shown; other tags stay as they are written.
        let is_set = self.variables.get(name).is_some_and(|value| *value != Operand::Unknown);
        match self.value(markup).printed().filter(|_| is_set) {
            Some(text) => self.text(&text),
            None => self.unsupported(source),
        }
        after
    }

    fn unsupported(&mut self, source: &str) {
        if self.visible {
            self.kept_back.unsupported.push(source.to_owned());
        }
        self.text(source);
    }

    /// Reads `{{< comment >}}…{{< /comment >}}`, if a text begins with it.
    fn hugo_comment<'t>(&mut self, rest: &'t str) -> Option<&'t str> {
        for (begin, end) in [("{{<", ">}}"), ("{{%", "%}}")] {
            let Some(inner) = rest
                .strip_prefix(begin)
                .and_then(|rest| rest.trim_start().strip_prefix("comment")?.trim_start().strip_prefix(end))
            else {
                continue;
            };
            let is_end =
                |tag: &str| tag.trim_start().strip_prefix('/').is_some_and(|name| name.trim() == "comment");
            let mut from = 0;
            while let Some(at) = inner[from..].find(begin).map(|at| from + at) {
                let tag = &inner[at + begin.len()..];
                let Some((name, after)) = tag.split_once(end) else { break };
                if is_end(name) {
                    self.kept_back.add(&inner[..at]);
                    return Some(after);
                }
                from = at + begin.len();
            }
            self.kept_back.unclosed("the shortcode “comment”");
            self.kept_back.add(inner);
            return Some("");
        }
        None
    }

    /// Carries out the tag at the start of a text, and returns the text after it.
    fn tag<'t>(&mut self, rest: &'t str) -> &'t str {
        let Some((tag, after)) = self.tags_end.then(|| split_tag(rest)).flatten() else {
            self.tags_end = false;
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
            _ if self.block(&tag) => {}
            _ => self.unsupported(tag.source),
        }
        after
    }

    fn assign(&mut self, markup: &str) {
        self.kept_back.add(markup);
        let Some((name, value)) = markup.split_once('=') else { return };
        let value = self.value(value);
        self.set(name.trim().to_owned(), value);
    }

    /// Sets a variable. Its value is not sure where this may not happen.
    fn set(&mut self, name: String, value: Operand) {
        let is_undecided = self.open.iter().filter_map(Block::branches).any(|branches| branches.undecided);
        if self.visible {
            self.variables.insert(name, if is_undecided { value.unsure() } else { value });
        }
    }

    /// The value of a name or a literal and the filters after it.
    fn value(&self, markup: &str) -> Operand {
        let mut parts = split_outside_quotes(markup, '|').into_iter();
        let first = parts.next().unwrap_or_default().trim();
        let value = match self.variables.get(first) {
            Some(value) => value.clone(),
            None => self.operand(first).unwrap_or(Operand::Unknown),
        };
        parts.fold(value, |value, filter| {
            let (name, arguments) = filter.split_once(':').unwrap_or((filter, ""));
            let argument =
                split_outside_quotes(arguments, ',').first().and_then(|text| self.operand(text.trim()));
            if value == Operand::Unknown { value } else { value.filtered(name.trim(), argument) }
        })
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
                let value = self.operand(tag.markup.trim());
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
            ("endif" | "endunless", Some(Block::If(branches)))
            | ("endcase", Some(Block::Case(_, branches))) => {
                self.visible = branches.outer;
                self.open.pop();
            }
            ("for" | "tablerow", _) => {
                let mut words = tag.markup.split_whitespace();
                let name = words.next().unwrap_or_default().to_owned();
                // A loop over nothing shows nothing.
                let values = words.nth(1).and_then(|values| self.operand(values));
                let is_run = values.filter(|values| !values.has_items()).map(|_| false);
                let mut branches = Branches::new(self.visible);
                let is_visible = branches.enter(is_run);
                if is_run.is_none() {
                    self.unsupported(tag.source);
                }
                self.visible = is_visible;
                let before = self.variables.insert(name.clone(), Operand::Unknown);
                self.open.push(Block::For(branches, name, before));
            }
            ("endfor" | "endtablerow", Some(Block::For(..))) => {
                if let Some(Block::For(branches, name, before)) = self.open.pop() {
                    self.variables.remove(&name);
                    self.variables.extend(before.map(|before| (name, before)));
                    self.visible = branches.outer;
                    if branches.undecided {
                        self.text(tag.source);
                    }
                }
            }
            ("capture", _) => {
                let name = tag.markup.trim().trim_matches(['"', '\'']).to_owned();
                let unsupported = self.kept_back.unsupported.len();
                self.open.push(Block::Capture(name, self.output.len(), unsupported));
            }
            ("endcapture", Some(Block::Capture(..))) => {
                if let Some(Block::Capture(name, from, unsupported)) = self.open.pop() {
                    let captured = self.output.split_off(from);
                    self.kept_back.add(&captured);
                    let is_sure = self.kept_back.unsupported.len() == unsupported;
                    let value = if is_sure { Operand::Text } else { Operand::Unsure };
                    self.set(name, value(captured));
                }
            }
            ("highlight", _) if self.visible => {
                let language = tag.markup.split_whitespace().next().unwrap_or_default().to_owned();
                self.open.push(Block::Highlight(language, self.output.len()));
            }
            ("endhighlight", Some(Block::Highlight(..))) => {
                if let Some(Block::Highlight(language, from)) = self.open.pop() {
                    let code = self.output.split_off(from);
                    push_code(&mut self.output, &language, &code);
                }
            }
            _ => return false,
        }
        true
    }

    /// Whether a condition is true; `None` if that is unknown here. As in Liquid, the last `and` or `or` binds
    /// its two sides first.
    fn condition(&self, markup: &str) -> Option<bool> {
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

    fn comparison(&self, words: &[&str]) -> Option<bool> {
        match words {
            [value] => Some(self.operand(value)?.is_true()),
            [left, operator, right] => self.operand(left)?.compare(operator, &self.operand(right)?),
            _ => None,
        }
    }

    /// Whether the values of `when` include this one.
    fn is_one_of(&self, value: Option<&Operand>, markup: &str) -> Option<bool> {
        let value = value?;
        let candidates: Option<Vec<Operand>> = words(markup)
            .into_iter()
            .filter(|word| *word != "or")
            .map(|word| self.operand(word.trim_matches(',')))
            .collect();
        Some(value.is_one_of(&candidates?))
    }

    /// The value of a literal or a name; `None` if it is unknown here. As in Jekyll, a name that nothing defines
    /// is nil.
    fn operand(&self, text: &str) -> Option<Operand> {
        let quoted = ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote));
        if let Some(text) = quoted {
            return Some(Operand::Text(text.to_owned()));
        }
        match text {
            "true" => return Some(Operand::Bool(true)),
            "false" => return Some(Operand::Bool(false)),
            "nil" | "null" => return Some(Operand::Nil),
            "empty" => return Some(Operand::Empty),
            "blank" => return Some(Operand::Blank),
            "" => return None,
            // What GitHub Pages and other hosts set.
            "jekyll.environment" => return Some(Operand::Text("production".into())),
            _ => {}
        }
        if let Ok(number) = text.parse() {
            return Some(Operand::Number(number));
        }
        // Liquid has no brackets but those of ranges, and takes others for a part of a name.
        if text.starts_with('(') && !text.contains("..") {
            return Some(Operand::Nil);
        }
        if text.contains(['(', '|', ',', ':']) {
            return None;
        }
        let path = path_of(text)?;
        let (root, path) = path.split_first()?;
        let texts = |labels: &[Label]| Operand::texts(labels.iter().map(|label| label.title.clone()));
        match (*root, path) {
            ("page", ["tags", rest @ ..]) => texts(self.scope.tags).at(rest),
            ("page", ["categories", rest @ ..]) => texts(self.scope.categories).at(rest),
            // A post that is published is no draft.
            ("page", ["draft"]) => Some(Operand::Bool(false)),
            ("page", ["collection"]) => Some(Operand::Text("posts".into())),
            ("page", path) => of_map(self.scope.page, path, &PAGE_NAMES),
            ("site", path) => of_map(self.scope.site, path, &SITE_NAMES),
            ("forloop" | "tablerowloop", _) => {
                let is_in_loop = self.open.iter().any(|block| matches!(block, Block::For(..)));
                if is_in_loop { None } else { Some(Operand::Nil) }
            }
            (name, path) => match self.variables.get(name) {
                Some(value) => value.clone().at(path),
                None if GLOBAL_NAMES.contains(&name) => None,
                None => Some(Operand::Nil),
            },
        }
    }
}

/// Names that Jekyll defines itself: of a post, of the site, and of its own.
const PAGE_NAMES: [&str; 15] = [
    "content",
    "date",
    "dir",
    "excerpt",
    "ext",
    "id",
    "name",
    "next",
    "output",
    "path",
    "previous",
    "relative_path",
    "slug",
    "title",
    "url",
];
const SITE_NAMES: [&str; 17] = [
    "baseurl",
    "categories",
    "collections",
    "data",
    "documents",
    "github",
    "html_files",
    "html_pages",
    "lang",
    "pages",
    "posts",
    "related_posts",
    "static_files",
    "tags",
    "theme",
    "time",
    "url",
];
const GLOBAL_NAMES: [&str; 3] = ["content", "jekyll", "layout"];

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
