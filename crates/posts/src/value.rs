//! Values of front matter and of configuration files: read from YAML, TOML or JSON into one form.

use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use saphyr_parser::{Event, Parser, ScalarStyle};

/// A value. Scalars keep their spelling, so that a title `007` or a date stays as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Value {
    /// YAML's `~`, `null` or nothing at all; JSON's `null`.
    #[default]
    Null,
    /// A scalar in quotation marks, or another one that can only be a text.
    Text(String),
    /// A scalar without quotation marks: by its spelling a number, a date, true or false, or else a text.
    Plain(String),
    /// A list.
    List(Vec<Value>),
    /// A mapping.
    Map(Map),
}

/// A mapping's values by their keys.
pub type Map = BTreeMap<String, Value>;

/// The lines of a mapping's keys, counted from 1.
pub(crate) type Lines = BTreeMap<String, usize>;

/// Why a text could not be read: the line, counted from 1, and the reason.
pub type Problem = (usize, String);

impl Value {
    /// The text of a scalar without white space around it; `None` if it is empty or not a scalar.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Plain(text) => Some(text.trim()).filter(|text| !text.is_empty()),
            _ => None,
        }
    }

    /// Whether a scalar is true or false, as Ruby's YAML library reads it (YAML 1.1: `yes`, `off` and the like
    /// too); `None` for any other value.
    pub fn bool(&self) -> Option<bool> {
        let is_one_of = |words: &[&str]| {
            self.text().is_some_and(|text| words.iter().any(|word| text.eq_ignore_ascii_case(word)))
        };
        if is_one_of(&["true", "yes", "on"]) {
            Some(true)
        } else if is_one_of(&["false", "no", "off"]) {
            Some(false)
        } else {
            None
        }
    }

    /// All scalars in this value, in order; of lists in lists too.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::List(values) => values.iter().flat_map(Self::texts).collect(),
            value => value.text().into_iter().collect(),
        }
    }

    /// The mapping, if it is one.
    pub fn map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The elements of a list; none if it is not a list.
    pub fn list(&self) -> &[Self] {
        match self {
            Self::List(values) => values,
            _ => &[],
        }
    }

    fn nodes(&self) -> usize {
        1 + match self {
            Self::List(values) => values.iter().map(Self::nodes).sum(),
            Self::Map(map) => map.values().map(Self::nodes).sum(),
            _ => 0,
        }
    }
}

/// Reads a YAML mapping, such as Jekyll's `_config.yml`.
///
/// # Errors
/// Fails if the text is not YAML, or is a list or a scalar instead of a mapping.
pub fn read_yaml(text: &str) -> Result<Map, Problem> {
    Ok(yaml(text, 1)?.0)
}

/// Reads a YAML mapping or list, such as a data file. JSON is YAML.
///
/// # Errors
/// Fails if the text is not YAML, or is a scalar.
pub fn read_yaml_value(text: &str) -> Result<Value, Problem> {
    let reader = YamlReader { admits_list: true, ..YamlReader::default() }.read(text, 1)?;
    Ok(reader.list.unwrap_or(Value::Map(reader.root)))
}

/// Reads TOML, such as a `_config.toml`.
///
/// # Errors
/// Fails if the text is not TOML.
pub fn read_toml(text: &str) -> Result<Map, Problem> {
    Ok(toml(text, 1)?.0)
}

/// The deepest nesting of lists and mappings that is read; deeper ones are null.
const MAX_DEPTH: usize = 32;
/// How many values aliases may add to a text, so that a short text cannot become a huge value.
const MAX_ALIASED: usize = 10_000;

/// Reads a YAML mapping and the lines of its keys. The text starts on line `first_line` of its file.
pub(crate) fn yaml(text: &str, first_line: usize) -> Result<(Map, Lines), Problem> {
    let reader = YamlReader::default().read(text, first_line)?;
    Ok((reader.root, reader.lines))
}

#[derive(Default)]
struct YamlReader {
    root: Map,
    lines: Lines,
    /// The lists and mappings being read, the innermost last, with their anchors.
    open: Vec<(Open, usize)>,
    /// How many lists and mappings below the deepest of `open` are being skipped.
    skipped: usize,
    anchors: HashMap<usize, Value>,
    aliased: usize,
    /// Whether the whole text may be a list, and that list.
    admits_list: bool,
    list: Option<Value>,
}

enum Open {
    List(Vec<Value>),
    /// The values so far, and the key whose value comes next.
    Map(Map, Option<String>),
}

impl YamlReader {
    /// Reads a text that starts on line `first_line` of its file.
    fn read(mut self, text: &str, first_line: usize) -> Result<Self, Problem> {
        let line = |number: usize| first_line + number.saturating_sub(1);
        for event in Parser::new_from_str(text) {
            let (event, span) =
                event.map_err(|error| (line(error.marker().line()), error.info().to_owned()))?;
            let line = line(span.start.line());
            self.event(event, line).map_err(|problem| (line, problem))?;
        }
        Ok(self)
    }

    fn event(&mut self, event: Event<'_>, line: usize) -> Result<(), String> {
        match event {
            Event::Scalar(text, style, anchor, tag) if self.skipped == 0 => {
                let is_null =
                    style == ScalarStyle::Plain && matches!(&*text, "" | "~" | "null" | "Null" | "NULL");
                let is_binary = tag.as_ref().is_some_and(|tag| tag.suffix == "binary");
                if self.open.is_empty() {
                    return if text.trim().is_empty() || is_null {
                        Ok(())
                    } else {
                        Err("a mapping was expected, such as “title: …”".into())
                    };
                }
                let value = if is_null && !self.expects_key() {
                    Value::Null
                } else if is_binary {
                    Value::Text(decode_binary(&text))
                } else {
                    let kind =
                        if style == ScalarStyle::Plain && tag.is_none() { Value::Plain } else { Value::Text };
                    kind(text.into_owned())
                };
                self.remember(anchor, &value);
                self.add(value, line);
            }
            Event::SequenceStart(..) | Event::MappingStart(..)
                if self.skipped > 0 || self.open.len() >= MAX_DEPTH =>
            {
                self.skipped += 1;
            }
            Event::SequenceStart(..) if self.open.is_empty() && !self.admits_list => {
                return Err("a mapping was expected, such as “title: …”, not a list".into());
            }
            Event::SequenceStart(anchor, _) => self.open.push((Open::List(Vec::new()), anchor)),
            Event::MappingStart(anchor, _) => self.open.push((Open::Map(Map::new(), None), anchor)),
            Event::SequenceEnd | Event::MappingEnd if self.skipped > 0 => {
                self.skipped -= 1;
                if self.skipped == 0 {
                    self.add(Value::Null, line);
                }
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some((open, anchor)) = self.open.pop() else { return Ok(()) };
                let value = match open {
                    Open::List(values) if self.open.is_empty() => {
                        self.list = Some(Value::List(values));
                        return Ok(());
                    }
                    Open::List(values) => Value::List(values),
                    Open::Map(map, _) if self.open.is_empty() => {
                        self.root = map;
                        return Ok(());
                    }
                    Open::Map(map, _) => Value::Map(map),
                };
                self.remember(anchor, &value);
                self.add(value, line);
            }
            Event::Alias(anchor) if self.skipped == 0 => {
                let value = self.anchors.get(&anchor).cloned().unwrap_or_default();
                self.aliased = self.aliased.saturating_add(value.nodes());
                self.add(if self.aliased > MAX_ALIASED { Value::Null } else { value }, line);
            }
            _ => {}
        }
        Ok(())
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some((Open::Map(_, None), _)))
    }

    fn remember(&mut self, anchor: usize, value: &Value) {
        // Values that no alias could use are not kept.
        if anchor > 0 && value.nodes() <= MAX_ALIASED {
            self.anchors.insert(anchor, value.clone());
        }
    }

    fn add(&mut self, value: Value, line: usize) {
        let is_root = self.open.len() == 1;
        match self.open.last_mut() {
            Some((Open::List(values), _)) => values.push(value),
            Some((Open::Map(map, key), _)) => match key.take() {
                // YAML's merge key adds the values of a mapping that are not set.
                Some(name) if name == "<<" => {
                    let merged: Vec<&Map> = match &value {
                        Value::Map(map) => vec![map],
                        value => value.list().iter().filter_map(Value::map).collect(),
                    };
                    for (name, value) in merged.into_iter().flatten() {
                        map.entry(name.clone()).or_insert_with(|| value.clone());
                    }
                }
                Some(name) => {
                    map.insert(name, value);
                }
                // A key that is a list or a mapping has no name.
                None => {
                    let name = match value {
                        Value::Text(name) | Value::Plain(name) => name,
                        _ => String::new(),
                    };
                    if is_root {
                        self.lines.insert(name.clone(), line);
                    }
                    *key = Some(name);
                }
            },
            None => {}
        }
    }
}

/// The text of a `!binary` scalar; Ruby writes texts this way if it does not know their encoding.
fn decode_binary(text: &str) -> String {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    base64::engine::general_purpose::STANDARD
        .decode(&digits)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .unwrap_or_else(|| text.to_owned())
}

/// Reads TOML, as [`yaml`] reads YAML.
pub(crate) fn toml(text: &str, first_line: usize) -> Result<(Map, Lines), Problem> {
    let line_at = |at: usize| first_line + text[..at.min(text.len())].matches('\n').count();
    let table: toml::Table = toml::from_str(text)
        .map_err(|error| (line_at(error.span().map_or(0, |span| span.start)), error.message().to_owned()))?;
    let map: Map = table.into_iter().map(|(key, value)| (key, of_toml(value))).collect();
    let lines = lines_of(&map, text, first_line, '=');
    Ok((map, lines))
}

fn of_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::Text(text),
        toml::Value::Integer(number) => Value::Plain(number.to_string()),
        toml::Value::Float(number) => Value::Plain(number.to_string()),
        toml::Value::Boolean(flag) => Value::Plain(flag.to_string()),
        toml::Value::Datetime(time) => Value::Text(time.to_string()),
        toml::Value::Array(values) => Value::List(values.into_iter().map(of_toml).collect()),
        toml::Value::Table(table) => {
            Value::Map(table.into_iter().map(|(key, value)| (key, of_toml(value))).collect())
        }
    }
}

/// Reads the JSON object at the start of a text, as [`yaml`] reads YAML. Also returns the text after it.
pub(crate) fn json(text: &str, first_line: usize) -> Result<(Map, Lines, &str), Problem> {
    let mut objects = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    let object = objects
        .next()
        .unwrap_or(Ok(serde_json::Value::Null))
        .map_err(|error| (first_line + error.line().saturating_sub(1), format!("{error}")))?;
    let end = objects.byte_offset();
    let Value::Map(map) = of_json(object) else {
        return Err((first_line, "an object was expected, such as { \"title\": … }".into()));
    };
    let lines = lines_of(&map, &text[..end], first_line, ':');
    Ok((map, lines, &text[end..]))
}

fn of_json(value: serde_json::Value) -> Value {
    match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(flag) => Value::Plain(flag.to_string()),
        serde_json::Value::Number(number) => Value::Plain(number.to_string()),
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Array(values) => Value::List(values.into_iter().map(of_json).collect()),
        serde_json::Value::Object(object) => {
            Value::Map(object.into_iter().map(|(key, value)| (key, of_json(value))).collect())
        }
    }
}

/// The lines that begin with a key and a sign, for formats whose libraries do not tell the lines.
fn lines_of(map: &Map, text: &str, first_line: usize, sign: char) -> Lines {
    let mut lines = Lines::new();
    for (at, line) in text.lines().enumerate() {
        let name = line.trim_start_matches([' ', '\t', '{', ',']).split(sign).next().unwrap_or_default();
        let name = name.trim().trim_matches(['"', '\'']);
        if map.contains_key(name) {
            lines.entry(name.to_owned()).or_insert(first_line + at);
        }
    }
    lines
}

/// Reads lines such as `key: value`, `key: [item, item]` and `- item` of front matter that is not valid; `sign`
/// separates keys from values. Removes one pair of quotation marks around each key, value and item.
pub(crate) fn read_lines(text: &str, first_line: usize, sign: char) -> (Map, Lines) {
    let (mut map, mut lines) = (Map::new(), Lines::new());
    let mut last: Option<String> = None;
    for (at, line) in text.lines().enumerate() {
        if let Some(item) = line.trim_start().strip_prefix("- ")
            && let Some(value) = last.as_ref().and_then(|key| map.get_mut(key))
        {
            match value {
                Value::List(items) => items.push(scalar(item)),
                Value::Plain(text) if text.is_empty() => {
                    *value = Value::List(vec![scalar(item)]);
                }
                _ => {}
            }
        } else if let Some((key, value)) = line.split_once(sign)
            && !key.starts_with([' ', '\t', '#'])
        {
            let key = unquote(key);
            let value = value.trim();
            let value = match value.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
                Some(items) => Value::List(items.split(',').map(scalar).collect()),
                None => scalar(value),
            };
            last = Some(key.clone());
            lines.insert(key.clone(), first_line + at);
            map.insert(key, value);
        }
    }
    (map, lines)
}

/// A scalar, without one pair of quotation marks.
fn scalar(text: &str) -> Value {
    let unquoted = unquote(text);
    if unquoted.len() < text.trim().len() { Value::Text(unquoted) } else { Value::Plain(unquoted) }
}

fn unquote(text: &str) -> String {
    let text = text.trim();
    let quoted = ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote));
    quoted.unwrap_or(text).to_owned()
}
