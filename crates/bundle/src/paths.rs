//! Addresses that do not tell which story they belong to: a table of them, in partitions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::chunk::fingerprint;
use crate::time::Date;

/// A partition of the table: for each address, its story.
///
/// The key is the [`fingerprint`] of the address's [key](crate::address::Address::key), in 16 hexadecimal digits. The
/// value is the date of the story (`2022-03-01`), followed by a slash and its slug unless the address ends with the
/// slug.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PathFile {
    /// The stories by their addresses.
    pub stories: BTreeMap<String, String>,
}

impl PathFile {
    /// Which of `count` partitions an address belongs to, and its key there. `key` is the address's key.
    pub fn place(key: &str, count: usize) -> (usize, String) {
        let print = fingerprint(key);
        let mut digits = String::with_capacity(16);
        for at in (0..16).rev() {
            let digit = u32::try_from((print >> (at * 4)) & 15).unwrap_or(0);
            digits.extend(char::from_digit(digit, 16));
        }
        (usize::try_from(print % count.max(1) as u64).unwrap_or(0), digits)
    }

    /// The value for a story with this date and slug, at the address with this key.
    pub fn value(key: &str, date: Date, slug: &str) -> String {
        if last_segment(key) == slug { date.to_string() } else { format!("{date}/{slug}") }
    }

    /// The date and the slug of the story with this value, at the address with this key.
    pub fn story(key: &str, value: &str) -> Option<(Date, String)> {
        let (date, slug) = value.split_once('/').unwrap_or((value, last_segment(key)));
        Some((date.parse().ok()?, slug.to_owned()))
    }
}

fn last_segment(key: &str) -> &str {
    key.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_is_found_by_the_key_of_its_address() {
        let date: Date = "2022-03-01".parse().unwrap();
        for (key, slug, expected) in [("/news/a", "a", "2022-03-01"), ("/news/b", "c", "2022-03-01/c")] {
            let value = PathFile::value(key, date, slug);
            assert_eq!(value, expected);
            assert_eq!(PathFile::story(key, &value), Some((date, slug.to_owned())));
        }
        assert_eq!(PathFile::story("/news/c", "1"), None);
        assert_eq!(PathFile::place("/news/a", 64), (21, "6668134eca447255".into()));
    }
}
