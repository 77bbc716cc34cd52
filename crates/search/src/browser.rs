//! What the program in the browser exports: an index and searches of it. Everything is passed as numbers and bytes, which
//! need little code on either side.

#![allow(
    clippy::needless_pass_by_value,
    unreachable_pub,
    reason = "wasm-bindgen passes values, and exports what is public"
)]

use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::fold::fold;
use crate::marks::marks;
use crate::query::{Clause, Query};
use crate::search::{IndexedSegment, Request, Search};
use crate::segment::{File, Part, Segment, verified};
use crate::stem::Stemmer;

/// An index: the segments of its head.
#[wasm_bindgen]
pub struct Index {
    stemmer: Stemmer,
    segments: Rc<[IndexedSegment]>,
}

#[wasm_bindgen]
impl Index {
    /// An index of words in a language.
    #[wasm_bindgen(constructor)]
    pub fn new(lang: &str) -> Self {
        Self { stemmer: Stemmer::of(lang), segments: Rc::default() }
    }

    /// Adds a segment: the numbers of its head in their order, the numbers of rows on each day from the first one on, the
    /// masked rows, and the lengths of its pages. Returns whether there are enough of these.
    #[wasm_bindgen(js_name = addSegment)]
    pub fn add_segment(
        &mut self,
        numbers: &[u32],
        first_day: i32,
        days: &[u32],
        masked: Vec<u32>,
        lengths: &[u8],
    ) -> bool {
        let &[rows, pages, pages_per_file, gap_parameter, apart_above, row_pages_per_file] = numbers else {
            return false;
        };
        let segment = Segment {
            rows,
            pages,
            pages_per_file,
            gap_parameter: gap_parameter.min(40),
            apart_above,
            row_pages_per_file,
        };
        let Some(segment) = IndexedSegment::new(segment, first_day, days, masked, lengths) else {
            return false;
        };
        self.segments = self.segments.iter().cloned().chain([segment]).collect();
        true
    }

    /// Begins a search for words, in the lists with these names (one a line), on the days from one to another.
    pub fn search(&self, words: &str, lists: &str, from: i32, to: i32, in_titles: bool) -> RunningSearch {
        let mut query = Query::parse(words, self.stemmer);
        query.clauses.extend(lists.lines().map(Clause::list));
        let (is_approximate, has_character) = (
            query.clauses.iter().any(Clause::is_approximate),
            query.clauses.iter().any(|clause| clause.is_character),
        );
        let request = Request { query, from, to, in_titles };
        RunningSearch {
            search: Search::new(self.segments.clone(), request),
            segments: self.segments.clone(),
            stemmer: self.stemmer,
            is_approximate,
            has_character,
        }
    }
}

/// A search that is running, or has ended.
#[wasm_bindgen]
pub struct RunningSearch {
    search: Search,
    segments: Rc<[IndexedSegment]>,
    stemmer: Stemmer,
    /// Whether stories may be found that have the parts of a phrase and not the phrase.
    #[wasm_bindgen(readonly, js_name = isApproximate)]
    pub is_approximate: bool,
    /// Whether a word is one character, which is looked for in titles and names.
    #[wasm_bindgen(readonly, js_name = hasCharacter)]
    pub has_character: bool,
}

/// The numbers of a part: its segment, the kind and the number of its file, its first byte, and its length.
const NUMBERS: usize = 5;

#[wasm_bindgen]
impl RunningSearch {
    /// The parts of files to fetch next, each as five numbers; none if the search has ended for now.
    pub fn needs(&mut self) -> Vec<u32> {
        let mut needs = Vec::new();
        for (segment, part) in self.search.needs() {
            needs.extend(numbers(segment, part));
        }
        needs
    }

    /// Takes a part that was needed, and its bytes, or none if it could not be read.
    pub fn give(&mut self, part: &[u32], bytes: Option<Vec<u8>>) {
        let Some((segment, part)) = part_of(part).filter(|(at, _)| *at < self.segments.len()) else { return };
        self.search.give(segment, part, bytes.as_deref());
    }

    /// The number of stories that were found so far.
    pub fn total(&self) -> usize {
        self.search.total()
    }

    /// The number of those that are certainly the newest.
    pub fn settled(&self) -> usize {
        self.search.settled()
    }

    /// The number of those on a day, in days since 1970, and later.
    #[wasm_bindgen(js_name = totalSince)]
    pub fn total_since(&self, day: i32) -> usize {
        self.search.total_since(day)
    }

    /// The stories from one to before another, the newest first: for each the part with its page of rows, the position
    /// there, and whether its title has all words.
    pub fn rows(&self, from: usize, to: usize) -> Vec<u32> {
        let mut rows = Vec::new();
        for hit in self.search.hits(to).into_iter().skip(from) {
            if let Some((part, position)) = self.segments[hit.segment].row_page(hit.row) {
                rows.extend(numbers(hit.segment, part));
                rows.extend([position, u32::from(hit.in_title)]);
            }
        }
        rows
    }

    /// The positions of the segments that are not searched yet, or that could not be searched.
    pub fn missing(&self, is_failed: bool) -> Vec<u32> {
        let segments = if is_failed { self.search.failed() } else { self.search.unsearched() };
        segments.into_iter().map(|at| at as u32).collect()
    }

    /// Goes on with all segments, whatever that costs.
    #[wasm_bindgen(js_name = searchAll)]
    pub fn search_all(&mut self) {
        self.search.search_all();
    }

    /// Searches again what could not be searched.
    pub fn retry(&mut self) {
        self.search.retry();
    }

    /// Where the words stand in a text: pairs of places in UTF-16.
    pub fn marks(&self, text: &str) -> Vec<u32> {
        let mut places = Vec::new();
        for range in marks(text, self.search.query(), self.stemmer) {
            places.extend([range.start as u32, range.end as u32]);
        }
        places
    }
}

/// A text as it is searched.
#[wasm_bindgen(js_name = fold)]
pub fn folded(text: &str) -> String {
    fold(text)
}

/// The bytes of a part without its checksum; none if they are damaged.
#[wasm_bindgen(js_name = content)]
pub fn content(bytes: &[u8]) -> Option<Vec<u8>> {
    verified(bytes).map(<[u8]>::to_vec)
}

fn numbers(segment: usize, part: Part) -> [u32; NUMBERS] {
    let (kind, number) = match part.file {
        File::Terms(number) => (0, number),
        File::List(number) => (1, number),
        File::Rows(number) => (2, number),
    };
    [segment as u32, kind, number, part.from, part.length]
}

fn part_of(numbers: &[u32]) -> Option<(usize, Part)> {
    let &[segment, kind, number, from, length] = numbers else { return None };
    let file = match kind {
        0 => File::Terms(number),
        1 => File::List(number),
        _ => File::Rows(number),
    };
    Some((segment as usize, Part { file, from, length }))
}
