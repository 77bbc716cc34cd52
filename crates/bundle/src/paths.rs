//! Addresses that do not tell which story they belong to, and those of standalone pages: a table of them, in partitions.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::chunk::fingerprint;
use crate::folder::Hash;
use crate::time::Date;

/// A partition of the table: for each address, its story or its standalone page.
///
/// The key is the [`fingerprint`] of the address's [key](crate::address::Address::key), in 16 hexadecimal digits. The
/// value is the date of the story (`2022-03-01`), followed by a slash and its slug unless the address ends with the
/// slug; or the hash of the standalone page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PathFile {
    /// The values of the addresses.
    pub targets: BTreeMap<String, String>,
}

/// What an address leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The story with this date and slug.
    Story(Date, String),
    /// The standalone page with this hash: an [`Article`](crate::Article) without a slug.
    Standalone(Hash),
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

    /// What a value means, at the address with this key.
    pub fn target(key: &str, value: &str) -> Target {
        let (date, slug) = value.split_once('/').unwrap_or((value, last_segment(key)));
        match date.parse() {
            Ok(date) => Target::Story(date, slug.to_owned()),
            Err(_) => Target::Standalone(value.to_owned()),
        }
    }
}

fn last_segment(key: &str) -> &str {
    key.rsplit('/').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_or_a_page_is_found_by_the_key_of_its_address() {
        let date: Date = "2022-03-01".parse().unwrap();
        for (key, slug, expected) in [("/news/a", "a", "2022-03-01"), ("/news/b", "c", "2022-03-01/c")] {
            let value = PathFile::value(key, date, slug);
            assert_eq!(value, expected);
            assert_eq!(PathFile::target(key, &value), Target::Story(date, slug.to_owned()));
        }
        assert_eq!(PathFile::target("/about", "00ff"), Target::Standalone("00ff".into()));
        assert_eq!(PathFile::place("/news/a", 64), (21, "6668134eca447255".into()));
    }
}
