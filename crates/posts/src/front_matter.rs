//! Splits a post into front matter and body. Front matter is YAML between lines `---`, TOML between lines
//! `+++`, or a JSON object; it is read line by line if it is not valid.

use crate::value::{self, Lines, Map, Problem, Value};
use crate::warning::{Warning, WarningKind};

/// The keys that mean something; docs/writing.md explains each. Liquid may read others too.
pub const KEYS: [&str; 41] = [
    "_build",
    "aliases",
    "author",
    "authors",
    "build",
    "cascade",
    "categories",
    "category",
    "cover",
    "date",
    "description",
    "draft",
    "excerpt",
    "expiryDate",
    "headless",
    "image",
    "lang",
    "last_modified_at",
    "lastmod",
    "nav_exclude",
    "nav_order",
    "order",
    "path",
    "permalink",
    "publishDate",
    "publish_date",
    "published",
    "redirect_from",
    "render",
    "render_with_liquid",
    "slug",
    "summary",
    "tag",
    "tags",
    "taxonomies",
    "thumbnail",
    "title",
    "unpublishDate",
    "updated",
    "url",
    "weight",
];

/// A key in lower case, or as it is known.
fn folded(key: &str) -> String {
    let known = KEYS.iter().find(|known| known.eq_ignore_ascii_case(key));
    known.map_or_else(|| key.to_lowercase(), |known| (*known).to_owned())
}

/// Hugo's front matter for all pages of a folder or of a site: the values of a key `cascade`, with keys as a post's front
/// matter has them. <https://gohugo.io/content-management/front-matter/#cascade-1>
pub fn cascade(value: Option<&Value>) -> Vec<Map> {
    let map = |value: &Value| {
        let map = value.map()?;
        Some(map.iter().map(|(key, value)| (folded(key), value.clone())).collect())
    };
    match value {
        Some(Value::List(all)) => all.iter().filter_map(map).collect(),
        Some(value) => map(value).into_iter().collect(),
        None => Vec::new(),
    }
}

/// A post's text split into front matter and body.
#[derive(Debug, Default)]
pub(crate) struct FrontMatter<'a> {
    values: Map,
    lines: Lines,
    /// The text after the front matter.
    pub(crate) body: &'a str,
    /// The line on which the body begins, counted from 1.
    pub(crate) body_line: usize,
}

/// The forms of front matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Yaml,
    Toml,
    Json,
}

impl<'a> FrontMatter<'a> {
    /// Splits `text` and reads its front matter.
    pub(crate) fn parse(text: &'a str, warnings: &mut Vec<Warning>) -> Self {
        let blank = text.len() - text.trim_start_matches([' ', '\t', '\n']).len();
        let first_line = text[..blank].matches('\n').count() + 1;
        let mut warn = |line, message: String| {
            warnings.push(Warning { line, kind: WarningKind::FrontMatter, message });
        };
        let Some((form, inner)) = opening(&text[blank..]) else {
            warn(1, "the file does not begin with a line “---”, so all of it is read as the body".into());
            return Self { body: text, body_line: 1, ..Self::default() };
        };
        let (read, body) = match form {
            Form::Yaml | Form::Toml => {
                let closing: &[&str] = if form == Form::Yaml { &["---", "..."] } else { &["+++"] };
                let (matter, body) = split_at_closing_line(inner, closing).unwrap_or_else(|| {
                    warn(
                        first_line,
                        format!(
                            "the front matter has no closing line “{}”; it is read up to the first blank line",
                            closing[0]
                        ),
                    );
                    inner.split_once("\n\n").unwrap_or((inner, ""))
                });
                let line = first_line + 1;
                (form.read(matter, line).map_err(|problem| (problem, matter, line)), body)
            }
            Form::Json => match value::json(inner, first_line) {
                Ok((map, lines, body)) => (Ok((map, lines)), body.trim_start_matches([' ', '\t', '\n'])),
                Err(problem) => {
                    let (matter, body) = split_at_closing_line(inner, &["}"])
                        .unwrap_or_else(|| inner.split_once("\n\n").unwrap_or((inner, "")));
                    (Err((problem, matter, first_line)), body)
                }
            },
        };
        let (values, lines) = read.unwrap_or_else(|((at, problem), matter, line)| {
            warn(
                at,
                format!(
                    "the front matter is not valid {} ({problem}); it was read line by line",
                    form.name()
                ),
            );
            form.read_lines(matter, line)
        });
        let body_line = first_line + text[blank..text.len() - body.len()].matches('\n').count();
        Self { values, lines, body, body_line }
    }

    /// Adds the values of `defaults` that the post does not set itself. As in Jekyll, a mapping is merged.
    pub(crate) fn add_defaults(&mut self, defaults: &Map) {
        merge_missing(&mut self.values, defaults);
    }

    /// Writes all keys in lower case, as Hugo reads them, except those that are known in another case.
    pub(crate) fn fold_keys(&mut self) {
        let values = std::mem::take(&mut self.values);
        self.values = values.into_iter().map(|(key, value)| (folded(&key), value)).collect();
        let lines = std::mem::take(&mut self.lines);
        self.lines = lines.into_iter().map(|(key, line)| (folded(&key), line)).collect();
    }

    /// The value of `key`, whatever its form.
    pub(crate) fn value(&self, key: &str) -> Option<&Value> {
        debug_assert!(KEYS.iter().any(|known| known.eq_ignore_ascii_case(key)), "{key} is not in KEYS");
        self.values.get(key)
    }

    /// All values, for Liquid.
    pub(crate) fn values(&self) -> &Map {
        &self.values
    }

    /// Returns the line of `key` and its text. Returns `None` if the text is missing or empty, or if the
    /// value is not a scalar.
    pub(crate) fn text(&self, key: &str) -> Option<(usize, &str)> {
        Some((self.line(key), self.value(key)?.text()?))
    }

    /// Returns the line of `key`, or 1 if it is missing or a default.
    pub(crate) fn line(&self, key: &str) -> usize {
        self.lines.get(key).copied().unwrap_or(1)
    }

    /// Whether the post itself has the key, which may have a default too.
    pub(crate) fn is_own(&self, key: &str) -> bool {
        self.lines.contains_key(key)
    }

    /// Whether the value of `key` is a scalar without quotation marks.
    pub(crate) fn is_plain(&self, key: &str) -> bool {
        matches!(self.values.get(key), Some(Value::Plain(_)))
    }

    /// The spelling of a key that is present, perhaps in another case.
    pub(crate) fn key_in_any_case(&self, key: &str) -> Option<&str> {
        let (name, _) = self
            .values
            .get_key_value(key)
            .or_else(|| self.values.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)))?;
        Some(name)
    }

    /// The names under two keys.
    pub(crate) fn names(&self, singular: &str, plural: &str) -> Vec<String> {
        debug_assert!(
            KEYS.contains(&singular) && KEYS.contains(&plural),
            "{singular} or {plural} is not in KEYS"
        );
        names(&self.values, singular, plural)
    }
}

/// Returns names as Jekyll reads them: the value of `plural` is a list of names, or words separated by white
/// space; the value of `singular` is one name or a list of names. Lists in lists are flattened.
pub(crate) fn names(values: &Map, singular: &str, plural: &str) -> Vec<String> {
    let mut names: Vec<&str> = match values.get(plural) {
        Some(Value::Text(text) | Value::Plain(text)) => text.split_whitespace().collect(),
        Some(value) => value.texts(),
        None => Vec::new(),
    };
    names.extend(values.get(singular).map(Value::texts).unwrap_or_default());
    names.into_iter().map(str::to_owned).collect()
}

fn merge_missing(values: &mut Map, defaults: &Map) {
    for (key, default) in defaults {
        match (values.get_mut(key), default) {
            (None, default) => {
                values.insert(key.clone(), default.clone());
            }
            (Some(Value::Map(own)), Value::Map(default)) => merge_missing(own, default),
            (Some(_), _) => {}
        }
    }
}

/// The form of the front matter with which a text begins, and the text after the opening line; all of the text
/// if it is JSON.
fn opening(text: &str) -> Option<(Form, &str)> {
    let after_line = |sign: &str, more: char| {
        text.strip_prefix(sign)?.trim_start_matches([' ', '\t', more]).strip_prefix('\n')
    };
    if let Some(inner) = after_line("---", '-') {
        return Some((Form::Yaml, inner));
    }
    if let Some(inner) = after_line("+++", '+') {
        return Some((Form::Toml, inner));
    }
    // A text that begins with one of Liquid's or kramdown's signs has no quotation mark here.
    let is_object = text.strip_prefix('{').is_some_and(|inner| inner.trim_start().starts_with(['"', '}']));
    is_object.then_some((Form::Json, text))
}

impl Form {
    const fn name(self) -> &'static str {
        match self {
            Self::Yaml => "YAML",
            Self::Toml => "TOML",
            Self::Json => "JSON",
        }
    }

    fn read(self, text: &str, first_line: usize) -> Result<(Map, Lines), Problem> {
        match self {
            Self::Yaml => value::yaml(text, first_line),
            Self::Toml => value::toml(text, first_line),
            Self::Json => value::json(text, first_line).map(|(map, lines, _)| (map, lines)),
        }
    }

    fn read_lines(self, text: &str, first_line: usize) -> (Map, Lines) {
        match self {
            Self::Yaml => value::read_lines(text, first_line, ':'),
            Self::Toml => value::read_lines(text, first_line, '='),
            Self::Json => {
                let members: Vec<&str> = text
                    .lines()
                    .map(|line| line.trim().trim_start_matches('{').trim_end_matches(','))
                    .collect();
                value::read_lines(&members.join("\n"), first_line, ':')
            }
        }
    }
}

/// Splits at the line that closes the front matter.
fn split_at_closing_line<'a>(inner: &'a str, closing: &[&str]) -> Option<(&'a str, &'a str)> {
    let mut at = 0;
    for line in inner.split_inclusive('\n') {
        if closing.contains(&line.trim_end()) {
            return Some((&inner[..at], &inner[at + line.len()..]));
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (FrontMatter<'_>, Vec<Warning>) {
        let mut warnings = Vec::new();
        (FrontMatter::parse(text, &mut warnings), warnings)
    }

    #[test]
    fn a_title_with_unescaped_quotes_is_read_whole_and_reported_with_its_line() {
        let (matter, warnings) =
            parse("\n---\nlayout: post\ntitle: \"甲\"乙\"丙\"\ntags: [a, \"b c\"]\n---\nx");
        assert_eq!(matter.text("title"), Some((4, "甲\"乙\"丙")));
        assert_eq!(matter.names("tag", "tags"), ["a", "b c"]);
        assert_eq!((warnings.len(), warnings[0].line), (1, 4));
    }

    #[test]
    fn only_the_string_of_a_plural_key_is_split_into_words() {
        let (matter, warnings) = parse("---\ncategories: a  b\ntags:\n- x y\n- z\ncategory: one name\n---\n");
        assert_eq!(matter.names("category", "categories"), ["a", "b", "one name"]);
        assert_eq!(matter.names("tag", "tags"), ["x y", "z"]);
        assert!(warnings.is_empty());
    }

    #[test]
    fn scalars_stay_as_they_are_written() {
        let (matter, _) =
            parse("---\ndate: 2021-12-08 10:46:18\npublished: no\ntitle: 007\nsummary: ~\n---\nbody\n");
        assert_eq!(matter.text("date"), Some((2, "2021-12-08 10:46:18")));
        assert_eq!(matter.text("published"), Some((3, "no")));
        assert_eq!(matter.text("title"), Some((4, "007")));
        assert_eq!(matter.text("summary"), None);
        assert_eq!((matter.body, matter.body_line), ("body\n", 7));
    }

    #[test]
    fn aliases_and_depth_do_no_harm() {
        let deep =
            format!("---\na: &x [1]\nb: *x\nc: {}{}\ntitle: T\n---\n", "[".repeat(200), "]".repeat(200));
        let (matter, _) = parse(&deep);
        assert_eq!(matter.text("title"), Some((5, "T")));
    }

    #[test]
    fn a_file_without_front_matter_is_all_body() {
        let (matter, warnings) = parse("words");
        assert_eq!((matter.body, warnings.len()), ("words", 1));
    }
}
