//! Searches of invented stories find what a plain scan of the same stories finds.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Cursor};
use std::rc::Rc;

use proptest::prelude::*;
use search::fold::fold;
use search::query::{Clause, Query};
use search::search::{IndexedSegment, Request, Search};
use search::segment::{File, Part, key};
use search::stem::Stemmer;
use search::terms::{Term, for_each_term};
use search::write::{Cut, Run, SegmentWriter, TextKind, merge};

/// A story: its day, title, body and category.
#[derive(Debug, Clone)]
struct Story {
    day: i32,
    title: String,
    body: String,
    category: &'static str,
}

/// An index in memory.
struct Index {
    segments: Rc<[IndexedSegment]>,
    files: Vec<BTreeMap<File, Vec<u8>>>,
    stories: Vec<Vec<Story>>,
}

const STEMMER: Stemmer = Stemmer::English;

impl Index {
    /// An index of stories in segments; in each, they are sorted by their days.
    fn of(segments: Vec<Vec<Story>>, cut: Cut) -> Self {
        let mut index = Self { segments: Rc::default(), files: Vec::new(), stories: Vec::new() };
        let mut indexed = Vec::new();
        for mut stories in segments {
            stories.sort_by_key(|story| story.day);
            let mut files = BTreeMap::new();
            // Runs of a few stories, as of thousands.
            let runs: Vec<Cursor<Vec<u8>>> = (0..)
                .zip(stories.chunks(7))
                .map(|(number, chunk)| {
                    let mut run = Run::new(STEMMER);
                    for (row, story) in (number * 7..).zip(chunk) {
                        run.add(row, &fold(&story.title), TextKind::Title);
                        run.add(row, &fold(&story.body), TextKind::Body);
                        run.add_term(row, story.category, false);
                    }
                    Cursor::new(run.finish())
                })
                .collect();
            let rows = u32::try_from(stories.len()).unwrap();
            let mut writer = SegmentWriter::new(rows, cut, Cursor::new(Vec::new()), Cursor::new(Vec::new()));
            merge(runs, |key, list| writer.add(key, list)).unwrap();
            let (segment, lengths) = writer
                .finish(|file, bytes| -> io::Result<()> {
                    assert!(files.insert(file, bytes).is_none());
                    Ok(())
                })
                .unwrap();
            let mut days: Vec<(i32, u32)> = Vec::new();
            for (row, story) in (1..).zip(&stories) {
                match days.last_mut() {
                    Some((day, end)) if *day == story.day => *end = row,
                    _ => days.push((story.day, row)),
                }
            }
            let pages = IndexedSegment::new(segment, 0, &[], Vec::new(), &lengths).unwrap();
            indexed.push(IndexedSegment { days, ..pages });
            index.files.push(files);
            index.stories.push(stories);
        }
        index.segments = indexed.into();
        index
    }

    fn read(&self, segment: usize, part: Part) -> Option<&[u8]> {
        self.files[segment].get(&part.file)?.get(part.from as usize..)?.get(..part.length as usize)
    }

    /// The stories that a search finds, as segments and rows, with whether all words are in the title.
    fn search(&self, request: &Request) -> BTreeSet<(usize, u32, bool)> {
        let mut search = Search::new(self.segments.clone(), request.clone());
        search.search_all();
        for trip in 0.. {
            let needs = search.needs();
            if needs.is_empty() {
                break;
            }
            assert!(trip < 2 + 2 * self.segments.len(), "{request:?}");
            for (segment, part) in needs {
                search.give(segment, part, self.read(segment, part));
            }
        }
        assert_eq!((search.failed().len(), search.unsearched().len()), (0, 0));
        let hits = search.hits(usize::MAX);
        assert_eq!(search.total(), hits.len());
        let since = hits.iter().filter(|hit| hit.day >= 3).count();
        assert_eq!(search.total_since(3), since);
        assert!(hits.windows(2).all(|pair| pair[0].day >= pair[1].day));
        hits.iter().map(|hit| (hit.segment, hit.row, hit.in_title)).collect()
    }

    /// What a plain scan finds.
    fn scan(&self, request: &Request) -> BTreeSet<(usize, u32, bool)> {
        let mut found = BTreeSet::new();
        for (segment, stories) in self.stories.iter().enumerate() {
            for (row, story) in (0..).zip(stories) {
                let title = keys(&story.title, true);
                let mut all = title.clone();
                all.extend(keys(&story.body, false));
                all.insert(key(story.category));
                let has = |set: &BTreeSet<u64>, clause: &Clause| {
                    clause.terms.iter().all(|forms| forms.iter().any(|key| set.contains(key)))
                };
                let is_found =
                    request.query.clauses.iter().all(|clause| has(&all, clause) != clause.is_excluded);
                let mut wanted = request.query.clauses.iter().filter(|clause| !clause.is_excluded);
                let in_title = wanted.all(|clause| has(&title, clause));
                let is_meant =
                    (request.from..=request.to).contains(&story.day) && (in_title || !request.in_titles);
                if is_found && is_meant && !request.query.is_empty() {
                    found.insert((segment, row, in_title));
                }
            }
        }
        found
    }
}

/// The keys of a text's terms.
fn keys(text: &str, is_title: bool) -> BTreeSet<u64> {
    let folded = fold(text);
    let mut keys = BTreeSet::new();
    for_each_term(&folded, |term| match term {
        Term::Pair(text) => drop(keys.insert(key(text))),
        Term::Word(text) => {
            keys.insert(key(text));
            let stem = STEMMER.stem(text);
            if stem != text {
                keys.insert(key(&format!("~{stem}")));
            }
        }
        Term::Character(text) if is_title => drop(keys.insert(key(text))),
        Term::Character(_) => {}
    });
    keys
}

/// Text of few words, so that they meet often.
fn text(words: std::ops::Range<usize>) -> impl Strategy<Value = String> {
    let word = prop_oneof![
        prop::sample::select(vec!["北向", "资金", "貴州", "茅台", "涨", "股", "A股", "ＥＴＦ", "。", "，"]),
        prop::sample::select(vec![
            "share ",
            "shares ",
            "Crème ",
            "the ",
            "600519 ",
            "fed ",
            "company ",
            "companies "
        ]),
    ];
    prop::collection::vec(word, words).prop_map(|words| words.concat())
}

fn story() -> impl Strategy<Value = Story> {
    let category = prop::sample::select(vec!["category/a", "category/b"]);
    (0..40_i32, text(1..5), text(0..12), category).prop_map(|(day, title, body, category)| Story {
        day,
        title,
        body,
        category,
    })
}

fn request() -> impl Strategy<Value = Request> {
    let clause =
        (text(1..3), any::<bool>(), prop::bool::weighted(0.2)).prop_map(|(words, is_quoted, is_excluded)| {
            let sign = if is_excluded { "-" } else { "" };
            if is_quoted { format!("{sign}\"{words}\" ") } else { format!("{sign}{words} ") }
        });
    let words = prop::collection::vec(clause, 1..4).prop_map(|clauses| clauses.concat());
    (words, -5..45_i32, 0..45_i32, prop::bool::weighted(0.3), prop::bool::weighted(0.3)).prop_map(
        |(words, from, days, in_titles, has_category)| {
            let mut query = Query::parse(&words, STEMMER);
            if has_category {
                query.clauses.push(Clause::list("category/a"));
            }
            Request { query, from, to: from + days, in_titles }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_search_finds_what_a_scan_finds(
        segments in prop::collection::vec(prop::collection::vec(story(), 0..60), 1..4),
        requests in prop::collection::vec(request(), 1..12),
    ) {
        for cut in [Cut::Range, Cut::Whole] {
            let index = Index::of(segments.clone(), cut);
            for request in &requests {
                prop_assert_eq!(index.search(request), index.scan(request), "{:?}: {:?}", cut, request);
            }
        }
    }

    #[test]
    fn rows_that_are_settled_stay_the_first_ones_in_whatever_order_parts_come(
        segments in prop::collection::vec(prop::collection::vec(story(), 0..60), 1..4),
        request in request(),
        order in prop::collection::vec(any::<prop::sample::Index>(), 1..20),
    ) {
        let index = Index::of(segments, Cut::Range);
        let mut search = Search::new(index.segments.clone(), request);
        let mut settled = Vec::new();
        for next in order.iter().cycle() {
            let needs = search.needs();
            if needs.is_empty() {
                break;
            }
            let (segment, part) = needs[next.index(needs.len())];
            search.give(segment, part, index.read(segment, part));
            settled.push(search.hits(search.settled()));
        }
        let all = search.hits(usize::MAX);
        prop_assert!(settled.iter().all(|first| all.starts_with(first)), "{:?} {:?}", settled, all);
    }

    #[test]
    fn damaged_files_are_told_and_lead_to_no_wrong_row(
        stories in prop::collection::vec(story(), 20..80),
        request in request(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let index = Index::of(vec![stories], Cut::Range);
        let right = index.scan(&request);
        let mut search = Search::new(index.segments.clone(), request);
        loop {
            let needs = search.needs();
            if needs.is_empty() {
                break;
            }
            for (segment, part) in needs {
                let mut bytes = index.read(segment, part).unwrap().to_vec();
                for (at, byte) in &damage {
                    let at = at.index(bytes.len());
                    bytes[at] ^= byte;
                }
                search.give(segment, part, Some(&bytes));
            }
        }
        let hits: BTreeSet<_> = search.hits(usize::MAX).iter().map(|hit| (hit.segment, hit.row, hit.in_title)).collect();
        prop_assert!(hits.is_empty() || hits == right);
    }
}

#[test]
fn a_word_across_the_border_of_two_words_is_found() {
    let story =
        |title: &str| Story { day: 1, title: title.into(), body: String::new(), category: "category/a" };
    let index = Index::of(vec![vec![story("这一阶段简单"), story("分段，简单")]], Cut::Range);
    let query = Query::parse("段简", STEMMER);
    let request = Request { query, from: 0, to: 9, in_titles: false };
    assert_eq!(index.search(&request), BTreeSet::from([(0, 0, true)]));
}
