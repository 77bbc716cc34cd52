//! The terms of a text: what the index has a list for.
//!
//! Chinese, Japanese, Korean and the scripts of Southeast Asia have no spaces between words, so each pair of
//! neighbouring characters is a term, and a pair across a word's border is found too. A pair has at least one such
//! character: in 「A股」 it is `a股`. A run of other letters and digits is a word.

use std::ops::Range;

/// A part of a folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term<'a> {
    /// Two neighbouring characters.
    Pair(&'a str),
    /// A run of letters and digits of a script with spaces.
    Word(&'a str),
    /// A character of a script without spaces.
    Character(&'a str),
}

/// Calls back with each term of a folded text.
pub fn for_each_term<'t>(folded: &'t str, mut callback: impl FnMut(Term<'t>)) {
    // Where the word that is being read began, and the character before: where it begins, and whether its script has
    // no spaces.
    let mut word = None;
    let mut before: Option<(usize, bool)> = None;
    for (at, c) in folded.char_indices() {
        let kind = Kind::of(c);
        let end = at + c.len_utf8();
        if kind != Kind::Letter
            && let Some(begin) = word.take()
        {
            callback(Term::Word(part(folded, begin..at)));
        }
        if kind == Kind::Between {
            before = None;
            continue;
        }
        let is_unspaced = kind == Kind::Unspaced;
        if let Some((begin, was_unspaced)) = before
            && (is_unspaced || was_unspaced)
        {
            callback(Term::Pair(part(folded, begin..end)));
        }
        if is_unspaced {
            callback(Term::Character(part(folded, at..end)));
        } else if word.is_none() {
            word = Some(at);
        }
        before = Some((at, is_unspaced));
    }
    if let Some(begin) = word {
        callback(Term::Word(part(folded, begin..folded.len())));
    }
}

/// A part of a text. Indexing would tell in a panic where it failed, with tables of characters that the reader would load.
pub(crate) fn part(text: &str, range: Range<usize>) -> &str {
    text.get(range).unwrap_or_default()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Of a script without spaces.
    Unspaced,
    /// Another letter or a digit.
    Letter,
    /// What stands between words.
    Between,
}

impl Kind {
    fn of(c: char) -> Self {
        match u32::from(c) {
            ..0x80 if c.is_ascii_alphanumeric() => Self::Letter,
            // Thai, Lao, Myanmar, Khmer; kana, Bopomofo, Han, Hangul.
            0x0e01..=0x0e4e
            | 0x0e81..=0x0ece
            | 0x1000..=0x103f
            | 0x1780..=0x17d3
            | 0x3005..=0x3007
            | 0x3041..=0x3096
            | 0x3099..=0x309a
            | 0x309d..=0x309f
            | 0x30a1..=0x30fa
            | 0x30fc..=0x31bf
            | 0x31f0..=0x31ff
            | 0x3400..=0x4dbf
            | 0x4e00..=0x9fff
            | 0xac00..=0xd7a3
            | 0xf900..=0xfaff
            | 0x20000..=0x3ffff => Self::Unspaced,
            // Signs, punctuation, arrows, drawings, private characters and emoji. Folding has made letters of those that
            // stand for letters.
            ..=0x00a9
            | 0x00ab..=0x00b4
            | 0x00b6..=0x00b9
            | 0x00bb..=0x00bf
            | 0x00d7
            | 0x00f7
            | 0x02b0..=0x036f
            | 0x055a..=0x055f
            | 0x0589..=0x058f
            | 0x05be..=0x05cf
            | 0x05f3..=0x061f
            | 0x066a..=0x066d
            | 0x06d4
            | 0x0964..=0x0965
            | 0x2000..=0x2bff
            | 0x2e00..=0x2e7f
            | 0x3000..=0x33ff
            | 0xa830..=0xa839
            | 0xd800..=0xf8ff
            | 0xfe00..=0xfe6f
            | 0xff00..=0xffff
            | 0x1f000..=0x1ffff
            | 0xe0000.. => Self::Between,
            _ => Self::Letter,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for_each_term(text, |term| match term {
            Term::Pair(text) | Term::Word(text) => found.push(text.to_owned()),
            Term::Character(_) => {}
        });
        found
    }

    #[test]
    fn a_text_has_pairs_and_words() {
        assert_eq!(terms("北向资金"), ["北向", "向资", "资金"]);
        assert_eq!(terms("a股 3月涨5.2%"), ["a", "a股", "3", "3月", "月涨", "涨5", "5", "2"]);
        assert_eq!(terms("the fed, 600519"), ["the", "fed", "600519"]);
        assert_eq!(terms("分段，简单"), ["分段", "简单"]);
    }
}
