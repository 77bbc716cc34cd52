//! The index for full-text search: what is found after changes, what is gone, and that its format's description is enough
//! to read it.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

use testkit::search::SearchIndex;

use crate::project::Project;

/// A folder with three stories a day for 300 days.
fn project() -> Project {
    let project = Project::of(&[("finews.toml", "title = \"码头\"\nlang = \"zh-CN\"\n")]);
    for number in 0..900 {
        post(&project, number, "");
    }
    project
}

/// Writes a story about its number, and about the quay if that is divisible by seven.
fn post(project: &Project, number: i64, more: &str) {
    let day = bundle::Date::from_days(20_000 + number / 3);
    let quay = if number.rem_euclid(7) == 0 { "北向資金停靠码头，Crème brûlée。" } else { "" };
    let text = format!(
        "---\ntitle: 第{number}号船{more}\ncategories: c{}\n---\n{quay}船在海上航行，编号 S{number:03}{more}。\n",
        number % 5
    );
    project.post(&format!("{day}-ship-{number}.md"), &text);
}

const QUERIES: [&str; 14] = [
    "停靠码头",
    "金停靠",
    "creme",
    "S042",
    "\"北向资金\"",
    "资金 -编号",
    "海上 -码头",
    "-s049 停靠",
    "船",
    "灯塔",
    "更正",
    "s8",
    "迟到 编号",
    "没有的话",
];

fn answers(index: &SearchIndex) -> Vec<BTreeSet<String>> {
    let lists = [("停靠", ["category/c3"]), ("", ["category/c4"])];
    let words = QUERIES.iter().map(|query| index.slugs(query, &[]));
    words.chain(lists.iter().map(|(query, lists)| index.slugs(query, lists))).collect()
}

#[test]
fn after_late_edited_and_withdrawn_stories_the_same_is_found_as_after_a_clean_build() {
    let project = project();
    for cut in ["whole", "both"] {
        let assert_equals_clean = |what: &str| {
            let built = project.build(&["--search", cut, "--bundle-only"]);
            assert!(built.status.success(), "{built:?}");
            let twin = tempfile::tempdir().unwrap();
            let site = twin.path().join("site");
            let mut clean = Command::new(testkit::setup::finews());
            clean.arg("build").arg(project.posts()).arg("--out").arg(&site);
            clean.args(["--now", "2026-06-01T00:00:00Z", "--bundle-only", "--search", cut]);
            assert!(clean.output().unwrap().status.success());
            let indexes = [&project.site(), &site].map(|site| SearchIndex::open(site));
            let [found, expected] = indexes.each_ref().map(answers);
            assert!(expected[0].len() > 100 && expected[8].len() > 800, "{expected:?}");
            assert_eq!(found, expected, "{cut}: {what}");
            if cut == "both" {
                let seasons = [&project.site(), &site].map(|site| SearchIndex::open_season(site));
                let [found, season] = seasons.each_ref().map(answers);
                assert_eq!(found, season, "the season: {what}");
                assert!(season[0].len() > 30 && season[0].len() < expected[0].len());
                assert!(season.iter().zip(&expected).all(|(own, all)| own.is_subset(all)));
            }
            SearchIndex::open(&project.site()).head.segments
        };
        let first = assert_equals_clean("at first");
        post(&project, 21, "灯塔");
        let edited = assert_equals_clean("an edited story");
        // Its segment stays, and the older row is masked.
        assert!(edited[0].id == first[0].id && edited[0].masked.len() == 1, "{edited:?}");
        assert_eq!(edited.len(), first.len() + 1);
        post(&project, 21, "");
        let undone = assert_equals_clean("an edit that is undone");
        assert!(undone[0].id == first[0].id && undone[0].masked.is_empty(), "{undone:?}");
        post(&project, 21, "灯塔");
        project.post("2024-10-10-late.md", "---\ntitle: 迟到\ncategories: c4\n---\n迟到的编号。\n");
        assert_equals_clean("a late story");
        // The same in the newest season, which has other files too.
        post(&project, 602, "灯塔");
        project.post("2025-04-20-late-too.md", "---\ntitle: 也迟到\ncategories: c4\n---\n迟到的编号。\n");
        assert_equals_clean("an edited and a late story of the newest season");
        let season = SearchIndex::open_season(&project.site()).head.segments;
        assert_eq!(season.iter().any(|segment| !segment.masked.is_empty()), cut == "both", "{season:?}");
        std::fs::remove_file(project.posts().join("2024-10-10-late.md")).unwrap();
        std::fs::remove_file(project.posts().join("2025-04-20-late-too.md")).unwrap();
        post(&project, 602, "");
        post(&project, 14, "更正");
        post(&project, 21, "");
        assert_equals_clean("a withdrawn story, and one that is as it was");
        for number in 0..200 {
            post(&project, number, "更正");
        }
        let written = assert_equals_clean("so many edited stories that the segment is written again");
        assert!(written[0].id != first[0].id && written[0].masked.is_empty(), "{written:?}");
        for number in 0..200 {
            post(&project, number, "");
        }
        for number in 900..960 {
            post(&project, number, "");
        }
        assert_equals_clean("new weeks");
        for number in 900..960 {
            let day = bundle::Date::from_days(20_000 + number / 3);
            std::fs::remove_file(project.posts().join(format!("{day}-ship-{number}.md"))).unwrap();
        }
    }
}

/// Whether a site's index has a word, even if its rows are masked.
fn is_in_index(site: &Path, word: &str) -> bool {
    is_in_segments(&SearchIndex::open(site), word) || is_in_segments(&SearchIndex::open_season(site), word)
}

fn is_in_segments(index: &SearchIndex, word: &str) -> bool {
    let key = index::segment::key(word);
    (0..index.segments.len()).any(|at| {
        let segment = &index.segments[at].segment;
        let page = segment.page_of(key);
        let bytes = index.read(at, index.segments[at].term_page(page));
        let content = index::segment::verified(&bytes).expect("a page is whole");
        index::page::find(segment, page, content, key).is_some()
    })
}

#[test]
fn words_of_a_deleted_story_leave_the_index_with_unused_files() {
    let project = project();
    post(&project, 30, " topsecretone");
    project.build_at("2026-06-01T00:00:00Z", &["--bundle-only"]);
    let day = bundle::Date::from_days(20_010);
    std::fs::remove_file(project.posts().join(format!("{day}-ship-30.md"))).unwrap();
    let build_on = |clock: &str| {
        let built = project.build_at("2026-06-01T00:00:00Z", &["--bundle-only", "--clock", clock]);
        assert!(built.status.success(), "{built:?}");
    };
    build_on("2026-06-02T00:00:00Z");
    assert!(SearchIndex::open(&project.site()).slugs("topsecretone", &[]).is_empty());
    assert!(is_in_index(&project.site(), "topsecretone"));
    build_on("2026-06-10T00:00:00Z");
    assert!(!is_in_index(&project.site(), "topsecretone"));
}

#[test]
fn no_word_of_a_story_that_is_purged_or_kept_back_stays_in_the_index() {
    let project = project();
    post(&project, 30, " topsecretone");
    post(&project, 60, " topsecrettwo");
    // In a closed segment of the newest season.
    post(&project, 600, " topsecretthree");
    let both = |more: &[&str]| project.build(&[&["--bundle-only", "--search", "both"], more].concat());
    both(&[]);
    let season = SearchIndex::open_season(&project.site());
    assert!(is_in_segments(&season, "topsecretthree"));
    assert!(is_in_index(&project.site(), "topsecretone") && is_in_index(&project.site(), "topsecrettwo"));
    let day = bundle::Date::from_days(20_020);
    project.post(
        &format!("{day}-ship-60.md"),
        "---\ntitle: topsecrettwo\npublished: false\n---\nStill topsecrettwo.\n",
    );
    let built = both(&["--purge", "ship-30", "--purge", "ship-600"]);
    assert!(built.status.success(), "{built:?}");
    for word in ["topsecretone", "topsecrettwo", "topsecretthree"] {
        assert!(!is_in_index(&project.site(), word), "{word}");
    }
    assert_eq!(SearchIndex::open(&project.site()).slugs("编号", &[]).len(), 897);
    let words = ["topsecretone", "topsecrettwo", "topsecretthree"].map(str::as_bytes);
    for file in testkit::folder::files(&project.site()).into_values() {
        let bytes = std::fs::read(&file).unwrap();
        let has = |word: &[u8]| bytes.windows(word.len()).any(|part| part == word);
        assert!(!words.iter().any(|word| has(word)), "{}", file.display());
    }
}

#[test]
fn a_reader_written_by_the_description_of_the_format_finds_the_same() {
    let project = project();
    for (cut, store) in [("range", "plain"), ("whole", "plain")] {
        project.build(&["--bundle-only", "--search", cut, "--store", store]);
        post(&project, 21, "灯塔");
        project.build(&["--bundle-only", "--search", cut, "--store", store]);
        let index = SearchIndex::open(&project.site());
        let read = Command::new("python3")
            .arg("tests/search_reader.py")
            .arg(project.site())
            .args(QUERIES)
            .output()
            .unwrap();
        let text = String::from_utf8(read.stdout).unwrap();
        assert!(read.status.success(), "{text}{}", String::from_utf8_lossy(&read.stderr));
        for (query, line) in QUERIES.iter().zip(text.lines()) {
            let found: BTreeSet<String> = line.split_whitespace().map(str::to_owned).collect();
            assert_eq!(found, index.slugs(query, &[]), "{cut}: {query}");
        }
        assert_eq!(text.lines().count(), QUERIES.len());
        post(&project, 21, "");
    }
}

#[test]
fn search_is_described_to_browsers_and_search_engines_unless_there_is_none() {
    let project = Project::with(&["一"]);
    project.post("finews.toml", "title = \"Markets & More\"\n");
    project.build(&["--base-url", "https://news.example/daily"]);
    let read = |path: &str| std::fs::read_to_string(project.site().join(path)).unwrap_or_default();
    let description = read("opensearch.xml");
    let xml = roxmltree::Document::parse(&description).unwrap();
    let url = xml
        .descendants()
        .find(|node| node.has_tag_name(("http://a9.com/-/spec/opensearch/1.1/", "Url")))
        .unwrap();
    assert_eq!(url.attribute("template"), Some("https://news.example/daily/search/?q={searchTerms}"));
    assert!(read("index.html").contains("type=\"application/opensearchdescription+xml\""));
    assert!(read("index.html").contains("https://news.example/daily/search/?q={search_term_string}"));
    assert!(read("search/index.html").contains("<meta name=\"robots\" content=\"noindex\">"));
    assert!(!read("sitemap.xml").contains("/search/"));
    std::fs::write(project.posts().join("finews.toml"), "[search]\nenabled = false\n").unwrap();
    project.build(&["--base-url", "https://news.example/daily"]);
    for path in ["opensearch.xml", "search/index.html", "bundle/search"] {
        assert!(!project.site().join(path).exists() || path == "bundle/search", "{path}");
    }
    for word in ["opensearch", "SearchAction", "<form", "/search/"] {
        assert!(!read("index.html").contains(word), "{word}");
    }
}
