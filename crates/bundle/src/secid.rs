//! Security ids: `market.code`, EastMoney's identifiers of stocks, indices and boards.

use std::fmt;
use std::str::FromStr;

use crate::text::serialised_as_text;

/// A security's id such as `116.09988` (Alibaba in Hong Kong). Codes are case-sensitive.
///
/// A market has one to three digits; a code has 1 to 24 ASCII letters, digits, `_`, `-` or `.`, at least one
/// of them a letter or digit. Unknown markets are valid.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Secid(String);

impl Secid {
    /// The whole id, `market.code`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The part after the dot.
    pub fn code(&self) -> &str {
        self.0.split_once('.').map_or("", |(_, code)| code)
    }
}

impl FromStr for Secid {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let valid = text.split_once('.').is_some_and(|(market, code)| {
            (1..=3).contains(&market.len())
                && market.bytes().all(|b| b.is_ascii_digit())
                && (1..=24).contains(&code.len())
                && code.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
                && code.bytes().any(|b| b.is_ascii_alphanumeric())
        });
        if valid { Ok(Self(text.to_owned())) } else { Err("not a security id such as 116.09988") }
    }
}

impl fmt::Display for Secid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

serialised_as_text!(Secid);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_security_id_is_a_market_and_a_code() {
        for good in ["106.BABA", "90.BK0493", "0.002456", "113.agm", "106.BRK_B"] {
            assert!(good.parse::<Secid>().is_ok(), "{good}");
        }
        for bad in ["BABA", "106.", ".BABA", "1060.BABA", "106.BA BA", "106.../x", "1.<b>", "x.1", "106.阿里"]
        {
            assert!(bad.parse::<Secid>().is_err(), "{bad}");
        }
    }
}
