//! Addresses of stories: those that the publisher gives them, old ones, and those that only look like them.

use std::fs;

use viewer::state::page::Page;

use crate::project::Project;

/// A site of posts whose titles are their paths, with a page for every story.
struct Site {
    project: Project,
    output: String,
}

const OPTIONS: [&str; 4] = ["--base-url", "https://news.example", "--prerender", "all"];

impl Site {
    /// Builds a folder of posts: their paths, and more front matter.
    fn build(config: &str, posts: &[(&str, &str)]) -> Self {
        let text = |(path, matter): &(&str, &str)| format!("---\ntitle: \"{path}\"\n{matter}\n---\nText.\n");
        let texts: Vec<String> = posts.iter().map(text).collect();
        let files = posts.iter().zip(&texts).map(|((path, _), text)| (*path, text.as_str()));
        let project = Project::of(&files.chain([("_config.yml", config)]).collect::<Vec<_>>());
        let output = project.build_output(&OPTIONS);
        Self { project, output }
    }

    /// What the viewer shows at an address: the title of a story, `list KEY`, or `none`.
    fn open(&self, path: &str) -> String {
        match self.project.open(path) {
            Page::Article(article, _) => article.title.clone(),
            Page::List(list) => format!("list {}", list.id.key),
            _ => "none".into(),
        }
    }

    /// The canonical addresses that the newest rows print, with their titles.
    fn printed(&self) -> Vec<(String, String)> {
        let manifest = self.project.manifest();
        let address = |row: &bundle::Headline| row.address(&manifest.settings.permalink).to_string();
        let mut printed: Vec<_> =
            manifest.newest.iter().map(|row| (address(row), row.title.clone())).collect();
        printed.sort();
        printed
    }

    /// Checks that rows print these addresses, that each opens its story, and that its page, the feed and the sitemap
    /// have it.
    fn assert_canonical(&self, expected: &[(&str, &str)]) {
        let mut expected: Vec<(String, String)> =
            expected.iter().map(|(address, title)| ((*address).to_owned(), (*title).to_owned())).collect();
        expected.sort();
        assert_eq!(self.printed(), expected, "{}", self.output);
        let (feed, sitemap) = (self.project.read("feed.xml"), self.project.read("sitemap-2026-03.xml"));
        for (address, title) in &expected {
            assert_eq!(&self.open(address), title, "{address}");
            let url = format!("https://news.example{}", address.replace('&', "&amp;"));
            assert!(feed.contains(&format!("<id>{url}</id>")), "{url} in {feed}");
            assert!(sitemap.contains(&format!("<loc>{url}</loc>")), "{url} in {sitemap}");
            let decoded = percent_encoding::percent_decode_str(address).decode_utf8_lossy().into_owned();
            let file = match decoded.trim_start_matches('/') {
                folder if folder.ends_with('/') => format!("{folder}index.html"),
                page if page.ends_with(".html") || page.ends_with(".htm") => page.to_owned(),
                page => format!("{page}.html"),
            };
            assert!(
                self.project.read(&file).contains(&format!("<link rel=\"canonical\" href=\"{url}\">")),
                "{file}"
            );
        }
    }
}

const A: &str = "_posts/2026-03-01-a-story.md";
const B: &str = "_posts/2026-03-02-Big_C++-Story.md";

#[test]
fn every_built_in_style_gives_jekyll_s_addresses() {
    for (style, a, b) in [
        ("", "/news/world/2026/03/01/a-story.html", "/2026/03/02/Big_C++-Story.html"),
        ("date", "/news/world/2026/03/01/a-story.html", "/2026/03/02/Big_C++-Story.html"),
        ("pretty", "/news/world/2026/03/01/a-story/", "/2026/03/02/Big_C++-Story/"),
        ("ordinal", "/news/world/2026/060/a-story.html", "/2026/061/Big_C++-Story.html"),
        ("weekdate", "/news/world/2026/W09/Sun/a-story.html", "/2026/W10/Mon/Big_C++-Story.html"),
        ("none", "/news/world/a-story.html", "/Big_C++-Story.html"),
        ("/:year/:month/:day/:title/", "/2026/03/01/a-story/", "/2026/03/02/Big_C++-Story/"),
        ("/:categories/:title/", "/news/world/a-story/", "/Big_C++-Story/"),
        ("/archives/:slug", "/archives/a-story", "/archives/big-c-story"),
        (
            "/p/:short_year:month/:name.html",
            "/p/2603/2026-03-01-a-story.html",
            "/p/2603/2026-03-02-big-c-story.html",
        ),
    ] {
        let config =
            if style.is_empty() { String::from("title: x\n") } else { format!("permalink: \"{style}\"\n") };
        let site = Site::build(&config, &[(A, "categories: News World"), (B, "")]);
        site.assert_canonical(&[(a, A), (b, B)]);
    }
}

#[test]
fn a_permalink_of_the_collection_or_of_finews_toml_overrides_the_site_s() {
    let config = "permalink: pretty\ncollections: {posts: {permalink: '/n/:title/'}}\n";
    Site::build(config, &[(A, "")]).assert_canonical(&[("/n/a-story/", A)]);
    let site = Site::build(config, &[(A, "")]);
    site.project.post("finews.toml", "permalink = \"/own/:title.html\"\n");
    site.project.build_output(&OPTIONS);
    site.assert_canonical(&[("/own/a-story.html", A)]);
}

#[test]
fn eastmoney_s_posts_follow_the_form_that_the_publisher_chooses() {
    let posts = [("_posts/2026-03-02-202603021010101234.md", "categories: 财经"), (B, "")];
    for (config, address) in [
        ("title: x\n", "/%E8%B4%A2%E7%BB%8F/2026/03/02/202603021010101234.html"),
        ("permalink: date\n", "/%E8%B4%A2%E7%BB%8F/2026/03/02/202603021010101234.html"),
        ("permalink: /p/:title/\n", "/p/202603021010101234/"),
        ("permalink: /:year/:i_day/:title\n", "/2026/2/202603021010101234"),
    ] {
        let site = Site::build(config, &posts);
        assert!(
            site.printed().contains(&(address.to_owned(), posts[0].0.to_owned())),
            "{:?}",
            site.printed()
        );
        assert_eq!(site.open(address), posts[0].0, "{address}");
    }
}

#[test]
fn a_post_s_own_permalink_and_slug_are_its_address() {
    let site = Site::build(
        "permalink: pretty\n",
        &[
            (A, "permalink: /about-us/"),
            (B, "slug: Other Name"),
            ("_posts/2026-03-03-c.md", "permalink: /x/:year/:title.html"),
            ("_posts/2026-03-04-d.md", "permalink: /中文/页面"),
            ("_posts/2026-03-05-e.md", "permalink: pages/e.html"),
            ("_posts/2026-03-06-leap-15.4.md", ""),
            ("_posts/2026-03-07-g.md", "permalink: /v2.0/notes/"),
            ("_posts/2026-03-08-h.htm", "permalink: /:title:output_ext"),
        ],
    );
    site.assert_canonical(&[
        ("/about-us/", A),
        ("/2026/03/02/Other-Name/", B),
        ("/x/2026/c.html", "_posts/2026-03-03-c.md"),
        ("/%E4%B8%AD%E6%96%87/%E9%A1%B5%E9%9D%A2", "_posts/2026-03-04-d.md"),
        ("/pages/e.html", "_posts/2026-03-05-e.md"),
        ("/2026/03/06/leap-15.4/", "_posts/2026-03-06-leap-15.4.md"),
        ("/v2.0/notes/", "_posts/2026-03-07-g.md"),
        ("/h.htm", "_posts/2026-03-08-h.htm"),
    ]);
}

#[test]
fn an_address_that_cannot_be_a_file_opens_in_the_viewer_and_is_told() {
    let site = Site::build("permalink: pretty\n", &[(A, "permalink: /_x/"), (B, "permalink: /a.html/b/")]);
    for (path, title) in [("/_x/", A), ("/a.html/b/", B)] {
        assert_eq!(site.open(path), title);
        assert!(
            site.output.contains(&format!("no file may have the address {path} on every host")),
            "{}",
            site.output
        );
    }
}

#[test]
fn old_addresses_open_the_right_story_or_none() {
    let site = Site::build(
        "permalink: /:categories/:title/\n",
        &[
            (
                A,
                "categories: news\nredirect_from: [/old/a, /2019/01/01/very-old.html, '/alt/索引/']\naliases: /b.html",
            ),
            (B, "categories: news\nredirect_from: /c/"),
        ],
    );
    for (path, expected) in [
        ("/news/a-story/", A),
        ("/news/a-story", A),
        ("/news/a-story/index.html", A),
        ("/news/a-story.html", A),
        ("/NEWS/A-Story/", A),
        ("/old/a", A),
        ("/old/a/", A),
        ("/2019/01/01/very-old.html", A),
        ("/alt/%E7%B4%A2%E5%BC%95/", A),
        ("/b.html", A),
        ("/c/", B),
        ("/news/Big_C++-Story/", B),
        ("/news/big_c++-story", B),
        ("/news/2026/03/01/a-story.html", A),
        ("/any/thing/2026/03/01/a-story.html", A),
        ("/2026/02/28/a-story/", A),
        ("/2026/03/02/a-story/", A),
        ("/news/2026/03/03/a-story.html", "none"),
        ("/other/a-story/", "none"),
        ("/a-story/", "none"),
        ("/news/b/", "none"),
        ("/news/", "list news"),
    ] {
        assert_eq!(site.open(path), expected, "{path}");
    }
}

#[test]
fn stories_that_share_a_slug_and_a_day_keep_their_addresses() {
    let (one, two, three) =
        ("one/_posts/2026-03-02-x.md", "two/_posts/2026-03-02-x.md", "two/_posts/2026-03-03-x.md");
    for config in ["title: t\n", "permalink: /:categories/:year/:month/:day/:title.html\n"] {
        let site = Site::build(config, &[(one, "categories: a"), (two, ""), (three, "")]);
        site.assert_canonical(&[
            ("/one/a/2026/03/02/x.html", one),
            ("/two/2026/03/02/x.html", two),
            ("/two/2026/03/03/x.html", three),
        ]);
        for (path, expected) in [
            ("/one/2026/03/02/x.html", one),
            ("/one/a/2026/03/01/x.html", one),
            ("/two/2026/03/01/x.html", two),
            ("/two/2026/03/04/x.html", three),
            ("/2026/03/02/x.html", "none"),
            ("/three/2026/03/02/x.html", "none"),
        ] {
            assert_eq!(site.open(path), expected, "{path}");
        }
        assert!(!site.output.contains("duplicate"), "{}", site.output);
    }
    // The same address cannot lead to two stories.
    let same =
        Site::build("title: t\n", &[("_posts/a/2026-03-02-x.md", ""), ("_posts/b/2026-03-02-x.md", "")]);
    assert_eq!(same.printed().len(), 2);
    assert_eq!(same.open("/2026/03/02/x.html"), "_posts/a/2026-03-02-x.md");
    assert_eq!(same.open("/2026/03/02/x-2.html"), "_posts/b/2026-03-02-x.md");
    assert!(same.output.contains("duplicate"), "{}", same.output);
}

#[test]
fn a_story_at_an_address_of_the_site_itself_gives_way_and_is_told() {
    let site = Site::build(
        "title: t\n",
        &[
            (A, "permalink: /archive/2026/\ncategories: news"),
            (B, "permalink: /news/"),
            ("_posts/2026-03-03-c.md", "permalink: /tag/x"),
            ("_posts/2026-03-04-d.md", "permalink: /2026/03/05/e.html"),
            ("_posts/2026-03-05-e.md", "redirect_from: /news/"),
        ],
    );
    assert_eq!(site.open("/news/"), "list news");
    assert_eq!(site.open("/news/2026/03/01/a-story.html"), A);
    assert_eq!(site.open("/2026/03/02/big-c-story.html"), B);
    for line in [
        "2026-03-01-a-story.md:1: duplicate slug: the story cannot have the address /archive/2026/, because it is an address of the site itself; it is at /news/2026/03/01/a-story.html",
        "cannot have the address /news/",
        "cannot have the address /tag/x",
        "the old address /news/ belongs to another page",
    ] {
        assert!(site.output.contains(line), "{}", site.output);
    }
    // Two stories want one address: the first path keeps it.
    assert_eq!(site.open("/2026/03/05/e.html"), "_posts/2026-03-04-d.md");
}

#[test]
fn a_site_without_its_own_addresses_has_no_table_and_no_setting() {
    let site = Site::build("title: t\n", &[(A, "categories: news"), ("_posts/2026-03-03-c.md", "")]);
    let manifest = site.project.read("bundle/manifest.json");
    assert!(!manifest.contains("permalink") && !manifest.contains("paths") && !manifest.contains("\"path\""));
    assert_eq!(fs::read_dir(site.project.site().join("bundle/paths")).unwrap().count(), 0);
}

#[test]
fn no_row_of_an_untrusted_bundle_leads_to_another_host() {
    for path in
        ["//evil.example/", "/\\evil.example/", "https://evil.example/", "javascript:alert(1)", "data:x"]
    {
        let row = bundle::Headline { slug: "a".into(), path: path.into(), ..bundle::Headline::default() };
        let address = row.address("").to_string();
        assert!(
            address.starts_with('/') && !address.starts_with("//") && !address.contains('\\'),
            "{path}: {address}"
        );
        let row = bundle::Headline { slug: "a".into(), ..bundle::Headline::default() };
        let address = row.address(&format!("{path}:title")).to_string();
        assert!(
            address.starts_with('/') && !address.starts_with("//") && !address.contains('\\'),
            "{path}: {address}"
        );
    }
}
