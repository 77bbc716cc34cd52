//! A run: the terms of some stories, sorted by their keys.

use crate::query::term_of_stem;
use crate::segment::{KEY_BITS, key};
use crate::stem::Stemmer;
use crate::terms::{Term, for_each_term};
use crate::write::TextKind;

/// The number of bits of a row in a posting: a segment has fewer rows.
const ROW_BITS: u32 = 23;
/// The largest number of rows of a segment.
pub const MAX_ROWS: u32 = 1 << ROW_BITS;

/// Collects the terms of stories.
#[derive(Debug, Default)]
pub struct Run {
    stemmer: Stemmer,
    /// The key of a term, the row, and whether the term is in its title.
    postings: Vec<u64>,
}

impl Run {
    /// A run of stories in a language with this stemmer.
    pub fn new(stemmer: Stemmer) -> Self {
        Self { stemmer, postings: Vec::new() }
    }

    /// Adds the terms of a folded text. No term spans two texts.
    pub fn add(&mut self, row: u32, folded: &str, kind: TextKind) {
        let is_title = kind == TextKind::Title;
        let stemmer = self.stemmer;
        for_each_term(folded, |term| match term {
            Term::Pair(text) => self.add_term(row, text, is_title),
            Term::Word(text) => {
                self.add_term(row, text, is_title);
                if stemmer != Stemmer::None {
                    let stem = stemmer.stem(text);
                    if stem != text {
                        self.add_term(row, &term_of_stem(&stem), is_title);
                    }
                }
            }
            Term::Character(text) if kind != TextKind::Body => self.add_term(row, text, is_title),
            Term::Character(_) => {}
        });
    }

    /// Adds one term.
    pub fn add_term(&mut self, row: u32, term: &str, is_title: bool) {
        self.postings.push(key(term) << (64 - KEY_BITS) | u64::from(row) << 1 | u64::from(is_title));
    }

    /// The postings, sorted and each once, in few bytes.
    pub fn finish(mut self) -> Vec<u8> {
        self.postings.sort_unstable();
        // Of the same term in body and title, the second is the one in the title.
        self.postings.dedup_by(|later, kept| {
            let is_same = *later >> 1 == *kept >> 1;
            *kept |= u64::from(is_same) & *later & 1;
            is_same
        });
        let mut bytes = Vec::with_capacity(self.postings.len() * 5 / 2);
        let mut before = 0;
        for postings in self.postings.chunk_by(|a, b| key_of(*a) == key_of(*b)) {
            push(&mut bytes, key_of(postings[0]) - before);
            before = key_of(postings[0]);
            push(&mut bytes, postings.len() as u64);
            let mut row = 0;
            for posting in postings {
                let next = posting >> 1 & u64::from(MAX_ROWS - 1);
                push(&mut bytes, (next - row) << 1 | posting & 1);
                row = next;
            }
        }
        bytes
    }
}

/// The key of a posting's term.
fn key_of(posting: u64) -> u64 {
    posting >> (64 - KEY_BITS)
}

/// Appends a number in bytes of seven bits.
pub fn push(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 127 {
        bytes.push(number.to_le_bytes()[0] & 127 | 128);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}
