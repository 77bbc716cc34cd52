//! Properties that hold for any posts: every story, list, page and day is found through the chain of hashes,
//! once and in order.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use archive::Archive;
use bundle::{Headline, Key, ListId, ListKind};
use futures::executor::block_on;
use proptest::prelude::*;
use viewer::state::folder::SiteFolder;

/// A post: the number of days since 1 March 2026, the second of the day, a category, tags, and the length of
/// the text in bytes.
type Post = (i64, u32, u8, Vec<u8>, usize);

fn post() -> impl Strategy<Value = Post> {
    (
        0_i64..70,
        0_u32..86_400,
        0_u8..4,
        prop::collection::vec(0_u8..5, 0..3),
        prop_oneof![4 => 0_usize..200, 1 => 2000_usize..20_000],
    )
}

/// Builds a site from posts and returns its folder.
fn build(folder: &tempfile::TempDir, posts: &[Post]) -> PathBuf {
    let (from, site) = (folder.path().join("posts"), folder.path().join("site"));
    // There may be posts of an earlier build.
    let _ = fs::remove_dir_all(&from);
    fs::create_dir(&from).unwrap();
    fs::write(from.join("finews.toml"), "timezone = \"Asia/Shanghai\"\n").unwrap();
    for (at, (day, second, category, tags, length)) in posts.iter().enumerate() {
        let date = "2026-03-01".parse::<bundle::Date>().unwrap().plus(*day);
        let tags: Vec<String> = tags.iter().map(|tag| format!("t{tag}")).collect();
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        let words: String =
            (0..*length).map(|n| char::from(b'a' + u8::try_from((n * 7 + at) % 26).unwrap())).collect();
        let text = format!(
            "---\ntitle: 第{at}篇\ndate: {date} {hour:02}:{minute:02}:{second:02} +0800\ncategories: c{category}\ntags: [{}]\n---\n{words}\n",
            tags.join(", ")
        );
        fs::write(from.join(format!("{date}-s{at}.md")), text).unwrap();
    }
    let output = Command::new(testkit::setup::finews())
        .arg("build")
        .arg(&from)
        .arg("--out")
        .arg(&site)
        .args(["--now", "2026-06-01T00:00:00Z", "--bundle-only"])
        .output();
    let output = output.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    site
}

/// All rows of a list, read page by page.
fn all_rows(archive: &Archive<'_, SiteFolder>, id: &ListId) -> Vec<Headline> {
    let (mut rows, mut before): (Vec<Headline>, Option<Key>) = (Vec::new(), None);
    loop {
        let Some(page) = block_on(archive.list(id, before.as_ref())).unwrap() else { return rows };
        rows.extend(page.rows);
        if page.older.is_none() {
            return rows;
        }
        before = page.older;
    }
}

/// Checks that every file that the manifest refers to, directly or through other files, exists and matches
/// its name, and that the bundle has no other files.
fn assert_chain_is_complete(site: &Path) {
    let files = testkit::folder::files(&site.join("bundle")).len() - 1;
    assert_eq!(testkit::folder::verify_chain(site), files, "the bundle has files that nothing refers to");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_story_is_in_its_lists_once_and_in_order_and_opens_by_its_address(posts in prop::collection::vec(post(), 1..160)) {
        let folder = tempfile::tempdir().unwrap();
        let site = build(&folder, &posts);
        assert_chain_is_complete(&site);
        let source = SiteFolder::new(&site);
        let manifest = source.manifest().unwrap();
        let archive = Archive::new(&source, &manifest.index);
        prop_assert_eq!(manifest.counts.articles, posts.len());
        // The expected lists, computed from the posts alone.
        let mut expected: BTreeMap<ListId, BTreeSet<(i64, String)>> = BTreeMap::new();
        for (at, (day, second, category, tags, _)) in posts.iter().enumerate() {
            let date = "2026-03-01".parse::<bundle::Date>().unwrap().plus(*day);
            let unix = (date.days() * 86_400) + i64::from(*second) - 8 * 3600;
            let slug = format!("s{at}");
            let article = block_on(archive.article(date, &slug)).unwrap().expect("the article exists");
            prop_assert_eq!((article.time.unix, article.title), (unix, format!("第{at}篇")));
            let lists = tags.iter().map(|tag| ListId::new(ListKind::Tag, format!("t{tag}")));
            for id in lists.chain([ListId::new(ListKind::Category, format!("c{category}"))]) {
                expected.entry(id).or_default().insert((unix, slug.clone()));
            }
        }
        for (id, keys) in &expected {
            let rows: Vec<(i64, String)> = all_rows(&archive, id).iter().map(|row| (row.time.unix, row.slug.clone())).collect();
            let newest_first: Vec<(i64, String)> = keys.iter().rev().cloned().collect();
            prop_assert_eq!(rows, newest_first, "{}", id);
        }
        // The days together contain as many stories as there are posts.
        let mut stories_in_days = 0;
        for (month, day) in (3..=5).flat_map(|month| (1..=31).map(move |day| (month, day))) {
            if let Some(date) = bundle::Date::new(2026, month, day) {
                let page = block_on(archive.day(date, None)).unwrap();
                stories_in_days += page.count;
            }
        }
        prop_assert_eq!(stories_in_days, posts.len());
    }

    #[test]
    fn incremental_builds_equal_a_clean_build(posts in prop::collection::vec(post(), 2..80), first in 1_usize..79) {
        let (folder, clean) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        build(&folder, &posts[..first.min(posts.len())]);
        let site = build(&folder, &posts);
        let twin = build(&clean, &posts);
        let read = |site: &Path| fs::read(site.join("bundle/manifest.json")).unwrap();
        prop_assert_eq!(read(&site), read(&twin));
    }
}
