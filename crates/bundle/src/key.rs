//! The key that orders articles and headlines.

use std::fmt;
use std::str::FromStr;

use crate::text::serialised_as_text;

/// The position of a headline in every list: by instant, then by slug. Written
/// `1646110278-202203012292649174`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// Seconds since 1970-01-01T00:00:00Z.
    pub unix: i64,
    /// The article's slug.
    pub slug: String,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.unix, self.slug)
    }
}

impl FromStr for Key {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let (sign, rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        rest.split_once('-')
            .and_then(|(unix, slug)| {
                Some(Self {
                    unix: sign * unix.parse::<i64>().ok().filter(|unix| *unix >= 0)?,
                    slug: slug.to_owned(),
                })
            })
            .ok_or("not a key such as 1646110278-202203012292649174")
    }
}

serialised_as_text!(Key);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_printed_as_it_was_parsed() {
        for text in ["1646110278-2022", "-3600-a-b", "0-", "7--x"] {
            assert_eq!(text.parse::<Key>().unwrap().to_string(), text);
        }
        for text in ["", "x", "12", "-", "1a-b"] {
            assert!(text.parse::<Key>().is_err(), "{text}");
        }
    }
}
