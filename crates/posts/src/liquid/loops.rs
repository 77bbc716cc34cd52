//! Loops: each reads its text again for each of its values.

use liquid_core::Value;
use liquid_core::model::Object;

use super::markup::{Tag, split_loop};
use super::value::{count, items, printed, size};
use super::{Block, Branches, Reader, Stop, Variable};

impl Reader<'_> {
    /// Runs a loop, and returns the text after it.
    pub(super) fn for_loop<'t>(&mut self, tag: &Tag<'_>, after: &'t str) -> &'t str {
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
        let before = self.variables.remove(name);
        let outer = self.variables.get("forloop").cloned();
        self.loops += 1;
        for (at, value) in values.enumerate() {
            if self.is_exhausted(size(&value) + inner.len()) {
                break;
            }
            let parent = outer.as_ref().and_then(|outer| outer.0.as_deref().cloned()).unwrap_or(Value::Nil);
            let place = for_loop_value(at, length, parent);
            self.variables.insert("forloop".to_owned(), Variable::new(place));
            self.variables.insert(name.to_owned(), Variable::new(value));
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

    /// Opens a loop where the site is not Jekyll's: what it goes through is not known, so that its words are shown
    /// once. A loop over nothing shows nothing.
    pub(super) fn open_loop(&mut self, tag: &Tag<'_>) {
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
        let before = self.variables.insert(name.clone(), Variable::new(None));
        self.open.push(Block::For(branches, name, before));
    }
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
