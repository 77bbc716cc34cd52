//! What expressions mean: values with their filters, and conditions.

use std::borrow::Cow;

use liquid_core::Value;
use liquid_core::model::State;

use super::filters::{self, Call};
use super::markup::{Part, path_of, split_outside_quotes, words};
use super::value::{self, equals, is_smaller, is_true, items, printed, size};
use super::{Block, MAX_WORK, Reader, Variable};

/// Values below this size, in bytes, may always be used.
const SMALL: usize = 1024;

impl<'a> Reader<'a> {
    /// The value of a name or a literal and the filters after it; `None` if it is not known.
    pub(super) fn value(&mut self, markup: &str) -> Option<Cow<'a, Value>> {
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
        let before = self.variables.remove(&variable);
        let mut found = Vec::new();
        for item in items(value) {
            if self.is_exhausted(size(&item) + condition.len()) {
                break;
            }
            self.variables.insert(variable.clone(), Variable::new(item.clone()));
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

    /// Whether a condition is true; `None` if that is unknown here. As in Liquid, the last `and` or `or` binds
    /// its two sides first.
    pub(super) fn condition(&mut self, markup: &str) -> Option<bool> {
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
                let is_free = self.is_affordable(&left) && self.is_affordable(&right);
                if is_free { value::compare(&left, operator, &right) } else { None }
            }
            _ => None,
        }
    }

    /// Whether the values of `when` include this one.
    pub(super) fn is_one_of(&mut self, value: Option<&Value>, markup: &str) -> Option<bool> {
        let value = value?;
        let candidates: Option<Vec<Cow<'_, Value>>> = words(markup)
            .into_iter()
            .filter(|word| *word != "or")
            .map(|word| self.operand(word.trim_matches(',')))
            .collect();
        let candidates = candidates?;
        let are_affordable = candidates.iter().all(|_| self.is_affordable(value));
        are_affordable.then(|| candidates.iter().any(|candidate| equals(value, candidate)))
    }

    /// Counts the use of a value. Small ones may always be used, so that conditions are decided as long as possible.
    fn is_affordable(&mut self, value: &Value) -> bool {
        // Without finding out its size, which takes as long as using it.
        let is_small = is_smaller(value, SMALL);
        let is_spent = self.work > MAX_WORK;
        (!is_spent && !self.is_exhausted(size(value))) || is_small
    }

    /// The value of a literal or a name; `None` if it is unknown here. As in Jekyll, a name that nothing defines
    /// is nil.
    pub(super) fn operand(&mut self, text: &str) -> Option<Cow<'a, Value>> {
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
            Some(value) => {
                let value = value.0.clone()?;
                let value = value::find(&value, path);
                self.is_affordable(&value).then(|| Cow::Owned(value.into_owned()))
            }
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
