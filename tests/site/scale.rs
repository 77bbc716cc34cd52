//! Limits for large archives, checked with archives that are built in seconds: what readers download, what
//! builds change, and extreme cases.
//!
//! `cargo xtask bench archive` measures downloads and changes with a million posts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use archive::{Archive, MIN_ROWS, PAGE_ROWS};
use bundle::address::Address;
use bundle::{Date, Headline, ListId, ListKind};
use futures::executor::block_on;
use tempfile::TempDir;
use testkit::counting::{CountingFolder, Read, gzipped_len, text_bytes};
use testkit::setup::{finews, generated_posts};
use viewer::state::folder::SiteFolder;
use viewer::state::page::{self, Page};

/// A folder of posts and its site.
struct World {
    folder: TempDir,
    /// The options of its builds: without a search index unless a test is about that.
    options: &'static [&'static str],
}

/// The numbers of new files and new bytes that a build reported.
#[derive(Debug)]
struct Built {
    new: usize,
    new_bytes: usize,
}

impl World {
    fn new() -> Self {
        let world = Self { folder: tempfile::tempdir().unwrap(), options: &["--no-search"] };
        fs::create_dir(world.posts()).unwrap();
        world
    }

    /// Creates a folder with links to the first `count` posts that `cargo xtask generate` wrote.
    fn with_generated_posts(count: usize) -> Self {
        let world = Self::new();
        world.link_generated(0, count);
        world
    }

    fn link_generated(&self, from: usize, to: usize) {
        let mut files: Vec<PathBuf> = Vec::new();
        for month in fs::read_dir(generated_posts().join("_posts")).unwrap() {
            files.extend(fs::read_dir(month.unwrap().path()).unwrap().map(|file| file.unwrap().path()));
        }
        // Sorted by the id at the end of each name, which grows with time.
        files.sort_by_key(|file| {
            file.file_stem().unwrap().to_string_lossy().rsplit('-').next().unwrap_or_default().to_owned()
        });
        for file in &files[from..to] {
            symlink(file, self.posts().join(file.file_name().unwrap())).unwrap();
        }
    }

    fn posts(&self) -> PathBuf {
        self.folder.path().join("posts")
    }

    fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    fn post(&self, name: &str, matter: &str, body: &str) {
        fs::write(self.posts().join(name), format!("---\n{matter}\n---\n{body}\n")).unwrap();
    }

    fn build(&self) -> Built {
        self.build_to(&self.site())
    }

    fn build_to(&self, site: &Path) -> Built {
        let output = Command::new(finews())
            .arg("build")
            .arg(self.posts())
            .arg("--out")
            .arg(site)
            .args(["--now", "2026-06-01T00:00:00Z", "--bundle-only"])
            .args(self.options)
            .output();
        let output = output.unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{stdout}{}", String::from_utf8_lossy(&output.stderr));
        // “2411 files, 49 new; 293970034 bytes, 4129058 new”
        let line = stdout.lines().find(|line| line.contains(" files, ")).unwrap();
        let numbers: Vec<usize> =
            line.split(|c: char| !c.is_ascii_digit()).filter_map(|number| number.parse().ok()).collect();
        Built { new: numbers[1], new_bytes: numbers[3] }
    }

    /// Builds, and reads as a reader would: every day to its end, and a sample of stories and of lists.
    fn assert_all_open(&self, stories: usize) {
        self.build();
        let source = CountingFolder::new(self.site());
        let manifest = source.manifest().unwrap();
        assert_eq!(manifest.counts.articles, stories);
        let archive = || Archive::new(&source, &manifest.index);
        let mut seen: BTreeSet<(Date, String, String)> = BTreeSet::new();
        for month in &manifest.index.months {
            for day in block_on(archive().month(month.first_day().unwrap())).unwrap().unwrap().days {
                let mut before = None;
                loop {
                    let page = block_on(archive().day(day.date, before.as_ref())).unwrap();
                    assert_eq!(page.count, day.list.count);
                    seen.extend(
                        page.rows.iter().map(|row| (day.date, row.slug.clone(), row.address("").to_string())),
                    );
                    before = page.older;
                    if before.is_none() {
                        break;
                    }
                }
            }
        }
        assert_eq!(seen.len(), stories);
        for (_, slug, address) in seen.iter().step_by(1 + stories / 100) {
            // A browser, too, starts from the address in a link.
            let page = block_on(page::read(archive(), &Address::parse(address, ""))).unwrap();
            assert!(
                matches!(page, Page::Article(article, _) if article.slug == *slug && !article.title.is_empty()),
                "{address}"
            );
        }
        if stories == 0 {
            return;
        }
        for kind in ListKind::ALL {
            let names = block_on(archive().names(kind, true)).unwrap();
            for name in names.iter().step_by(1 + names.len() / 50) {
                assert_eq!(
                    rows(&archive(), &ListId::new(kind, name.key.clone())).len(),
                    name.count,
                    "{}",
                    name.key
                );
            }
        }
    }
}

/// All rows of a list, newest first, read page by page.
fn rows(archive: &Archive<'_, CountingFolder>, id: &ListId) -> Vec<Headline> {
    let mut rows = Vec::new();
    for_each_page(archive, id, &mut |page| rows.extend(page));
    assert!(rows.is_sorted_by(|a: &Headline, b: &Headline| a.key() > b.key()));
    rows
}

/// Reads a list page by page.
fn for_each_page(archive: &Archive<'_, CountingFolder>, id: &ListId, each: &mut dyn FnMut(Vec<Headline>)) {
    let mut before = None;
    loop {
        let page = block_on(archive.list(id, before.as_ref())).unwrap().unwrap();
        before = page.older;
        assert!(
            before.is_none() || (MIN_ROWS..PAGE_ROWS + MIN_ROWS).contains(&page.rows.len()),
            "a page with older rows after it is full or nearly full"
        );
        each(page.rows);
        if before.is_none() {
            return;
        }
    }
}

/// The number of files read, and of the bytes that a host sends for them with gzip.
fn cost(reads: &[Read]) -> (usize, usize) {
    (reads.len(), reads.iter().map(|read| read.bytes).sum())
}

#[test]
fn a_page_of_a_list_or_day_costs_at_most_three_files_and_100_kb() {
    for count in [1000, 12_000] {
        let world = World::with_generated_posts(count);
        world.build();
        let source = CountingFolder::new(world.site());
        let manifest = source.manifest().unwrap();
        let archive = Archive::new(&source, &manifest.index);
        let assert_small = |what: &str| {
            let (files, bytes) = cost(&source.take_reads());
            assert!(files <= 3 && bytes <= 100_000, "{what} of {count}: {files} files, {bytes} bytes");
        };
        for kind in [ListKind::Category, ListKind::Quote] {
            let names = block_on(archive.names(kind, true)).unwrap();
            for rank in [1, 2, 10, 100, 500, names.len()].into_iter().filter(|rank| *rank <= names.len()) {
                let id = ListId::new(kind, names[rank - 1].key.clone());
                let mut page = 0;
                source.take_reads();
                for_each_page(&archive, &id, &mut |_| {
                    page += 1;
                    assert_small(&format!("page {page} of {id}"));
                });
            }
        }
        for month in &manifest.index.months {
            for day in block_on(archive.month(month.first_day().unwrap())).unwrap().unwrap().days {
                source.take_reads();
                block_on(archive.day(day.date, None)).unwrap();
                let (files, bytes) = cost(&source.take_reads());
                // The first and last day of a month also read the neighbouring month.
                assert!(files <= 3 && bytes <= 100_000, "{}: {files} files, {bytes} bytes", day.date);
            }
        }
    }
}

#[test]
fn opening_a_story_costs_two_files_and_at_most_75_kb() {
    let world = World::with_generated_posts(12_000);
    world.build();
    let source = CountingFolder::new(world.site());
    let manifest = source.manifest().unwrap();
    let archive = Archive::new(&source, &manifest.index);
    for month in &manifest.index.months {
        for day in block_on(archive.month(month.first_day().unwrap())).unwrap().unwrap().days {
            for row in block_on(archive.day(day.date, None)).unwrap().rows.iter().step_by(37) {
                source.take_reads();
                assert!(block_on(archive.article(day.date, &row.slug)).unwrap().is_some());
                let (files, bytes) = cost(&source.take_reads());
                assert!(files == 2 && bytes <= 75_000, "{}: {files} files, {bytes} bytes", row.slug);
            }
        }
    }
}

#[test]
fn new_late_edited_and_removed_posts_change_few_files_and_equal_a_clean_build() {
    // The generated posts end on Wednesday, 30 January 2019. The last thousand, which are added below, are
    // from the same week as the posts before them, so adding them closes no week.
    let world = World::with_generated_posts(11_000);
    let clean = world.build();
    assert!(clean.new > 200, "{clean:?}");
    world.link_generated(11_000, 12_000);
    let added = world.build();
    assert!(added.new <= 60 && added.new_bytes <= 6_000_000, "1,000 posts added: {added:?}");
    let gzip = gzipped_len(&fs::read(world.site().join("bundle/manifest.json")).unwrap());
    assert!(gzip <= 15_000, "the manifest takes {gzip} bytes with gzip");
    let late = "title: 迟到的消息\ndate: 2019-01-10 12:00:00 +0800\ncategories: emnews\ntags: 东财滚动新闻";
    world.post(
        "2019-01-10-late.md",
        late,
        "<p>一篇迟到的消息，提到<span id=\"stock_1.600001\"><a class=\"keytip\" data-code=\"1,600001\">某股</a></span>。</p>",
    );
    let late = world.build();
    assert!(late.new <= 15, "a late post: {late:?}");
    world.post(
        "2019-01-10-late.md",
        "title: 改过的消息\ndate: 2019-01-10 12:00:00 +0800\ncategories: emnews\ntags: 东财滚动新闻",
        "改过了。",
    );
    let edited = world.build();
    assert!(edited.new <= 15, "an edited post: {edited:?}");
    fs::remove_file(world.posts().join("2019-01-10-late.md")).unwrap();
    let file = fs::read_dir(world.posts())
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|file| file.to_string_lossy().contains("2019-01-05"))
        .min()
        .unwrap();
    fs::remove_file(file).unwrap();
    let removed = world.build();
    // Each story may be in seven lists, whose pages and directories change.
    assert!(removed.new <= 40, "two posts removed: {removed:?}");
    let clean = world.folder.path().join("clean");
    world.build_to(&clean);
    assert_is_contained_in(&clean, &world.site());
}

/// The files of the search index, with their lengths.
fn index_files(site: &Path) -> BTreeMap<String, u64> {
    let files = testkit::folder::files(&site.join("bundle/search"));
    files.into_iter().map(|(path, file)| (path, file.metadata().unwrap().len())).collect()
}

/// The number and the bytes of files that were not there before.
fn added(before: &BTreeMap<String, u64>, after: &BTreeMap<String, u64>) -> (usize, u64) {
    let new = after.iter().filter(|(path, _)| !before.contains_key(*path));
    new.fold((0, 0), |(files, bytes), (_, length)| (files + 1, bytes + length))
}

#[test]
fn the_search_index_is_small_and_changes_a_little_at_a_time() {
    let mut world = World::with_generated_posts(11_000);
    world.options = &["--search", "range"];
    world.build();
    let first = index_files(&world.site());
    let bytes: u64 = first.values().sum();
    println!("{} files, {} bytes a post", first.len(), bytes / 11_000);
    assert!(first.len() <= 30 && bytes <= 1000 * 11_000, "{bytes} bytes in {} files", first.len());
    let changed = |what: &str, before: BTreeMap<String, u64>, files: usize, bytes: u64| {
        let after = index_files(&world.site());
        let new = added(&before, &after);
        println!("{what}: {new:?}");
        assert!(new.0 <= files && new.1 <= bytes, "{what}: {new:?}");
        after
    };
    world.link_generated(11_000, 12_000);
    world.build();
    let now = changed("1,000 posts added", first, 10, 2_500_000);
    world.post("2019-01-10-late.md", "title: 迟到的消息\ndate: 2019-01-10 12:00:00 +0800", "迟到的话。");
    world.build();
    let now = changed("a late post", now, 15, 2_000_000);
    world.post("2019-01-10-late.md", "title: 改过的消息\ndate: 2019-01-10 12:00:00 +0800", "改过的话。");
    world.build();
    changed("an edited post", now, 15, 2_000_000);
}

#[test]
fn a_month_stored_with_gzip_takes_at_most_68_percent_of_its_text() {
    let world = World::with_generated_posts(12_000);
    let site = world.site();
    let output = Command::new(finews())
        .arg("build")
        .arg(world.posts())
        .arg("--out")
        .arg(&site)
        .args(["--bundle-only", "--store", "gzip", "--no-search"])
        .output();
    assert!(output.unwrap().status.success());
    let stored: u64 = testkit::folder::files(&site.join("bundle"))
        .values()
        .map(|file| file.metadata().unwrap().len())
        .sum();
    let text = text_bytes(&SiteFolder::new(&site)).unwrap() as u64;
    // With a million posts it is 65%. In a single month, directories and counts are a larger share.
    assert!(stored * 100 <= text * 68, "{stored} bytes stored for {text} bytes of text");
}

/// Checks that every file of one site is in the other, byte for byte.
fn assert_is_contained_in(site: &Path, other: &Path) {
    for (path, file) in testkit::folder::files(site) {
        if !path.starts_with(".finews") {
            assert!(fs::read(&file).unwrap() == fs::read(other.join(&path)).unwrap_or_default(), "{path}");
        }
    }
}

// Extreme cases: each must build, and its stories and lists must open.

#[test]
fn a_site_with_one_category_opens() {
    let world = World::new();
    for number in 0..5000 {
        let matter = format!(
            "title: 第{number}篇\ndate: 2022-{:02}-{:02} {:02}:00:00 +0800\ncategories: all",
            number % 12 + 1,
            number % 28 + 1,
            number % 24
        );
        world.post(&format!("{number}.md"), &matter, "正文");
    }
    world.assert_all_open(5000);
}

#[test]
fn a_site_with_100_000_categories_opens() {
    let world = World::new();
    for number in 0..100_000 {
        let matter = format!(
            "title: 第{number}篇\ndate: 2022-{:02}-{:02} 12:00:00 +0800\ncategories: c{number}",
            number % 12 + 1,
            number % 28 + 1
        );
        world.post(&format!("{number}.md"), &matter, "正文");
    }
    world.assert_all_open(100_000);
    let source = CountingFolder::new(world.site());
    let manifest = source.manifest().unwrap();
    block_on(Archive::new(&source, &manifest.index).list(&ListId::new(ListKind::Category, "c777"), None))
        .unwrap()
        .unwrap();
    let (files, bytes) = cost(&source.take_reads());
    assert!(files <= 4 && bytes <= 100_000, "{files} files, {bytes} bytes");
}

#[test]
fn stories_with_a_date_in_their_names_alone_open() {
    let world = World::new();
    for number in 0..3000 {
        world.post(&format!("2022-03-01-{number}.md"), &format!("title: 第{number}篇"), "正文");
    }
    world.assert_all_open(3000);
}

#[test]
fn a_day_of_50_000_stories_opens() {
    let world = World::new();
    for number in 0..50_000 {
        let matter = format!(
            "title: 第{number}篇\ndate: 2022-03-01 {:02}:{:02}:{:02} +0800\ncategories: a",
            number / 3600,
            number / 60 % 60,
            number % 60
        );
        world.post(&format!("{number}.md"), &matter, "正文");
    }
    world.assert_all_open(50_000);
}

#[test]
fn ten_thousand_stories_with_the_same_time_open() {
    let world = World::new();
    for number in 0..10_000 {
        world.post(
            &format!("{number}.md"),
            &format!("title: 第{number}篇\ndate: 2022-03-01 12:00:00 +0800\ncategories: a"),
            "正文",
        );
    }
    world.assert_all_open(10_000);
}

#[test]
fn a_story_of_5_mb_opens() {
    let world = World::new();
    world.post("2022-03-01-long.md", "title: 长\ncategories: a", &"很长的一段话。\n\n".repeat(220_000));
    world.post("2022-03-01-short.md", "title: 短\ncategories: a", "短");
    world.assert_all_open(2);
}

#[test]
fn names_of_255_bytes_in_any_script_open() {
    let world = World::new();
    let names = [
        "新".repeat(84),
        "🦀".repeat(62),
        "ß".repeat(120),
        "\u{202e}علم ".repeat(20),
        "e\u{301}".repeat(80),
        "a".repeat(252),
    ];
    for name in names {
        let longest: String = name
            .chars()
            .scan(0, |bytes, c| {
                *bytes += c.len_utf8();
                (*bytes <= 252).then_some(c)
            })
            .collect();
        world.post(
            &format!("{longest}.md"),
            &format!("title: \"{name}\"\ndate: 2022-03-01 12:00:00 +0800\ncategories: [\"{name}\"]\ntags: [\"{name}\"]"),
            "正文",
        );
    }
    world.assert_all_open(6);
}

#[test]
fn two_thousand_stories_that_claim_one_slug_open() {
    let world = World::new();
    for number in 0..2000 {
        fs::create_dir(world.posts().join(number.to_string())).unwrap();
        let day = number % 4 * 5 + 1;
        world.post(
            &format!("{number}/2022-03-{day:02}-weekly.md"),
            &format!("title: 第{number}篇\ncategories: a"),
            "正文",
        );
    }
    // If a story itself claims a slug that ends in a number, finews does not assign it to another story.
    world.post("2022-03-01-weekly-2.md", "title: 自有其数\ncategories: a", "正文");
    world.assert_all_open(2001);
    let source = CountingFolder::new(world.site());
    let manifest = source.manifest().unwrap();
    let own =
        block_on(Archive::new(&source, &manifest.index).article("2022-03-01".parse().unwrap(), "weekly-2"))
            .unwrap()
            .unwrap();
    assert_eq!(own.title, "自有其数");
}

#[test]
fn stories_of_1970_and_2099_open() {
    let world = World::new();
    world.post("old.md", "title: 老\ndate: 1970-01-01 00:00:00 +0000\ncategories: a", "正文");
    world.post("older.md", "title: 更老\ndate: 1969-12-31 00:00:00 +0000\ncategories: a", "正文");
    world.post("new.md", "title: 新\ndate: 2099-12-31 23:59:59 +0800\ncategories: a", "正文");
    fs::write(world.posts().join("finews.toml"), "future = true\n").unwrap();
    world.assert_all_open(3);
}

#[test]
fn a_site_without_stories_and_a_single_story_open() {
    let world = World::new();
    world.post("2022-03-01-none.md", "title: 无\npublished: false", "正文");
    world.assert_all_open(0);
    let world = World::new();
    world.post("2022-03-01-one.md", "title: 一\ncategories: a", "正文");
    world.assert_all_open(1);
}
