//! What publishers write above their posts and in their configuration, and where it appears.

use viewer::state::page::Page;

use crate::project::Project;

/// A post with this front matter.
fn post(matter: &str) -> String {
    format!("---\ntitle: T\n{matter}\n---\nText.\n")
}

/// Builds a site of one post and returns the project and what the command printed.
fn site_of(config: &str, name: &str, text: &str) -> (Project, String) {
    let project = Project::of(&[("_config.yml", config), (&format!("_posts/{name}"), text)]);
    let output = project.build_output(&OPTIONS);
    (project, output)
}

const OPTIONS: [&str; 4] = ["--base-url", "https://news.example", "--prerender", "all"];
const NAME: &str = "2026-03-02-a.md";
const CONFIG: &str = "title: News\nlang: en\ntimezone: America/New_York\n";

#[test]
fn categories_and_tags_are_read_as_jekyll_reads_them() {
    let cases = [
        ("categories: a b c", "a, b, c | "),
        ("categories: [a, b]", "a, b | "),
        ("categories:\n- a\n- b", "a, b | "),
        ("categories: [[a, b], [c, [d]]]", "a, b, c, d | "),
        ("categories: [财经, [债券, 科技]]", "财经, 债券, 科技 | "),
        ("categories: 财经 债券", "财经, 债券 | "),
        ("categories: 'a b'", "a, b | "),
        ("categories: [a b, c]", "a b, c | "),
        ("categories: [' x ', y]", "x, y | "),
        ("categories: ~", " | "),
        ("categories:", " | "),
        ("categories: []", " | "),
        ("categories: \"\"", " | "),
        ("categories: [a, ~, b]", "a, b | "),
        ("categories: [A, a, B]", "A, B | "),
        ("categories: [2026, true, 1.5]", "2026, true, 1.5 | "),
        ("categories: [2026-03-01]", "2026-03-01 | "),
        ("category: a b", "a b | "),
        ("category: [a, b]", "a, b | "),
        ("category: a\ncategories: b c", "b, c, a | "),
        ("tags: a b", " | a, b"),
        ("tags: [a b, c]", " | a b, c"),
        ("tags:\n- [x, y]\n- z", " | x, y, z"),
        ("tags: ~", " | "),
        ("tag: a b", " | a b"),
        ("tags: [C++, .NET, a/b]", " | C++, .NET, a/b"),
        ("tags: [a, A]", " | a"),
    ];
    for (matter, expected) in cases {
        let (project, _) = site_of(CONFIG, NAME, &post(matter));
        let article = project.article("/2026/03/02/a.html");
        let titles = |labels: &[bundle::Label]| {
            labels.iter().map(|label| label.title.as_str()).collect::<Vec<_>>().join(", ")
        };
        let found = format!("{} | {}", titles(&article.categories), titles(&article.tags));
        assert_eq!(found, expected, "{matter}");
    }
}

#[test]
fn yaml_toml_and_json_say_the_same() {
    for text in [
        "---\ntitle: The Title\ndate: 2026-03-02T10:11:12-05:00\ncategories: [News, World]\ntags: [x, y]\nauthor: Ann Lee\nlang: de\nslug: own\n---\nText.\n",
        "+++\ntitle = \"The Title\"\ndate = 2026-03-02T10:11:12-05:00\ncategories = [\"News\", \"World\"]\ntags = ['x', 'y']\nauthor = \"Ann Lee\"\nlang = \"de\"\nslug = \"own\"\n+++\nText.\n",
        "{\n  \"title\": \"The Title\",\n  \"date\": \"2026-03-02T10:11:12-05:00\",\n  \"categories\": [\"News\", \"World\"],\n  \"tags\": [\"x\", \"y\"],\n  \"author\": \"Ann Lee\",\n  \"lang\": \"de\",\n  \"slug\": \"own\"\n}\nText.\n",
    ] {
        let (project, output) = site_of(CONFIG, "2026-03-02-file.md", text);
        let article = project.article("/news/world/2026/03/02/own.html");
        assert_eq!((article.title.as_str(), article.body.as_str()), ("The Title", "Text."), "{output}");
        assert_eq!(article.time.to_string(), "2026-03-02T10:11:12-05:00");
        assert!(!article.date_only);
        assert_eq!((article.authors.join(", "), article.lang.as_str()), ("Ann Lee".to_owned(), "de"));
        assert_eq!(article.tags.len(), 2, "{text}");
        assert!(output.contains("no warnings"), "{output}");
    }
}

#[test]
fn front_matter_that_is_not_valid_is_told_with_its_line_and_loses_nothing() {
    for (text, line) in [
        ("---\ntitle: \"The \"Title\"\"\ncategories: news\n---\nText.\n", 2),
        ("+++\ntitle = The Title\ncategories = \"news\"\n+++\nText.\n", 2),
        ("{\n\"title\": The Title,\n\"categories\": \"news\"\n}\nText.\n", 2),
    ] {
        let (project, output) = site_of(CONFIG, NAME, text);
        assert!(output.contains(&format!("{NAME}:{line}: ")), "{output}");
        let manifest = project.manifest();
        assert!(manifest.newest[0].title.contains("Title"), "{output}");
        assert!(project.read("index.html").contains("Text."), "{output}");
    }
}

#[test]
fn authors_are_names_mappings_and_keys_of_known_authors() {
    let config =
        format!("{CONFIG}author: {{name: The Desk}}\nauthors: {{mia: {{name: Mia Ito}}, bo: Bo Ek}}\n");
    let (page, atom, json) = (0, 1, 2);
    for (matter, expected) in [
        ("author: Ann Lee", vec!["Ann Lee"]),
        ("author: {name: Ann Lee, url: https://example.com}", vec!["Ann Lee"]),
        ("authors: [Ann Lee, Bo Ek]", vec!["Ann Lee", "Bo Ek"]),
        ("author: [Ann Lee, {name: Bo Ek}]", vec!["Ann Lee", "Bo Ek"]),
        ("author: mia", vec!["Mia Ito"]),
        ("authors: [mia, bo]", vec!["Mia Ito", "Bo Ek"]),
        ("author: 张三", vec!["张三"]),
        ("author: <b", vec!["<b"]),
        ("author: ~", vec![]),
    ] {
        let (project, _) = site_of(&config, NAME, &post(matter));
        let article = project.article("/2026/03/02/a.html");
        assert_eq!(article.authors, expected, "{matter}");
        let texts = [project.read("2026/03/02/a.html"), project.read("feed.xml"), project.read("feed.json")];
        for name in &expected {
            let escaped = name.replace('<', "&lt;");
            assert!(
                texts[page].contains(&format!("<meta name=\"author\" content=\"{escaped}\">")),
                "{matter}"
            );
            let data = format!("\"name\":\"{}\"", name.replace('<', "\\u003c"));
            assert!(texts[page].contains(&data), "{matter}");
            assert!(texts[atom].contains(&format!("<name>{escaped}</name>")), "{matter}: {}", texts[atom]);
            assert!(texts[json].contains(&format!("\"name\":\"{name}\"")), "{matter}: {}", texts[json]);
        }
        let byline = expected.join(", ").replace('<', "&lt;");
        assert!(texts[page].contains(&format!("<span>{byline}</span>")) || byline.is_empty(), "{matter}");
        // The site's author is that of the feed, and of a story that names none.
        assert!(
            texts[atom].contains("<name>The Desk</name>") && texts[json].contains("The Desk"),
            "{matter}"
        );
        assert_eq!(texts[page].contains("\"name\":\"The Desk\""), expected.is_empty(), "{matter}");
    }
}

#[test]
fn an_update_a_language_and_a_picture_reach_the_page_the_feeds_and_search_engines() {
    let matter = "date: 2026-03-02 10:00:00 -05:00\nupdated: 2026-03-04 09:30:00 -05:00\nlang: fr_CA\nimage: {path: pictures/a.png}";
    let (project, _) = site_of(CONFIG, NAME, &post(matter));
    let (page, atom, json) =
        (project.read("2026/03/02/a.html"), project.read("feed.xml"), project.read("feed.json"));
    for found in [
        "<meta property=\"article:published_time\" content=\"2026-03-02T10:00:00-05:00\">",
        "<meta property=\"article:modified_time\" content=\"2026-03-04T09:30:00-05:00\">",
        "\"dateModified\":\"2026-03-04T09:30:00-05:00\"",
        "\"inLanguage\":\"fr-CA\"",
        "<meta property=\"og:locale\" content=\"fr_CA\">",
        "hreflang=\"fr-CA\"",
        "lang=\"fr-CA\"",
        "\"image\":\"https://news.example/pictures/a.png\"",
        "<meta property=\"og:image\" content=\"https://news.example/pictures/a.png\">",
        "2026-03-04",
    ] {
        assert!(page.contains(found), "{found} in {page}");
    }
    for found in [
        "<updated>2026-03-04T09:30:00-05:00</updated>",
        "<published>2026-03-02T10:00:00-05:00</published>",
        "xml:lang=\"fr-CA\"",
        "https://news.example/pictures/a.png",
    ] {
        assert!(atom.contains(found), "{found} in {atom}");
    }
    for found in [
        "\"date_modified\":\"2026-03-04T09:30:00-05:00\"",
        "\"language\":\"fr-CA\"",
        "\"image\":\"https://news.example/pictures/a.png\"",
    ] {
        assert!(json.contains(found), "{found} in {json}");
    }
    for (matter, updated) in [
        ("last_modified_at: 2026-03-04", "2026-03-04"),
        ("lastmod: 2026-03-04 09:30:00 -05:00", "2026-03-04T09:30:00-05:00"),
        ("updated: some day", ""),
        ("updated: ~", ""),
    ] {
        let (project, _) = site_of(CONFIG, NAME, &post(matter));
        assert_eq!(project.article("/2026/03/02/a.html").updated, updated, "{matter}");
    }
    for (matter, lang) in [("lang: zh-TW", "zh-TW"), ("lang: en", ""), ("lang: \"<x>\"", ""), ("lang: ~", "")]
    {
        let (project, _) = site_of(CONFIG, NAME, &post(matter));
        assert_eq!(project.article("/2026/03/02/a.html").lang, lang, "{matter}");
    }
    for (matter, image) in [
        ("image: /a.png", "/a.png"),
        ("image: https://pictures.example/a.png", "https://pictures.example/a.png"),
        ("image: {url: /a.png}", "/a.png"),
        ("image: javascript:alert(1)", ""),
        ("image: []", ""),
    ] {
        let (project, _) = site_of(CONFIG, NAME, &post(matter));
        assert_eq!(project.article("/2026/03/02/a.html").image, image, "{matter}");
    }
    // The story shows its picture once, and not a default one, which is the site's.
    let default = "title: News\ndefaults:\n  - values: {image: /site.png}\n";
    for (config, matter, text, expected) in [
        (CONFIG, "image: /a.png", "One.", "![](/a.png)\n\nOne."),
        (CONFIG, "image: {path: /a.png, alt: A crane}", "One.", "![A crane](/a.png)\n\nOne."),
        (CONFIG, "image: /a.png", "One.\n\n**![crane](/a.png)**", "One.\n\n**![crane](/a.png)**"),
        (CONFIG, "image: javascript:alert(1)", "One.", "One."),
        (default, "layout: post", "One.", "One."),
        (default, "image: /a.png", "One.", "![](/a.png)\n\nOne."),
    ] {
        let (project, _) = site_of(config, NAME, &format!("---\n{matter}\n---\n{text}\n"));
        assert_eq!(project.article("/2026/03/02/a.html").body.trim(), expected, "{matter}");
    }
}

#[test]
fn a_time_that_nobody_told_is_a_date_everywhere() {
    let (project, _) = site_of("title: News\nlang: en\n", NAME, &post(""));
    assert_eq!(project.manifest().site.timezone, "UTC");
    let article = project.article("/2026/03/02/a.html");
    assert!(article.date_only);
    let page = project.read("2026/03/02/a.html");
    assert!(page.contains("<time datetime=\"2026-03-02\">") && !page.contains("00:00"), "{page}");
    assert!(page.contains("\"datePublished\":\"2026-03-02\""), "{page}");
    let home = project.read("index.html");
    assert!(!home.contains("00:00"), "{home}");
    // Feeds need a time. Noon in UTC is on that date nearly everywhere.
    assert!(project.read("feed.xml").contains("<published>2026-03-02T12:00:00+00:00</published>"));
    assert!(project.read("feed.json").contains("\"date_published\":\"2026-03-02T12:00:00Z\""));
    // Below the heading of a day with several stories, a row does not repeat the date.
    project.post("_posts/2026-03-02-b.md", &post(""));
    project.build_output(&OPTIONS);
    let home = project.read("index.html");
    assert!(home.contains(">Monday, 2 March 2026</a>"), "{home}");
    assert_eq!(home.matches("<time datetime=\"2026-03-02\"> </time>").count(), 2, "{home}");
    // Midnight that somebody told is a time.
    let (project, _) = site_of(CONFIG, NAME, &post("date: 2026-03-02 00:00:00 -05:00"));
    let page = project.read("2026/03/02/a.html");
    assert!(!project.article("/2026/03/02/a.html").date_only && page.contains("00:00"), "{page}");
}

#[test]
fn the_clock_is_utc_unless_the_site_or_eastmoney_says_otherwise() {
    let eastmoney =
        "---\ntitle: 标题\ndate: 2026-03-02 10:00:00\n---\n> 摘要\n\n<p>正文<!--EM_StockImg_Start--></p>\n";
    let other = post("date: '2026-03-02 10:00:00'");
    for (config, text, zone, time) in [
        ("title: t\nlang: en\n", other.as_str(), "UTC", "2026-03-02T10:00:00Z"),
        ("title: t\nlang: zh-CN\n", &other, "UTC", "2026-03-02T10:00:00Z"),
        ("title: t\nlang: zh-CN\n", eastmoney, "Asia/Shanghai", "2026-03-02T10:00:00+08:00"),
        (
            "title: t\nlang: en\ntimezone: Europe/Berlin\n",
            eastmoney,
            "Europe/Berlin",
            "2026-03-02T10:00:00+01:00",
        ),
        (
            "title: t\nlang: en\ntimezone: Europe/Berlin\n",
            &other,
            "Europe/Berlin",
            "2026-03-02T10:00:00+01:00",
        ),
    ] {
        let (project, output) = site_of(config, NAME, text);
        assert_eq!(project.manifest().site.timezone, zone, "{output}");
        assert_eq!(project.article("/2026/03/02/a.html").time.to_string(), time);
        assert_eq!(output.contains(&format!("timezone {zone}, ")), !config.contains("timezone"), "{output}");
    }
}

#[test]
fn the_language_is_found_from_the_posts_and_told() {
    for (text, lang) in [
        ("公司今日公告，拟投资建设新项目，预计明年投产。", "zh-CN"),
        ("The harbour was closed on Monday after a storm damaged two of its cranes.", "en"),
        ("Der Hafen blieb am Montag geschlossen, weil ein Sturm zwei Kräne beschädigt hatte.", "de"),
    ] {
        let (project, output) = site_of("title: t\n", NAME, &format!("---\ntitle: T\n---\n{text}\n"));
        assert_eq!(project.manifest().site.lang, lang);
        assert!(output.contains(&format!("lang {lang}, found from the posts")), "{output}");
        assert!(project.read("index.html").contains(&format!("<html lang=\"{lang}\"")));
    }
    let (project, output) = site_of("title: t\nlang: zh_TW\n", NAME, &post(""));
    assert_eq!(project.manifest().site.lang, "zh-TW");
    assert!(!output.contains("lang "), "{output}");
}

/// A body with EastMoney's habits: a first quotation, a source, and a link to the original at the end.
const HABITS: &str =
    "> A first quotation.\n\nText.\n\n（文章来源：某报）\n\n<https://example.com/original>\n";

#[test]
fn eastmoney_s_habits_are_its_own() {
    let (project, _) = site_of(CONFIG, NAME, &format!("---\ntitle: T\n---\n{HABITS}"));
    let article = project.article("/2026/03/02/a.html");
    assert_eq!((article.summary.as_str(), article.source.as_str(), article.original.as_str()), ("", "", ""));
    for words in ["> A first quotation.", "（文章来源：某报）", "https://example.com/original"] {
        assert!(article.body.contains(words), "{words} in {}", article.body);
    }
    let marked = HABITS.replace("Text.", "<p>Text<!--EM_StockImg_Start-->.</p>");
    for (name, body) in [(NAME, marked.as_str()), ("2026-03-02-202603022292649174.md", HABITS)] {
        let (project, _) = site_of(CONFIG, name, &format!("---\ntitle: T\n---\n{body}"));
        let slug = name.trim_start_matches("2026-03-02-").trim_end_matches(".md");
        let article = project.article(&format!("/2026/03/02/{slug}.html"));
        assert_eq!(article.summary, "A first quotation.", "{name}");
        assert_eq!(
            (article.source.as_str(), article.original.as_str()),
            ("某报", "https://example.com/original")
        );
        assert_eq!(article.body, "Text.");
    }
}

#[test]
fn a_digest_that_only_repeats_the_beginning_is_shown_once() {
    for (digest, body, is_repeated) in [
        ("The beginning of it", "The beginning of it, and the rest.", true),
        ("The beginning of it…", "The beginning of it, and the rest.", true),
        ("The beginning...", "The  beginning of it.", true),
        ("The beginning of it.（某报）", "The beginning of it. The rest.\n\n（文章来源：某报）", true),
        ("Another beginning", "The beginning of it.", false),
        ("The beginning of it, differently", "The beginning of it.", false),
    ] {
        let text = format!("---\ntitle: T\n---\n> {digest}\n\n{body}\n");
        let (project, _) = site_of(CONFIG, "2026-03-02-202603022292649174.md", &text);
        let article = project.article("/2026/03/02/202603022292649174.html");
        assert_eq!(article.summary.is_empty(), is_repeated, "{digest}: {}", article.summary);
    }
}

#[test]
fn every_link_of_eastmoney_s_to_a_security_is_a_quote_link() {
    let names = "0.000858,五粮液\n116.00700,腾讯控股\n106.BABA,阿里巴巴\n";
    for (path, class, secid) in [
        ("unify/r/0.399006", "infokey", "0.399006"),
        ("unify/r/0.399006", "", "0.399006"),
        ("sz000858.html", "", "0.000858"),
        ("hk/00700.html", "keytip", "116.00700"),
        ("bk/90.BK0493.html", "", "90.BK0493"),
        ("zs000001.html", "", "1.000001"),
        ("us/BABA.html", "", "106.BABA"),
    ] {
        let text = format!(
            "---\ntitle: T\n---\n<p>在<a class=\"{class}\" href=\"http://quote.eastmoney.com/{path}\">某股</a>。</p>\n"
        );
        let project =
            Project::of(&[("_config.yml", CONFIG), ("names.csv", names), (&format!("_posts/{NAME}"), &text)]);
        project.build_output(&[]);
        let article = project.article("/2026/03/02/a.html");
        assert_eq!(article.body, format!("在[某股](quote:{secid})。"), "{path}");
        assert_eq!(article.securities[0].key, secid);
    }
}

#[test]
fn the_exchange_of_an_american_stock_is_told_by_any_post() {
    let link = |path: &str| {
        format!(
            "---\ntitle: T\n---\n<p>在 <b><a href=\"http://quote.eastmoney.com/{path}\">阿里</a></b> 。</p>\n"
        )
    };
    let project = Project::of(&[
        ("_config.yml", CONFIG),
        ("_posts/2026-03-01-a.md", &link("us/BABA.html")),
        ("_posts/2026-03-02-b.md", &link("unify/r/106.BABA")),
        ("_posts/2026-03-03-c.md", &link("us/NOBODY.html")),
    ]);
    project.build_output(&[]);
    assert_eq!(project.article("/2026/03/01/a.html").body, "在 **[阿里](quote:106.BABA)** 。");
    assert_eq!(project.article("/2026/03/01/a.html").securities[0].key, "106.BABA");
    let page = project.open("/quote/106.BABA/");
    assert!(matches!(&page, Page::List(list) if list.rows.len() == 2), "{page:?}");
    let other = project.article("/2026/03/03/c.html");
    assert_eq!(other.body, "在 **[阿里](http://quote.eastmoney.com/us/NOBODY.html)** 。");
    assert!(other.securities.is_empty());
    // No post tells it any more.
    std::fs::remove_file(project.posts().join("_posts/2026-03-02-b.md")).unwrap();
    project.build_output(&[]);
    assert_eq!(
        project.article("/2026/03/01/a.html").body,
        "在 **[阿里](http://quote.eastmoney.com/us/BABA.html)** 。"
    );
    project.assert_matches_a_clean_build();
}

#[test]
fn a_security_bears_the_name_in_names_csv_or_its_commonest_one() {
    let link = |secid: &str, name: &str| {
        format!("<p><a href=\"http://quote.eastmoney.com/unify/r/{secid}\">{name}</a></p>\n")
    };
    let posts = [
        format!("---\ntitle: a\n---\n{}", link("116.09988", "09988")),
        format!("---\ntitle: b\n---\n{}{}", link("116.09988", "阿里巴巴-SW"), link("116.00700", "腾讯")),
        format!("---\ntitle: c\n---\n{}{}", link("116.09988", "阿里巴巴-SW"), link("116.00700", "腾讯控股")),
        format!("---\ntitle: d\n---\n{}{}", link("116.09988", "阿里"), link("116.00700", "腾讯")),
    ];
    let paths: Vec<String> =
        (1..).zip(&posts).map(|(day, _)| format!("_posts/2026-03-0{day}-p{day}.md")).collect();
    let mut files: Vec<(&str, &str)> =
        paths.iter().zip(&posts).map(|(path, text)| (path.as_str(), text.as_str())).collect();
    files.push(("_config.yml", "title: t\nlang: zh-CN\n"));
    let project = Project::of(&files);
    project.build_output(&[]);
    let names = |project: &Project| {
        let mut names: Vec<String> = (1..=4)
            .flat_map(|day| project.article(&format!("/2026/03/0{day}/p{day}.html")).securities.clone())
            .map(|label| label.title)
            .collect();
        names.sort();
        names.dedup();
        names
    };
    assert_eq!(names(&project), ["腾讯", "阿里巴巴-SW"]);
    // Names that are written down take precedence, also in a later build.
    project.post("names.csv", "secid,name,name_en\n116.00700,腾讯控股,Tencent\nnonsense,x\n# a comment\n");
    let output = project.build_output(&[]);
    assert!(output.contains("names.csv:3: "), "{output}");
    assert_eq!(names(&project), ["腾讯控股", "阿里巴巴-SW"]);
    project.post("names.csv", "116.00700,鹅厂\n");
    project.build_output(&[]);
    assert_eq!(names(&project), ["阿里巴巴-SW", "鹅厂"]);
    project.assert_matches_a_clean_build();
    project.post("_config.yml", "title: t\nlang: en\n");
    project.post("names.csv", "116.00700,腾讯控股,Tencent\n");
    project.build_output(&[]);
    assert_eq!(names(&project), ["Tencent", "阿里巴巴-SW"]);
}

#[test]
fn a_category_keeps_its_own_name_unless_many_stories_agree_on_another() {
    let story = |mark: &str, at: u32| {
        (
            format!("_posts/2026-03-{at:02}-p{at}.md"),
            format!("---\ntitle: t\ncategories: emnews\ntags: 滚动新闻\n---\n<p>正文{mark}。</p>\n"),
        )
    };
    for (mark, count, expected) in [
        ("<!--EM_StockImg_Start-->", 1, "emnews"),
        ("<!--EM_StockImg_Start-->", 12, "滚动新闻"),
        ("", 12, "emnews"),
    ] {
        let posts: Vec<_> = (1..=count).map(|at| story(mark, at)).collect();
        let mut files: Vec<(&str, &str)> =
            posts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        files.push(("_config.yml", "title: t\nlang: zh-CN\n"));
        let project = Project::of(&files);
        project.build_output(&[]);
        let article = project.article("/emnews/2026/03/01/p1.html");
        assert_eq!(article.categories[0].title, expected, "{count} stories {mark}");
    }
}

#[test]
fn jekyll_s_folders_and_extensions_are_read_and_others_told() {
    let project = Project::of(&[
        ("_config.yml", CONFIG),
        ("_posts/2026-03-01-a.md", &post("")),
        ("_posts/2026-03-01-b.markdown", &post("")),
        ("_posts/2026-03-01-c.mkd", &post("")),
        ("_posts/2026-03-01-d.mkdn", &post("")),
        ("_posts/2026-03-01-e.mkdown", &post("")),
        ("_posts/2026-03-01-f.html", &post("")),
        ("_posts/deep/er/2026-03-01-g.md", &post("")),
        ("news/_posts/2026-03-01-h.md", &post("")),
        ("tech/phones/_posts/2026-03-01-i.md", &post("categories: more")),
        ("_posts/2026-03-01-j.md", "Text without front matter.\n"),
        ("_posts/2026-03-01-k.textile", &post("")),
        ("_posts/no-date.md", &post("")),
        ("about.md", &post("")),
    ]);
    let output = project.build_output(&[]);
    for (path, slug) in [
        ("", "a"),
        ("", "b"),
        ("", "c"),
        ("", "d"),
        ("", "e"),
        ("", "f"),
        ("", "g"),
        ("/news", "h"),
        ("/tech/phones/more", "i"),
        ("", "j"),
    ] {
        project.article(&format!("{path}/2026/03/01/{slug}.html"));
    }
    assert_eq!(project.manifest().newest.len(), 10, "{output}");
    for told in ["2026-03-01-k.textile", "no-date.md", "about.md"] {
        assert!(output.contains(told), "{told} in {output}");
    }
}

#[test]
fn what_the_configuration_says_is_carried_out_or_told() {
    let config = "title: The News\ndescription: All of it\nurl: https://example.org\nbaseurl: /news\nlang: en\ntimezone: Asia/Tokyo\nauthor: Ann\ncollections:\n  posts: {permalink: '/:title/'}\n  docs: {output: true}\n  notes: {}\nlimit_posts: 10\nshow_drafts: true\nunpublished: true\nsource: src\nmarkdown_ext: markdown,mdtext,md\n";
    let project = Project::of(&[("_config.yml", config), ("_posts/2026-03-01-a.md", &post(""))]);
    let output = project.build_output(&[]);
    for told in [
        "_config.yml: limit_posts: 10 is not carried out; all posts are published",
        "_config.yml: show_drafts is not carried out; drafts are kept back",
        "_config.yml: unpublished is not carried out; posts with “published: false” are kept back",
        "_config.yml: source is not carried out; build the folder “src” instead",
        "_config.yml: files that end in .mdtext are not read, although markdown_ext names them",
    ] {
        assert!(output.contains(told), "{told} in {output}");
    }
    assert!(!output.contains("notes"), "{output}");
    let manifest = project.manifest();
    let site = &manifest.site;
    assert_eq!((site.title.as_str(), site.description.as_str()), ("The News", "All of it"));
    assert_eq!((site.url.as_str(), site.timezone.as_str()), ("https://example.org/news", "Asia/Tokyo"));
    assert!(project.read("a/index.html").contains("href=\"https://example.org/news/a/\""));
    for config in ["title: t\nurl: //example.org\n", "title: t\nurl: localhost\n"] {
        let project = Project::of(&[("_config.yml", config), ("_posts/2026-03-01-a.md", &post(""))]);
        let output = project.build_output(&[]);
        assert!(output.contains("_config.yml: the site's address is ignored: "), "{output}");
        assert_eq!(project.manifest().site.url, "");
    }
}

#[test]
fn a_configuration_in_each_of_jekyll_s_names_is_read() {
    for (name, text) in [
        ("_config.yml", "title: Found\npermalink: /:title/\n"),
        ("_config.yaml", "title: Found\npermalink: /:title/\n"),
        ("_config.toml", "title = \"Found\"\npermalink = \"/:title/\"\n"),
    ] {
        let project = Project::of(&[(name, text), ("_posts/2026-03-01-a.md", &post(""))]);
        project.build_output(&[]);
        assert_eq!(project.manifest().site.title, "Found", "{name}");
        assert_eq!(project.article("/a/").title, "T", "{name}");
    }
    for (name, text) in [("_config.yml", "title: [\n"), ("_config.toml", "title: x\n")] {
        let project = Project::of(&[(name, text), ("_posts/2026-03-01-a.md", &post(""))]);
        let output = project.build(&[]);
        let text = crate::project::output_text(&output);
        assert!(!output.status.success() && text.contains(&format!("{name}:")), "{text}");
    }
}

#[test]
fn a_site_looks_like_itself_and_not_like_eastmoney_s() {
    let long = "A sentence of some length that goes on and on until nobody could show all of it in two lines of a list, at least not on a phone.";
    let project = Project::of(&[
        ("_config.yml", CONFIG),
        ("_posts/2026-03-01-a.md", &format!("---\ntitle: A\n---\n{long}\n")),
        ("_posts/2026-03-02-b.md", &format!("---\ntitle: B\n---\n{long}\n")),
        ("_posts/2026-03-04-c.md", &format!("---\ntitle: C\ndate: 2026-03-04 10:00:00 -0500\n---\n{long}\n")),
    ]);
    project.build_output(&["--base-url", "https://news.example"]);
    let home = project.read("index.html");
    for section in ["/quote/", "/tag/", "/category/"] {
        assert!(!home.contains(&format!("href=\"{section}\"")), "{section} in {home}");
    }
    assert!(home.contains("href=\"/archive/\"") || home.contains("href=\"archive/\""), "{home}");
    // Days with one story are rows, not sections with a heading.
    let rows = home.find("<ol class=\"headlines dated\">").expect("no dated rows");
    assert!(!home.contains("<h2>") && home[rows..].matches("<h2 class=\"title\">").count() == 3);
    // All stories are there.
    assert!(!home.contains("Older stories"));
    let summary = &project.manifest().newest[0].summary;
    assert!(summary.chars().count() > 80 && summary.ends_with('…'), "{summary}");
    let words = summary.trim_end_matches('…');
    assert!(long.starts_with(words) && long[words.len()..].starts_with(' '), "{summary}");
}
