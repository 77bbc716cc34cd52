//! Reads the search index of a site in a folder, as the program in the browser does over the network.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use bundle::{Headline, Manifest};
use index::head::{Head, SegmentHead};
use index::query::{Clause, Query};
use index::search::{Hit, IndexedSegment, Request, Search};
use index::segment::{File, Part, verified};
use index::stem::Stemmer;

/// A site's index.
pub struct SearchIndex {
    folder: PathBuf,
    /// What its head says.
    pub head: Head,
    /// Its segments.
    pub segments: Rc<[IndexedSegment]>,
    /// The bytes of the head and of the lengths of pages, which are read first.
    pub opening: u64,
}

impl SearchIndex {
    /// Opens the index of a site whose files are stored as plain JSON.
    pub fn open(site: &Path) -> Self {
        Self::open_segments(site, |head| head.segments.clone())
    }

    /// Opens the newest season of a site's index, as it is cut for hosts that send no parts of files.
    pub fn open_season(site: &Path) -> Self {
        Self::open_segments(site, |head| head.whole.clone())
    }

    fn open_segments(site: &Path, choose: fn(&Head) -> Vec<SegmentHead>) -> Self {
        let folder = site.join("bundle/search");
        let manifest = fs::read(site.join("bundle/manifest.json")).expect("the manifest exists");
        let manifest: Manifest = serde_json::from_slice(&manifest).expect("the manifest is valid");
        let json = fs::read(folder.join(format!("{}.json", manifest.index.search))).expect("the head exists");
        let mut head: Head = serde_json::from_slice(&json).expect("the head is valid");
        head.segments = choose(&head);
        let mut opening = json.len() as u64;
        let open = |head: &SegmentHead| {
            let file = fs::read(folder.join(format!("{}-lengths.bin", head.id))).expect("a file is there");
            opening += file.len() as u64;
            let lengths = inflated(&file);
            let first_day = i32::try_from(head.first_day).expect("a day");
            let segment =
                IndexedSegment::new(head.segment(), first_day, &head.days, head.masked.clone(), &lengths);
            segment.expect("each page has a length")
        };
        let segments: Vec<IndexedSegment> = head.segments.iter().map(open).collect();
        Self { folder, segments: segments.into(), opening, head }
    }

    /// The path of a file.
    pub fn path(&self, segment: usize, file: File) -> PathBuf {
        self.folder.join(format!("{}-{}.bin", self.head.segments[segment].id, file.name()))
    }

    /// Reads a part of a file.
    pub fn read(&self, segment: usize, part: Part) -> Vec<u8> {
        let mut file = fs::File::open(self.path(segment, part.file)).expect("a file is there");
        file.seek(SeekFrom::Start(u64::from(part.from))).expect("a part is there");
        let mut bytes = vec![0; part.length as usize];
        file.read_exact(&mut bytes).expect("a part is there");
        bytes
    }

    /// Begins a search for words in the stories of these lists, whose names are such as `category/emnews`.
    pub fn begin(&self, words: &str, lists: &[&str]) -> Search {
        let mut query = Query::parse(words, Stemmer::of(&self.head.lang));
        query.clauses.extend(lists.iter().map(|name| Clause::list(name)));
        Search::new(self.segments.clone(), Request { query, from: i32::MIN, to: i32::MAX, in_titles: false })
    }

    /// Searches all segments, and returns what is found, the newest first.
    pub fn hits(&self, words: &str, lists: &[&str]) -> Vec<Hit> {
        let mut search = self.begin(words, lists);
        search.search_all();
        loop {
            let needs = search.needs();
            if needs.is_empty() {
                break;
            }
            for (segment, part) in needs {
                search.give(segment, part, Some(&self.read(segment, part)));
            }
        }
        assert_eq!((search.failed().len(), search.unsearched().len()), (0, 0), "a search ends");
        search.hits(usize::MAX)
    }

    /// The slugs of the stories that are found.
    pub fn slugs(&self, words: &str, lists: &[&str]) -> BTreeSet<String> {
        self.hits(words, lists).into_iter().map(|hit| self.row(hit).slug).collect()
    }

    /// The row of a story.
    pub fn row(&self, hit: Hit) -> Headline {
        let (part, position) = self.segments[hit.segment].row_page(hit.row).expect("a row has a page");
        let json = inflated(&self.read(hit.segment, part));
        let rows: Vec<Headline> = serde_json::from_slice(&json).expect("rows are valid");
        rows.into_iter().nth(position as usize).expect("a row is on its page")
    }
}

/// What compressed bytes with a checksum contain.
fn inflated(bytes: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    flate2::read::DeflateDecoder::new(verified(bytes).expect("the bytes are undamaged"))
        .read_to_end(&mut content)
        .expect("the bytes are compressed");
    content
}
