//! The action for GitHub (`action.yml`): its script fetches a release, verifies it, and builds a site.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use posts::Value;

use crate::project::output_text;

/// The script of the action's step.
fn script() -> String {
    let action = fs::read_to_string(testkit::setup::root().join("action.yml")).unwrap();
    let action = posts::read_yaml(&action).unwrap();
    let steps = action["runs"].map().unwrap()["steps"].list();
    let run = steps.iter().find_map(|step| step.map()?.get("run").and_then(Value::text));
    run.expect("the action has a script").to_owned()
}

const ARCHIVE: &str = "finews-x86_64-unknown-linux-musl.tar.gz";

/// Makes a release of the command under test, in the form of the release workflow.
fn release(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    let finews = testkit::setup::finews();
    let (place, name) = (finews.parent().unwrap(), finews.file_name().unwrap());
    let pack =
        Command::new("tar").arg("-czf").arg(folder.join(ARCHIVE)).arg("-C").arg(place).arg(name).status();
    assert!(pack.unwrap().success());
    let sums = Command::new("sha256sum").arg(ARCHIVE).current_dir(folder).output().unwrap();
    fs::write(folder.join("SHA256SUMS"), sums.stdout).unwrap();
}

fn run(folder: &Path, version: &str, action: &str) -> Output {
    Command::new("bash")
        .args(["-eo", "pipefail", "-c", &script()])
        .current_dir(folder)
        .envs([("RUNNER_OS", "Linux"), ("RUNNER_ARCH", "X64"), ("VERSION", version), ("ACTION", action)])
        .envs([("POSTS", "."), ("OUT", "_site"), ("HOST", "github-pages")])
        .env("BASE_URL", "https://name.github.io/news/")
        .env("RELEASES", format!("file://{}", folder.join("releases").display()))
        .output()
        .unwrap()
}

#[test]
fn the_action_builds_a_site_with_the_newest_or_a_given_release_and_refuses_a_damaged_one() {
    let folder = tempfile::tempdir().unwrap();
    let news = folder.path();
    fs::write(news.join("2026-03-01-a.md"), "---\ntitle: A\n---\nText.\n").unwrap();
    for (version, action, place) in [
        ("", "main", "latest/download"),
        ("v9.9.9", "v9.9.8", "download/v9.9.9"),
        ("", "v9.9.7", "download/v9.9.7"),
    ] {
        release(&news.join("releases").join(place));
        let output = run(news, version, action);
        assert!(output.status.success(), "{}", output_text(&output));
        let home = fs::read_to_string(news.join("_site/index.html")).unwrap();
        assert!(home.contains("<base href=\"/news/\">"));
        assert!(news.join("_site/.nojekyll").is_file());
        fs::remove_dir_all(news.join("_site")).unwrap();
        fs::remove_dir_all(news.join("releases")).unwrap();
    }
    release(&news.join("releases/latest/download"));
    fs::write(news.join("releases/latest/download").join(ARCHIVE), "damaged").unwrap();
    let output = run(news, "", "");
    assert!(!output.status.success() && !news.join("_site").exists(), "{}", output_text(&output));
}
