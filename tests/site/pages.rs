//! Prerendered pages, feeds, sitemaps, compressed copies, configurations of hosts, the widget's files, and
//! the actions of workflows.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    /// Creates one post for each day from 1 May 2026, all in one category.
    fn with(days: u32) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(project.posts()).unwrap();
        fs::write(
            project.posts().join("finews.toml"),
            "title = \"临江新闻\"\ndescription = \"日日更新\"\ntimezone = \"Asia/Shanghai\"\n",
        )
        .unwrap();
        for day in 1..=days {
            project.post(day, &format!("第{day}篇 <&>"), "财经");
        }
        project
    }

    fn post(&self, day: u32, title: &str, category: &str) {
        let text = format!(
            "---\ntitle: {title:?}\ndate: 2026-05-{day:02} 10:00:00 +0800\ncategories: [\"{category}\"]\n---\n第{day}天的正文，有 <b>粗体</b>。\n"
        );
        fs::write(self.posts().join(format!("2026-05-{day:02}-p{day}.md")), text).unwrap();
    }

    fn posts(&self) -> PathBuf {
        self.folder.path().join("posts")
    }

    fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// Builds, and returns the output.
    fn build(&self, options: &[&str]) -> String {
        let mut finews = Command::new(testkit::setup::finews());
        finews
            .arg("build")
            .arg(self.posts())
            .arg("--out")
            .arg(self.site())
            .args(["--now", "2026-06-01T00:00:00Z"])
            .args(options);
        let output = finews.output().unwrap();
        let output_text =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{output_text}");
        output_text
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.site().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn has(&self, path: &str) -> bool {
        self.site().join(path).exists()
    }

    fn story_path(day: u32) -> String {
        format!("财经/2026/05/{day:02}/p{day}.html")
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        testkit::folder::contents(&self.site())
    }
}

const WITH_URL: [&str; 2] = ["--base-url", "https://news.example/"];

#[test]
fn a_page_has_its_story_and_metadata() {
    let project = Project::with(3);
    project.build(&WITH_URL);
    let page = project.read(&Project::story_path(2));
    assert!(page.contains("<strong>粗体</strong>") && page.contains("第2篇 &lt;&amp;>"), "{page}");
    assert!(page.contains("<title>第2篇 &lt;&amp;> · 临江新闻</title>"));
    assert!(page.contains(
        "<link rel=\"canonical\" href=\"https://news.example/%E8%B4%A2%E7%BB%8F/2026/05/02/p2.html\">"
    ));
    assert!(
        page.contains("<meta property=\"og:title\" content=\"第2篇 &lt;&amp;>\">")
            && page.contains("hreflang=\"zh-CN\"")
    );
    // The links to both neighbours.
    assert!(page.contains("2026/05/01/p1.html\"") && page.contains("2026/05/03/p3.html\""));
    let data = page
        .split("<script type=\"application/ld+json\">")
        .nth(1)
        .and_then(|rest| rest.split("</script>").next())
        .unwrap();
    let data: serde_json::Value = serde_json::from_str(data).unwrap();
    assert_eq!((&data["@type"], &data["headline"]), (&"NewsArticle".into(), &"第2篇 <&>".into()));
    assert_eq!(data["datePublished"], "2026-05-02T10:00:00+08:00");
    assert!(
        !page.contains("style=") && !page.contains(" onclick"),
        "the policy forbids inline styles and handlers"
    );
}

#[test]
fn the_requested_number_of_articles_become_pages_and_old_pages_stay_while_the_limit_allows() {
    let project = Project::with(6);
    let output_text = project.build(&["--prerender", "2"]);
    assert!(
        (5..=6).all(|day| project.has(&Project::story_path(day))) && !project.has(&Project::story_path(4))
    );
    assert!(output_text.contains("of them pages, feeds and the like"), "{output_text}");
    project.post(7, "第7篇", "财经");
    project.build(&["--prerender", "2"]);
    // The fifth story is no longer among the two newest, but keeps its page.
    assert!((5..=7).all(|day| project.has(&Project::story_path(day))));
    // The limit leaves no room for the fifth story's page.
    project.build(&["--prerender", "2", "--max-files", "10"]);
    assert!(
        (6..=7).all(|day| project.has(&Project::story_path(day))) && !project.has(&Project::story_path(5))
    );
    project.build(&["--prerender", "0"]);
    assert!(
        !project.has(&Project::story_path(7))
            && !project.has("财经")
            && project.has("index.html")
            && project.has("404.html")
    );
    assert!(!project.read("index.html").contains("data-page=\""));
    project.build(&["--prerender", "all"]);
    assert!((1..=7).all(|day| project.has(&Project::story_path(day))));
}

#[test]
fn a_page_is_rewritten_only_when_something_it_shows_has_changed() {
    let project = Project::with(4);
    project.build(&WITH_URL);
    let before = project.files();
    let output_text = project.build(&WITH_URL);
    assert!(output_text.contains(" 0 new;"), "{output_text}");
    // The pages of the first and third stories show the title of the second story.
    project.post(2, "改过的题目", "财经");
    project.build(&WITH_URL);
    let after = project.files();
    let changed: Vec<u32> = (1..=4)
        .filter(|day| before[&Project::story_path(*day)] != after[&Project::story_path(*day)])
        .collect();
    assert_eq!(changed, [1, 2, 3]);
    assert!(project.read(&Project::story_path(3)).contains("改过的题目"));
    // A clean build is the same, byte for byte.
    let twin = Project { folder: tempfile::tempdir().unwrap() };
    std::os::unix::fs::symlink(project.posts(), twin.posts()).unwrap();
    twin.build(&WITH_URL);
    for (path, bytes) in twin.files().iter().filter(|(path, _)| !path.starts_with(".finews")) {
        assert!(after.get(path) == Some(bytes), "{path} differs from a clean build");
    }
    // A deleted story has no page.
    fs::remove_file(project.posts().join("2026-05-02-p2.md")).unwrap();
    project.build(&WITH_URL);
    assert!(!project.has(&Project::story_path(2)));
}

#[test]
fn a_publisher_s_file_at_a_page_s_path_stays_and_is_reported() {
    let project = Project::with(2);
    fs::create_dir_all(project.site()).unwrap();
    fs::write(project.site().join("robots.txt"), "mine").unwrap();
    for _ in 0..2 {
        let output_text = project.build(&WITH_URL);
        assert!(output_text.contains("robots.txt exists and was not made by finews"), "{output_text}");
        assert_eq!(project.read("robots.txt"), "mine");
    }
}

#[test]
fn feeds_conform_to_their_specifications() {
    let project = Project::with(3);
    project.post(4, "别处的一篇", "其他");
    project.build(&WITH_URL);
    for (folder, page, titles) in [
        ("", "https://news.example/", vec!["别处的一篇", "第3篇 <&>", "第2篇 <&>", "第1篇 <&>"]),
        ("财经/", "https://news.example/%E8%B4%A2%E7%BB%8F/", vec!["第3篇 <&>", "第2篇 <&>", "第1篇 <&>"]),
    ] {
        for extension in ["xml", "json"] {
            let path = format!("{folder}feed.{extension}");
            let text = project.read(&path);
            let feed =
                feed_rs::parser::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{path}: {error}"));
            let found: Vec<&str> =
                feed.entries.iter().map(|entry| entry.title.as_ref().unwrap().content.as_str()).collect();
            assert_eq!(found, titles, "{path}");
            assert!(feed.links.iter().any(|link| link.href == page), "{path}: {:?}", feed.links);
            let newest = &feed.entries[0];
            assert!(
                newest.id.starts_with("https://news.example/") && newest.links[0].href == newest.id,
                "{path}: {newest:?}"
            );
            assert_eq!(
                newest.published.unwrap().to_rfc3339(),
                if folder.is_empty() { "2026-05-04T02:00:00+00:00" } else { "2026-05-03T02:00:00+00:00" }
            );
        }
    }
    let json: serde_json::Value = serde_json::from_str(&project.read("feed.json")).unwrap();
    assert_eq!(json["version"], "https://jsonfeed.org/version/1.1");
    assert_eq!(json["feed_url"], "https://news.example/feed.json");
    assert!(json["items"][0]["content_text"].as_str().unwrap().contains("第4天的正文"));
    assert!(project.read("index.html").contains(
        "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"临江新闻\" href=\"feed.xml\">"
    ));
    assert!(project.read("财经/index.html").contains("href=\"财经/feed.xml\""));
}

#[test]
fn feeds_are_well_formed_whatever_a_post_holds() {
    let project = Project::with(1);
    fs::write(
        project.posts().join("2026-05-02-p2.md"),
        "---\ntitle: \"有\\x08控制符\\x1b的题目\"\ndate: 2026-05-02 10:00:00 +0800\ncategories: 财经\n---\n正\u{8}文\n",
    )
    .unwrap();
    project.build(&WITH_URL);
    for path in ["feed.xml", "财经/feed.xml", "sitemap-news.xml"] {
        roxmltree::Document::parse(&project.read(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    assert!(project.read("feed.xml").contains("有控制符的题目"));
}

#[test]
fn sitemaps_list_only_addresses_that_the_host_serves_and_news_sitemaps_cover_two_days() {
    let project = Project::with(6);
    // A story dated ahead is not published yet.
    fs::write(
        project.posts().join("2026-06-09-later.md"),
        "---\ntitle: 未来\ndate: 2026-06-09 10:00:00 +0800\ncategories: 财经\n---\n正文\n",
    )
    .unwrap();
    let urls_in = |path: &str| {
        let text = project.read(path);
        let document = roxmltree::Document::parse(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
        document
            .descendants()
            .filter(|node| node.has_tag_name(("http://www.sitemaps.org/schemas/sitemap/0.9", "loc")))
            .map(|node| node.text().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    project.build(&["--base-url", "https://news.example/", "--host", "github-pages", "--prerender", "3"]);
    let index = urls_in("sitemap.xml");
    assert!(
        index.contains(&"https://news.example/sitemap-2026-05.xml".to_owned())
            && index.iter().all(|url| project.has(&url[21..])),
        "{index:?}"
    );
    assert_eq!(urls_in("sitemap-2026-05.xml").len(), 3);
    assert!(!project.has("sitemap-2026-06.xml"));
    assert_eq!(
        urls_in("sitemap-pages.xml"),
        ["https://news.example/", "https://news.example/%E8%B4%A2%E7%BB%8F/"]
    );
    assert!(project.read("robots.txt").contains("Sitemap: https://news.example/sitemap.xml\n"));
    project.build(&["--base-url", "https://news.example/", "--host", "nginx", "--prerender", "3"]);
    assert_eq!(urls_in("sitemap-2026-05.xml").len(), 6);
    // The news sitemap covers exactly two days before the newest story (6 May), so it includes the story of
    // 4 May.
    assert_eq!(urls_in("sitemap-news.xml").len(), 3);
    assert!(project.read("sitemap-news.xml").contains("<news:title>第6篇 &lt;&amp;&gt;</news:title>"));
    // Cloudflare redirects addresses with `.html`, so its sitemaps list the addresses that it answers with
    // 200.
    project.build(&["--base-url", "https://news.example/", "--host", "github-pages", "--prerender", "3"]);
    assert!(urls_in("sitemap-2026-05.xml").iter().all(|url| url.ends_with(".html")));
    project.build(&["--base-url", "https://news.example/", "--host", "cloudflare", "--prerender", "3"]);
    assert!(urls_in("sitemap-2026-05.xml").iter().all(|url| !url.ends_with(".html")));
    // Without the site's address there are no sitemaps, feeds or robots.txt.
    project.build(&[]);
    assert!(!project.has("sitemap.xml") && !project.has("feed.xml") && !project.has("robots.txt"));
}

#[test]
fn compressed_copies_equal_their_files_and_outdated_copies_are_deleted() {
    let project = Project::with(20);
    let precompressed = [&WITH_URL[..], &["--precompress"]].concat();
    project.build(&precompressed);
    let files = project.files();
    let mut copies = 0;
    for (path, bytes) in &files {
        let mut whole = Vec::new();
        let original = if let Some(original) = path.strip_suffix(".br") {
            brotli::Decompressor::new(&bytes[..], 4096).read_to_end(&mut whole).unwrap();
            original
        } else if let Some(original) = path.strip_suffix(".gz") {
            flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut whole).unwrap();
            original
        } else {
            continue;
        };
        assert!(files.get(original) == Some(&whole), "{path} is not {original}");
        copies += 1;
    }
    assert!(copies > 20);
    for path in ["index.html.br", "404.html.gz", "bundle/manifest.json.br"] {
        assert!(files.contains_key(path), "{path}");
    }
    let output_text = project.build(&precompressed);
    assert!(output_text.contains(" 0 new;"), "{output_text}");
    project.post(21, "又一篇", "财经");
    project.build(&precompressed);
    let mut whole = Vec::new();
    brotli::Decompressor::new(&fs::read(project.site().join("bundle/manifest.json.br")).unwrap()[..], 4096)
        .read_to_end(&mut whole)
        .unwrap();
    assert!(whole == fs::read(project.site().join("bundle/manifest.json")).unwrap());
    // Hosts would keep sending an outdated copy, so builds without --precompress delete it.
    project.build(&[&WITH_URL[..], &["--bundle-only"]].concat());
    assert!(!project.has("bundle/manifest.json.gz"));
    project.build(&WITH_URL);
    assert!(!project.has("index.html.br"));
}

#[test]
fn a_purged_story_is_in_no_page_feed_sitemap_or_copy() {
    let project = Project::with(12);
    project.post(6, "不该发表的题目", "财经");
    let options = [&WITH_URL[..], &["--precompress"]].concat();
    project.build(&options);
    // This edit replaces files that mention the story to purge; the old ones stay as unused files.
    project.post(5, "改过", "财经");
    project.build(&options);
    project.build(&[&options[..], &["--purge", "p6"]].concat());
    for (path, bytes) in project.files() {
        let mut text = Vec::new();
        if path.ends_with(".br") {
            brotli::Decompressor::new(&bytes[..], 4096).read_to_end(&mut text).unwrap();
        } else if path.ends_with(".gz") {
            flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut text).unwrap();
        } else {
            text = bytes;
        }
        let text = String::from_utf8_lossy(&text);
        assert!(
            !text.contains("不该发表") && (path.starts_with(".finews") || !text.contains("/p6.html")),
            "{path} mentions the purged story"
        );
    }
}

#[test]
fn the_host_s_files_are_written_into_the_site_or_next_to_it() {
    let project = Project::with(2);
    let build_for =
        |host: &str| project.build(&["--base-url", "https://news.example/finews/", "--host", host]);
    build_for("github-pages");
    assert!(project.has(".nojekyll"));
    build_for("netlify");
    assert!(!project.has(".nojekyll"), "the file for GitHub Pages remains");
    assert!(project.read("_redirects").ends_with("/finews/* /finews/404.html 200\n"));
    build_for("cloudflare");
    let page = project.read("index.html");
    let policy = page
        .split("Content-Security-Policy\" content=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap();
    assert!(
        project
            .read("_headers")
            .contains(&format!("Content-Security-Policy: {policy}; frame-ancestors 'self'\n"))
    );
    for (host, name) in
        [("nginx", "site.nginx.conf"), ("caddy", "site.Caddyfile"), ("s3", "site.cloudfront-headers.json")]
    {
        let output_text = build_for(host);
        assert!(output_text.contains(name), "{output_text}");
        let path = project.folder.path().join(name);
        let written = fs::read_to_string(&path).unwrap();
        // These configurations are installed once, so their policy has no `style-src`: the styles that it
        // would allow change with the pages.
        assert!(
            written.contains("; trusted-types finews finews-search; frame-ancestors 'self'")
                && !written.contains("style-src"),
            "{name}: {written}"
        );
        build_for(host);
        assert_eq!(fs::read_to_string(&path).unwrap(), written);
        if host != "s3" {
            fs::write(&path, format!("{written}\n# mine")).unwrap();
            assert!(build_for(host).contains("has been edited, so it is unchanged"));
            assert!(fs::read_to_string(&path).unwrap().ends_with("# mine"));
        }
    }
}

#[test]
fn pinned_versions_of_the_widget_stay() {
    let project = Project::with(2);
    let old = [
        "widget-0123456789abcdef.js",
        "assets/headlines-0123456789abcdef.wasm",
        "assets/headlines-0123456789abcdef.js",
    ];
    let other = "assets/viewer-0123456789abcdef.js";
    project.build(&WITH_URL);
    for path in old.iter().chain([&other]) {
        fs::write(project.site().join(path), "old").unwrap();
    }
    project.build(&[&WITH_URL[..], &["--keep-days", "0"]].concat());
    assert!(old.iter().all(|path| project.has(path)) && !project.has(other));
    // The service worker lists the viewer's files, and none of the widget's.
    let worker = project.read("sw.js");
    assert!(
        worker.contains("assets/viewer-")
            && !["widget-", "assets/headlines-", "assets/embed-", "assets/examples-"]
                .iter()
                .any(|other| worker.contains(other))
    );
}

#[test]
fn the_frame_has_the_newest_headlines_and_oembed_answers_for_home_and_categories() {
    let project = Project::with(12);
    project.build(&WITH_URL);
    let frame = project.read("embed/index.html");
    assert_eq!(frame.matches("<li>").count(), 10);
    assert!(frame.contains("第11篇") && frame.contains("script-src 'self' https://news.example"), "{frame}");
    let home = project.read("index.html");
    assert!(home.contains("application/json+oembed") && home.contains("/embed/oembed.json"), "{home}");
    let answer: serde_json::Value = serde_json::from_str(&project.read("embed/oembed.json")).unwrap();
    assert_eq!((&answer["version"], &answer["type"]), (&"1.0".into(), &"rich".into()));
    assert!(
        answer["html"].as_str().unwrap().contains("<iframe src=\"https://news.example/embed/\"")
            && answer["width"].is_u64()
            && answer["height"].is_u64()
    );
    let files = project.files();
    let category_paths: Vec<&String> =
        files.keys().filter(|path| path.starts_with("embed/oembed/")).collect();
    assert!(!category_paths.is_empty());
    for path in category_paths {
        let key = path.trim_start_matches("embed/oembed/").trim_end_matches(".json");
        let answer: serde_json::Value = serde_json::from_str(&project.read(path)).unwrap();
        assert!(answer["html"].as_str().unwrap().contains("/embed/?category="), "{answer}");
        assert!(
            project.read(&format!("{key}/index.html")).contains(path.as_str()),
            "{key}'s page links to its answer"
        );
    }
    // Without prerendering, the frame's page does not change with the news.
    project.build(&[&WITH_URL[..], &["--prerender", "0"]].concat());
    assert_eq!(project.read("embed/index.html").matches("<li>").count(), 1);
}

#[test]
fn a_category_s_rows_show_the_year_if_the_site_s_newest_story_is_from_another_year() {
    let project = Project::with(1);
    let post = |name: &str, date: &str, category: &str| {
        let text =
            format!("---\ntitle: {name}\ndate: {date} 10:00:00 +0800\ncategories: {category}\n---\n正文\n");
        fs::write(project.posts().join(format!("{date}-{name}.md")), text).unwrap();
    };
    post("seldom", "2025-12-20", "seldom");
    post("newest", "2025-12-28", "often");
    fs::remove_file(project.posts().join("2026-05-01-p1.md")).unwrap();
    project.build(&WITH_URL);
    assert!(
        project.read("seldom/index.html").contains(">12月20日<"),
        "{}",
        project.read("seldom/index.html")
    );
    post("newer", "2026-01-02", "often");
    project.build(&WITH_URL);
    assert!(
        project.read("seldom/index.html").contains(">2025年12月20日<"),
        "{}",
        project.read("seldom/index.html")
    );
}

/// The workflow in folders that `finews new` makes.
const STARTER_WORKFLOW: &str = "crates/bundler/starter/github/workflows/site.yml";

#[test]
fn workflows_pin_their_actions_by_hash() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pinned = 0;
    let mut files: Vec<PathBuf> =
        fs::read_dir(root.join(".github/workflows")).unwrap().map(|file| file.unwrap().path()).collect();
    files.extend(["action.yml", STARTER_WORKFLOW].map(|path| root.join(path)));
    for file in files {
        for line in fs::read_to_string(&file).unwrap().lines() {
            let Some(action) = line.trim().trim_start_matches("- ").strip_prefix("uses: ") else { continue };
            // A new folder uses the release that made it.
            if action == "finews/finews@vVERSION" {
                continue;
            }
            let hash = action
                .split_once('@')
                .and_then(|(_, version)| version.split_whitespace().next())
                .unwrap_or_default();
            assert!(
                hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()),
                "{}: {action}",
                file.display()
            );
            pinned += 1;
        }
    }
    assert!(pinned >= 11);
}
