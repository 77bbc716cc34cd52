//! Command lines that cannot have been meant: each is answered with a sentence that helps and the exit code 2, and
//! writes nothing.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::project::output_text;

/// A folder with a folder of posts, a site made of them, and things that are neither.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for name in ["news", "empty", "pages", "my posts"] {
        fs::create_dir(path(name)).unwrap();
    }
    fs::write(path("news/2026-03-01-a.md"), "---\ntitle: A\n---\nThe withdrawn words.\n").unwrap();
    fs::write(path("pages/README.md"), "# Read me\n").unwrap();
    fs::write(path("note.txt"), "A note.\n").unwrap();
    let built = run(folder.path(), &["build", "news", "--out", "site", "--cache", "cache"]);
    assert!(built.status.success(), "{}", output_text(&built));
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> std::process::Output {
    Command::new(testkit::setup::finews()).args(arguments).current_dir(folder).output().expect("finews runs")
}

const CASES: [(&[&str], &str); 46] = [
    (&[], "what should finews do?"),
    (&["news"], "To see its posts as a site: finews dev news"),
    (&["site"], "To preview it: finews serve site"),
    (&["biuld", "news"], "a similar subcommand exists: 'build'"),
    (&["note.txt"], "unrecognized subcommand"),
    (&["--watch", "news"], "unexpected argument '--watch'"),
    (&["build"], "which folder has the posts?"),
    (&["build", "--out", "new"], "which folder has the posts?"),
    (&["build", "news"], "where should the site go? For example: finews build news --out site"),
    (&["build", "news", "--host", "github-pages"], "where should the site go?"),
    (&["build", "news", "new"], "unexpected argument 'new'"),
    (&["build", "nwes", "--out", "new"], "there is no folder nwes"),
    (&["build", "note.txt", "--out", "new"], "note.txt is a file; give the folder"),
    (&["build", "news/2026-03-01-a.md", "--out", "new"], "give the folder of your posts, such as news"),
    (&["build", "site", "--out", "new"], "to preview it: finews serve site"),
    (
        &["build", "news", "--out", "note.txt"],
        "note.txt is a file; choose another name for the site's folder",
    ),
    (&["build", "news", "--out", "news"], "the site cannot be put into news, because your posts are there"),
    (&["build", "news", "--out", "."], "the site cannot be put into ., because your posts are there"),
    (&["build", "nwes", "--out", "new", "--watch"], "there is no folder nwes"),
    (&["build", "empty", "--out", "new", "--watch"], "empty has no posts"),
    (
        &["build", "--base-url", "https://a.example/", "my posts"],
        "For example: finews build 'my posts' --out site",
    ),
    (&["build", "empty", "--out", "new"], "empty has no posts"),
    (&["build", "pages", "--out", "new"], "pages has no posts"),
    (&["build", "news", "--out", "new", "--prerender", "some"], "write a number or “all”"),
    (&["build", "news", "--out", "new", "--host", "gitlab"], "possible values"),
    (&["build", "news", "--out", "new", "--now", "soon"], "invalid value 'soon'"),
    (&["dev", "nwes"], "there is no folder nwes"),
    (&["dev", "empty"], "empty has no posts"),
    (&["dev", "pages"], "pages has no posts"),
    (&["dev", "note.txt"], "note.txt is a file"),
    (&["dev", "site"], "to preview it: finews serve site"),
    (&["dev", "news", "--out", "new"], "unexpected argument '--out'"),
    (&["dev", "news", "--host", "192.168.0.2"], "to listen on this address: --host=192.168.0.2"),
    (&["dev", "--host", "192.168.0.2"], "if you mean the address to listen on: --host=192.168.0.2"),
    (&["serve", "--host", "192.168.0.2"], "there is no folder 192.168.0.2"),
    (&["demo", "news"], "unexpected argument 'news'"),
    (&["new"], "what should the new folder be called?"),
    (&["new", "news"], "news is not empty, so nothing was written"),
    (&["new", "note.txt"], "note.txt is a file"),
    (&["check"], "which folder has the posts? For example: finews check POSTS"),
    (&["check", "nwes"], "there is no folder nwes"),
    (&["check", "note.txt"], "note.txt is a file"),
    (&["serve"], "which site? For example: finews serve SITE"),
    (
        &["serve", "news"],
        "news is not a site: it has no index.html and no bundle. To see the posts in it as a site: finews dev news",
    ),
    (&["serve", "stie"], "there is no folder stie"),
    (&["serve", "site", "--port", "70000"], "70000 is not in 0..=65535"),
];

#[test]
fn a_near_miss_is_answered_with_a_sentence_that_helps_and_writes_nothing() {
    let folder = folder();
    let before = testkit::folder::contents(folder.path());
    for (arguments, expected) in CASES {
        let output = run(folder.path(), arguments);
        let text = output_text(&output);
        assert!(text.contains(expected), "finews {}: {text}", arguments.join(" "));
        assert_eq!(output.status.code(), Some(2), "finews {}: {text}", arguments.join(" "));
        assert!(testkit::folder::contents(folder.path()) == before, "finews {} wrote", arguments.join(" "));
    }
}

#[test]
fn a_folder_whose_posts_are_all_gone_still_updates_its_site() {
    let folder = folder();
    fs::remove_file(folder.path().join("news/2026-03-01-a.md")).unwrap();
    let output =
        run(folder.path(), &["build", "news", "--out", "site", "--cache", "cache", "--keep-days", "0"]);
    assert!(output.status.success(), "{}", output_text(&output));
    let texts = testkit::folder::contents(&folder.path().join("site"));
    assert!(texts.values().all(|bytes| !String::from_utf8_lossy(bytes).contains("withdrawn")));
}
