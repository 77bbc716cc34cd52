//! `finews new`: the folder that it makes is a site whose posts have no problems.

use std::fs;
use std::process::Command;

use crate::project::output_text;

#[test]
fn a_new_folder_has_posts_without_problems_and_can_be_built() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new(testkit::setup::finews())
            .args(arguments)
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", output_text(&output));
        output_text(&output)
    };
    let text = run(&["new", "harbour \"news\""]);
    assert!(text.contains("cd 'harbour \"news\"'\n"), "{text}");
    assert!(text.contains("finews dev --open") && text.contains("finews build . --out _site"), "{text}");
    let text = run(&["check", "harbour \"news\"", "--strict"]);
    assert!(text.contains("3 posts\n") && text.contains("no warnings"), "{text}");
    run(&["build", "harbour \"news\"", "--out", "site"]);
    let home = fs::read_to_string(folder.path().join("site/index.html")).unwrap();
    assert!(home.contains("<title>harbour &quot;news&quot;</title>"), "the folder's name is the title");
    for title in ["How to write a post", "Charts and quotes", "All Markdown that works"] {
        assert!(home.contains(title), "{title}");
    }
    let new = folder.path().join("harbour \"news\"");
    for path in [".gitignore", ".github/workflows/site.yml", "finews.toml"] {
        assert!(new.join(path).is_file(), "{path}");
    }
    let texts = testkit::folder::contents(&new);
    for (path, bytes) in texts {
        let text = String::from_utf8(bytes).unwrap();
        let unfilled = ["NOW", "TITLE", "DATE", "VERSION"].into_iter().find(|word| text.contains(word));
        assert_eq!(unfilled, None, "{path}: {text}");
    }
}

#[test]
fn a_new_folder_has_its_name_as_its_title_even_if_that_looks_like_a_placeholder() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["UPDATES", "NOW", "TITLE"] {
        let run =
            Command::new(testkit::setup::finews()).args(["new", name]).current_dir(folder.path()).output();
        assert!(run.unwrap().status.success());
        let settings = fs::read_to_string(folder.path().join(name).join("finews.toml")).unwrap();
        assert!(settings.contains(&format!("title = \"{name}\"\n")), "{settings}");
    }
}

#[test]
fn a_new_folder_may_exist_if_it_is_empty_or_only_a_repository() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("news/.git")).unwrap();
    let output = Command::new(testkit::setup::finews())
        .args(["new", "news"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", output_text(&output));
    assert!(folder.path().join("news/finews.toml").is_file());
}
