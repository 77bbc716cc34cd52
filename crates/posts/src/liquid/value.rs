//! Liquid's values, which are those of the crate `liquid_core`: read from front matter and data files, and compared
//! as Ruby's Liquid 4 compares them. (The crate stops where two kinds of values have no order, and knows no dates
//! without a clock.)

use std::borrow::Cow;
use std::cmp::Ordering;

use liquid_core::model::{Date, DateTime, Object, State, Value, ValueView as _};

use crate::value;

/// A value by its kind.
enum Kind<'a> {
    Nil,
    Bool(bool),
    Number(f64),
    Text(&'a Value),
    Date,
    List(&'a [Value]),
    Map(&'a Object),
    Empty,
    Blank,
}

fn kind(value: &Value) -> Kind<'_> {
    match value {
        Value::Nil => Kind::Nil,
        Value::Array(values) => Kind::List(values),
        Value::Object(map) => Kind::Map(map),
        Value::State(State::Empty) => Kind::Empty,
        Value::State(_) => Kind::Blank,
        Value::Scalar(scalar) => match scalar.type_name() {
            "boolean" => Kind::Bool(scalar.to_bool() == Some(true)),
            "whole number" | "fractional number" => Kind::Number(scalar.to_float().unwrap_or_default()),
            "date" | "date time" => Kind::Date,
            _ => Kind::Text(value),
        },
    }
}

/// The value of front matter or data.
pub(super) fn of(value: &value::Value) -> Value {
    match value {
        value::Value::Null => Value::Nil,
        value::Value::Text(text) => Value::scalar(text.clone()),
        value::Value::Plain(text) => value.bool().map_or_else(|| of_plain(text), Value::scalar),
        value::Value::List(values) => values.iter().map(of).collect::<Vec<_>>().into(),
        value::Value::Map(map) => of_map(map).into(),
    }
}

pub(super) fn of_map(map: &value::Map) -> Object {
    map.iter().map(|(key, value)| (key.clone().into(), of(value))).collect()
}

/// A YAML scalar without quotation marks.
fn of_plain(text: &str) -> Value {
    let begins_with_digit =
        text.trim_start_matches(['+', '-']).starts_with(|c: char| c == '.' || c.is_ascii_digit());
    let digits = text.replace('_', "");
    if let Ok(number) = digits.trim_start_matches('+').parse::<i64>() {
        return Value::scalar(number);
    }
    match digits.parse::<f64>() {
        Ok(number) if begins_with_digit => Value::scalar(number),
        _ if begins_with_digit => date(text).unwrap_or_else(|| Value::scalar(text.to_owned())),
        _ => Value::scalar(text.to_owned()),
    }
}

/// A date or a time as YAML writes it.
fn date(text: &str) -> Option<Value> {
    let text = text.trim();
    if text.len() <= 10 {
        return Date::from_str(text).map(Value::scalar);
    }
    let (day, clock) = text.split_once(['T', 't', ' '])?;
    DateTime::from_str(&format!("{day} {}", clock.trim())).map(Value::scalar).or_else(|| {
        // Another form of a time is a time too, which equals no text.
        Date::from_str(day).map(Value::scalar)
    })
}

pub(super) fn texts(names: impl IntoIterator<Item = String>) -> Value {
    names.into_iter().map(Value::scalar).collect::<Vec<_>>().into()
}

pub(super) fn is_true(value: &Value) -> bool {
    !matches!(kind(value), Kind::Nil | Kind::Bool(false))
}

pub(super) fn is_empty(value: &Value) -> bool {
    match kind(value) {
        Kind::Text(text) => text.to_kstr().is_empty(),
        Kind::List(values) => values.is_empty(),
        Kind::Map(map) => map.is_empty(),
        _ => false,
    }
}

pub(super) fn equals(left: &Value, right: &Value) -> bool {
    match (kind(left), kind(right)) {
        (Kind::Blank, _) | (_, Kind::Blank) => false,
        (Kind::Empty, _) => is_empty(right),
        (_, Kind::Empty) => is_empty(left),
        (Kind::Nil, Kind::Nil) => true,
        (Kind::Bool(left), Kind::Bool(right)) => left == right,
        #[allow(clippy::float_cmp, reason = "as Ruby compares numbers")]
        (Kind::Number(left), Kind::Number(right)) => left == right,
        (Kind::Text(_), Kind::Text(_)) | (Kind::Date, Kind::Date) => left.to_kstr() == right.to_kstr(),
        (Kind::List(left), Kind::List(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equals(left, right))
        }
        (Kind::Map(left), Kind::Map(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| equals(left, right)))
        }
        _ => false,
    }
}

fn contains(value: &Value, other: &Value) -> bool {
    match (kind(value), kind(other)) {
        (_, Kind::Nil | Kind::Bool(false)) => false,
        (Kind::Text(text), _) => text.to_kstr().contains(printed(other).as_str()),
        (Kind::List(values), _) => values.iter().any(|value| equals(value, other)),
        (Kind::Map(map), Kind::Text(key)) => map.contains_key(key.to_kstr().as_str()),
        _ => false,
    }
}

/// What the comparison with an operator gives; `None` if the operator is not Liquid's. As in Liquid, values of
/// different kinds have no order, so that neither is greater.
pub(super) fn compare(left: &Value, operator: &str, right: &Value) -> Option<bool> {
    let order = order(left, right);
    Some(match operator {
        "==" => equals(left, right),
        "!=" | "<>" => !equals(left, right),
        "<" => order.is_some_and(Ordering::is_lt),
        ">" => order.is_some_and(Ordering::is_gt),
        "<=" => order.is_some_and(Ordering::is_le),
        ">=" => order.is_some_and(Ordering::is_ge),
        "contains" => contains(left, right),
        _ => return None,
    })
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (kind(left), kind(right)) {
        (Kind::Number(left), Kind::Number(right)) => left.partial_cmp(&right),
        (Kind::Text(_), Kind::Text(_)) => Some(left.to_kstr().cmp(&right.to_kstr())),
        _ => None,
    }
}

/// The value at a key or an index, or its `size`, `first` or `last`; nil if there is none.
pub(super) fn property(value: &Value, name: &str) -> Value {
    match kind(value) {
        Kind::Map(map) => match (map.get(name), name) {
            (Some(value), _) => value.clone(),
            (None, "size") => count(map.len()),
            _ => Value::Nil,
        },
        Kind::List(values) => {
            let at = match name {
                "size" => return count(values.len()),
                "first" => Some(0),
                "last" => values.len().checked_sub(1),
                name => name.parse::<isize>().ok().and_then(|at| {
                    if at < 0 { values.len().checked_sub(at.unsigned_abs()) } else { Some(at.unsigned_abs()) }
                }),
            };
            at.and_then(|at| values.get(at)).cloned().unwrap_or(Value::Nil)
        }
        Kind::Text(text) if name == "size" => count(text.to_kstr().chars().count()),
        _ => Value::Nil,
    }
}

/// The value at a path.
pub(super) fn at(value: &Value, path: &[String]) -> Value {
    find(value, path).into_owned()
}

/// The value at a path, which is copied only if it is a part of a list.
pub(super) fn find<'v>(value: &'v Value, path: &[String]) -> Cow<'v, Value> {
    let Some((name, rest)) = path.split_first() else { return Cow::Borrowed(value) };
    match value {
        Value::Object(map) if map.contains_key(name.as_str()) => find(&map[name.as_str()], rest),
        // Nothing is below nil.
        Value::Nil => Cow::Owned(Value::Nil),
        value => Cow::Owned(at(&property(value, name), rest)),
    }
}

pub(super) fn count(count: usize) -> Value {
    Value::scalar(i64::try_from(count).unwrap_or(i64::MAX))
}

/// The values that a loop goes through: those of a list, and of a mapping a key and its value each, by its keys.
pub(super) fn items(value: &Value) -> Vec<Value> {
    match kind(value) {
        Kind::List(values) => values.to_vec(),
        Kind::Map(map) => in_order(map)
            .into_iter()
            .map(|(key, value)| vec![Value::scalar(key.to_owned()), value.clone()].into())
            .collect(),
        Kind::Text(text) if !is_empty(text) => vec![value.clone()],
        _ => Vec::new(),
    }
}

/// The values of a mapping by their keys, which the crate keeps in no order.
pub(super) fn in_order(map: &Object) -> Vec<(&str, &Value)> {
    let mut pairs: Vec<_> = map.iter().map(|(key, value)| (key.as_str(), value)).collect();
    pairs.sort_unstable_by_key(|(key, _)| *key);
    pairs
}

/// The text that an output tag shows.
pub(super) fn printed(value: &Value) -> String {
    match kind(value) {
        Kind::List(values) => values.iter().map(printed).collect(),
        // Ruby shows a mapping as its own code, which no reader wants to see.
        Kind::Map(_) | Kind::Empty | Kind::Blank => String::new(),
        _ => value.to_kstr().into_string(),
    }
}

/// Whether a value takes less than a number of bytes, found out without reading more of it.
pub(super) fn is_smaller(value: &Value, bytes: usize) -> bool {
    fn left(value: &Value, bytes: usize) -> Option<usize> {
        let rest = bytes.checked_sub(16)?;
        match kind(value) {
            Kind::Text(text) => rest.checked_sub(text.to_kstr().len()),
            Kind::List(values) => values.iter().try_fold(rest, |rest, value| left(value, rest)),
            Kind::Map(map) => {
                map.iter().try_fold(rest, |rest, (key, value)| left(value, rest)?.checked_sub(key.len()))
            }
            _ => Some(rest),
        }
    }
    left(value, bytes).is_some()
}

/// About how many bytes a value takes.
pub(super) fn size(value: &Value) -> usize {
    match kind(value) {
        Kind::Text(text) => 16 + text.to_kstr().len(),
        Kind::List(values) => values.iter().map(size).sum::<usize>() + 16,
        Kind::Map(map) => map.iter().map(|(key, value)| key.len() + size(value)).sum::<usize>() + 16,
        _ => 16,
    }
}
