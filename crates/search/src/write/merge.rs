//! Merges runs into lists.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, BufRead};

use crate::list::List;

/// Merges runs, whose rows ascend from one to the next, and calls back with each term's key and list.
///
/// # Errors
/// Fails if a run cannot be read, or if the callback fails.
pub fn merge<R: BufRead>(
    runs: Vec<R>,
    mut callback: impl FnMut(u64, &List) -> io::Result<()>,
) -> io::Result<()> {
    let mut runs: Vec<Reader<R>> = runs.into_iter().map(|source| Reader { source, key: 0 }).collect();
    let mut heap = BinaryHeap::with_capacity(runs.len());
    for (at, run) in runs.iter_mut().enumerate() {
        if run.advance()? {
            heap.push(Reverse((run.key, at)));
        }
    }
    let (mut rows, mut titles): (Vec<u32>, Vec<bool>) = (Vec::new(), Vec::new());
    while let Some(&Reverse((key, _))) = heap.peek() {
        (rows, titles) = (cleared(rows), cleared(titles));
        while let Some(mut first) = heap.peek_mut().filter(|first| first.0.0 == key) {
            let run = &mut runs[first.0.1];
            run.postings(&mut rows, &mut titles)?;
            if run.advance()? {
                first.0.0 = run.key;
            } else {
                std::collections::binary_heap::PeekMut::pop(first);
            }
        }
        rows.reverse();
        let positions = (0..).zip(titles.iter().rev()).filter(|(_, in_title)| **in_title);
        let list = List { titles: positions.map(|(at, _)| at).collect(), rows };
        callback(key, &list)?;
        rows = list.rows;
    }
    Ok(())
}

fn cleared<T>(mut list: Vec<T>) -> Vec<T> {
    list.clear();
    list
}

struct Reader<R> {
    source: R,
    key: u64,
}

impl<R: BufRead> Reader<R> {
    /// Reads the next key; `false` at the end.
    fn advance(&mut self) -> io::Result<bool> {
        if self.source.fill_buf()?.is_empty() {
            return Ok(false);
        }
        self.key += self.number()?;
        Ok(true)
    }

    fn postings(&mut self, rows: &mut Vec<u32>, titles: &mut Vec<bool>) -> io::Result<()> {
        let count = self.number()?;
        let mut row = 0;
        for _ in 0..count {
            let number = self.number()?;
            row += (number >> 1) as u32;
            rows.push(row);
            titles.push(number & 1 == 1);
        }
        Ok(())
    }

    fn number(&mut self) -> io::Result<u64> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let buffer = self.source.fill_buf()?;
            if buffer.is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            // Nearly always, the whole number is in the buffer.
            let end = buffer.iter().position(|byte| *byte < 128);
            let bytes = &buffer[..end.map_or(buffer.len(), |end| end + 1)];
            for byte in bytes {
                number |= u64::from(byte & 127) << shift;
                shift += 7;
            }
            let length = bytes.len();
            self.source.consume(length);
            if end.is_some() {
                return Ok(number);
            }
        }
    }
}
