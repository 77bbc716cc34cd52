//! Rows that were found, and what two lists of them have in common.

use crate::list::List;

/// A row that was found, and whether its title has all words: twice its number, and one more if so.
pub(crate) type FoundRow = u32;

/// The rows of a list, newest first.
pub(crate) fn found_rows(list: &List) -> Vec<FoundRow> {
    let mut rows: Vec<FoundRow> = list.rows.iter().map(|row| row << 1).collect();
    for title in &list.titles {
        if let Some(row) = rows.get_mut(*title as usize) {
            *row |= 1;
        }
    }
    rows
}

/// The rows of either list.
pub(crate) fn union(one: &[FoundRow], other: &[FoundRow]) -> Vec<FoundRow> {
    let mut all = Vec::with_capacity(one.len() + other.len());
    let mut rest = other.iter().copied().peekable();
    for row in one {
        while let Some(newer) = rest.next_if(|other| other >> 1 > row >> 1) {
            all.push(newer);
        }
        let same = rest.next_if(|other| other >> 1 == row >> 1);
        all.push(row | same.unwrap_or(0));
    }
    all.extend(rest);
    all
}

/// The rows of both lists.
pub(crate) fn intersection(one: &[FoundRow], other: &[FoundRow]) -> Vec<FoundRow> {
    let mut both = Vec::new();
    let mut rest = other;
    for row in one {
        // Rows descend. Where one list is much longer, most of it is skipped.
        let is_newer = |other: &FoundRow| other >> 1 > row >> 1;
        let mut step = 1;
        while rest.get(step).is_some_and(is_newer) {
            rest = &rest[step..];
            step *= 2;
        }
        rest = &rest[rest[..rest.len().min(step + 1)].partition_point(is_newer)..];
        match rest.first() {
            Some(other) if other >> 1 == row >> 1 => both.push(row & other),
            Some(_) => {}
            None => break,
        }
    }
    both
}
