//! Reads front matter: as YAML with a library, or line by line if it is not valid YAML.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser};

use crate::warning::{Warning, WarningKind};

/// A post's text split into front matter and body.
#[derive(Debug, Default)]
pub(crate) struct FrontMatter<'a> {
    values: BTreeMap<String, (usize, Value)>,
    /// The text after the front matter.
    pub(crate) body: &'a str,
    /// The line on which the body begins, counted from 1.
    pub(crate) body_line: usize,
}

/// The value of a front matter key. Posts need no deeper values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Text(String),
    List(Vec<String>),
}

impl<'a> FrontMatter<'a> {
    /// Splits `text` and reads its front matter.
    pub(crate) fn parse(text: &'a str, warnings: &mut Vec<Warning>) -> Self {
        let blank = text.len() - text.trim_start_matches([' ', '\t', '\n']).len();
        let first_line = text[..blank].matches('\n').count() + 1;
        let start = &text[blank..];
        let Some(inner) = start
            .strip_prefix("---")
            .map(|rest| rest.trim_start_matches([' ', '\t', '-']))
            .and_then(|rest| rest.strip_prefix('\n'))
        else {
            warnings.push(Warning {
                line: 1,
                kind: WarningKind::FrontMatter,
                message: "the file does not begin with a line “---”, so all of it is read as the body".into(),
            });
            return Self { values: BTreeMap::new(), body: text, body_line: 1 };
        };
        let (yaml, body) = split_at_closing_line(inner).unwrap_or_else(|| {
            warnings.push(Warning {
                line: first_line,
                kind: WarningKind::FrontMatter,
                message: "the front matter has no closing line “---”; it is read up to the first blank line"
                    .into(),
            });
            inner.split_once("\n\n").unwrap_or((inner, ""))
        });
        let line = first_line + 1;
        let values = parse_yaml(yaml, line).unwrap_or_else(|(at, error)| {
            warnings.push(Warning {
                line: at,
                kind: WarningKind::FrontMatter,
                message: format!("the front matter is not valid YAML ({error}); it was read line by line"),
            });
            read_lines(yaml, line)
        });
        let body_line = line + text[text.len() - inner.len()..text.len() - body.len()].matches('\n').count();
        Self { values, body, body_line }
    }

    /// Returns the line of `key` and its text. Returns `None` if the text is missing or empty, or if the
    /// value is a list.
    pub(crate) fn text(&self, key: &str) -> Option<(usize, &str)> {
        match self.values.get(key) {
            Some((line, Value::Text(text))) if !text.trim().is_empty() => Some((*line, text.trim())),
            _ => None,
        }
    }

    /// Returns the line of `key`, or 1 if it is missing.
    pub(crate) fn line(&self, key: &str) -> usize {
        self.values.get(key).map_or(1, |(line, _)| *line)
    }

    /// Returns names as Jekyll reads them: the value of `singular` is one name or a list of names; the value
    /// of `plural` is a list of names, or words separated by white space.
    pub(crate) fn names(&self, singular: &str, plural: &str) -> Vec<String> {
        let mut names = match self.values.get(singular) {
            Some((_, Value::Text(text))) => vec![text.clone()],
            Some((_, Value::List(list))) => list.clone(),
            None => Vec::new(),
        };
        match self.values.get(plural) {
            Some((_, Value::Text(text))) => names.extend(text.split_whitespace().map(str::to_owned)),
            Some((_, Value::List(list))) => names.extend(list.iter().cloned()),
            None => {}
        }
        names.retain(|name| !name.trim().is_empty());
        names
    }
}

/// Reads the top-level scalars of a YAML text.
pub(crate) fn scalars(yaml: &str) -> Result<BTreeMap<String, String>, (usize, String)> {
    let values = parse_yaml(yaml, 1)?.into_iter();
    let text = |(key, (_, value))| match value {
        Value::Text(text) => Some((key, text)),
        Value::List(_) => None,
    };
    Ok(values.filter_map(text).collect())
}

/// Splits at the line that closes the front matter.
fn split_at_closing_line(inner: &str) -> Option<(&str, &str)> {
    let mut at = 0;
    for line in inner.split_inclusive('\n') {
        if matches!(line.trim_end(), "---" | "...") {
            return Some((&inner[..at], &inner[at + line.len()..]));
        }
        at += line.len();
    }
    None
}

type Values = BTreeMap<String, (usize, Value)>;

/// Reads the top-level scalars and lists of scalars of a YAML mapping.
///
/// It reads events instead of a tree, so that scalars except null keep their spelling, aliases are not
/// expanded (a short text cannot become a huge value), and nesting needs only a counter.
fn parse_yaml(yaml: &str, first_line: usize) -> Result<Values, (usize, String)> {
    let mut values = Values::new();
    let mut depth = 0_usize;
    let mut key: Option<(usize, String)> = None;
    let mut list: Option<Vec<String>> = None;
    for event in Parser::new_from_str(yaml) {
        let (event, span) = event.map_err(|error| {
            (first_line + error.marker().line().saturating_sub(1), error.info().to_owned())
        })?;
        let line = first_line + span.start.line().saturating_sub(1);
        match event {
            Event::Scalar(text, ..) if depth == 0 => {
                return if text.trim().is_empty() {
                    Ok(values)
                } else {
                    Err((line, "a mapping was expected, such as “title: …”".into()))
                };
            }
            Event::Scalar(text, style, ..) if depth == 1 => match key.take() {
                None => key = Some((line, text.into_owned())),
                Some((at, name)) => {
                    let is_null = style == saphyr_parser::ScalarStyle::Plain
                        && matches!(&*text, "~" | "null" | "Null" | "NULL");
                    values.insert(
                        name,
                        (at, Value::Text(if is_null { String::new() } else { text.into_owned() })),
                    );
                }
            },
            Event::Scalar(text, ..) if depth == 2 => {
                if let Some(list) = &mut list {
                    list.push(text.into_owned());
                }
            }
            Event::Alias(_) if depth == 1 => {
                key = if key.is_some() { None } else { Some((line, String::new())) };
            }
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                if depth == 0 && matches!(event, Event::SequenceStart(..)) {
                    return Err((line, "a mapping was expected, such as “title: …”, not a list".into()));
                }
                if depth == 1 && key.is_some() && matches!(event, Event::SequenceStart(..)) {
                    list = Some(Vec::new());
                }
                depth += 1;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                depth = depth.saturating_sub(1);
                if depth == 1 {
                    match (key.take(), list.take()) {
                        (Some((at, name)), Some(items)) => {
                            values.insert(name, (at, Value::List(items)));
                        }
                        // The key itself was a mapping or a list, so its value has an empty name.
                        (None, _) => key = Some((line, String::new())),
                        (Some(_), None) => {}
                    }
                }
            }
            _ => {}
        }
    }
    Ok(values)
}

/// Reads lines such as `key: value`, `key: [item, item]` and `- item`. Removes one pair of quotation marks
/// around each key, value and item.
fn read_lines(yaml: &str, first_line: usize) -> Values {
    let mut values = Values::new();
    let mut last: Option<String> = None;
    for (at, line) in yaml.lines().enumerate() {
        if let Some(item) = line.trim_start().strip_prefix("- ")
            && let Some((_, value)) = last.as_ref().and_then(|key| values.get_mut(key))
        {
            match value {
                Value::List(items) => items.push(unquote(item)),
                Value::Text(text) if text.is_empty() => *value = Value::List(vec![unquote(item)]),
                Value::Text(_) => {}
            }
        } else if let Some((key, value)) = line.split_once(':')
            && !key.starts_with([' ', '\t', '#'])
        {
            let key = unquote(key);
            let value = value.trim();
            let value = match value.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
                Some(items) => Value::List(items.split(',').map(unquote).collect()),
                None => Value::Text(unquote(value)),
            };
            last = Some(key.clone());
            values.insert(key, (first_line + at, value));
        }
    }
    values
}

fn unquote(text: &str) -> String {
    let text = text.trim();
    let quoted = ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote));
    quoted.unwrap_or(text).to_owned()
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
        assert_eq!(matter.names("category", "categories"), ["one name", "a", "b"]);
        assert_eq!(matter.names("tag", "tags"), ["x y", "z"]);
        assert!(warnings.is_empty());
    }

    #[test]
    fn scalars_stay_as_they_are_written() {
        let (matter, _) =
            parse("---\ndate: 2021-12-08 10:46:18\npublished: no\ntitle: 007\nempty: ~\n---\nbody\n");
        assert_eq!(matter.text("date"), Some((2, "2021-12-08 10:46:18")));
        assert_eq!(matter.text("published"), Some((3, "no")));
        assert_eq!(matter.text("title"), Some((4, "007")));
        assert_eq!(matter.text("empty"), None);
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
