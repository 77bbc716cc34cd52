//! A search of any bytes, even with right checksums, ends, and finds no row that the segment does not have.
#![no_main]

use std::rc::Rc;

use index::query::Query;
use index::search::{IndexedSegment, Request, Search};
use index::segment::{Segment, with_checksum};
use index::stem::Stemmer;
use libfuzzer_sys::fuzz_target;

/// As long as an address can be.
const MAX_QUERY: usize = 200;
/// A search takes a step for each of its parts at most.
const MAX_STEPS: usize = 1000;

fuzz_target!(|bytes: &[u8]| {
    let Some((head, content)) = bytes.split_first_chunk::<6>() else { return };
    let [rows, more_rows, pages, per_file, gap, apart] = head.map(u32::from);
    let rows = 1 + rows + more_rows * 256;
    let part = with_checksum(content.to_vec());
    let segment = Segment {
        rows,
        pages: pages + 1,
        pages_per_file: per_file,
        gap_parameter: gap % 41,
        apart_above: apart * 16,
        row_pages_per_file: per_file,
    };
    let Some(segment) = IndexedSegment::new(segment, 0, &[rows], vec![0], content) else { return };
    let words = &content[..content.len().min(MAX_QUERY)];
    let query = Query::parse(&String::from_utf8_lossy(words), Stemmer::English);
    let in_titles = gap % 2 == 0;
    let segments: Rc<[IndexedSegment]> = [segment].into();
    let mut search = Search::new(segments.clone(), Request { query, from: 0, to: 9, in_titles });
    for step in 0.. {
        assert!(step < MAX_STEPS, "a search does not end");
        let needs = search.needs();
        if needs.is_empty() {
            break;
        }
        for (at, needed) in needs {
            search.give(at, needed, Some(&part));
        }
    }
    for hit in search.hits(usize::MAX) {
        assert!(hit.row < rows && hit.row > 0, "{hit:?}");
        std::hint::black_box(segments[0].row_page(hit.row));
    }
});
