//! What a build writes, refuses and reports.

use crate::project::*;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::fs;

#[test]
fn a_folder_of_posts_becomes_a_complete_site() {
    let project = Project::with(&["一", "二"]);
    let output = project.build(&[]);
    assert!(output.status.success(), "{}", output_text(&output));
    assert!(output_text(&output).contains("2 posts\nno warnings\n"), "{}", output_text(&output));
    let files = project.files();
    assert!(
        files.contains_key("index.html")
            && files.contains_key("404.html")
            && files.contains_key("bundle/manifest.json")
    );
    assert!(files.keys().any(|path| path.starts_with("assets/") && path.ends_with(".wasm")));
    let is_other = |path: &&str| {
        !["assets/", "bundle/", "embed/", "widget-"].iter().any(|prefix| path.starts_with(prefix))
    };
    let others: Vec<&str> = files.keys().map(String::as_str).filter(is_other).collect();
    let pages =
        ["404.html", "a/2026/05/01/p0.html", "a/2026/05/02/p1.html", "a/index.html", "app.webmanifest"];
    let public =
        ["icon-180.png", "icon-512.png", "icon.svg", "index.html", "search/index.html", "sw.js", "widget.js"];
    assert_eq!(others, [&pages[..], &public].concat());
}

#[test]
fn every_file_of_the_bundle_but_the_manifest_and_parts_of_the_search_index_is_named_by_its_sha_256() {
    let project = Project::with(&["一", "二", "三"]);
    project.build(&[]);
    let files = project.files();
    let bundle: Vec<_> = files
        .iter()
        .filter(|(path, _)| path.starts_with("bundle/") && *path != "bundle/manifest.json")
        .filter(|(path, _)| !path.ends_with(".bin"))
        .collect();
    assert!(bundle.len() >= 8);
    for (path, bytes) in bundle {
        let hash = hex::encode(Sha256::digest(bytes));
        assert!(path.ends_with(&format!("/{hash}.json")), "{path}");
    }
}

#[test]
fn building_again_or_elsewhere_gives_the_same_bytes() {
    let (project, twin) = (Project::with(&["一", "二", "三"]), Project::with(&["一", "二", "三"]));
    project.build(&[]);
    let first = project.files();
    let output = project.build(&[]);
    assert_eq!(project.files(), first);
    assert!(output_text(&output).contains(" 0 new;"), "{}", output_text(&output));
    twin.build(&[]);
    assert_eq!(twin.files(), first);
}

#[test]
fn files_that_finews_did_not_make_stay_and_so_do_files_of_the_previous_build() {
    let project = Project::with(&["一"]);
    project.build(&[]);
    fs::write(project.site().join("CNAME"), "news.example\n").unwrap();
    let first = project.files();
    project.post("2026-05-01-p0.md", "---\ntitle: 改过\ncategories: a\n---\n改过的正文\n");
    project.build(&[]);
    let second = project.files();
    for (path, bytes) in &first {
        let mutable = path == "bundle/manifest.json" || path.ends_with(".html");
        assert!(mutable || second.get(path) == Some(bytes), "{path} is gone or changed");
    }
    assert_ne!(first["bundle/manifest.json"], second["bundle/manifest.json"]);
}

#[test]
fn a_folder_with_a_page_that_finews_did_not_make_is_refused() {
    let project = Project::with(&["一"]);
    fs::create_dir(project.site()).unwrap();
    fs::write(project.site().join("index.html"), "mine").unwrap();
    let output = project.build(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output_text(&output).contains("was not made by finews"), "{}", output_text(&output));
    assert_eq!(fs::read_to_string(project.site().join("index.html")).unwrap(), "mine");
}

#[test]
fn a_file_that_cannot_be_read_or_written_leaves_the_old_site_whole() {
    let project = Project::with(&["一"]);
    project.build(&[]);
    let first = project.files();
    // A broken link with a post's name cannot be read. (Permissions would not stop root.)
    std::os::unix::fs::symlink("nowhere", project.posts().join("2026-05-09-dangling.md")).unwrap();
    let output = project.build(&[]);
    assert_eq!(output.status.code(), Some(1), "{}", output_text(&output));
    assert_eq!(project.files(), first);
    fs::remove_file(project.posts().join("2026-05-09-dangling.md")).unwrap();
    project.post("2026-05-02-more.md", "---\ntitle: 更多\n---\n正文\n");
    fs::remove_dir_all(project.site().join("bundle/shards")).unwrap();
    fs::write(project.site().join("bundle/shards"), "in the way").unwrap();
    let before = fs::read(project.site().join("bundle/manifest.json")).unwrap();
    let output = project.build(&[]);
    assert_eq!(output.status.code(), Some(1), "{}", output_text(&output));
    assert_eq!(fs::read(project.site().join("bundle/manifest.json")).unwrap(), before);
}

#[test]
fn two_builds_in_one_folder_exclude_each_other() {
    let project = Project::with(&["一"]);
    project.build(&[]);
    let lock = fs::File::create(project.site().join(".finews.lock")).unwrap();
    lock.lock().unwrap();
    let output = project.build(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output_text(&output).contains("another build"), "{}", output_text(&output));
}

#[test]
fn warnings_name_file_line_and_reason_and_strict_makes_them_errors() {
    let project = Project::with(&["一"]);
    project.post("2026-05-09-odd.md", "---\ntitle: \"甲\"乙\"\ndate: yesterday\n---\n正文\n");
    let output = project.build(&[]);
    assert!(output.status.success());
    let posts = project.posts();
    let line =
        |number: usize, kind: &str| format!("{}/2026-05-09-odd.md:{number}: {kind}: ", posts.display());
    assert!(output_text(&output).contains(&line(2, "front matter")), "{}", output_text(&output));
    assert!(output_text(&output).contains(&line(3, "date")), "{}", output_text(&output));
    assert!(output_text(&output).contains("2 warnings: front matter 1, date 1"), "{}", output_text(&output));
    let before = project.files();
    project.post("2026-05-10-new.md", "---\ntitle: 新\n---\n正文\n");
    let output = project.build(&["--strict"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(project.files(), before);
}

#[test]
fn check_reports_and_writes_nothing() {
    let project = Project::with(&["一"]);
    project.post("2026-05-09-odd.md", "no front matter");
    let before = fs::read_dir(project.folder.path()).unwrap().count();
    let posts = project.posts();
    let output = finews(&["check", posts.to_str().unwrap()]);
    assert!(output.status.success());
    assert!(output_text(&output).contains("front matter: 1 warning\n"), "{}", output_text(&output));
    assert!(output_text(&output).contains("2026-05-09-odd.md:1: the file does not begin"));
    assert_eq!(fs::read_dir(project.folder.path()).unwrap().count(), before);
    assert_eq!(finews(&["check", posts.to_str().unwrap(), "--strict"]).status.code(), Some(1));
}

#[test]
fn invalid_settings_are_reported_with_file_and_line() {
    let project = Project::with(&["一"]);
    project.post("finews.toml", "title = \"T\"\n[settings]\nchart = \"javascript:{secid}\"\n");
    assert!(output_text(&project.build(&[])).contains("is not an http(s) address"));
    project.post("finews.toml", "title = \"T\"\ncolour = 3\n");
    let output_text = output_text(&project.build(&[]));
    assert!(output_text.contains("finews.toml") && output_text.contains("line 2"), "{output_text}");
}

#[test]
fn a_story_dated_ahead_is_published_by_the_first_build_after_its_time_or_with_a_setting() {
    let project = Project::with(&["今天"]);
    project.post("2026-06-02-later.md", "---\ntitle: 未来\ndate: 2026-06-02 09:30:00 +0800\n---\n正文\n");
    let has_story = || {
        let manifest = fs::read_to_string(project.site().join("bundle/manifest.json")).unwrap();
        assert!(manifest.contains("今天"));
        manifest.contains("未来")
    };
    let text = output_text(&project.build(&[]));
    assert!(!has_story());
    let due = "next: 2026-06-02-later.md is due at 2026-06-02T01:30:00Z; build again then (--watch does)";
    assert!(text.contains("1 posts (1 kept back)\n") && text.contains(due), "{text}");
    project.build_at("2026-06-02T01:29:59Z", &[]);
    assert!(!has_story());
    let text = output_text(&project.build_at("2026-06-02T01:30:00Z", &[]));
    assert!(has_story() && !text.contains("next: "), "{text}");
    project.build(&[]);
    assert!(!has_story());
    project.post("finews.toml", "future = true\n");
    project.build(&[]);
    assert!(has_story());
    project.post("finews.toml", "");
    project.post("_config.yml", "timezone: Asia/Shanghai\nfuture: true\n");
    project.build(&[]);
    assert!(has_story());
    project.post("finews.toml", "future = false\n");
    project.build(&[]);
    assert!(!has_story());
}

#[test]
fn a_story_expires_at_its_time() {
    let project = Project::with(&["今天"]);
    project
        .post("2026-05-02-short.md", "---\ntitle: 短命\nexpiryDate: 2026-06-02 09:30:00 +0800\n---\n正文\n");
    let text = output_text(&project.build(&[]));
    assert!(
        text.contains("next: 2026-05-02-short.md expires at 2026-06-02T01:30:00Z; build again then"),
        "{text}"
    );
    project.build_at("2026-06-02T01:30:00Z", &[]);
    assert!(project.files().values().all(|bytes| !String::from_utf8_lossy(bytes).contains("短命")));
}

#[test]
fn a_post_that_is_gone_is_named_with_what_stays_and_how_to_purge_it() {
    let project = Project::with(&["一", "二", "三", "四", "五", "六"]);
    assert!(!output_text(&project.build(&[])).contains(" gone"));
    let path = |name: &str| project.posts().join(name);
    fs::remove_file(path("2026-05-01-p0.md")).unwrap();
    fs::rename(path("2026-05-02-p1.md"), path("2026-05-02-other.md")).unwrap();
    let text = output_text(&project.build(&["--keep-days", "3"]));
    for line in [
        "2026-05-01-p0.md is gone; to leave nothing of it: --purge p0\n",
        "2026-05-02-p1.md is now 2026-05-02-other.md\n",
        "their old data files stay for 3 days, for readers who have a page open, unless --keep-days 0 removes them now\n",
    ] {
        assert!(text.contains(line), "{text}");
    }
    assert!(!output_text(&project.build(&[])).contains(" gone"));
    for name in ["2026-05-03-p2.md", "2026-05-04-p3.md", "2026-05-05-p4.md", "2026-05-06-p5.md"] {
        fs::remove_file(path(name)).unwrap();
    }
    let text = output_text(&project.build(&[]));
    assert!(text.contains("--purge p4\n1 more posts are gone or renamed. Pages"), "{text}");
}

#[test]
fn a_file_without_a_date_is_a_page_and_named() {
    let project = Project::with(&["一"]);
    project.post("README.md", "# 仅供编者\n\n不是新闻。\n");
    project.post("about.md", "---\ntitle: 关于\n---\n不是新闻。\n");
    let text = output_text(&project.build(&[]));
    for line in [
        "1 posts\n",
        "1 standalone page: about.md\n",
        "1 file left out, neither stories (no date, or not in _posts) nor pages: README.md\n",
    ] {
        assert!(text.contains(line), "{line}: {text}");
    }
    assert!(project.manifest().newest.len() == 1);
    assert!(project.files().values().all(|bytes| !String::from_utf8_lossy(bytes).contains("仅供编者")));
}

#[test]
fn a_cache_in_the_site_is_refused_because_it_would_be_published() {
    let project = Project::with(&["一"]);
    let cache = project.site().join("cache");
    let output = project.build(&["--cache", cache.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output_text(&output).contains("is in the site and would be published with it"));
    assert!(!cache.exists());
}

#[test]
fn a_bundle_alone_is_refused_if_pages_would_still_show_what_is_kept_back() {
    let project = Project::with(&["一", "二"]);
    project.build(&[]);
    project.post("2026-05-01-p0.md", "---\ntitle: 一\npublished: false\n---\n一的正文\n");
    let before = project.files();
    let output = project.build(&["--bundle-only"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output_text(&output).contains("--bundle-only does not change the site's pages"));
    assert_eq!(project.files(), before);
    assert!(project.build(&[]).status.success());
    assert!(project.build(&["--bundle-only"]).status.success());
}

#[test]
fn circular_links_are_ignored_and_so_are_broken_ones_without_a_post_s_name() {
    let project = Project::with(&["一"]);
    std::os::unix::fs::symlink(project.posts(), project.posts().join("back")).unwrap();
    std::os::unix::fs::symlink("nowhere", project.posts().join(".#2026-05-01-p0.md")).unwrap();
    std::os::unix::fs::symlink("nowhere", project.posts().join("picture.png")).unwrap();
    let output = project.build(&[]);
    assert!(output_text(&output).contains("1 posts\n"), "{}", output_text(&output));
    std::os::unix::fs::symlink("nowhere", project.posts().join("2026-05-02-lost.md")).unwrap();
    assert_eq!(project.build(&[]).status.code(), Some(1));
}

#[test]
fn compressed_files_have_the_same_content_and_are_named_by_their_bytes() {
    let project = Project::with(&["一", "二", "三"]);
    let plain = project.clean_build(&[]);
    let gzip = project.clean_build(&["--store", "gzip"]);
    let is_data = |path: &&String| {
        path.starts_with("bundle/") && *path != "bundle/manifest.json" && !path.ends_with(".bin")
    };
    assert_eq!(plain.keys().filter(is_data).count(), gzip.keys().filter(is_data).count());
    assert!(String::from_utf8_lossy(&gzip["bundle/manifest.json"]).contains("\"store\":\"gzip\""));
    for (path, bytes) in gzip.iter().filter(|(path, _)| is_data(path)) {
        assert!(path.ends_with(&format!("/{}.gzipped", hex::encode(Sha256::digest(bytes)))), "{path}");
        serde_json::from_slice::<serde_json::Value>(&inflated(bytes)).unwrap();
    }
    let shard_contents = |files: &BTreeMap<String, Vec<u8>>| -> Vec<Vec<u8>> {
        let shards = files.iter().filter(|(path, _)| path.starts_with("bundle/shards/"));
        shards
            .map(|(path, bytes)| if path.ends_with(".gzipped") { inflated(bytes) } else { bytes.clone() })
            .collect()
    };
    assert_eq!(shard_contents(&plain), shard_contents(&gzip));
}
