//! The values of Liquid's conditions, and how they compare.

use std::collections::BTreeMap;

use crate::value::{Map, Value};

/// A value as a condition sees it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Operand {
    /// A value that is not known here.
    Unknown,
    Nil,
    Bool(bool),
    Number(f64),
    Text(String),
    /// A text that may differ, or contains output that is not known here.
    Unsure(String),
    List(Vec<Self>),
    Map(BTreeMap<String, Self>),
    /// A date, which equals no literal.
    Date,
    /// The literal `empty`.
    Empty,
    /// The literal `blank`, which means nothing without Rails.
    Blank,
}

impl Operand {
    pub(super) fn of_value(value: &Value) -> Self {
        match value {
            Value::Null => Self::Nil,
            Value::Text(text) => Self::Text(text.clone()),
            Value::Plain(text) => value.bool().map_or_else(|| Self::of_plain(text), Self::Bool),
            Value::List(values) => Self::List(values.iter().map(Self::of_value).collect()),
            Value::Map(map) => {
                Self::Map(map.iter().map(|(key, value)| (key.clone(), Self::of_value(value))).collect())
            }
        }
    }

    /// A YAML scalar without quotation marks.
    fn of_plain(text: &str) -> Self {
        let begins_with_digit =
            text.trim_start_matches(['+', '-']).starts_with(|c: char| c == '.' || c.is_ascii_digit());
        match text.replace('_', "").parse() {
            Ok(number) if begins_with_digit => Self::Number(number),
            _ if is_date(text) => Self::Date,
            _ => Self::Text(text.to_owned()),
        }
    }

    pub(super) fn texts(names: impl IntoIterator<Item = String>) -> Self {
        Self::List(names.into_iter().map(Self::Text).collect())
    }

    pub(super) fn is_true(&self) -> bool {
        !matches!(self, Self::Nil | Self::Bool(false))
    }

    /// The value, if conditions may depend on it.
    pub(super) fn known(self) -> Option<Self> {
        Some(self).filter(|value| !matches!(value, Self::Unknown | Self::Unsure(_)))
    }

    /// The value, where it may also be another one.
    pub(super) fn unsure(self) -> Self {
        match self {
            Self::Text(text) | Self::Unsure(text) => Self::Unsure(text),
            _ => Self::Unknown,
        }
    }

    /// Whether a loop over the value runs.
    pub(super) fn has_items(&self) -> bool {
        matches!(self, Self::Text(_) | Self::List(_) | Self::Map(_)) && !self.is_empty()
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::List(values) => values.is_empty(),
            Self::Map(map) => map.is_empty(),
            _ => false,
        }
    }

    fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Date | Self::Blank, _) | (_, Self::Date | Self::Blank) => false,
            (Self::Empty, other) | (other, Self::Empty) => other.is_empty(),
            (left, right) => left == right,
        }
    }

    fn contains(&self, other: &Self) -> bool {
        match (self, other) {
            (_, Self::Nil | Self::Bool(false)) => false,
            (Self::Text(text), other) => other.printed().is_some_and(|other| text.contains(&other)),
            (Self::List(values), other) => values.iter().any(|value| value.equals(other)),
            (Self::Map(map), Self::Text(key)) => map.contains_key(key),
            _ => false,
        }
    }

    /// The text that an output tag shows, if it is known.
    pub(super) fn printed(&self) -> Option<String> {
        match self {
            Self::Nil => Some(String::new()),
            Self::Bool(flag) => Some(flag.to_string()),
            Self::Number(number) => Some(number.to_string()),
            Self::Text(text) | Self::Unsure(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// What the comparison with an operator gives; `None` if the operator is not Liquid's. As in Liquid, values of
    /// different kinds have no order, so that neither is greater.
    pub(super) fn compare(&self, operator: &str, other: &Self) -> Option<bool> {
        let order = match (self, other) {
            (Self::Number(left), Self::Number(right)) => left.partial_cmp(right),
            (Self::Text(left), Self::Text(right)) => Some(left.cmp(right)),
            _ => None,
        };
        Some(match operator {
            "==" => self.equals(other),
            "!=" | "<>" => !self.equals(other),
            "<" => order.is_some_and(std::cmp::Ordering::is_lt),
            ">" => order.is_some_and(std::cmp::Ordering::is_gt),
            "<=" => order.is_some_and(std::cmp::Ordering::is_le),
            ">=" => order.is_some_and(std::cmp::Ordering::is_ge),
            "contains" => self.contains(other),
            _ => return None,
        })
    }

    pub(super) fn is_one_of(&self, others: &[Self]) -> bool {
        others.iter().any(|other| self.equals(other))
    }

    /// The value at a key or an index, or its `size`, `first` or `last`.
    pub(super) fn property(&self, name: &str) -> Option<Self> {
        let value = match self {
            Self::Map(map) => map.get(name).cloned(),
            Self::List(values) => {
                let index = match name {
                    "first" => Some(0),
                    "last" => values.len().checked_sub(1),
                    name => name.parse().ok(),
                };
                index.and_then(|index: usize| values.get(index).cloned())
            }
            _ => None,
        };
        Some(match (value, name, self) {
            (Some(value), ..) => value,
            (None, "size", Self::Text(text)) => number(text.chars().count()),
            (None, "size", Self::List(values)) => number(values.len()),
            (None, "size", Self::Map(map)) => number(map.len()),
            (None, "first" | "last", Self::Map(_)) => return None,
            _ => Self::Nil,
        })
    }

    /// The value at a path.
    pub(super) fn at(self, path: &[&str]) -> Option<Self> {
        path.iter().try_fold(self, |value, name| value.known()?.property(name))?.known()
    }

    /// What a filter makes of the value; unknown for most filters. `argument` is the filter's first one.
    pub(super) fn filtered(self, filter: &str, argument: Option<Self>) -> Self {
        let is_empty = self.is_empty() || !self.is_true();
        let text = match (&self, filter) {
            (_, "default") => {
                return if is_empty { argument.unwrap_or(Self::Unknown) } else { self };
            }
            (_, "size" | "first" | "last") => return self.property(filter).unwrap_or(Self::Unknown),
            (Self::Text(text) | Self::Unsure(text), _) => text,
            _ => return Self::Unknown,
        };
        let changed = match filter {
            // These change only markup.
            "markdownify" | "smartify" => text.clone(),
            "downcase" => text.to_lowercase(),
            "upcase" => text.to_uppercase(),
            "strip" => text.trim().to_owned(),
            "lstrip" => text.trim_start().to_owned(),
            "rstrip" => text.trim_end().to_owned(),
            "strip_newlines" => text.replace('\n', ""),
            _ => return Self::Unknown,
        };
        if matches!(self, Self::Unsure(_)) { Self::Unsure(changed) } else { Self::Text(changed) }
    }
}

#[allow(clippy::cast_precision_loss, reason = "no text of this length fits into memory")]
fn number(count: usize) -> Operand {
    Operand::Number(count as f64)
}

/// Whether a scalar begins as YAML's dates and times do.
fn is_date(text: &str) -> bool {
    let day = text.split(['T', 't', ' ']).next().unwrap_or_default();
    let parts: Vec<&str> = day.split('-').collect();
    let has_digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    matches!(parts.as_slice(), [year, month, day] if year.len() == 4 && has_digits(year, 4) && has_digits(month, 2) && has_digits(day, 2))
}

/// The value at a path of a mapping. `defined` are names that have a value although the mapping does not have them.
pub(super) fn of_map(map: &Map, path: &[&str], defined: &[&str]) -> Option<Operand> {
    let (first, rest) = path.split_first()?;
    match map.get(*first) {
        Some(value) => Operand::of_value(value).at(rest),
        None if defined.contains(first) => None,
        None => Some(Operand::Nil),
    }
}
