//! Files beside the posts: pictures, sound, films and documents that stories name.

use std::fs;

use testkit::picture_of_noise;

use crate::project::{Project, finews, output_text};

/// The beginning of a PNG file, which tells its size.
fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
    bytes
}

fn put(project: &Project, path: &str, bytes: &[u8]) {
    let file = project.posts().join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, bytes).unwrap();
}

/// A site with one story, whose body is `words`.
fn site(words: &str) -> Project {
    Project::of(&[("2026-05-01-one.md", &format!("---\ntitle: One\n---\n{words}\n"))])
}

fn body(project: &Project) -> String {
    project.article("/2026/05/01/one").body.clone()
}

#[test]
fn what_a_story_names_goes_along_under_its_own_path() {
    let project = site(
        "![a](pictures/harbour.png) ![b](/pictures/harbour.png \"t\") [report](files/report.pdf#page=2) \
         <video src=\"films/quay.mp4\"></video>\n\n<img src=\"pictures/harbour.png\" width=\"30\" height=\"20\">",
    );
    put(&project, "pictures/harbour.png", &png(640, 480));
    put(&project, "pictures/other.png", &png(1, 1));
    put(&project, "files/report.pdf", b"pdf");
    put(&project, "films/quay.mp4", b"film");
    let output = project.build_output(&[]);
    assert!(output.contains("no warnings"), "{output}");
    let files = project.files();
    assert_eq!(files["pictures/harbour.png"], png(640, 480));
    assert_eq!((&*files["files/report.pdf"], &*files["films/quay.mp4"]), (&b"pdf"[..], &b"film"[..]));
    assert!(!files.contains_key("pictures/other.png"));
    let body = body(&project);
    for part in [
        "![a](/pictures/harbour.png#640x480)",
        "![b](/pictures/harbour.png#640x480 \"t\")",
        "[report](/files/report.pdf#page=2)",
        "/films/quay.mp4",
        "(/pictures/harbour.png#30x20)",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
}

#[test]
fn an_address_is_relative_to_the_post_or_else_to_the_folder() {
    let project = Project::of(&[(
        "news/2026-05-01-one.md",
        "---\ntitle: One\ncover: {image: pictures/cover.png, alt: Quay}\n---\n![a](a.png) ![b](../b.png) ![c](pictures/c.png) ![d](/blog/d.png)\n",
    )]);
    for path in ["news/a.png", "b.png", "pictures/c.png", "d.png", "pictures/cover.png", "a.png"] {
        put(&project, path, &png(4, 3));
    }
    let output = project.build_output(&["--base-url", "https://news.example/blog/"]);
    assert!(output.contains("no warnings"), "{output}");
    let article = project.article("/2026/05/01/one");
    assert_eq!(article.image, "/pictures/cover.png");
    for address in ["/news/a.png", "/b.png", "/pictures/c.png", "/d.png"] {
        assert!(article.body.contains(&format!("({address}#4x3)")), "{}", article.body);
        assert!(project.site().join(&address[1..]).exists(), "{address}");
    }
    assert!(!project.site().join("a.png").exists());
}

#[test]
fn names_with_any_characters_keep_them() {
    let project = site("![a](a%20b/100%25%20%231.png)\n\n![b](图片/港口.png)");
    put(&project, "a b/100% #1.png", &png(1, 1));
    put(&project, "图片/港口.png", &png(1, 1));
    let output = project.build_output(&[]);
    assert!(output.contains("no warnings"), "{output}");
    let body = body(&project);
    assert!(body.contains("(/a%20b/100%25%20%231.png#1x1)"), "{body}");
    assert!(body.contains("(/%E5%9B%BE%E7%89%87/%E6%B8%AF%E5%8F%A3.png#1x1)"), "{body}");
    assert!(project.site().join("a b/100% #1.png").exists() && project.site().join("图片/港口.png").exists());
}

#[test]
fn a_name_that_only_some_systems_find_is_told_and_works() {
    let project = site("![a](Pictures/Harbour.PNG) ![b](caf%C3%A9.png)");
    put(&project, "pictures/harbour.png", &png(4, 3));
    // As macOS writes it.
    put(&project, "cafe\u{301}.png", &png(4, 3));
    let output = project.build_output(&[]);
    assert!(
        output.contains("one.md:4: file: “Pictures/Harbour.PNG” is used as “pictures/harbour.png”"),
        "{output}"
    );
    assert!(output.contains("file 2"), "{output}");
    assert_eq!(body(&project), "![a](/pictures/harbour.png#4x3) ![b](/cafe%CC%81.png#4x3)");
    assert!(project.site().join("pictures/harbour.png").exists());
    assert!(project.site().join("cafe\u{301}.png").exists());
}

#[test]
fn a_missing_file_is_told_with_its_line_and_found_when_it_comes() {
    let project = site("words\n\n![a](pictures/a.png) [no link](pictures/b.pdf)");
    let output = project.build_output(&[]);
    assert!(output.contains("one.md:6: file: “pictures/a.png” is no file of the site"), "{output}");
    assert!(output.contains("file 1"), "{output}");
    put(&project, "pictures/a.png", &png(4, 3));
    let output = project.build_output(&[]);
    assert!(output.contains("no warnings"), "{output}");
    assert!(body(&project).contains("(/pictures/a.png#4x3)"));
    project.assert_matches_a_clean_build();
}

#[test]
fn a_changed_file_is_copied_again_and_a_file_that_no_story_names_is_removed() {
    let project = site("![a](a.png)");
    put(&project, "a.png", &png(4, 3));
    project.build_output(&[]);
    let output = project.build_output(&[]);
    assert!(output.contains("0 new;"), "{output}");
    put(&project, "a.png", &png(40, 30));
    project.build_output(&[]);
    assert_eq!(body(&project), "![a](/a.png#40x30)");
    assert_eq!(project.files()["a.png"], png(40, 30));
    project.assert_matches_a_clean_build();
    project.post("2026-05-01-one.md", "---\ntitle: One\n---\nno picture\n");
    project.build_output(&[]);
    assert!(!project.files().contains_key("a.png"));
}

#[test]
fn no_file_of_kept_back_stories_of_finews_s_inputs_or_outside_the_folder_is_published() {
    let project = site(
        "![1](secret-outside.png) ![2](linked/secret.png) ![3](../secret.png) ![4](.hidden/secret.png) ![5](_secret.png) \
         [6](finews.toml) [7](names.csv) [8](prices/secret.csv) [9](secret.html) [10](secret.js) ![11](secret.svg) \
         ![12](_drafts/secret.png) [13](2026-05-02-draft.md) [14](linked.pdf) [15](/secret.php)",
    );
    fs::create_dir(project.folder.path().join("outside")).unwrap();
    fs::write(project.folder.path().join("outside/secret.png"), b"SECRET").unwrap();
    fs::write(project.folder.path().join("secret.png"), b"SECRET").unwrap();
    for (target, link) in [
        ("../outside/secret.png", "secret-outside.png"),
        ("../outside", "linked"),
        ("../secret.png", "linked.pdf"),
    ] {
        std::os::unix::fs::symlink(target, project.posts().join(link)).unwrap();
    }
    project.post("finews.toml", "title = \"SECRET\"\nlang = \"en\"\n");
    project.post("names.csv", "1.600519,SECRET\n");
    for path in [
        ".hidden/secret.png",
        "_secret.png",
        "prices/secret.csv",
        "secret.html",
        "secret.js",
        "secret.php",
        "_drafts/secret.png",
        "draft.png",
        "later.png",
        "excluded.png",
    ] {
        put(&project, path, b"SECRET");
    }
    put(&project, "secret.svg", b"<svg onload=\"SECRET\"></svg>");
    project.post("2026-05-02-draft.md", "---\ndraft: true\n---\n![a](draft.png)\n");
    project.post("2026-05-03-later.md", "---\ndate: 2999-01-01\n---\n![a](later.png)\n");
    project.post("finews.toml", "title = \"News\"\nlang = \"en\"\n");
    project.build_output(&[]);
    for (path, bytes) in project.files() {
        let is_picture = path.ends_with(".png") && !path.starts_with("icon-");
        assert!(!is_picture && !path.contains("secret"), "{path}");
        assert!(!String::from_utf8_lossy(&bytes).contains("SECRET"), "{path}");
    }
}

#[test]
fn a_file_gives_way_to_one_of_the_site_and_is_told() {
    let project = site("![a](icon.svg) ![b](assets/harbour.png)");
    put(&project, "icon.svg", b"<svg/>");
    put(&project, "assets/harbour.png", &png(4, 3));
    let output = project.build_output(&[]);
    assert!(output.contains("icon.svg: the site has a file of its own at this address"), "{output}");
    assert_ne!(project.files()["icon.svg"], b"<svg/>");
    assert_eq!(project.files()["assets/harbour.png"], png(4, 3));
    // It stays in each build, because it is none of the program's.
    project.build_output(&["--keep-days", "0"]);
    assert_eq!(project.files()["assets/harbour.png"], png(4, 3));
}

#[test]
fn a_jekyll_site_s_files_go_along_as_jekyll_copies_them() {
    let project = site("[report](files/shown.pdf)");
    project.post("_config.yml", "title: News\nexclude: [private]\n");
    project.post(
        "_posts/2026-05-02-two.md",
        "---\ntitle: Two\npublished: false\n---\n![a](/pictures/kept.png)\n",
    );
    project.post(
        "_posts/2026-05-03-three.md",
        "---\ntitle: Three\n---\n![a](/pictures/both.png) <!-- ![b](/pictures/plain.png) -->\n",
    );
    project.post(
        "_drafts/four.md",
        "---\ntitle: Four\n---\n![a](/pictures/both.png) ![b](/pictures/draft.png)\n",
    );
    for path in ["pictures/kept.png", "pictures/both.png", "pictures/draft.png", "pictures/plain.png"] {
        put(&project, path, &png(4, 3));
    }
    put(&project, "CNAME", b"news.example");
    put(&project, "assets/plain.css", b"p {}");
    put(&project, "assets/main.scss", b"---\n---\np {}");
    put(&project, "feed.json", b"---\n---\n[]");
    put(&project, "private/secret.png", b"SECRET");
    put(&project, "demo/page.html", b"<script></script>");
    put(&project, "demo/run.js", b"run()");
    put(&project, "verify.xml", b"<users><user>1</user></users>");
    put(&project, "pictures/run.svg", b"<svg><script/></svg>");
    let output = project.build_output(&[]);
    assert!(output.contains("pictures/run.svg:1: file: the file is left out"), "{output}");
    let files = project.files();
    for path in ["pictures/both.png", "pictures/plain.png", "CNAME", "assets/plain.css", "verify.xml"] {
        assert!(files.contains_key(path), "{path}");
    }
    for path in [
        "pictures/kept.png",
        "pictures/draft.png",
        "assets/main.scss",
        "feed.json",
        "private/secret.png",
        "demo/page.html",
        "demo/run.js",
        "pictures/run.svg",
        "_config.yml",
    ] {
        assert!(!files.contains_key(path), "{path}");
    }
    project.post("finews.toml", "[files]\ninclude = [\"demo/**\", \"/pictures/*.svg\"]\n");
    let output = project.build_output(&[]);
    assert!(output.contains("no warnings"), "{output}");
    let files = project.files();
    for path in ["demo/page.html", "demo/run.js", "pictures/run.svg"] {
        assert!(files.contains_key(path), "{path}");
    }
    assert!(!files.contains_key("pictures/draft.png"));
}

#[test]
fn a_file_that_the_publisher_includes_goes_along_in_any_folder() {
    let project = site("words");
    put(&project, "demo/page.html", b"<script></script>");
    put(&project, "demo/other.png", &png(1, 1));
    put(&project, "_secret/page.html", b"SECRET");
    project.post("finews.toml", "lang = \"en\"\n[files]\ninclude = [\"**/*.html\"]\n");
    project.build_output(&[]);
    let files = project.files();
    assert!(files.contains_key("demo/page.html") && !files.contains_key("demo/other.png"));
    assert!(!files.contains_key("_secret/page.html"));
}

#[test]
fn a_file_and_a_folder_of_one_name_give_way_to_each_other() {
    let project = site("words");
    project.post("_config.yml", "title: News\nlang: en\n");
    project.post("_posts/2026-05-02-two.md", "---\ntitle: Two\n---\nwords\n");
    project.post("about.md", "---\ntitle: About\npermalink: /a/b.pdf/\n---\nwords\n");
    for path in ["archive", "bundle", "2026", "a/b.pdf", "x"] {
        put(&project, path, b"mine");
    }
    let output = project.build_output(&[]);
    for path in ["archive", "bundle", "2026", "a/b.pdf"] {
        assert!(output.contains(&format!("{path}: the site has a file of its own")), "{path}: {output}");
    }
    assert_eq!(project.files()["x"], b"mine");
    // A file may become a folder, and a folder a file.
    fs::remove_file(project.posts().join("x")).unwrap();
    put(&project, "x/y/z.png", b"mine");
    project.build_output(&[]);
    assert_eq!(project.files()["x/y/z.png"], b"mine");
    fs::remove_dir_all(project.posts().join("x")).unwrap();
    put(&project, "x", b"mine");
    project.build_output(&[]);
    assert_eq!(project.files()["x"], b"mine");
    project.assert_matches_a_clean_build();
}

#[test]
fn a_story_follows_the_files_that_it_links_to() {
    let project = site("[it](about.md#us) [that](2026-05-02-two.md)");
    project.post("2026-05-02-two.md", "---\ntitle: Two\ndraft: true\n---\nwords\n");
    project.build_output(&[]);
    assert_eq!(body(&project), "[it](about.md#us) [that](2026-05-02-two.md)");
    project.post("about.md", "About us.\n");
    project.post("2026-05-02-two.md", "---\ntitle: Two\n---\nwords\n");
    project.build_output(&[]);
    assert_eq!(body(&project), "[it](/about.html#us) [that](/2026/05/02/two.html)");
    project.assert_matches_a_clean_build();
    project.post("about.md", "---\npermalink: /who/\n---\nAbout us.\n");
    project.build_output(&[]);
    assert_eq!(body(&project), "[it](/who/#us) [that](/2026/05/02/two.html)");
    project.assert_matches_a_clean_build();
}

fn size(png: &[u8]) -> (u32, u32) {
    let picture = image::load_from_memory(png).unwrap();
    (picture.width(), picture.height())
}

#[test]
fn a_story_s_picture_is_small_in_lists() {
    let project = Project::of(&[
        ("_config.yml", "defaults: [{values: {image: /site.png}}]\n"),
        ("_posts/2026-05-01-own.md", "---\nimage: /pictures/a%20b.png\n---\nwords\n"),
        ("_posts/2026-05-02-other-host.md", "---\nthumbnail: https://h.example/p.jpg\n---\nwords\n"),
        ("_posts/2026-05-03-default.md", "words\n"),
        ("_posts/2026-05-04-missing.md", "---\ncover: no.png\n---\nwords\n"),
        ("_posts/2026-05-05-in-the-text.md", "![a](/site.png)\n"),
    ]);
    put(&project, "pictures/a b.png", &png(640, 480));
    put(&project, "site.png", &png(4, 3));
    project.build_output(&["--base-url", "https://news.example/blog/"]);
    let images = project.manifest().newest.into_iter().map(|row| (row.slug, row.image));
    assert_eq!(
        images.collect::<Vec<_>>(),
        [
            ("in-the-text", ""),
            ("missing", ""),
            ("default", ""),
            ("other-host", "https://h.example/p.jpg"),
            ("own", "/pictures/a%20b.png"),
        ]
        .map(|(slug, image)| (slug.to_owned(), image.to_owned()))
    );
    let home = project.read("index.html");
    let pictures: Vec<&str> = home.split("<img ").skip(1).map(|tag| tag.split('>').next().unwrap()).collect();
    assert_eq!(pictures.len(), 2, "{pictures:?}");
    for (picture, src) in pictures.iter().zip(["https://h.example/p.jpg", "/blog/pictures/a%20b.png"]) {
        assert!(picture.contains(&format!("src=\"{src}\"")), "{picture}");
        assert!(picture.contains("loading=\"lazy\"") && picture.contains("alt=\"\""), "{picture}");
    }
}

#[test]
fn smaller_copies_of_pictures_are_made_if_the_publisher_wants_them() {
    let project = Project::of(&[
        (
            "2026-05-01-one.md",
            "---\nimage: a.png\n---\n![a](a.png) ![b](b.png) ![c](c.gif) ![a](a.png?v=1) [d](d.png) <img src=\"a.png\" width=\"60\" height=\"40\">\n",
        ),
        ("finews.toml", "[pictures]\nwidths = [80, 50, 50]\n"),
    ]);
    put(&project, "a.png", &picture_of_noise(120, 80));
    put(&project, "b.png", &picture_of_noise(60, 30));
    put(&project, "c.gif", b"GIF89a\xf0\0\xa0\0\0\0\0");
    put(&project, "d.png", &picture_of_noise(120, 80));
    let output = project.build_output(&[]);
    let files = project.files();
    let copies: Vec<_> = files.keys().filter(|path| path.contains("0w.")).map(String::as_str).collect();
    assert_eq!(copies, ["a.50w.png", "a.80w.png", "b.50w.png"], "{output}");
    let sizes = copies.iter().map(|path| size(&files[*path])).collect::<Vec<_>>();
    assert_eq!(sizes, [(50, 33), (80, 53), (50, 25)]);
    assert_eq!(files["a.png"], picture_of_noise(120, 80));
    let body = body(&project);
    for part in [
        "![a](/a.png#120x80,50,80,120)",
        "![b](/b.png#60x30,50,60)",
        "![c](/c.gif#240x160)",
        "![a](/a.png?v=1#120x80)",
        "[d](/d.png)",
        "![](/a.png#60x40,50,80,120)",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
    let page = project.read("2026/05/01/one.html");
    assert!(page.contains("srcset=\"/a.50w.png 50w, /a.80w.png 80w, /a.png 120w\""), "{page}");
    assert_eq!(project.manifest().newest[0].image, "/a.50w.png");
    let output = project.build_output(&[]);
    assert!(output.contains("0 new;"), "{output}");
    project.assert_matches_a_clean_build();
    project.post("finews.toml", "[pictures]\nwidths = []\n");
    project.build_output(&[]);
    assert!(!project.files().keys().any(|path| path.contains("0w.")));
    project.assert_matches_a_clean_build();
    for wrong in ["[10]", "[5000]", "[50, 51, 52, 53, 54, 55, 56]"] {
        project.post("finews.toml", &format!("[pictures]\nwidths = {wrong}\n"));
        let output = project.build(&[]);
        let text = crate::project::output_text(&output);
        assert!(!output.status.success() && text.contains("finews.toml: [pictures] widths: "), "{text}");
    }
}

#[test]
fn a_publisher_s_own_file_with_the_name_of_a_copy_stays() {
    let project = site("![a](a.png) ![b](a.50w.png)");
    project.post("finews.toml", "[pictures]\nwidths = [50]\n");
    put(&project, "a.png", &picture_of_noise(120, 80));
    put(&project, "a.50w.png", &picture_of_noise(30, 20));
    project.build_output(&[]);
    assert_eq!(project.files()["a.50w.png"], picture_of_noise(30, 20));
    assert_eq!(body(&project), "![a](/a.png#120x80) ![b](/a.50w.png#30x20)");
    // A folder has the name of a copy, and a file that comes later.
    project.post("2026-05-01-one.md", "---\ntitle: One\n---\n![a](a.png) [b](a.50w.png/x.pdf) ![c](c.png)\n");
    fs::remove_file(project.posts().join("a.50w.png")).unwrap();
    put(&project, "a.50w.png/x.pdf", b"pdf");
    put(&project, "c.png", &picture_of_noise(120, 80));
    project.build_output(&[]);
    assert_eq!(project.files()["a.50w.png/x.pdf"], b"pdf");
    assert!(body(&project).contains("(/c.png#120x80,50,120)"));
    put(&project, "c.50w.png", &picture_of_noise(30, 20));
    project.build_output(&[]);
    assert!(body(&project).ends_with("(/c.png#120x80)"));
    project.assert_matches_a_clean_build();
}

#[test]
fn copies_follow_their_picture_and_go_with_their_story() {
    let project = Project::of(&[("2026-05-01-one.md", "![a](a.png)\n"), ("2026-05-02-two.md", "words\n")]);
    project.post("finews.toml", "[pictures]\nwidths = [50]\n");
    put(&project, "a.png", &picture_of_noise(120, 80));
    project.build_output(&[]);
    put(&project, "a.png", &picture_of_noise(200, 100));
    project.build_output(&[]);
    assert_eq!(size(&project.files()["a.50w.png"]), (50, 25));
    project.assert_matches_a_clean_build();
    project.post("2026-05-01-one.md", "---\ndraft: true\n---\n![a](a.png)\n");
    project.build_output(&[]);
    assert!(!project.files().keys().any(|path| path.starts_with("a.")));
}

#[test]
fn a_picture_that_cannot_be_made_smaller_has_copies_with_its_bytes() {
    let project = site("![a](a.png)");
    project.post("finews.toml", "[pictures]\nwidths = [50]\n");
    put(&project, "a.png", &png(100, 100));
    project.build_output(&[]);
    assert_eq!(project.files()["a.50w.png"], png(100, 100));
}

#[test]
fn a_picture_for_browsers_without_scripts_shows_once() {
    let project = site(
        "<div id=\"chart\"><noscript>Turn scripts on!<img alt=\"c\" src=\"chart.png\"></noscript></div>\n\n\
         <img data-src=\"late.png\" src=\"data:image/gif;base64,R0\"><noscript><img src=\"late.png\"></noscript>\n\n\
         <noscript><img src=\"early.png\"></noscript><img data-src=\"early.png\">\n\n\
         <noscript><img src=\"https://counter.example/matomo.php\"></noscript>\n\n\
         <noscript><img height=\"1\" width=\"1\" src=\"https://counter.example/pixel\"><p hidden><img src=\"hidden.png\"></p></noscript>",
    );
    put(&project, "chart.png", &png(9, 8));
    put(&project, "late.png", &png(7, 6));
    put(&project, "early.png", &png(5, 4));
    project.build_output(&[]);
    let body = body(&project);
    assert_eq!(body.matches(".png").count(), 3, "{body}");
    assert!(body.contains("![c](/chart.png#9x8)") && body.contains("(/late.png#7x6)"), "{body}");
    assert!(!body.contains("scripts on") && !body.contains("counter"), "{body}");
}

#[test]
fn what_a_link_leads_to_outside_the_folder_is_no_page() {
    let outside = tempfile::tempdir().unwrap();
    fs::create_dir(outside.path().join("folder")).unwrap();
    for path in ["page.md", "folder/page.md"] {
        fs::write(outside.path().join(path), "---\ntitle: SECRET\n---\nSECRET\n").unwrap();
    }
    let project = site("words");
    project.post("about.md", "---\ntitle: About\n---\nwords\n");
    for (target, link) in [("page.md", "linked.md"), ("folder", "linked")] {
        std::os::unix::fs::symlink(outside.path().join(target), project.posts().join(link)).unwrap();
    }
    project.build_output(&[]);
    let files = project.files();
    assert!(files.contains_key("about/index.html") || files.contains_key("about.html"));
    assert!(files.values().all(|bytes| !String::from_utf8_lossy(bytes).contains("SECRET")));
}

#[test]
fn a_file_that_only_a_draft_names_is_left_out_and_told_but_not_one_that_hosts_ask_for() {
    let project = Project::of(&[
        ("_config.yml", "title: T\nlang: en\n"),
        ("_posts/2026-05-01-one.md", "---\ntitle: One\n---\nwords\n"),
        ("_drafts/two.md", "How we set CNAME, favicon.ico and ads.txt, and ![a](secret.png)\n"),
    ]);
    for path in ["CNAME", "favicon.ico", "ads.txt", "secret.png"] {
        put(&project, path, b"a");
    }
    let output = project.build_output(&[]);
    assert!(
        output.contains(
            "1 file left out, because only posts or pages that are kept back name them: secret.png"
        ),
        "{output}"
    );
    let files = project.files();
    assert!(["CNAME", "favicon.ico", "ads.txt"].iter().all(|path| files.contains_key(*path)));
    assert!(!files.contains_key("secret.png"));
}

#[test]
fn documents_in_frames_and_files_of_any_name_go_along() {
    let project = site(
        "<iframe src=\"files/a.pdf\"></iframe>\n\n<object data=\"/files/b.pdf\"></object>\n\n<embed src=\"files/c%20d.pdf\">\n\n[demo](demo/x.html) [read](files/README) ![e](../../../files/e.png) ![f](https://news.example/n/files/f.png)",
    );
    project.post("finews.toml", "lang = \"en\"\n[files]\ninclude = [\"demo/**\"]\n");
    for path in ["files/a.pdf", "files/b.pdf", "files/c d.pdf", "demo/x.html", "files/README"] {
        put(&project, path, b"a");
    }
    put(&project, "files/e.png", &png(4, 3));
    put(&project, "files/f.png", &png(4, 3));
    let output = project.build_output(&["--base-url", "https://news.example/n/"]);
    assert!(output.contains("no warnings") && !output.contains("left out"), "{output}");
    let files = project.files();
    for path in ["a.pdf", "b.pdf", "c d.pdf", "README", "e.png", "f.png"] {
        assert!(files.contains_key(&format!("files/{path}")), "{path}");
    }
    let body = body(&project);
    for part in [
        "[a.pdf](/files/a.pdf)",
        "[b.pdf](/files/b.pdf)",
        "[c d.pdf](/files/c%20d.pdf)",
        "[demo](/demo/x.html)",
        "[read](/files/README)",
        "![e](/files/e.png#4x3)",
        "![f](/files/f.png#4x3)",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
}

#[test]
fn what_gives_way_to_the_site_is_told_also_by_a_check() {
    let project = Project::of(&[
        ("_config.yml", "title: T\nlang: en\nurl: https://news.example\n"),
        ("_posts/2026-05-01-one.md", "---\ntitle: One\n---\n![a](/bundle/b.png)\n"),
        ("feed.md", "---\ntitle: Feed\npermalink: /feed.xml\n---\nwords\n"),
        ("robots.md", "---\ntitle: Robots\npermalink: /robots.txt\n---\nwords\n"),
    ]);
    for path in ["2026", "bundle/b.png", "sitemap.xml"] {
        put(&project, path, b"<a/>");
    }
    let built = project.build_output(&[]);
    let checked = output_text(&finews(&["check", project.posts().to_str().unwrap(), "--all"]));
    for output in [&built, &checked] {
        for address in ["/feed.xml", "/robots.txt"] {
            assert!(
                output.contains(&format!("its address {address} is that of the site itself")),
                "{output}"
            );
        }
        for path in ["2026", "bundle/b.png", "sitemap.xml"] {
            let told = output.lines().any(|line| line.contains(path) && line.contains("a file of its own"));
            assert!(told, "{path}: {output}");
        }
    }
    assert!(!project.files().keys().any(|path| path.ends_with(".xml.html")));
}
