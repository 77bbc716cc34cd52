//! Faults during builds: the site stays whole, and messages name the file or the reason.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use testkit::setup::finews;

struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    /// A folder of `posts` posts, not built yet.
    fn with(posts: usize) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(project.posts()).unwrap();
        (0..posts).for_each(|at| project.post(at, "正文"));
        project
    }

    fn post(&self, at: usize, words: &str) {
        fs::write(self.post_file(at), post(at, words)).unwrap();
    }

    fn post_file(&self, at: usize) -> PathBuf {
        self.posts().join(format!("2026-05-{:02}-p{at}.md", at % 28 + 1))
    }

    fn posts(&self) -> PathBuf {
        self.folder.path().join("posts")
    }

    fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    /// The command that builds the site.
    fn command(&self) -> Command {
        self.command_by(&finews())
    }

    fn command_by(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.arg("build").arg(self.posts()).arg("--out").arg(self.site()).args([
            "--now",
            "2026-06-01T00:00:00Z",
            "--prerender",
            "20",
        ]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn build(&self) -> Output {
        self.command().output().unwrap()
    }

    /// Checks that the site is whole: every file that its manifest refers to, directly or through other
    /// files, exists and matches its name, and every page outside `embed` is complete and names program files
    /// that exist.
    fn assert_complete(&self) {
        assert!(testkit::folder::verify_chain(&self.site()) > 4);
        let mut pages: Vec<PathBuf> = testkit::folder::files(&self.site()).into_values().collect();
        pages.retain(|path| path.extension().is_some_and(|extension| extension == "html"));
        assert!(pages.len() >= 2);
        for page in pages.iter().filter(|page| !page.starts_with(self.site().join("embed"))) {
            let html = fs::read_to_string(page).unwrap();
            let page = page.display();
            assert!(html.ends_with("</html>\n"), "{page} is cut short");
            for part in html.split("assets/").skip(1) {
                let name = part.split('"').next().unwrap();
                assert!(self.site().join("assets").join(name).exists(), "{page} names {name}");
            }
        }
    }

    /// Builds again, also after a failed build, and checks that the site has every file of a clean build.
    fn assert_matches_a_clean_build(&self) {
        let output = self.build();
        assert!(output.status.success(), "{}", output_text(&output));
        self.assert_complete();
        let twin = tempfile::tempdir().unwrap();
        let clean = Self { folder: twin };
        std::os::unix::fs::symlink(self.posts(), clean.posts()).unwrap();
        assert!(clean.build().status.success());
        for (path, file) in testkit::folder::files(&clean.site()) {
            // The search index has the same answers from other files (`search.rs`).
            let is_exempt = path.starts_with(".finews") || path.starts_with("bundle/search/");
            let without_search = |file: &Path| {
                let bytes = fs::read(file).ok()?;
                let mut json: serde_json::Value = match serde_json::from_slice(&bytes) {
                    Ok(json) if path == "bundle/manifest.json" => json,
                    _ => return Some(bytes),
                };
                json["search"].take();
                Some(json.to_string().into_bytes())
            };
            let is_same = || without_search(&file) == without_search(&self.site().join(&path));
            assert!(is_exempt || is_same(), "{path} differs from a clean build");
        }
    }
}

fn post(at: usize, words: &str) -> String {
    format!(
        "---\ntitle: 第{at}篇\ncategories: [c{}]\ndate: 2026-05-{:02} 10:00:00 +0800\n---\n{words}第{at}篇。{}\n",
        at % 7,
        at % 28 + 1,
        "一段不短的文字。".repeat(40)
    )
}

fn output_text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Pseudo-random numbers, the same in every run: <https://en.wikipedia.org/wiki/Linear_congruential_generator>
struct Random(u64);

impl Random {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below.max(1)
    }
}

#[test]
fn a_build_that_is_killed_at_any_moment_leaves_the_old_site_whole() {
    let project = Project::with(300);
    assert!(project.build().status.success());
    let mut random = Random(1);
    let started = Instant::now();
    project.post(0, "另一种");
    assert!(project.build().status.success());
    let usual_duration = started.elapsed();
    let mut killed = 0;
    let mut kills = 0;
    while kills < 100 {
        // Up to ten posts change or are added, so shards, lists, the manifest and pages change.
        for _ in 0..10 {
            let at = usize::try_from(random.next(320)).unwrap();
            project.post(at, &format!("改{kills}次"));
        }
        let mut child = project.command().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        // The test kills builds at random moments, so it waits for a time instead of a condition.
        std::thread::sleep(Duration::from_micros(
            random.next(u64::try_from(usual_duration.as_micros()).unwrap() * 12 / 10),
        ));
        child.kill().unwrap();
        killed += usize::from(!child.wait().unwrap().success());
        kills += 1;
        project.assert_complete();
    }
    println!("{killed} of {kills} builds were killed before they finished; none harmed the site");
    assert!(killed >= 40, "only {killed} of {kills} builds were killed before they finished");
    project.assert_matches_a_clean_build();
}

#[test]
fn a_full_disk_leaves_the_old_site_whole_and_is_reported() {
    let project = Project::with(60);
    assert!(project.build().status.success());
    for at in 0..200 {
        project.post(at, "更多");
    }
    let unshare = |arguments: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--map-root-user"]).args(arguments);
        command
    };
    if !unshare(&["true"]).output().is_ok_and(|output| output.status.success()) {
        println!("skipped: this machine does not permit private mounts (unshare)");
        return;
    }
    // A small file system, mounted for this build only, with the site on it. Its content is copied out
    // afterwards.
    let script =
        "set -e; used=$(du -sk \"$1\" | cut -f1); cp -a \"$1\" \"$1.before\"; mount -t tmpfs -o size=$((used + $2))k tmpfs \"$1\"; cp -a \"$1.before/.\" \"$1\"
        status=0; \"${@:3}\" || status=$?; cp -a \"$1/.\" \"$1.after\"; umount \"$1\"; exit $status";
    for room in [60, 120, 240, 480] {
        let command = project.command();
        let mut shell = unshare(&["bash", "-c", script, "full"]);
        let output = shell
            .arg(project.site())
            .arg(room.to_string())
            .arg(finews())
            .args(command.get_args())
            .output()
            .unwrap();
        let text = output_text(&output);
        assert!(!output.status.success(), "{room} KB were enough: {text}");
        assert!(text.contains("No space left on device"), "with {room} KB: {text}");
        let sibling = |name: &str| project.folder.path().join(name);
        fs::remove_dir_all(project.site()).unwrap();
        fs::rename(sibling("site.after"), project.site()).unwrap();
        project.assert_complete();
        fs::remove_dir_all(project.site()).unwrap();
        fs::rename(sibling("site.before"), project.site()).unwrap();
    }
    project.assert_matches_a_clean_build();
}

#[test]
fn folders_and_posts_without_permission_are_named() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = Project::with(20);
    assert!(project.build().status.success());
    let set_mode =
        |path: &Path, mode: u32| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    set_mode(project.folder.path(), 0o755);
    // Permissions do not stop root. If the test runs as root, the build therefore runs as the user `nobody`.
    let is_root = Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    let unprivileged_finews = || {
        if !is_root {
            return Command::new(finews());
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(finews());
        command
    };
    set_mode(&project.site(), 0o555);
    let output = unprivileged_finews().args(project.command().get_args()).output().unwrap();
    set_mode(&project.site(), 0o755);
    assert!(!output.status.success());
    assert!(
        output_text(&output).contains("Permission denied") && output_text(&output).contains("site"),
        "{}",
        output_text(&output)
    );
    project.assert_complete();
    set_mode(&project.post_file(3), 0o000);
    fs::create_dir(project.folder.path().join("other")).unwrap();
    set_mode(&project.folder.path().join("other"), 0o777);
    let output = unprivileged_finews()
        .arg("build")
        .arg(project.posts())
        .arg("--out")
        .arg(project.folder.path().join("other/site"))
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(
        output_text(&output).contains("p3.md") && output_text(&output).contains("Permission denied"),
        "{}",
        output_text(&output)
    );
    assert!(!project.folder.path().join("other/site/bundle/manifest.json").exists());
    set_mode(&project.post_file(3), 0o644);
    project.assert_matches_a_clean_build();
}

#[test]
fn posts_that_appear_vanish_and_change_during_a_build_do_no_harm() {
    use std::sync::atomic::{AtomicBool, Ordering};
    let project = Project::with(200);
    assert!(project.build().status.success());
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        // Also when an assertion fails, or the scope would wait forever.
        let _over = CallOnDrop(|| is_over.store(true, Ordering::Relaxed));
        scope.spawn(|| {
            let mut random = Random(2);
            while !is_over.load(Ordering::Relaxed) {
                let at = usize::try_from(random.next(220)).unwrap();
                match random.next(3) {
                    // It may be gone already.
                    0 => drop(fs::remove_file(project.post_file(at))),
                    1 => project.post(at, &"变".repeat(usize::try_from(random.next(5000)).unwrap())),
                    _ => drop(fs::File::create(project.post_file(at))),
                }
            }
        });
        for _ in 0..30 {
            let output = project.build();
            // If a post vanishes between listing and reading, the build fails and names it.
            assert!(
                output.status.success() || output_text(&output).contains(".md"),
                "{}",
                output_text(&output)
            );
            project.assert_complete();
        }
    });
    (0..200).for_each(|at| project.post(at, "在"));
    project.assert_matches_a_clean_build();
}

struct CallOnDrop<F: Fn()>(F);

impl<F: Fn()> Drop for CallOnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}

#[test]
fn with_circular_links_every_post_is_read_once() {
    let project = Project::with(10);
    let link = |to: &Path, at: &str| std::os::unix::fs::symlink(to, project.posts().join(at)).unwrap();
    link(&project.posts(), "itself");
    link(Path::new(".."), "above");
    link(Path::new("right"), "left");
    link(Path::new("left"), "right");
    fs::create_dir(project.posts().join("inner")).unwrap();
    link(&project.posts().join("inner"), "inner/again");
    fs::write(project.posts().join("inner/2026-05-20-inner.md"), post(500, "里面")).unwrap();
    let output = project.build();
    assert!(output.status.success(), "{}", output_text(&output));
    project.assert_complete();
    assert!(output_text(&output).contains("11 posts"), "{}", output_text(&output));
}

#[test]
fn concurrent_builds_leave_one_whole_site() {
    let project = Project::with(200);
    let children: Vec<_> = (0..4).map(|_| project.command().spawn().unwrap()).collect();
    let outputs: Vec<Output> = children.into_iter().map(|child| child.wait_with_output().unwrap()).collect();
    assert!(outputs.iter().any(|output| output.status.success()));
    for output in outputs.iter().filter(|output| !output.status.success()) {
        assert!(output_text(output).contains("another build"), "{}", output_text(output));
    }
    project.assert_complete();
    project.assert_matches_a_clean_build();
}

#[test]
fn posts_in_other_encodings_are_read_or_named() {
    let project = Project::with(3);
    let text = post(700, "国家标准编码的正文：人民币、￥、“引号”");
    let (bytes, _, is_lossy) = encoding_rs::GB18030.encode(&text);
    assert!(!is_lossy);
    fs::write(project.posts().join("2026-05-25-gb.md"), &bytes).unwrap();
    let utf16: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain(post(701, "十六位的正文").encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    fs::write(project.posts().join("2026-05-26-utf16.md"), utf16).unwrap();
    fs::write(
        project.posts().join("2026-05-27-broken.md"),
        [post(702, "残缺的正文").as_bytes(), b"\xff\xfe\x80 tail"].concat(),
    )
    .unwrap();
    fs::write(
        project.posts().join("2026-05-28-latin.md"),
        b"---\ntitle: Caf\xe9\ncategories: a\n---\nna\xefve caf\xe9 words\n",
    )
    .unwrap();
    let output = project.build();
    assert!(output.status.success(), "{}", output_text(&output));
    let text = output_text(&output);
    for name in ["gb.md", "utf16.md", "broken.md", "latin.md"] {
        assert!(
            text.lines().any(|line| line.contains(name) && line.contains("encoding")),
            "{name} is not named in {text}"
        );
    }
    assert!(text.contains("GB18030"), "{text}");
    let mut words = String::new();
    for shard in fs::read_dir(project.site().join("bundle/shards")).unwrap() {
        words.push_str(&fs::read_to_string(shard.unwrap().path()).unwrap());
    }
    for part in
        ["国家标准编码的正文：人民币、￥、“引号”", "十六位的正文", "残缺的正文", "tail", "caf\u{fffd} words"]
    {
        assert!(words.contains(part), "{part} is lost");
    }
}
