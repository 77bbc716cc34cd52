//! Standalone pages: files that are no posts, and that their publisher means as pages of the site.

use std::fs;
use std::sync::Arc;

use bundle::Article;
use viewer::state::page::Page;

use crate::project::Project;

const POST: (&str, &str) = ("2026-05-01-one.md", "---\ntitle: One\ncategory: harbour\n---\nwords\n");

/// A Jekyll site with one story.
fn jekyll(config: &str) -> Project {
    let project = Project::of(&[]);
    project.post("_config.yml", config);
    project.post(&format!("_posts/{}", POST.0), POST.1);
    project
}

fn page(project: &Project, path: &str) -> String {
    let file = project.site().join(path);
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn standalone_page(project: &Project, path: &str) -> Option<Arc<Article>> {
    match project.open(path) {
        Page::Article(page, _) if page.is_standalone() => Some(page),
        _ => None,
    }
}

/// The links of the menu after those to lists.
fn menu(project: &Project) -> Vec<String> {
    let home = page(project, "index.html");
    let menu = home.split_once("class=\"sections\"").unwrap().1.split_once("</ul>").unwrap().0;
    let lists = menu.find("/archive/").unwrap();
    let links = menu[lists..].split("<a href=\"").skip(1);
    links.map(|link| link.split("</a>").next().unwrap().replace("\">", " ")).collect()
}

#[test]
fn a_page_has_jekyll_s_address_and_its_words() {
    for (style, about) in
        [("date", "/about.html"), ("pretty", "/about/"), ("/:title/", "/about/"), ("/:title", "/about")]
    {
        let project = jekyll(&format!("title: News\nlang: en\npermalink: {style}\n"));
        project.post("about.md", "---\ntitle: About us\n---\nWe **print** {{ site.title }}.\n");
        project.post(
            "contact.html",
            "---\ntitle: Contact\npermalink: /write/to-us.html\n---\n<p>Write <em>soon</em></p>\n",
        );
        project.post("help/index.md", "---\ntitle: Help\n---\nRead.\n");
        let output = project.build_output(&["--base-url", "https://news.example/"]);
        assert!(
            output.contains("3 standalone pages: about.md, contact.html, help/index.md\n")
                && output.contains("no warnings"),
            "{output}"
        );
        let file = match about {
            "/about/" => "about/index.html",
            _ => "about.html",
        };
        let text = page(&project, file);
        assert!(text.contains("<h1 tabindex=\"-1\">About us</h1>"), "{style}: {text}");
        assert!(text.contains("We <strong>print</strong> News."), "{style}: {text}");
        assert!(page(&project, "write/to-us.html").contains("Write <em>soon</em>"));
        assert!(page(&project, "help/index.html").contains("<p>Read.</p>"));
        let sitemap = page(&project, "sitemap-pages.xml");
        for path in [about, "/write/to-us.html", "/help/"] {
            assert!(
                sitemap.contains(&format!("<loc>https://news.example{path}</loc>")),
                "{style}: {sitemap}"
            );
        }
        for (path, bytes) in project.files() {
            let is_list =
                path.ends_with("feed.xml") || path.ends_with("feed.json") || path.starts_with("bundle/pages");
            assert!(!is_list || !String::from_utf8_lossy(&bytes).contains("About us"), "{path}");
        }
    }
}

#[test]
fn collections_that_jekyll_publishes_are_pages() {
    let project = jekyll(
        "lang: en\ncollections:\n  docs:\n    output: true\n    permalink: /docs/:path/\n  wiki: {output: true}\n  notes: {output: false}\ndefaults:\n- scope: {path: '', type: wiki}\n  values: {lang: de}\n",
    );
    project.post("_docs/install/linux.md", "---\ntitle: Linux\n---\nwords\n");
    project.post("_wiki/quay.md", "---\ntitle: Quay\n---\nwords\n");
    project.post("_notes/secret.md", "---\ntitle: SECRET\n---\nSECRET\n");
    let output = project.build_output(&[]);
    assert!(output.contains("2 standalone pages"), "{output}");
    assert!(page(&project, "docs/install/linux/index.html").contains("Linux"));
    assert!(page(&project, "wiki/quay.html").contains("lang=\"de\""));
    assert!(menu(&project).is_empty());
    assert!(project.files().values().all(|bytes| !String::from_utf8_lossy(bytes).contains("SECRET")));
}

#[test]
fn a_folder_without_jekyll_has_pages_too() {
    let project = Project::of(&[POST]);
    project.post("about-us.md", "# About the quay {#us}\n\nWords.\n");
    project.post("team.md", "Only words.\n");
    project.post("README.md", "# Notes for us\n\nSECRET\n");
    let output = project.build_output(&[]);
    assert!(output.contains("2 standalone pages: about-us.md, team.md\n"), "{output}");
    assert!(output.contains("no warnings"), "{output}");
    let about = page(&project, "about-us.html");
    assert!(about.contains(">About the quay</h1>") && about.matches("<h1").count() == 1, "{about}");
    assert!(page(&project, "team.html").contains(">Team</h1>"));
    assert!(project.files().values().all(|bytes| !String::from_utf8_lossy(bytes).contains("SECRET")));
}

#[test]
fn the_words_of_the_index_stand_above_the_lists_of_the_home_page() {
    let project = jekyll("lang: en\n");
    project.post( "index.md", "---\ntitle: Home\n---\nWelcome to the quay.\n\n{% for post in site.posts %}{{ post.title }}{% endfor %}\n");
    project.build_output(&[]);
    let home = page(&project, "index.html");
    let (words, lists) = (home.find("Welcome to the quay.").unwrap(), home.find("class=\"newest\"").unwrap());
    assert!(words < lists && !home.contains("<h1 tabindex=\"-1\">Home</h1>"), "{home}");
    assert!(!project.manifest().index.home.is_empty());
}

#[test]
fn a_page_that_only_lists_stories_is_left_to_our_own_lists() {
    let project = jekyll("lang: en\n");
    project.post( "index.html", "---\nlayout: home\n---\n<h1>Posts</h1>{% for post in paginator.posts %}<p>{{ post.title }}</p>{% endfor %}\n");
    project.post(
        "tags.md",
        "---\ntitle: Tags\n---\n## All\n\n{% for tag in site.tags %}{{ tag[0] }}{% endfor %}\n",
    );
    project.post("empty.md", "---\ntitle: Empty\nlayout: team\n---\n");
    project.post("raw.html", "<script>run()</script>");
    let output = project.build_output(&[]);
    assert!(
        output.contains("2 files that list stories, left to the site's own lists")
            && output.contains("index.html, tags.md"),
        "{output}"
    );
    assert!(output.contains("1 file without words of their own, left out: empty.md"), "{output}");
    assert!(output.contains("1 file of HTML left out") && output.contains("raw.html"), "{output}");
    assert!(!project.site().join("tags.html").exists() && !project.site().join("raw.html").exists());
}

#[test]
fn the_menu_has_the_pages_at_the_top_level_in_their_order_or_what_the_publisher_says() {
    let project = jekyll("lang: en\n");
    for (path, matter) in [
        ("b.md", "title: B\nnav_order: 2"),
        ("a.md", "title: A"),
        ("c.md", "title: C\nweight: 1"),
        ("out.md", "title: Out\nnav_exclude: true"),
        ("deep/d.md", "title: D"),
    ] {
        project.post(path, &format!("---\n{matter}\n---\nwords\n"));
    }
    project.build_output(&[]);
    assert_eq!(menu(&project), ["/c.html C", "/b.html B", "/a.html A"]);
    assert!(page(&project, "c.html").contains("<a href=\"/c.html\" aria-current=\"page\">C</a>"));
    project.post(
        "finews.toml",
        "[menu]\npages = [\"deep/d.md\", \"/a.html\", \"none.md\", { title = \"Forum\", url = \"https://forum.example/\" }]\n",
    );
    let output = project.build_output(&[]);
    assert!(output.contains("[menu] names “none.md”"), "{output}");
    assert_eq!(menu(&project), ["/deep/d.html D", "/a.html A", "https://forum.example/ Forum"]);
}

#[test]
fn a_page_at_an_address_of_the_site_gives_way_and_is_told() {
    let project = jekyll("lang: en\npermalink: pretty\n");
    for path in ["archive.md", "search.md", "harbour.md", "404.html", "twice.md", "twice.html"] {
        project.post(path, "---\ntitle: Mine\n---\nmine, all mine\n");
    }
    let output = project.build_output(&[]);
    for (path, owner) in [
        ("archive.md", "/archive/ is that of the site itself"),
        ("search.md", "/search/ is that of the site itself"),
        ("404.html", "is that of the site itself"),
        ("harbour.md", "/harbour/ is that of a category"),
        ("twice.md", "/twice/ is that of another page"),
    ] {
        let told =
            output.lines().any(|line| line.contains(&format!("{path}:1: address")) && line.contains(owner));
        assert!(told, "{path}: {output}");
    }
    assert!(!page(&project, "harbour/index.html").contains("mine"));
    assert!(page(&project, "twice/index.html").contains("mine"));
}

#[test]
fn what_a_page_names_goes_along_and_what_only_a_kept_back_one_names_does_not() {
    let project = jekyll("lang: en\n");
    project.post("about.md", "---\ntitle: About\n---\n[a](files/shown.pdf)\n");
    project.post("plan.md", "---\ntitle: Plan\npublished: false\n---\nSECRET [a](files/kept.pdf)\n");
    project.post("files/shown.pdf", "shown");
    project.post("files/kept.pdf", "SECRET");
    project.build_output(&[]);
    let files = project.files();
    assert!(files.contains_key("files/shown.pdf"));
    assert!(files.values().all(|bytes| !String::from_utf8_lossy(bytes).contains("SECRET")));
}

#[test]
fn no_word_of_a_page_stays_after_it_is_kept_back() {
    let project = jekyll("lang: en\n");
    for after in [
        "---\ntitle: About\npublished: false\n---\nSECRET\n",
        "---\ntitle: About\n---\nshown <!-- SECRET -->\n",
    ] {
        project.post("about.md", "---\ntitle: About\n---\nSECRET\n");
        project.build_output(&[]);
        assert!(project.files().values().any(|bytes| String::from_utf8_lossy(bytes).contains("SECRET")));
        project.post("about.md", after);
        project.build_output(&[]);
        for (path, bytes) in project.files() {
            assert!(!String::from_utf8_lossy(&bytes).contains("SECRET"), "{path}");
        }
        project.assert_matches_a_clean_build();
    }
}

#[test]
fn an_old_address_of_a_page_opens_it() {
    let project = jekyll("lang: en\nplugins: [jekyll-redirect-from]\n");
    project.post("about.md", "---\ntitle: About\nredirect_from: [/who/, /archive/]\n---\nwords\n");
    project.build_output(&[]);
    assert_eq!(standalone_page(&project, "/who/").unwrap().title, "About");
    assert_eq!(standalone_page(&project, "/about").unwrap().title, "About");
    assert_eq!(standalone_page(&project, "/nowhere/"), None);
}
