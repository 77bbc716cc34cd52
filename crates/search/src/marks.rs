//! Where the words of a query stand in a text.

use std::ops::Range;

use crate::fold::fold;
use crate::query::Query;
use crate::stem::Stemmer;
use crate::terms::part;

/// A folded text, with the place of each of its bytes in the text before.
struct Folded {
    text: String,
    /// By byte of the folded text, the place of its character in UTF-16; one more at the end.
    places: Vec<usize>,
}

impl Folded {
    fn of(text: &str) -> Self {
        let mut folded = Self { text: String::new(), places: Vec::new() };
        let mut at = 0;
        let mut buffer = [0; 4];
        for c in text.chars() {
            let one = fold(c.encode_utf8(&mut buffer));
            folded.places.extend(std::iter::repeat_n(at, one.len()));
            folded.text.push_str(&one);
            at += c.len_utf16();
        }
        folded.places.push(at);
        folded
    }
}

/// The places in UTF-16, ascending and apart, at which the wanted words of a query stand in a text, in whatever spelling.
pub fn marks(text: &str, query: &Query, stemmer: Stemmer) -> Vec<Range<usize>> {
    let folded = Folded::of(text);
    let mut found: Vec<Range<usize>> = Vec::new();
    for clause in query.clauses.iter().filter(|clause| !clause.is_excluded && !clause.text.is_empty()) {
        let is_latin = clause.text.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if is_latin {
            found.extend(words(&folded, &clause.text, clause.is_quoted, stemmer));
        } else {
            found.extend(phrases(&folded.text, &clause.text));
        }
    }
    // There are few.
    for at in 1..found.len() {
        let mut place = at;
        while place > 0 && found[place].start < found[place - 1].start {
            found.swap(place, place - 1);
            place -= 1;
        }
    }
    let mut marks: Vec<Range<usize>> = Vec::new();
    for range in found {
        let range = folded.places[range.start]..folded.places[range.end];
        match marks.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => marks.push(range),
        }
    }
    marks
}

/// The places of a phrase in a folded text.
fn phrases(text: &str, phrase: &str) -> impl Iterator<Item = Range<usize>> {
    let begins = text.char_indices().map(|(at, _)| at..at + phrase.len());
    begins.filter(move |range| part(text, range.clone()) == phrase)
}

/// The places of a word in a folded text, also in its other forms.
fn words(folded: &Folded, word: &str, is_quoted: bool, stemmer: Stemmer) -> Vec<Range<usize>> {
    let stem = stemmer.stem(word);
    let is_meant = |other: &str| other == word || (!is_quoted && stemmer.stem(other) == stem);
    let mut found = Vec::new();
    let mut begin = None;
    for (at, c) in folded.text.char_indices().chain([(folded.text.len(), ' ')]) {
        match (begin, c.is_ascii_alphanumeric()) {
            (None, true) => begin = Some(at),
            (Some(from), false) => {
                begin = None;
                if is_meant(part(&folded.text, from..at)) {
                    found.push(from..at);
                }
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_marked_in_the_spelling_of_the_text() {
        let marked = |text: &str, query: &str| -> Vec<String> {
            let units: Vec<u16> = text.encode_utf16().collect();
            let marks = marks(text, &Query::parse(query, Stemmer::English), Stemmer::English);
            marks.into_iter().map(|range| String::from_utf16(&units[range]).unwrap()).collect()
        };
        assert_eq!(marked("😀 貴州茅臺涨", "茅台"), ["茅臺"]);
        assert_eq!(marked("Ｓhares of the share, shared", "share"), ["Ｓhares", "share"]);
        assert_eq!(marked("Shares", "\"share\""), Vec::<String>::new());
        assert_eq!(marked("北向资金资金流", "资金 向资 -流"), ["向资金资金"]);
        assert_eq!(marked("Crème brûlée", "creme"), ["Crème"]);
    }
}
