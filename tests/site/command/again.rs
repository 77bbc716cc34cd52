//! Repeated builds: what they read, write and delete.

use crate::project::*;
use std::fs;

#[test]
fn a_second_build_parses_only_changed_posts_and_equals_a_clean_build() {
    let project = Project::with(&["一", "二", "三", "四", "五"]);
    project.build(&[]);
    let rebuild = |project: &Project| {
        let output = project.build(&[]);
        assert!(output.status.success(), "{}", output_text(&output));
        project.assert_matches_a_clean_build();
        output_text(&output).lines().find(|line| line.contains(" posts, ")).unwrap().to_owned()
    };
    // Files as recent as these may have been written twice within the time resolution, so they are read
    // again, but not parsed.
    assert_eq!(rebuild(&project), "5 posts, 0 of them new or changed");
    project.post("2026-05-20-new.md", "---\ntitle: 新\ncategories: b\ntags: 乙\n---\n新的正文\n");
    assert_eq!(rebuild(&project), "6 posts, 1 of them new or changed");
    project.post("2026-05-02-p1.md", "---\ntitle: 改\ncategories: a\n---\n改过的正文\n");
    assert_eq!(rebuild(&project), "6 posts, 1 of them new or changed");
    fs::create_dir(project.posts().join("moved")).unwrap();
    fs::rename(project.posts().join("2026-05-03-p2.md"), project.posts().join("moved/2026-05-03-p2.md"))
        .unwrap();
    assert_eq!(rebuild(&project), "6 posts, 1 of them new or changed");
    fs::rename(project.posts().join("2026-05-04-p3.md"), project.posts().join("2026-05-04-renamed.md"))
        .unwrap();
    assert_eq!(rebuild(&project), "6 posts, 1 of them new or changed");
    fs::remove_file(project.posts().join("2026-05-05-p4.md")).unwrap();
    assert_eq!(rebuild(&project), "5 posts, 0 of them new or changed");
    // A spelling that becomes the most frequent is shown in unchanged stories too.
    project.post("2026-05-21-x.md", "---\ntitle: 甲\ncategories: B\n---\n正文\n");
    project.post("2026-05-22-y.md", "---\ntitle: 乙\ncategories: B\n---\n正文\n");
    assert_eq!(rebuild(&project), "7 posts, 2 of them new or changed");
}

#[test]
fn a_file_rewritten_with_the_same_size_and_time_soon_after_a_build_is_read() {
    let project = Project::with(&["一"]);
    let file = project.posts().join("2026-05-01-p0.md");
    let time = fs::metadata(&file).unwrap().modified().unwrap();
    project.build(&[]);
    project.post("2026-05-01-p0.md", "---\ntitle: 二\ncategories: a\n---\n二的正文\n");
    fs::File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
    project.build(&[]);
    project.assert_matches_a_clean_build();
}

#[test]
fn the_cache_may_be_deleted_or_damaged_at_any_time() {
    let project = Project::with(&["一", "二", "三"]);
    project.build(&[]);
    let cache = project.folder.path().join(".site.finews-cache");
    let first = project.files();
    for name in ["stories", "parts"] {
        let whole = fs::read(cache.join(name)).unwrap();
        let mut flipped = whole.clone();
        flipped[whole.len() / 2] ^= 1;
        for bytes in [&whole[..whole.len() / 2], &[], b"nonsense that is longer than a key", &flipped] {
            fs::write(cache.join(name), bytes).unwrap();
            let output = project.build(&[]);
            assert!(output.status.success(), "{}", output_text(&output));
            assert_eq!(project.files(), first, "{name}");
        }
    }
    fs::remove_dir_all(&cache).unwrap();
    project.build(&[]);
    assert_eq!(project.files(), first);
    // A truncated file of the site, as after a power cut, is written again.
    let shard = first.keys().find(|path| path.starts_with("bundle/shards/")).unwrap();
    fs::write(project.site().join(shard), "").unwrap();
    project.build(&[]);
    assert_eq!(project.files(), first);
    // Files that disappeared from the site while the cache remembers them are written again.
    fs::remove_dir_all(project.site().join("bundle/shards")).unwrap();
    fs::remove_dir_all(project.site().join("bundle/pages")).unwrap();
    project.build(&[]);
    assert_eq!(project.files(), first);
}

#[test]
fn unused_files_stay_for_some_days_and_are_then_deleted() {
    let project = Project::with(&["一", "二"]);
    let build = |now: &str, extra_options: &[&str]| {
        let (posts, site) = (project.posts(), project.site());
        let output = finews(
            &[
                &[
                    "build",
                    posts.to_str().unwrap(),
                    "--out",
                    site.to_str().unwrap(),
                    "--now",
                    "2026-06-01T00:00:00Z",
                    "--clock",
                    now,
                ],
                extra_options,
            ]
            .concat(),
        );
        assert!(output.status.success(), "{}", output_text(&output));
        project.files()
    };
    let first = build("2026-06-01T00:00:00Z", &["--keep-days", "3"]);
    project.post("2026-05-01-p0.md", "---\ntitle: 改\ncategories: a\n---\n改过的正文\n");
    let second = build("2026-06-02T00:00:00Z", &[]);
    assert!(first.keys().all(|path| second.contains_key(path)));
    // The second build made the files unused two days and 23 hours ago. The first build's --keep-days is
    // remembered.
    let third = build("2026-06-04T23:00:00Z", &[]);
    assert!(first.keys().all(|path| third.contains_key(path)));
    let fourth = build("2026-06-05T00:00:00Z", &[]);
    assert_eq!(fourth, project.clean_build(&[]));
    assert!(fourth.len() < third.len());
}

#[test]
fn a_purged_story_disappears_and_does_not_come_back() {
    for store in ["plain", "gzip"] {
        let project = Project::with(&["一", "二"]);
        project.post("2026-05-09-secret.md", "---\ntitle: 不该有\ncategories: a\n---\n不该有的正文\n");
        project.build(&["--store", store]);
        project.post("2026-05-10-later.md", "---\ntitle: 后来\n---\n正文\n");
        project.build(&["--store", store]);
        let output = project.build(&["--store", store, "--purge", "secret"]);
        assert!(
            output_text(&output).contains("2026-05-09-secret.md is purged and left out"),
            "{}",
            output_text(&output)
        );
        let assert_purged = || {
            for (path, bytes) in project.files() {
                let text = if path.ends_with(".gzipped") { inflated(&bytes) } else { bytes };
                assert!(
                    !String::from_utf8_lossy(&text).contains("不该有")
                        && !String::from_utf8_lossy(&text).contains("secret"),
                    "{path}"
                );
            }
        };
        assert_purged();
        project.build(&["--store", store]);
        assert_purged();
    }
}

#[test]
fn a_purge_removes_every_post_that_claims_the_slug_or_the_one_post_it_was_assigned_to() {
    let project = Project::with(&["一"]);
    for folder in ["a", "b"] {
        fs::create_dir(project.posts().join(folder)).unwrap();
        project
            .post(&format!("{folder}/2026-05-09-same.md"), &format!("---\ntitle: 在{folder}的\n---\n正文\n"));
    }
    project.build(&[]);
    let bundle_contains = |project: &Project, title: &str| {
        project.files().iter().any(|(path, bytes)| {
            path.starts_with("bundle/") && String::from_utf8_lossy(bytes).contains(title)
        })
    };
    // finews assigned the number in this slug, and may assign the slug to another post later. So the post
    // that has it now is purged, not the slug.
    project.build(&["--purge", "same-2.html"]);
    assert!(bundle_contains(&project, "在a的") && !bundle_contains(&project, "在b的"));
    fs::remove_file(project.posts().join("a/2026-05-09-same.md")).unwrap();
    project.build(&[]);
    assert!(!bundle_contains(&project, "在b的"));
    // Posts claim this slug themselves, so the slug is purged: every post that claims it is left out,
    // including copies and posts that are added later.
    project.post("a/2026-05-09-same.md", "---\ntitle: 又在a的\n---\n正文\n");
    project.build(&["--purge", "SAME"]);
    assert!(!bundle_contains(&project, "又在a的") && !bundle_contains(&project, "在b的"));
    let output = project.build(&["--purge", "nobody"]);
    assert!(
        output.status.success() && output_text(&output).contains("no story has the slug “nobody”"),
        "{}",
        output_text(&output)
    );
    assert_eq!(project.build(&["--purge", "…"]).status.code(), Some(1));
}

#[test]
fn the_list_of_changes_has_what_a_purge_deletes_even_without_a_cache() {
    let project = Project::with(&["一", "二"]);
    project.post("2026-05-09-secret.md", "---\ntitle: 不该有\ncategories: a\n---\n正文\n");
    project.build(&[]);
    let first = project.files();
    fs::remove_dir_all(project.folder.path().join(".site.finews-cache")).unwrap();
    let list = project.folder.path().join("changes");
    project.build(&["--purge", "secret", "--changes", list.to_str().unwrap()]);
    let list = fs::read_to_string(list).unwrap();
    let is_listed = |path: &str| list.lines().any(|line| line.strip_prefix("- ") == Some(path));
    let affected: Vec<&String> = first
        .iter()
        .filter(|(_, bytes)| String::from_utf8_lossy(bytes).contains("secret"))
        .map(|(path, _)| path)
        .collect();
    assert!(affected.len() >= 4);
    let is_replaced = |path: &str| {
        path.ends_with("manifest.json") || path.ends_with("index.html") || path == "a/2026/05/02/p1.html"
    };
    assert!(affected.iter().all(|path| is_listed(path) || is_replaced(path)), "{list}");
    assert!(is_listed("a/2026/05/09/secret.html"));
}

#[test]
fn uploading_the_listed_changes_gives_the_host_the_same_files() {
    let project = Project::with(&["一", "二"]);
    let (list, mirror) = (project.folder.path().join("changes"), project.folder.path().join("mirror"));
    let build = |now: &str| {
        let (posts, site) = (project.posts(), project.site());
        let output = finews(&[
            "build",
            posts.to_str().unwrap(),
            "--out",
            site.to_str().unwrap(),
            "--keep-days",
            "1",
            "--now",
            "2026-06-01T00:00:00Z",
            "--clock",
            now,
            "--changes",
            list.to_str().unwrap(),
        ]);
        assert!(output.status.success(), "{}", output_text(&output));
    };
    let upload = || {
        let mut lines = 0;
        for line in fs::read_to_string(&list).unwrap().lines() {
            let (sign, path) = line.split_at(2);
            let target = mirror.join(path);
            if sign == "+ " {
                fs::create_dir_all(target.parent().unwrap()).unwrap();
                fs::copy(project.site().join(path), target).unwrap();
            } else {
                fs::remove_file(target).unwrap();
            }
            lines += 1;
        }
        fs::remove_file(&list).unwrap();
        assert_eq!(testkit::folder::contents(&mirror), project.files());
        lines
    };
    build("2026-06-01T00:00:00Z");
    assert!(fs::read_to_string(&list).unwrap().ends_with("+ bundle/manifest.json\n"));
    upload();
    build("2026-06-01T01:00:00Z");
    assert_eq!(upload(), 0, "nothing changed");
    project.post("2026-05-20-new.md", "---\ntitle: 新\ncategories: a\n---\n新的正文\n");
    build("2026-06-01T02:00:00Z");
    project.post("2026-05-21-newer.md", "---\ntitle: 更新\ncategories: a\n---\n更新的正文\n");
    // The previous build's list was not uploaded, so this build's list includes its entries.
    build("2026-06-01T03:00:00Z");
    assert!(!fs::read_to_string(&list).unwrap().contains("assets/"));
    upload();
    // Days later, unused files are deleted, here and at the host.
    build("2026-06-03T00:00:00Z");
    assert!(fs::read_to_string(&list).unwrap().lines().any(|line| line.starts_with("- bundle/")));
    upload();
    // Without the cache, the list has all files.
    fs::remove_dir_all(project.folder.path().join(".site.finews-cache")).unwrap();
    build("2026-06-03T01:00:00Z");
    assert_eq!(fs::read_to_string(&list).unwrap().lines().count(), project.files().len());
}

/// `finews build --watch`, and the lines that it prints.
struct Watching {
    child: std::process::Child,
    lines: std::sync::mpsc::Receiver<String>,
}

impl Watching {
    fn start(mut command: std::process::Command) -> Self {
        let pipe = std::process::Stdio::piped;
        let mut child = command.arg("--watch").stdout(pipe()).stderr(pipe()).spawn().unwrap();
        let (sender, lines) = std::sync::mpsc::channel();
        let outputs: [Box<dyn std::io::Read + Send>; 2] =
            [Box::new(child.stdout.take().unwrap()), Box::new(child.stderr.take().unwrap())];
        for output in outputs {
            let sender = sender.clone();
            std::thread::spawn(move || {
                std::io::BufRead::lines(std::io::BufReader::new(output))
                    .map_while(Result::ok)
                    .all(|line| sender.send(line).is_ok())
            });
        }
        Self { child, lines }
    }

    fn wait_for(&self, what: &str) {
        let timeout = std::time::Duration::from_secs(30);
        while !self
            .lines
            .recv_timeout(timeout)
            .unwrap_or_else(|_| panic!("no line of the output contains “{what}”"))
            .contains(what)
        {}
    }
}

/// Kills the process when the test ends, whether or not the test passes.
impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn watching_builds_again_when_a_post_is_added_and_goes_on_after_an_error() {
    let project = Project::with(&["一"]);
    let watching = Watching::start(project.command());
    let manifest = || fs::read_to_string(project.site().join("bundle/manifest.json")).unwrap_or_default();
    watching.wait_for("watching ");
    assert!(manifest().contains("一"));
    project.post("2026-05-20-new.md", "---\ntitle: 刚到\n---\n正文\n");
    // A build may read a file that is being written; further builds follow until it is complete.
    while !manifest().contains("刚到") {
        watching.wait_for("watching ");
    }
    project.post("finews.toml", "title = ");
    watching.wait_for("finews.toml: ");
    project.post("finews.toml", "title = \"新名\"\n");
    while !manifest().contains("新名") {
        watching.wait_for("watching ");
    }
}

#[test]
fn watching_builds_again_when_a_story_becomes_due_and_when_it_expires() {
    let project = Project::with(&["一"]);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let time = |seconds: u64| jiff::Timestamp::from_second(i64::try_from(now + seconds).unwrap()).unwrap();
    let text = format!("---\ntitle: 到点\ndate: {}\nexpiryDate: {}\n---\n正文\n", time(4), time(8));
    project.post("later.md", &text);
    let watching = Watching::start(project.command());
    watching.wait_for("next: later.md is due at ");
    let has_story =
        || fs::read_to_string(project.site().join("bundle/manifest.json")).unwrap().contains("到点");
    assert!(!has_story());
    watching.wait_for("next: later.md expires at ");
    watching.wait_for("watching ");
    assert!(has_story());
    watching.wait_for("watching ");
    assert!(!has_story());
}
