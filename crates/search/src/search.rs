//! A search: which parts of which files it needs next, and what it has found. It fetches nothing itself.
//!
//! A search takes three steps, each of which is one round trip: the pages of its terms in all segments, then their lists,
//! from the newest segment to the oldest, and then the rows that are shown.

use std::rc::Rc;

use crate::bits::BitReader;
use crate::list::List;
use crate::page::{Entry, find};
use crate::query::Query;
use crate::segment::{Part, ROWS, Segment, verified};

/// A segment of an index, with what the index says of its rows.
#[derive(Debug, Clone, Default)]
pub struct IndexedSegment {
    /// Where it has what.
    pub segment: Segment,
    /// The days of its rows, ascending, in days since 1970, each with the number of rows up to it.
    pub days: Vec<(i32, u32)>,
    /// The rows that count no longer, ascending.
    pub masked: Vec<u32>,
    /// The pages of rows: the place of each in its file, and its length.
    pub row_pages: Vec<(u32, u32)>,
}

impl IndexedSegment {
    /// A segment whose first row is of a day, with the numbers of rows on that day and on each after it, and with the file
    /// of the lengths of its pages of rows; `None` if that is damaged.
    pub fn new(
        segment: Segment,
        first_day: i32,
        days: &[u32],
        masked: Vec<u32>,
        lengths: &[u8],
    ) -> Option<Self> {
        let row_pages = places(verified(lengths)?, segment.row_pages_per_file);
        let mut end = 0_u32;
        let with_rows = (first_day..).zip(days).filter(|(_, count)| **count > 0);
        let days = with_rows
            .map(|(day, count)| {
                end = end.saturating_add(*count);
                (day, end)
            })
            .collect();
        Some(Self { segment, days, masked, row_pages })
    }

    /// The day of a row.
    pub fn day(&self, row: u32) -> i32 {
        let at = self.days.partition_point(|(_, end)| *end <= row);
        self.days.get(at).map_or(0, |(day, _)| *day)
    }

    /// The rows from one day to another, both included.
    fn rows_between(&self, from: i32, to: i32) -> (u32, u32) {
        let end_before =
            |at: usize| at.checked_sub(1).and_then(|at| self.days.get(at)).map_or(0, |(_, end)| *end);
        let first = self.days.partition_point(|(day, _)| *day < from);
        let last = self.days.partition_point(|(day, _)| *day <= to);
        (end_before(first), end_before(last))
    }
}

/// The place and the length of each page of rows.
fn places(lengths: &[u8], per_file: u32) -> Vec<(u32, u32)> {
    let (mut places, mut from, mut length, mut shift) = (Vec::new(), 0_u32, 0_u32, 0);
    for byte in lengths {
        length |= u32::from(byte & 127).wrapping_shl(shift);
        shift += 7;
        if *byte < 128 {
            if (places.len() as u32).checked_rem(per_file) == Some(0) {
                from = 0;
            }
            places.push((from, length));
            from = from.saturating_add(length);
            (length, shift) = (0, 0);
        }
    }
    places
}

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
    /// The rows that were found, newest first, and whether their titles have all words.
    Done(Vec<(u32, bool)>),
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
const MAX_LIST_BYTES: u32 = 192 << 10;

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

    /// The parts of files to fetch next, each once, with the positions of their segments.
    pub fn needs(&mut self) -> Vec<(usize, Part)> {
        let mut parts = Vec::new();
        for (at, segment) in self.segments.iter().enumerate() {
            if matches!(self.states[at], State::Terms) {
                for (key, found) in self.keys.iter().zip(&self.entries[at]) {
                    let part = (at, segment.segment.page(segment.segment.page_of(*key)));
                    if matches!(found, Found::Unread) && !parts.contains(&part) {
                        parts.push(part);
                    }
                }
            }
        }
        if parts.is_empty() {
            self.add_missing_lists(&mut parts);
        }
        // Lists that stand on pages need nothing more, so that the next segments follow at once.
        while parts.is_empty() && self.open_lists() {
            self.add_missing_lists(&mut parts);
        }
        parts
    }

    fn add_missing_lists(&self, parts: &mut Vec<(usize, Part)>) {
        for at in self.segments.len() - self.opened..self.segments.len() {
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

    /// Decides which segments are read next: all if that costs little; otherwise first from the newest on until enough hits
    /// are expected, and then, in one more step, as many as cost little. Returns whether there are any.
    fn open_lists(&mut self) -> bool {
        let before = self.opened;
        let unopened = 0..self.segments.len() - self.opened;
        let all: u32 = unopened.flat_map(|at| self.missing_lists(at)).map(|(_, part)| part.length).sum();
        // What costs little is read in one step.
        let is_cheap = self.list_bytes.saturating_add(all) <= MAX_LIST_BYTES;
        let is_first = before == 0 && !is_cheap;
        let mut expected = 0.0;
        while self.opened < self.segments.len() && !(is_first && expected >= ENOUGH) {
            let at = self.segments.len() - 1 - self.opened;
            let bytes: u32 = self.missing_lists(at).map(|(_, part)| part.length).sum();
            if !self.is_unlimited && self.list_bytes > 0 && self.list_bytes + bytes > MAX_LIST_BYTES {
                break;
            }
            self.opened += 1;
            if matches!(self.states[at], State::Lists) {
                self.list_bytes += bytes;
                expected += self.expected(at);
                if bytes == 0 {
                    self.finish(at);
                }
            }
        }
        self.opened > before
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
        let Some(content) = bytes.and_then(verified) else {
            self.states[at] = State::Failed;
            return;
        };
        let segments = self.segments.clone();
        let segment = &segments[at].segment;
        match self.states[at] {
            State::Terms => {
                for (index, key) in self.keys.iter().enumerate() {
                    let page = segment.page_of(*key);
                    if segment.page(page) != part {
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
        let rows_of = |forms: &Vec<u64>| union(forms.iter().filter_map(list_of));
        let is_wanted = |is_excluded: bool| {
            self.request.query.clauses.iter().filter(move |clause| clause.is_excluded == is_excluded)
        };
        let mut terms: Vec<Vec<(u32, bool)>> =
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
            hits.retain(|(row, _)| excluded.binary_search_by(|(other, _)| row.cmp(other)).is_err());
        }
        let (from, to) = segment.rows_between(self.request.from, self.request.to);
        hits.retain(|(row, in_title)| {
            (from..to).contains(row)
                && (*in_title || !self.request.in_titles)
                && segment.masked.binary_search(row).is_err()
        });
        self.entries[at] = Vec::new();
        self.states[at] = State::Done(hits);
    }

    /// The hits so far, newest first.
    pub fn hits(&self) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        for (segment, state) in self.states.iter().enumerate().rev() {
            if let State::Done(rows) = state {
                let day = |row| self.segments[segment].day(row);
                let own = rows.iter().map(|&(row, in_title)| Hit { day: day(row), segment, row, in_title });
                hits = merged(&hits, own);
            }
        }
        hits
    }

    /// The positions of segments that are not searched yet.
    pub fn unsearched(&self) -> impl Iterator<Item = usize> {
        let is_open = |state: &State| matches!(state, State::Terms | State::Lists);
        (0..self.states.len()).filter(move |at| is_open(&self.states[*at]))
    }

    /// The positions of segments that could not be searched.
    pub fn failed(&self) -> impl Iterator<Item = usize> {
        (0..self.states.len()).filter(|at| matches!(self.states[*at], State::Failed))
    }

    /// Searches again what could not be searched.
    pub fn retry(&mut self) {
        for at in self.failed().collect::<Vec<_>>() {
            self.entries[at] = unread(self.keys.len());
            self.states[at] = State::Terms;
        }
        (self.opened, self.list_bytes) = (0, 0);
    }
}

fn unread(terms: usize) -> Vec<Found> {
    (0..terms).map(|_| Found::Unread).collect()
}

/// Two lists of hits, newest first, as one. Most hits of the second are older than all of the first.
fn merged(first: &[Hit], second: impl Iterator<Item = Hit>) -> Vec<Hit> {
    let mut all = Vec::with_capacity(first.len());
    let mut rest = first;
    for hit in second {
        let newer = rest.iter().take_while(|other| other.day >= hit.day).count();
        let (before, after) = rest.split_at(newer);
        all.extend_from_slice(before);
        all.push(hit);
        rest = after;
    }
    all.extend_from_slice(rest);
    all
}

/// The rows of any of these lists, newest first, and whether their titles have the term.
fn union<'l>(lists: impl Iterator<Item = &'l List>) -> Vec<(u32, bool)> {
    let mut all: Vec<(u32, bool)> = Vec::new();
    for list in lists {
        let mut titles = list.titles.iter().peekable();
        let own =
            (0..).zip(&list.rows).map(|(at, row)| (*row, titles.next_if(|title| **title == at).is_some()));
        let before = std::mem::take(&mut all);
        let mut rest = before.iter().peekable();
        for (row, mut in_title) in own {
            while let Some(newer) = rest.next_if(|(other, _)| *other > row) {
                all.push(*newer);
            }
            if let Some((_, other)) = rest.next_if(|(other, _)| *other == row) {
                in_title |= other;
            }
            all.push((row, in_title));
        }
        all.extend(rest);
    }
    all
}

/// The rows of both lists.
fn intersection(left: &[(u32, bool)], right: &[(u32, bool)]) -> Vec<(u32, bool)> {
    let mut both = Vec::new();
    let mut rest = right;
    for (row, in_title) in left {
        // Rows descend. Where one list is much longer, most of it is skipped.
        let mut step = 1;
        while rest.get(step).is_some_and(|(other, _)| other > row) {
            rest = &rest[step..];
            step *= 2;
        }
        rest = &rest[rest[..rest.len().min(step + 1)].partition_point(|(other, _)| other > row)..];
        match rest.first() {
            Some((other, other_in_title)) if other == row => both.push((*row, *in_title && *other_in_title)),
            Some(_) => {}
            None => break,
        }
    }
    both
}

impl IndexedSegment {
    /// Where the page of a row is, and the row's position there.
    pub fn row_page(&self, row: u32) -> Option<(Part, u32)> {
        let page = row / ROWS;
        let (from, length) = *self.row_pages.get(page as usize)?;
        let file = crate::segment::File::Rows(page / self.segment.row_pages_per_file.max(1));
        Some((Part { file, from, length }, row % ROWS))
    }
}
