//! What a reader types: words, quoted words, and words with a minus.

use crate::fold::fold;
use crate::segment::key;
use crate::stem::Stemmer;
use crate::terms::{Term, for_each_term};

/// A query.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// Its parts, of which a story must fulfil all.
    pub clauses: Vec<Clause>,
}

/// A part of a query, of which a story must have all terms, or must not have all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// The folded words, as they are marked in texts.
    pub text: String,
    /// The terms of those words.
    pub terms: Vec<Forms>,
    /// Whether stories that have all terms are left out.
    pub is_excluded: bool,
    /// Whether it stands in quotation marks.
    pub is_quoted: bool,
    /// Whether it is one character of a script without spaces, which is indexed in titles and names alone.
    pub is_character: bool,
}

/// The keys of the forms of a term; a story has the term if it has one of them.
pub type Forms = Vec<u64>;

impl Clause {
    /// Whether stories are found that have all terms and not the clause: the index does not tell whether terms stand
    /// beside each other.
    pub fn is_approximate(&self) -> bool {
        (self.is_quoted || self.is_excluded) && self.terms.len() > 1
    }

    /// Stories of a category, a tag or a security: the name of a list, such as `category/emnews`.
    pub fn list(name: &str) -> Self {
        Self {
            text: String::new(),
            terms: vec![vec![key(name)]],
            is_excluded: false,
            is_quoted: false,
            is_character: false,
        }
    }
}

/// The term of a stem, which no word is.
pub(crate) fn term_of_stem(stem: &str) -> String {
    "~".to_owned() + stem
}

impl Query {
    /// Reads what a reader types. Words stand between spaces; quotation marks hold words together, and a minus before a
    /// word or a quotation mark leaves out stories that have it.
    pub fn parse(text: &str, stemmer: Stemmer) -> Self {
        let mut query = Self::default();
        let (mut word, mut is_excluded, mut is_quoted) = (String::new(), false, false);
        for c in text.chars() {
            let is_quote = QUOTES.contains(&c);
            if !is_quote && (is_quoted || !c.is_whitespace()) {
                let is_minus = MINUSES.contains(&c) && word.is_empty() && !is_quoted && !is_excluded;
                if is_minus {
                    is_excluded = true;
                } else {
                    word.push(c);
                }
                continue;
            }
            let is_open = is_quote && !is_quoted;
            // A minus stands before the quotation mark that opens.
            let is_minus = is_open && word.is_empty() && is_excluded;
            query.add(&fold(&word), is_excluded, is_quoted, stemmer);
            (is_excluded, is_quoted) = (is_minus, is_open);
            word.clear();
        }
        query.add(&fold(&word), is_excluded, is_quoted, stemmer);
        query
    }

    fn add(&mut self, folded: &str, is_excluded: bool, is_quoted: bool, stemmer: Stemmer) {
        let (mut terms, mut characters): (Vec<Forms>, Vec<Forms>) = (Vec::new(), Vec::new());
        for_each_term(folded, |term| match term {
            Term::Pair(pair) => add(&mut terms, vec![key(pair)]),
            Term::Word(word) if is_quoted => add(&mut terms, vec![key(word)]),
            Term::Word(word) => {
                let stem = stemmer.stem(word);
                let inflected = (stemmer != Stemmer::None).then(|| key(&term_of_stem(&stem)));
                add(&mut terms, [key(&stem)].into_iter().chain(inflected).collect());
            }
            Term::Character(character) => add(&mut characters, vec![key(character)]),
        });
        let is_character = terms.is_empty() && !characters.is_empty();
        let terms = if is_character { characters } else { terms };
        if !terms.is_empty() {
            let text = folded.trim().to_owned();
            self.clauses.push(Clause { text, terms, is_excluded, is_quoted, is_character });
        }
    }

    /// Whether it asks for nothing: stories are only left out.
    pub fn is_empty(&self) -> bool {
        self.clauses.iter().all(|clause| clause.is_excluded)
    }
}

/// Adds a term once.
fn add(terms: &mut Vec<Forms>, forms: Forms) {
    if !terms.contains(&forms) {
        terms.push(forms);
    }
}

const QUOTES: [char; 5] = ['"', '“', '”', '「', '」'];
const MINUSES: [char; 3] = ['-', '－', '−'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_quotations_and_exclusions_are_told_apart() {
        let query = Query::parse("北向资金 “贵州 茅台”-ETF - \"A股\" 涨 -", Stemmer::None);
        let parts: Vec<_> = query
            .clauses
            .iter()
            .map(|clause| (clause.text.as_str(), clause.terms.len(), clause.is_excluded, clause.is_quoted))
            .collect();
        assert_eq!(
            parts,
            [
                ("北向资金", 3, false, false),
                ("贵州 茅台", 2, false, true),
                ("etf", 1, true, false),
                ("a股", 2, false, true),
                ("涨", 1, false, false),
            ]
        );
        assert!(query.clauses[4].is_character && query.clauses[1].is_approximate());
        assert!(Query::parse("-a", Stemmer::None).is_empty() && !query.is_empty());
    }

    #[test]
    fn a_word_stands_for_its_other_forms_unless_it_is_quoted() {
        let forms = |text: &str| Query::parse(text, Stemmer::English).clauses[0].terms[0].clone();
        assert_eq!(forms("shares"), forms("share"));
        assert_eq!(forms("share"), [key("share"), key("~share")]);
        assert_eq!(forms("\"shares\""), [key("shares")]);
    }
}
