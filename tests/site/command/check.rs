//! `finews check`: what carries over and what does not.

use std::process::Output;

use serde_json::Value;

use crate::project::{Project, finews, output_text};

fn check(project: &Project, options: &[&str]) -> Output {
    let posts = project.posts();
    let arguments = [&["check", posts.to_str().unwrap()], options].concat();
    finews(&arguments)
}

/// A Jekyll site with a story and a page.
fn site(body: &str) -> Project {
    Project::of(&[
        ("_config.yml", "lang: en\nbaseurl: /blog\n"),
        (
            "_posts/2026-05-01-one.md",
            &format!("---\ntitle: One\ncategory: harbour\ntags: [quay]\n---\n{body}\n"),
        ),
        ("_posts/2026-05-02-two.md", "---\ntitle: Two\nredirect_from: /old/two.html\n---\nwords\n"),
        ("about.md", "---\ntitle: About\n---\nwords [nowhere](/pages/none.html)\n"),
        ("files/report.pdf", "pdf"),
    ])
}

#[test]
fn links_within_the_site_that_lead_nowhere_are_told_with_their_lines() {
    let project = site(
        "[a](/harbour/) [b](/tag/quay) [c](/2026/05/02/two.html) [d](/blog/2026/05/02/two.html#top) [e](/about.html) \
         [f](/about) [g](/old/two) [h](../../../../about.html) [i](/files/report.pdf) [j](/archive/2026/05/01) [k](/) \
         [l](#here) [m](https://example.com/) [n](feed.xml) [o](/harbour/feed.xml?x)\n\n[p](/2026/05/09/two.html)\n[q](../none.html)",
    );
    let output = output_text(&check(&project, &["--all"]));
    for (line, link) in [(8, "/2026/05/09/two.html"), (9, "../none.html")] {
        let told = format!("one.md:{line}: link: “{link}” leads to no story, page or file of the site");
        assert!(output.contains(&told), "{told} in {output}");
    }
    assert!(output.contains("about.md:4: link: “/pages/none.html” leads"), "{output}");
    assert!(output.contains("3 warnings: link 3"), "{output}");
    assert!(output.contains("1 file to publish as it is"), "{output}");
}

#[test]
fn two_thousand_warnings_stay_a_page_and_are_all_in_the_json() {
    let project = site("words");
    for at in 0..2000 {
        project.post(
            &format!("_posts/2026-04-01-p{at}.md"),
            &format!("---\ntitle: Post {at}\n---\n![a](missing-{at}.png) <marquee>words</marquee>\n"),
        );
    }
    let output = check(&project, &[]);
    assert_eq!(output.status.code(), Some(0));
    let text = output_text(&output);
    assert!(text.lines().count() < 40, "{text}");
    for part in
        ["file: 2000 warnings\n", "missing-0.png", "… and 1997 more\n", "Put the file into the folder"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert_eq!(check(&project, &["--strict"]).status.code(), Some(1));
    let json: Value = serde_json::from_slice(&check(&project, &["--json"]).stdout).unwrap();
    assert_eq!((&json["stories"], &json["files"]), (&2002.into(), &1.into()));
    assert_eq!(json["pages"], serde_json::json!(["about.md"]));
    let warnings = json["warnings"].as_array().unwrap();
    assert_eq!(warnings.iter().filter(|warning| warning["kind"] == "file").count(), 2000);
    let missing = warnings.iter().find(|warning| warning["kind"] == "file").unwrap();
    assert!(
        missing["file"].as_str().unwrap().ends_with("_posts/2026-04-01-p0.md") && missing["line"] == 4,
        "{missing}"
    );
}

#[test]
fn a_file_that_is_too_large_for_the_host_is_told() {
    let project = site("[a](/files/film.mp4)");
    let film = project.posts().join("files/film.mp4");
    std::fs::File::create(film).unwrap().set_len(26 << 20).unwrap();
    let text = output_text(&check(&project, &["--host", "cloudflare", "--all"]));
    assert!(
        text.contains("files/film.mp4:1: file: the file has 27262976 bytes, and Cloudflare Pages takes"),
        "{text}"
    );
    assert!(!output_text(&check(&project, &["--host", "github-pages", "--all"])).contains("film.mp4"));
}

#[test]
fn a_folder_without_anything_wrong_passes_strictly() {
    let project = Project::of(&[("2026-05-01-one.md", "---\ntitle: One\n---\nwords\n")]);
    let output = check(&project, &["--strict"]);
    assert_eq!(output.status.code(), Some(0), "{}", output_text(&output));
    assert!(output_text(&output).contains("no warnings"));
    assert!(!project.site().exists());
}
