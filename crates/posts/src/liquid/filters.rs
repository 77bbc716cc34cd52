//! Filters: Liquid's own by the crate `liquid_lib`, and Jekyll's. (Those of Jekyll that the crate has bring 200 KB of
//! tables for one mode of `slugify`.)
//!
//! As in Ruby's Liquid, a filter that is not known, or that does not fit a value, leaves it as it is. No filter makes
//! more of a value than `MAX_SIZE`.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use bundle::{Time, slugify, slugify_pretty};
use jiff::tz::TimeZone;
use liquid_core::Value;
use liquid_core::model::{DateTime, Object, Scalar, ValueView as _};
use liquid_core::parser::{FilterArguments, ParseFilter};
use liquid_core::runtime::{Expression, RuntimeBuilder};
use liquid_lib::stdlib;
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use super::tags::escape;
use super::value::{self, count, equals, in_order, is_true, items, printed, property, size};
use crate::date::{self, Clock};
use crate::dialect::{self, Dialect};

/// A filter's call: its name and its arguments.
pub(super) struct Call<'a> {
    pub(super) name: &'a str,
    pub(super) arguments: Vec<Value>,
    pub(super) keywords: Vec<(&'a str, Value)>,
}

/// What filters need to know of the site.
pub(super) struct Site<'a> {
    /// The site's address without a slash at its end; empty if unknown.
    pub(super) url: String,
    pub(super) dialect: Option<Dialect>,
    pub(super) zone: &'a TimeZone,
}

impl Site<'_> {
    /// Renders Markdown to HTML.
    fn markdown(&self, text: &str) -> String {
        self.dialect.map_or_else(|| text.to_owned(), |dialect| dialect::to_html(text, dialect))
    }

    /// Renders a line of Markdown to HTML, without a paragraph around it.
    pub(super) fn markdown_line(&self, text: &str) -> String {
        let html = self.markdown(text);
        let line = html.trim().strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>"));
        line.filter(|line| !line.contains("<p>")).map_or_else(|| escape(text), str::to_owned)
    }
}

/// The largest value, in bytes, that a filter makes.
pub(super) const MAX_SIZE: usize = 1 << 20;

/// The crate's filters by their names. Left out are those of it that count bytes instead of characters.
static FILTERS: LazyLock<HashMap<String, Box<dyn ParseFilter>>> = LazyLock::new(|| {
    let filters: Vec<Box<dyn ParseFilter>> = vec![
        stdlib::Abs.into(),
        stdlib::Append.into(),
        stdlib::AtLeast.into(),
        stdlib::AtMost.into(),
        stdlib::Capitalize.into(),
        stdlib::Ceil.into(),
        stdlib::Compact.into(),
        stdlib::Concat.into(),
        stdlib::Date.into(),
        stdlib::Default.into(),
        stdlib::DividedBy.into(),
        stdlib::Downcase.into(),
        stdlib::Escape.into(),
        stdlib::EscapeOnce.into(),
        stdlib::First.into(),
        stdlib::Floor.into(),
        stdlib::Join.into(),
        stdlib::Last.into(),
        stdlib::Lstrip.into(),
        stdlib::Map.into(),
        stdlib::Minus.into(),
        stdlib::Modulo.into(),
        stdlib::NewlineToBr.into(),
        stdlib::Plus.into(),
        stdlib::Prepend.into(),
        stdlib::Remove.into(),
        stdlib::RemoveFirst.into(),
        stdlib::Replace.into(),
        stdlib::ReplaceFirst.into(),
        stdlib::Reverse.into(),
        stdlib::Round.into(),
        stdlib::Rstrip.into(),
        stdlib::Sort.into(),
        stdlib::SortNatural.into(),
        stdlib::Split.into(),
        stdlib::Strip.into(),
        stdlib::StripHtml.into(),
        stdlib::StripNewlines.into(),
        stdlib::Times.into(),
        stdlib::TruncateWords.into(),
        stdlib::Upcase.into(),
        stdlib::UrlDecode.into(),
    ];
    filters.into_iter().map(|filter| (filter.reflection().name().to_owned(), filter)).collect()
});

/// What a filter makes of a value; `None` if no filter has this name.
pub(super) fn apply(input: &Value, call: &Call<'_>, site: &Site<'_>) -> Option<Value> {
    if let Some(output) = of_jekyll(input, call, site) {
        return Some(output);
    }
    let filter = FILTERS.get(call.name)?;
    let is_arithmetic = is_arithmetic(call.name);
    let number = |value: &Value| if is_arithmetic { number(value) } else { value.clone() };
    let (input, arguments) = match call.name {
        "date" => (instant(input, site.zone), call.arguments.clone()),
        _ => (number(input), call.arguments.iter().map(number).collect()),
    };
    if grows_beyond_bounds(&input, call) {
        return Some(input);
    }
    let evaluate = || {
        let literals: Vec<_> = arguments.into_iter().map(Expression::Literal).collect();
        let keywords = call.keywords.iter().map(|(name, value)| (*name, Expression::Literal(value.clone())));
        let arguments =
            FilterArguments { positional: Box::new(literals.into_iter()), keyword: Box::new(keywords) };
        filter.parse(arguments)?.evaluate(&input, &RuntimeBuilder::new().build())
    };
    let output = evaluate();
    Some(output.ok().filter(|output| size(output) <= MAX_SIZE).unwrap_or(input))
}

/// Jekyll's filters that the crate does not have, and those of Liquid that count bytes there or write a space otherwise.
fn of_jekyll(input: &Value, call: &Call<'_>, site: &Site<'_>) -> Option<Value> {
    let argument = |at: usize| call.arguments.get(at);
    let text = || printed(input);
    let format = |format: &'static str| {
        let call = Call { name: "date", arguments: vec![Value::scalar(format)], keywords: Vec::new() };
        apply(input, &call, site)
    };
    let encode = |set: &'static AsciiSet| Value::scalar(utf8_percent_encode(&text(), set).to_string());
    Some(match call.name {
        "size" => match input {
            Value::Nil => count(0),
            Value::Scalar(_) => count(text().chars().count()),
            value => property(value, "size"),
        },
        "truncate" => Value::scalar(truncate(&text(), argument(0), argument(1))),
        "slice" => slice(input, integer(argument(0), 0), integer(argument(1), 1)),
        "relative_url" => Value::scalar(path(&text())),
        "absolute_url" => Value::scalar(format!("{}{}", site.url, path(&text()))),
        "strip_index" => Value::scalar(text().strip_suffix("index.html").map_or_else(text, str::to_owned)),
        "xml_escape" => {
            let call = Call { name: "escape", arguments: Vec::new(), keywords: Vec::new() };
            apply(input, &call, site)?
        }
        "cgi_escape" | "url_encode" => Value::scalar(printed(&encode(CGI)).replace("%20", "+")),
        "uri_escape" => encode(NEVER_IN_URLS),
        "number_of_words" => count(text().split_whitespace().count()),
        "markdownify" => Value::scalar(site.markdown(&text())),
        // The dialect makes marks curly afterwards, where it does.
        "smartify" => Value::scalar(text()),
        "normalize_whitespace" => Value::scalar(text().split_whitespace().collect::<Vec<_>>().join(" ")),
        "to_integer" => match input {
            Value::Scalar(scalar) if scalar.to_bool().is_some() => count(usize::from(is_true(input))),
            value => number(value),
        },
        // By way of a value whose keys have an order.
        "jsonify" | "inspect" => Value::scalar(serde_json::to_value(input).unwrap_or_default().to_string()),
        "sample" => items(input).into_iter().next().unwrap_or(Value::Nil),
        "date_to_xmlschema" => format("%Y-%m-%dT%H:%M:%S%:z")?,
        "date_to_rfc822" => format("%a, %d %b %Y %H:%M:%S %z")?,
        "date_to_string" => format("%d %b %Y")?,
        "date_to_long_string" => format("%d %B %Y")?,
        "slugify" => Value::scalar(slugified(&text(), argument(0).map(printed).as_deref())),
        "array_to_sentence_string" => {
            let connector = argument(0).map_or_else(|| "and".to_owned(), printed);
            Value::scalar(sentence(&items(input), &connector))
        }
        "push" | "unshift" | "pop" | "shift" => {
            let Value::Array(mut values) = input.clone() else { return Some(input.clone()) };
            match (call.name, argument(0)) {
                ("push", Some(value)) => values.push(value.clone()),
                ("unshift", Some(value)) => values.insert(0, value.clone()),
                ("pop", number) => values.truncate(values.len().saturating_sub(index(number))),
                ("shift", number) => drop(values.drain(..index(number).min(values.len()))),
                _ => {}
            }
            values.into()
        }
        "uniq" => {
            let Value::Array(values) = input else { return Some(input.clone()) };
            // The crate compares each with each.
            let mut seen = HashSet::new();
            let is_new = |value: &&Value| seen.insert(serde_json::to_string(value).unwrap_or_default());
            values.iter().filter(is_new).cloned().collect::<Vec<_>>().into()
        }
        "where" => chosen(input, argument(0)?, argument(1)).collect::<Vec<_>>().into(),
        "find" => chosen(input, argument(0)?, argument(1)).next().unwrap_or(Value::Nil),
        "group_by" => group_by(input, &printed(argument(0)?)),
        _ => return None,
    })
}

/// A number of elements, 1 if none is given.
fn index(number: Option<&Value>) -> usize {
    usize::try_from(integer(number, 1)).unwrap_or(0)
}

fn slugified(text: &str, mode: Option<&str>) -> String {
    match mode {
        Some("none") => text.to_owned(),
        Some("raw") => text.split_whitespace().collect::<Vec<_>>().join("-").to_lowercase(),
        Some("pretty") => slugify_pretty(text),
        Some("ascii") => {
            let ascii: String =
                text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
            slugify(&ascii)
        }
        _ => slugify(text),
    }
}

/// `a, b, and c`
fn sentence(values: &[Value], connector: &str) -> String {
    let texts: Vec<String> = values.iter().map(printed).collect();
    match texts.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} {connector} {two}"),
        [rest @ .., last] => format!("{}, {connector} {last}", rest.join(", ")),
    }
}

/// Characters that `cgi_escape` encodes.
const CGI: &AsciiSet = &NON_ALPHANUMERIC.remove(b'*').remove(b'-').remove(b'.').remove(b'_');
/// Characters that no part of a URL may contain, which Ruby's `Addressable::URI` encodes.
pub const NEVER_IN_URLS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// The address of a page of the site, from the site's root; the viewer adds the folder on the host.
fn path(text: &str) -> String {
    let is_whole =
        text.split_once(':').is_some_and(|(scheme, _)| scheme.chars().all(|c| c.is_ascii_alphanumeric()));
    if is_whole || text.starts_with('/') { text.to_owned() } else { format!("/{text}") }
}

fn is_arithmetic(filter: &str) -> bool {
    matches!(
        filter,
        "abs"
            | "at_least"
            | "at_most"
            | "ceil"
            | "divided_by"
            | "floor"
            | "minus"
            | "modulo"
            | "plus"
            | "round"
            | "times"
    )
}

/// As Ruby's Liquid reads numbers. The crate does not check whether whole numbers become too large, so that large
/// ones are not whole.
fn number(value: &Value) -> Value {
    let Value::Scalar(scalar) = value else { return count(0) };
    let text = scalar.to_kstr();
    let is_text = scalar.type_name() == "string";
    let trimmed = if is_text { text.trim() } else { "" };
    let whole = scalar.to_integer().or_else(|| trimmed.parse().ok());
    match whole {
        Some(whole) if whole.unsigned_abs() < 1 << 31 => Value::scalar(whole),
        _ => match scalar.to_float().or_else(|| trimmed.parse().ok()) {
            Some(number) => Value::scalar(number),
            None => count(0),
        },
    }
}

fn integer(value: Option<&Value>, default: i64) -> i64 {
    let Some(Value::Scalar(scalar)) = value.map(number) else { return default };
    scalar.to_integer().unwrap_or(default)
}

/// The time that a value means, for the filter `date`; the value itself if it means none.
fn instant(value: &Value, zone: &TimeZone) -> Value {
    let Value::Scalar(scalar) = value else { return value.clone() };
    let of_date = |scalar: &Scalar| {
        let is_date = scalar.type_name() == "date";
        scalar.to_date().filter(|_| is_date).map(|date| DateTime::default().with_date(date))
    };
    // Ruby reads more forms than the crate.
    let of_text = |scalar: &Scalar| date_time(date::parse(&scalar.to_kstr(), Clock::Site, zone)?.time);
    of_date(scalar)
        .or_else(|| scalar.to_date_time())
        .or_else(|| of_text(scalar))
        .map_or_else(|| value.clone(), Value::scalar)
}

pub(super) fn date_time(time: Time) -> Option<DateTime> {
    let text = time.to_string().replace('T', " ").replace('Z', "+00:00");
    let (clock, offset) = text.split_at_checked(19)?;
    DateTime::from_str(&format!("{clock} {}", offset.replace(':', "")))
}

/// Whether a filter would make far more of a value than its size.
fn grows_beyond_bounds(input: &Value, call: &Call<'_>) -> bool {
    let longest = call.arguments.iter().map(size).max().unwrap_or(0);
    let times = match call.name {
        "replace" | "replace_first" | "join" => size(input),
        "date" => {
            // A width such as in `%999999999d`.
            let format = call.arguments.first().map(printed).unwrap_or_default();
            let widths = format.split(|c: char| !c.is_ascii_digit());
            return widths.map(str::len).max().unwrap_or(0) > 3;
        }
        _ => 1,
    };
    times.saturating_mul(longest) > MAX_SIZE
}

fn truncate(text: &str, length: Option<&Value>, ellipsis: Option<&Value>) -> String {
    let length = usize::try_from(integer(length, 50)).unwrap_or(0);
    let ellipsis = ellipsis.map_or_else(|| "...".to_owned(), printed);
    if text.chars().count() <= length {
        return text.to_owned();
    }
    text.chars().take(length.saturating_sub(ellipsis.chars().count())).collect::<String>() + &ellipsis
}

fn slice(input: &Value, from: i64, length: i64) -> Value {
    let whole = match input {
        Value::Array(values) => values.len(),
        value => printed(value).chars().count(),
    };
    let at = if from < 0 { i64::try_from(whole).unwrap_or(i64::MAX) + from } else { from };
    let (Ok(at), Ok(length)) = (usize::try_from(at), usize::try_from(length)) else { return Value::Nil };
    match input {
        Value::Array(values) => values.iter().skip(at).take(length).cloned().collect::<Vec<_>>().into(),
        value => Value::scalar(printed(value).chars().skip(at).take(length).collect::<String>()),
    }
}

/// Of a list, or of a mapping's values, those in which a property has a value: Jekyll's `where`. Without a value,
/// those in which the property is true.
fn chosen<'a>(
    input: &'a Value,
    name: &'a Value,
    wanted: Option<&'a Value>,
) -> impl Iterator<Item = Value> + use<'a> {
    let name = printed(name);
    let values: Vec<&Value> = match input {
        Value::Array(values) => values.iter().collect(),
        Value::Object(map) => in_order(map).into_iter().map(|(_, value)| value).collect(),
        _ => Vec::new(),
    };
    let path: Vec<String> = name.split('.').map(str::to_owned).collect();
    values
        .into_iter()
        .filter(move |value| {
            let found = value::at(value, &path);
            match wanted {
                None => is_true(&found),
                // As in Jekyll, numbers are compared as texts.
                Some(wanted) => match &found {
                    Value::Array(values) => {
                        values.iter().any(|value| equals(value, wanted) || same_text(value, wanted))
                    }
                    found => equals(found, wanted) || same_text(found, wanted),
                },
            }
        })
        .cloned()
}

/// Whether a number and a text are written alike.
fn same_text(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Scalar(first), Value::Scalar(second)) => {
            first.type_name() != second.type_name() && printed(left) == printed(right)
        }
        _ => false,
    }
}

fn group_by(input: &Value, name: &str) -> Value {
    let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for item in items(input) {
        let key = printed(&property(&item, name));
        let at = *places.entry(key.clone()).or_insert_with(|| {
            groups.push((key, Vec::new()));
            groups.len() - 1
        });
        groups[at].1.push(item);
    }
    let group = |(name, items): (String, Vec<Value>)| {
        let mut group = Object::new();
        group.insert("name".into(), Value::scalar(name));
        group.insert("size".into(), count(items.len()));
        group.insert("items".into(), items.into());
        Value::Object(group)
    };
    groups.into_iter().map(group).collect::<Vec<_>>().into()
}
