//! Reading the bundle natively, with the code that also reads it in the browser: every list, day and article.

use std::cell::RefCell;
use std::collections::BTreeSet;

use ::archive::{Archive, Failure, MIN_ROWS, PAGE_ROWS, Source};
use bundle::{Date, Document, Folder, Headline, Key, Label, ListId, ListKind, Store};
use futures::executor::block_on;

mod memory {
    //! A bundle in memory, written by the rules of docs/bundle-format.md, independently of the builder.
    use std::collections::BTreeMap;

    use bundle::{
        Article, Counts, Day, Directories, Directory, Folder, Front, Headline, Index, List, ListId, ListKind,
        Manifest, Month, MonthRef, PageFile, PageRef, Settings, ShardFile, ShardRef, Site, Store, encode,
        partition,
    };

    #[derive(Default)]
    pub(super) struct Memory {
        pub(super) files: BTreeMap<String, Vec<u8>>,
    }

    impl Memory {
        pub(super) fn put<T: serde::Serialize>(&mut self, folder: Folder, value: &T) -> String {
            let name = format!("{:064}", self.files.len());
            self.files.insert(folder.path(&name, Store::Plain), encode(value));
            name
        }

        /// Writes a bundle whose first `closed` articles (oldest first) are in the closed part, with
        /// `page_rows` rows on a page.
        pub(super) fn write(articles: &[Article], closed: usize, page_rows: usize) -> (Self, Manifest) {
            let mut memory = Self::default();
            let rows: Vec<Headline> = articles.iter().map(super::headline).collect();
            let id = ListId::new(ListKind::Category, "a");
            let list = |memory: &mut Self, rows: &[Headline], newest: usize, kept: usize| {
                let paged = rows.len() - kept;
                let pages = rows[..paged].chunks(page_rows).map(|rows| PageRef {
                    file: memory.put(Folder::Pages, &PageFile { pages: vec![Vec::new(), rows.to_vec()] }),
                    index: 1,
                    oldest: rows[0].key(),
                });
                let pages = pages.collect();
                List {
                    title: "甲".into(),
                    names: Vec::new(),
                    count: rows.len(),
                    newest: rows.iter().rev().take(newest).cloned().collect(),
                    pages,
                }
            };
            let mut open = Directory::default();
            let kept = (rows.len() - closed) % page_rows;
            open.lists.insert(id.to_string(), list(&mut memory, &rows[closed..], kept, kept));
            let mut directories = vec![Directory::default(); 4];
            if closed > 0 {
                directories[partition(&id, 4)]
                    .lists
                    .insert(id.to_string(), list(&mut memory, &rows[..closed], 3, 0));
            }
            let mut closed: Vec<String> =
                directories.iter().map(|directory| memory.put(Folder::Lists, directory)).collect();
            // The shape with 7 rows on a page has two levels: two directories, each with two finer ones.
            if page_rows == 7 {
                closed = [[0, 2], [1, 3]]
                    .map(|finer| {
                        memory.put(
                            Folder::Lists,
                            &Directory {
                                finer: finer.map(|at| closed[at].clone()).into(),
                                ..Directory::default()
                            },
                        )
                    })
                    .into();
            }
            let lists = Directories { open: vec![memory.put(Folder::Lists, &open)], closed };
            let days: Vec<Day> = articles
                .chunk_by(|a, b| a.time.date() == b.time.date())
                .map(|day| {
                    let rows: Vec<Headline> = day.iter().map(super::headline).collect();
                    let file = memory.put(Folder::Pages, &PageFile { pages: vec![rows.clone()] });
                    let list = List {
                        count: rows.len(),
                        pages: vec![PageRef { file, index: 0, oldest: rows[0].key() }],
                        ..List::default()
                    };
                    Day { date: day[0].time.date(), list }
                })
                .collect();
            let months: Vec<MonthRef> = days
                .chunk_by(|a, b| a.date.year_month() == b.date.year_month())
                .map(|days| {
                    let month = days[0].date.year_month();
                    let mut articles: Vec<Article> = articles
                        .iter()
                        .filter(|article| article.time.date().year_month() == month)
                        .cloned()
                        .collect();
                    articles.sort_by(|a, b| (a.time.date(), &a.slug).cmp(&(b.time.date(), &b.slug)));
                    // Some shards end within a day, others continue into the next.
                    let shard = |articles: &[Article]| ShardRef {
                        date: articles[0].time.date(),
                        slug: articles[0].slug.clone(),
                        file: memory.put(Folder::Shards, &ShardFile { articles: articles.to_vec() }),
                    };
                    let shards = articles.chunks(page_rows + 3).map(shard).collect();
                    MonthRef {
                        month,
                        count: articles.len(),
                        file: memory.put(Folder::Months, &Month { days: days.to_vec(), shards }),
                    }
                })
                .collect();
            let front = memory.put(Folder::Front, &Front::default());
            let site = Site {
                title: "T".into(),
                description: String::new(),
                lang: "zh".into(),
                timezone: "Asia/Shanghai".into(),
                url: String::new(),
            };
            let newest = rows.iter().rev().take(Manifest::NEWEST).cloned().collect();
            let manifest = Manifest {
                format: 1,
                site,
                settings: Settings::default(),
                counts: Counts::default(),
                newest,
                index: Index { store: Store::Plain, front, months, lists, ..Index::default() },
            };
            (memory, manifest)
        }
    }
}

/// Files in memory. Records the path of each file that is read.
struct RecordingSource {
    memory: memory::Memory,
    paths_read: RefCell<Vec<String>>,
}

impl Source for RecordingSource {
    async fn document(&self, folder: Folder, hash: &str, store: Store) -> Result<Document, Failure> {
        let path = folder.path(hash, store);
        self.paths_read.borrow_mut().push(path.clone());
        let bytes = self.memory.files.get(&path).ok_or(Failure::Gone)?;
        Document::parse(bytes).map_err(|_| Failure::Damaged)
    }
}

fn headline(article: &bundle::Article) -> Headline {
    Headline {
        date_only: article.date_only,
        path: String::new(),
        slug: article.slug.clone(),
        title: article.title.clone(),
        time: article.time,
        category: article.categories.first().cloned(),
        securities: Vec::new(),
        image: String::new(),
        summary: String::new(),
    }
}

fn articles(count: usize) -> Vec<bundle::Article> {
    (0..count)
        .map(|at| {
            let unix = 1_640_966_400 + i64::try_from(at).unwrap() * 7200;
            bundle::Article {
                slug: format!("s{:05}", (at * 7919) % 100_000),
                title: format!("第{at}篇"),
                time: bundle::Time { unix, offset: 480 },
                categories: vec![Label::from_spelling("a")],
                ..bundle::Article::default()
            }
        })
        .collect()
}

/// The shapes of a list that a writer may choose: open, closed or both, with only full pages or with rows
/// left over. Each is the number of articles, the number of them in the closed part, and the number of rows
/// on a page.
const SHAPES: [(usize, usize, usize); 7] =
    [(1, 0, 10), (49, 0, 10), (51, 20, 10), (100, 100, 30), (170, 90, 40), (260, 200, 7), (205, 150, 300)];

fn with_archives(check: impl Fn(Archive<'_, RecordingSource>, &[bundle::Article])) {
    for (count, closed, page_rows) in SHAPES {
        let articles = articles(count);
        let (memory, manifest) = memory::Memory::write(&articles, closed, page_rows);
        let source = RecordingSource { memory, paths_read: RefCell::default() };
        check(Archive::new(&source, &manifest.index), &articles);
    }
}

#[test]
fn the_pages_of_a_list_hold_every_row_once_newest_first() {
    let id = ListId::new(ListKind::Category, "a");
    with_archives(|archive, articles| {
        let mut seen: Vec<Key> = Vec::new();
        let mut before = None;
        loop {
            archive.source.paths_read.borrow_mut().clear();
            let page = block_on(archive.list(&id, before.as_ref())).unwrap().unwrap();
            assert_eq!(page.count, articles.len());
            assert_eq!(page.title, "甲");
            seen.extend(page.rows.iter().map(Headline::key));
            let paths_read: Vec<String> = archive
                .source
                .paths_read
                .borrow()
                .iter()
                .filter(|path| !path.contains("/pages/"))
                .cloned()
                .collect();
            let has_two_levels = archive.index.lists.closed.len() == 2;
            assert_eq!(
                paths_read.len(),
                if has_two_levels { 3 } else { 2 },
                "besides pages, a list needs a directory of each part, and a finer one if there are two levels"
            );
            match page.older {
                Some(older) => {
                    assert!(
                        (MIN_ROWS..PAGE_ROWS + MIN_ROWS).contains(&page.rows.len()),
                        "a page has neither too few nor too many rows while there are older ones"
                    );
                    before = Some(older);
                }
                None => break,
            }
        }
        let expected: Vec<Key> = articles.iter().rev().map(bundle::Article::key).collect();
        assert_eq!(seen, expected);
    });
}

#[test]
fn the_newest_rows_of_a_list_are_read_from_the_fewest_files() {
    let id = ListId::new(ListKind::Category, "a");
    with_archives(|archive, articles| {
        for count in [1, 5, 30, 200] {
            archive.source.paths_read.borrow_mut().clear();
            let (title, rows) = block_on(archive.newest(&id, count)).unwrap().unwrap();
            assert_eq!(title, "甲");
            let expected: Vec<Key> = articles.iter().rev().take(count).map(bundle::Article::key).collect();
            assert_eq!(rows.iter().map(Headline::key).collect::<Vec<_>>(), expected);
            let paths_read = archive.source.paths_read.borrow();
            let (open, closed) = (&archive.index.lists.open, &archive.index.lists.closed);
            let any_was_read = |hashes: &[String]| {
                paths_read.iter().any(|path| hashes.iter().any(|hash| path.contains(hash.as_str())))
            };
            let open_rows = articles.len()
                - SHAPES.iter().find(|shape| shape.0 == articles.len()).map_or(0, |shape| shape.1);
            assert!(any_was_read(open), "the open part is always read");
            assert_eq!(any_was_read(closed), open_rows < count, "{count} of {open_rows} open rows");
        }
        assert_eq!(block_on(archive.newest(&ListId::new(ListKind::Tag, "no"), 5)).unwrap(), None);
    });
}

#[test]
fn a_row_finds_its_summary_in_its_day() {
    with_archives(|archive, articles| {
        for article in articles {
            let row = headline(article);
            assert_eq!(
                block_on(archive.with_summary(&row)).unwrap().map(|row| row.key()),
                Some(article.key())
            );
        }
        let gone = Headline { slug: "no-such-slug".into(), ..headline(&articles[0]) };
        assert_eq!(block_on(archive.with_summary(&gone)).unwrap(), None);
    });
}

#[test]
fn the_neighbours_of_a_story_are_the_next_ones_in_the_list() {
    let id = ListId::new(ListKind::Category, "a");
    with_archives(|archive, articles| {
        for (at, article) in articles.iter().enumerate() {
            let found = block_on(archive.neighbours(&id, &article.key())).unwrap();
            assert_eq!(
                found.older.map(|row| row.title),
                at.checked_sub(1).map(|at| articles[at].title.clone()),
                "before {at} of {}",
                articles.len()
            );
            assert_eq!(
                found.newer.map(|row| row.title),
                articles.get(at + 1).map(|article| article.title.clone()),
                "after {at} of {}",
                articles.len()
            );
        }
    });
}

#[test]
fn every_article_is_read_from_two_files_and_found_if_its_date_is_a_day_off() {
    with_archives(|archive, articles| {
        for article in articles {
            let date = article.time.date();
            archive.source.paths_read.borrow_mut().clear();
            assert_eq!(block_on(archive.article(date, &article.slug)).unwrap().as_ref(), Some(article));
            assert_eq!(archive.source.paths_read.borrow().len(), 2);
            for off in [-1, 1] {
                assert_eq!(
                    block_on(archive.article(date.plus(off), &article.slug)).unwrap().as_ref(),
                    Some(article)
                );
            }
            assert_eq!(block_on(archive.article(date, "no-such-slug")).unwrap(), None);
        }
    });
}

#[test]
fn a_day_refers_to_the_nearest_days_with_stories_before_and_after_it() {
    with_archives(|archive, articles| {
        let days: BTreeSet<Date> = articles.iter().map(|article| article.time.date()).collect();
        let days: Vec<Date> = days.into_iter().collect();
        for (at, day) in days.iter().enumerate() {
            let page = block_on(archive.day(*day, None)).unwrap();
            assert_eq!(
                page.rows.len(),
                articles.iter().filter(|article| article.time.date() == *day).count()
            );
            assert_eq!(page.earlier, at.checked_sub(1).map(|at| days[at]));
            assert_eq!(page.later, days.get(at + 1).copied());
        }
    });
}

#[test]
fn a_missing_list_is_none_and_a_missing_file_is_a_failure() {
    let articles = articles(10);
    let (mut memory, manifest) = memory::Memory::write(&articles, 5, 3);
    let missing_list = ListId::new(ListKind::Tag, "a");
    let months: Vec<String> = memory.files.keys().filter(|path| path.contains("/months/")).cloned().collect();
    for path in &months {
        memory.files.remove(path);
    }
    let source = RecordingSource { memory, paths_read: RefCell::default() };
    let archive = Archive::new(&source, &manifest.index);
    assert_eq!(block_on(archive.list(&missing_list, None)), Ok(None));
    assert_eq!(block_on(archive.article(articles[0].time.date(), "x")), Err(Failure::Gone));
}
