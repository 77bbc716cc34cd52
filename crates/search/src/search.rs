//! A search: which parts of which files it needs next, and what it has found. It fetches nothing itself.
//!
//! A search takes three steps, each of which is one round trip: the pages of its terms in all segments, then their lists,
//! from the newest segment to the oldest, and then the rows that are shown. Newer segments do not wait for older ones.

use std::rc::Rc;

use crate::bits::BitReader;
use crate::found::{FoundRow, found_rows, intersection, union};
pub use crate::indexed::IndexedSegment;
use crate::list::List;
use crate::page::{Entry, find};
use crate::query::Query;
use crate::segment::{Part, verified};

/// What a search is about.
#[derive(Debug, Clone)]
pub struct Request {
    /// The words.
    pub query: Query,
    /// The first day, in days since 1970.
    pub from: i32,
    /// The last day.
    pub to: i32,
    /// Whether stories must have the words in their titles.
    pub in_titles: bool,
}

/// A story that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The day of the story, in days since 1970.
    pub day: i32,
    /// The position of its segment in the index.
    pub segment: usize,
    /// Its row there.
    pub row: u32,
    /// Whether its title has all words.
    pub in_title: bool,
}

/// Where a search of a segment stands.
#[derive(Debug)]
enum State {
    /// The pages of the terms are missing.
    Terms,
    /// These lists are missing.
    Lists,
    /// The rows that were found, newest first.
    Done(Vec<FoundRow>),
    /// A file is damaged or missing.
    Failed,
}

/// What the page of a term says of it.
#[derive(Debug)]
enum Found {
    /// The page is missing.
    Unread,
    /// No story of the segment has the term.
    Nothing,
    Entry(Entry),
}

/// How many hits are enough to be shown before older segments are searched.
const ENOUGH: f64 = 40.0;
/// How many bytes of lists are read without asking the reader.
const MAX_LIST_BYTES: u32 = 144 << 10;

/// A search.
#[derive(Debug)]
pub struct Search {
    segments: Rc<[IndexedSegment]>,
    request: Request,
    states: Vec<State>,
    /// The keys of all terms, each once.
    keys: Vec<u64>,
    /// By segment and key, in the order of `keys`: what its page says of the term.
    entries: Vec<Vec<Found>>,
    /// How many segments, from the newest, have their lists read, and the bytes of those lists.
    opened: usize,
    list_bytes: u32,
    /// How many hits they may have.
    expected: f64,
    /// Whether all segments are searched, whatever that costs.
    is_unlimited: bool,
}

impl Search {
    /// Begins a search in segments, from the oldest to the newest.
    pub fn new(segments: Rc<[IndexedSegment]>, request: Request) -> Self {
        let count = segments.len();
        let mut keys: Vec<u64> = Vec::new();
        for key in request.query.clauses.iter().flat_map(|clause| &clause.terms).flatten() {
            if !keys.contains(key) {
                keys.push(*key);
            }
        }
        let mut search = Self {
            segments,
            states: (0..count).map(|_| State::Terms).collect(),
            entries: (0..count).map(|_| unread(keys.len())).collect(),
            keys,
            opened: 0,
            list_bytes: 0,
            expected: 0.0,
            is_unlimited: false,
            request,
        };
        for at in 0..count {
            let segment = &search.segments[at];
            let (from, to) = segment.rows_between(search.request.from, search.request.to);
            if from >= to || search.request.query.is_empty() {
                search.states[at] = State::Done(Vec::new());
            }
        }
        search
    }

    /// The words that are searched.
    pub fn query(&self) -> &Query {
        &self.request.query
    }

    /// The parts of files that are missing, each once, with the positions of their segments, from the newest on.
    pub fn needs(&mut self) -> Vec<(usize, Part)> {
        let mut parts = Vec::new();
        for (at, segment) in self.segments.iter().enumerate().rev() {
            if matches!(self.states[at], State::Terms) {
                for (key, found) in self.keys.iter().zip(&self.entries[at]) {
                    let part = (at, segment.term_page(segment.segment.page_of(*key)));
                    if matches!(found, Found::Unread) && !parts.contains(&part) {
                        parts.push(part);
                    }
                }
            }
        }
        self.open_newest();
        if parts.is_empty() {
            self.open_cheap();
        }
        self.add_missing_lists(&mut parts);
        // Lists that stand on pages need nothing more, so that the next segments follow at once.
        while parts.is_empty() && self.open_more() {
            self.add_missing_lists(&mut parts);
        }
        parts
    }

    fn add_missing_lists(&self, parts: &mut Vec<(usize, Part)>) {
        for at in (self.segments.len() - self.opened..self.segments.len()).rev() {
            if matches!(self.states[at], State::Lists) {
                parts.extend(self.missing_lists(at).map(|(_, part)| (at, part)));
            }
        }
    }

    /// The lists of a segment that are missing: the positions of their keys, and where they are.
    fn missing_lists(&self, at: usize) -> impl Iterator<Item = (usize, Part)> {
        let segment = &self.segments[at].segment;
        self.entries[at].iter().enumerate().filter_map(move |(index, found)| {
            let Found::Entry(entry) = found else { return None };
            let part = segment.list(segment.page_of(self.keys[index]), entry)?;
            entry.list.is_none().then_some((index, part))
        })
    }

    /// Opens the newest segments as soon as the pages of their terms are read, until enough hits are expected.
    fn open_newest(&mut self) {
        while let Some((at, bytes)) = self.next().filter(|_| self.expected < ENOUGH) {
            if matches!(self.states[at], State::Terms) || !self.can_read(bytes) {
                break;
            }
            self.open(at, bytes);
        }
    }

    /// Opens all segments, if that costs little.
    fn open_cheap(&mut self) {
        let unopened = 0..self.segments.len() - self.opened;
        let all = unopened.flat_map(|at| self.missing_lists(at)).map(|(_, part)| part.length).sum();
        if self.list_bytes.saturating_add(all) <= MAX_LIST_BYTES {
            while let Some((at, bytes)) = self.next() {
                self.open(at, bytes);
            }
        }
    }

    /// Opens as many more segments as cost little, and returns whether there are any.
    fn open_more(&mut self) -> bool {
        let before = self.opened;
        while let Some((at, bytes)) = self.next().filter(|(_, bytes)| self.can_read(*bytes)) {
            self.open(at, bytes);
        }
        self.opened > before
    }

    /// The newest segment whose lists are not read, and their bytes.
    fn next(&self) -> Option<(usize, u32)> {
        let at = (self.segments.len() - self.opened).checked_sub(1)?;
        Some((at, self.missing_lists(at).map(|(_, part)| part.length).sum()))
    }

    /// Whether more bytes of lists are read without asking the reader.
    fn can_read(&self, bytes: u32) -> bool {
        self.is_unlimited || self.list_bytes == 0 || self.list_bytes.saturating_add(bytes) <= MAX_LIST_BYTES
    }

    fn open(&mut self, at: usize, bytes: u32) {
        self.opened += 1;
        if matches!(self.states[at], State::Lists) {
            self.list_bytes = self.list_bytes.saturating_add(bytes);
            self.expected += self.expected(at);
            if bytes == 0 {
                self.finish(at);
            }
        }
    }

    /// How many hits a segment may have, if its terms have nothing to do with each other.
    fn expected(&self, at: usize) -> f64 {
        let rows = f64::from(self.segments[at].segment.rows.max(1));
        let share = |forms: &Vec<u64>| {
            let counts = forms.iter().map(|key| match self.found(at, *key) {
                Found::Entry(entry) => f64::from(entry.count),
                Found::Unread | Found::Nothing => 0.0,
            });
            counts.sum::<f64>() / rows
        };
        let wanted = self.request.query.clauses.iter().filter(|clause| !clause.is_excluded);
        rows * wanted.flat_map(|clause| &clause.terms).map(share).product::<f64>()
    }

    /// What the page of a term says of it.
    fn found(&self, at: usize, key: u64) -> &Found {
        let index = self.keys.iter().position(|known| *known == key);
        index.and_then(|index| self.entries[at].get(index)).unwrap_or(&Found::Nothing)
    }

    /// Searches all segments, whatever that costs.
    pub fn search_all(&mut self) {
        self.is_unlimited = true;
    }

    /// Takes a part of a file: its bytes, or `None` if it could not be read.
    pub fn give(&mut self, at: usize, part: Part, bytes: Option<&[u8]>) {
        if !matches!(self.states[at], State::Terms | State::Lists) {
            return;
        }
        let Some(content) = bytes.and_then(verified) else {
            self.states[at] = State::Failed;
            return;
        };
        let segments = self.segments.clone();
        let indexed = &segments[at];
        let segment = &indexed.segment;
        match self.states[at] {
            State::Terms => {
                for (index, key) in self.keys.iter().enumerate() {
                    let page = segment.page_of(*key);
                    if indexed.term_page(page) != part {
                        continue;
                    }
                    let entry = find(segment, page, content, *key);
                    self.entries[at][index] = entry.map_or(Found::Nothing, Found::Entry);
                }
                if !self.entries[at].iter().any(|found| matches!(found, Found::Unread)) {
                    self.states[at] =
                        if self.can_have_hits(at) { State::Lists } else { State::Done(Vec::new()) };
                }
            }
            State::Lists => {
                let needed: Vec<usize> =
                    self.missing_lists(at).filter(|(_, own)| *own == part).map(|(index, _)| index).collect();
                for index in needed {
                    let Found::Entry(entry) = &mut self.entries[at][index] else { continue };
                    let mut bits = BitReader::new(content);
                    entry.list = List::read(segment.rows, entry.count, entry.titles, &mut bits);
                    if entry.list.is_none() {
                        self.states[at] = State::Failed;
                        return;
                    }
                }
                if self.missing_lists(at).next().is_none() {
                    self.finish(at);
                }
            }
            State::Done(_) | State::Failed => {}
        }
    }

    /// Whether each wanted term is in the segment at all.
    fn can_have_hits(&self, at: usize) -> bool {
        let has = |forms: &Vec<u64>| forms.iter().any(|key| matches!(self.found(at, *key), Found::Entry(_)));
        let wanted = self.request.query.clauses.iter().filter(|clause| !clause.is_excluded);
        wanted.flat_map(|clause| &clause.terms).all(has)
    }

    /// Finds the rows of a segment whose lists are there.
    fn finish(&mut self, at: usize) {
        let segment = &self.segments[at];
        let list_of = |key: &u64| match self.found(at, *key) {
            Found::Entry(entry) => entry.list.as_ref(),
            Found::Unread | Found::Nothing => None,
        };
        let rows_of = |forms: &Vec<u64>| {
            let rows = forms.iter().filter_map(list_of).map(found_rows);
            rows.reduce(|one, other| union(&one, &other)).unwrap_or_default()
        };
        let is_wanted = |is_excluded: bool| {
            self.request.query.clauses.iter().filter(move |clause| clause.is_excluded == is_excluded)
        };
        let mut terms: Vec<Vec<FoundRow>> =
            is_wanted(false).flat_map(|clause| &clause.terms).map(rows_of).collect();
        // The shortest list first.
        let shortest = (0..terms.len()).min_by_key(|at| terms[*at].len());
        let mut hits = shortest.map(|at| terms.swap_remove(at)).unwrap_or_default();
        for term in terms {
            hits = intersection(&hits, &term);
        }
        for clause in is_wanted(true) {
            let mut all = clause.terms.iter().map(rows_of);
            let first = all.next().unwrap_or_default();
            let excluded = all.fold(first, |rows, term| intersection(&rows, &term));
            hits.retain(|row| excluded.binary_search_by(|other| (row >> 1).cmp(&(other >> 1))).is_err());
        }
        let (from, to) = segment.rows_between(self.request.from, self.request.to);
        hits.retain(|found| {
            let (row, in_title) = (found >> 1, found & 1 == 1);
            (from..to).contains(&row)
                && (in_title || !self.request.in_titles)
                && segment.masked.binary_search(&row).is_err()
        });
        self.entries[at] = Vec::new();
        self.states[at] = State::Done(hits);
    }

    /// For each segment that was searched, the newest first: its position, and the rows that were found.
    fn found_in_segments(&self) -> impl Iterator<Item = (usize, &[FoundRow])> {
        self.states.iter().enumerate().rev().filter_map(|(at, state)| match state {
            State::Done(rows) => Some((at, rows.as_slice())),
            _ => None,
        })
    }

    /// The number of hits so far.
    pub fn total(&self) -> usize {
        self.found_in_segments().map(|(_, rows)| rows.len()).sum()
    }

    /// The number of hits so far on a day and later.
    pub fn total_since(&self, day: i32) -> usize {
        let counts = self.found_in_segments().map(|(at, rows)| {
            let (first, _) = self.segments[at].rows_between(day, i32::MAX);
            rows.partition_point(|row| row >> 1 >= first)
        });
        counts.sum()
    }

    /// The number of hits so far that are certainly the newest.
    pub fn settled(&self) -> usize {
        let last_day = |at: usize| self.segments[at].days.last().map_or(i32::MIN, |(day, _)| *day);
        match self.unsearched().into_iter().map(last_day).max() {
            Some(day) => self.total_since(day.saturating_add(1)),
            None => self.total(),
        }
    }

    /// The newest hits so far, at most this many.
    pub fn hits(&self, count: usize) -> Vec<Hit> {
        let mut hits = Vec::new();
        // By segment, how many of its rows are taken.
        let mut taken = vec![0; self.states.len()];
        while hits.len() < count {
            let mut newest: Option<Hit> = None;
            for (segment, rows) in self.found_in_segments() {
                let Some(found) = rows.get(taken[segment]) else { continue };
                let (row, in_title) = (found >> 1, found & 1 == 1);
                let day = self.segments[segment].day(row);
                if newest.is_none_or(|newest| day > newest.day) {
                    newest = Some(Hit { day, segment, row, in_title });
                }
            }
            let Some(newest) = newest else { break };
            taken[newest.segment] += 1;
            hits.push(newest);
        }
        hits
    }

    /// The positions of segments that are not searched yet.
    pub fn unsearched(&self) -> Vec<usize> {
        self.segments_in(|state| matches!(state, State::Terms | State::Lists))
    }

    /// The positions of segments that could not be searched.
    pub fn failed(&self) -> Vec<usize> {
        self.segments_in(|state| matches!(state, State::Failed))
    }

    fn segments_in(&self, is_meant: fn(&State) -> bool) -> Vec<usize> {
        (0..self.states.len()).filter(|at| is_meant(&self.states[*at])).collect()
    }

    /// Searches again what could not be searched.
    pub fn retry(&mut self) {
        for at in self.failed() {
            self.entries[at] = unread(self.keys.len());
            self.states[at] = State::Terms;
        }
        // Segments that are done cost nothing more when they are opened again.
        self.opened = 0;
    }
}

fn unread(terms: usize) -> Vec<Found> {
    (0..terms).map(|_| Found::Unread).collect()
}
