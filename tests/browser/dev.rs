//! `finews dev` and `finews demo`: an open page follows the posts.

use std::fs;
use std::path::Path;
use std::process::Stdio;

use testkit::{Browser, DESKTOP, Engine, in_every_engine};
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};

in_every_engine!(
    an_open_page_shows_a_saved_post_and_keeps_the_reader_s_place[sampled],
    an_open_page_lists_the_warnings_and_why_a_build_failed,
    a_site_that_was_saved_for_offline_reading_does_not_hide_builds,
    the_demo_shows_the_sample_and_takes_the_next_port,
);

/// A running `finews dev` or `finews demo`.
struct Preview {
    url: String,
    process: Child,
    _lines: Lines<BufReader<ChildStdout>>,
    _temporary: tempfile::TempDir,
}

impl Preview {
    async fn start(arguments: &[&str]) -> Self {
        // The command is killed, so it leaves its temporary files.
        let temporary = tempfile::tempdir().unwrap();
        let mut command = Command::new(testkit::setup::finews());
        command.args(arguments).env("TMPDIR", temporary.path()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut process = command.spawn().unwrap();
        let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
        let url = loop {
            let line = lines.next_line().await.unwrap().expect("the command prints its address");
            if line.starts_with("http://") {
                break line;
            }
        };
        Self { url: url.trim_end_matches('/').to_owned(), process, _lines: lines, _temporary: temporary }
    }

    async fn dev(posts: &Path) -> Self {
        Self::start(&["dev", posts.to_str().unwrap(), "--port", "0"]).await
    }
}

fn write(posts: &Path, name: &str, matter: &str, words: &str) {
    let body = format!("{words} The crane lifts a container.\n\n").repeat(60);
    fs::write(
        posts.join(format!("2026-03-01-{name}.md")),
        format!("---\ntitle: {name}\n{matter}---\n{body}"),
    )
    .unwrap();
}

async fn an_open_page_shows_a_saved_post_and_keeps_the_reader_s_place(engine: Engine) {
    let posts = tempfile::tempdir().unwrap();
    write(posts.path(), "one", "categories: a\n", "Morning.");
    let preview = Preview::dev(posts.path()).await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/a/2026/03/01/one.html", preview.url)).await;
    browser.until_idle().await;
    browser.script("window.scrollTo(0, 700)").await;
    browser.until("scrollY === 700").await;
    write(posts.path(), "one", "categories: a\n", "Evening.");
    browser.until("document.querySelector('article .body')?.innerText.startsWith('Evening.')").await;
    browser.until("Math.abs(scrollY - 700) < 2").await;
    // A new story is on an open home page.
    browser.goto(&preview.url).await;
    write(posts.path(), "two", "", "Night.");
    browser
        .until("[...document.querySelectorAll('.headline .title')].some(title => title.innerText === 'two')")
        .await;
    // Nothing of this is in the site's files.
    let page = fs::read_to_string(posts.path().join(".finews/site/index.html")).unwrap();
    assert!(!page.contains("finews-live"));
    assert_eq!(fs::read_to_string(posts.path().join(".finews/.gitignore")).unwrap(), "*\n");
    browser.close().await;
}

const WARNINGS: &str = "document.querySelector('finews-warnings')?.shadowRoot.querySelector('details')";

async fn an_open_page_lists_the_warnings_and_why_a_build_failed(engine: Engine) {
    let posts = tempfile::tempdir().unwrap();
    write(posts.path(), "one", "", "Morning.");
    let preview = Preview::dev(posts.path()).await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&preview.url).await;
    browser.until("document.querySelector('finews-warnings')").await;
    browser.until(&format!("!{WARNINGS}")).await;
    write(posts.path(), "one", "date: soon\n", "Morning.");
    browser.until(&format!("{WARNINGS}?.querySelector('summary').textContent === '1 warning'")).await;
    browser
        .until(&format!("{WARNINGS}.textContent.includes('2026-03-01-one.md:3: date: “soon” is not a date')"))
        .await;
    fs::write(posts.path().join("finews.toml"), "title = \n").unwrap();
    browser.until(&format!("{WARNINGS}?.querySelector('summary').textContent === 'The build failed'")).await;
    browser.until(&format!("{WARNINGS}.textContent.includes('finews.toml')")).await;
    // The site is as before.
    assert_eq!(browser.text(".headline .title").await, "one");
    fs::remove_file(posts.path().join("finews.toml")).unwrap();
    write(posts.path(), "one", "", "Morning.");
    browser.until(&format!("document.querySelector('finews-warnings') && !{WARNINGS}")).await;
    browser.close().await;
}

async fn a_site_that_was_saved_for_offline_reading_does_not_hide_builds(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let (posts, site) = (folder.path().join("posts"), folder.path().join("site"));
    fs::create_dir(&posts).unwrap();
    write(&posts, "one", "", "Morning.");
    testkit::sites::build(&posts, &site);
    let mut published = Preview::start(&["serve", site.to_str().unwrap(), "--port", "0"]).await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&published.url).await;
    browser.until("navigator.serviceWorker.controller?.state === 'activated'").await;
    let port = published.url.rsplit_once(':').unwrap().1.to_owned();
    published.process.kill().await.unwrap();
    let preview = Preview::start(&["dev", posts.to_str().unwrap(), "--port", &port]).await;
    browser.goto(&preview.url).await;
    browser.until_async("(await navigator.serviceWorker.getRegistrations()).length === 0").await;
    browser
        .until_async("(await caches.keys()).filter(name => name.startsWith('finews-')).length === 0")
        .await;
    write(&posts, "two", "", "Night.");
    browser
        .until("[...document.querySelectorAll('.headline .title')].some(title => title.innerText === 'two')")
        .await;
    browser.close().await;
}

async fn the_demo_shows_the_sample_and_takes_the_next_port(engine: Engine) {
    let (first, second) = (Preview::start(&["demo"]).await, Preview::start(&["demo"]).await);
    assert_ne!(first.url, second.url);
    let browser = Browser::open(engine, DESKTOP).await;
    for preview in [first, second] {
        browser.goto(&preview.url).await;
        assert_eq!(browser.text(".site-title").await, "临江新闻");
        browser.until("document.querySelector('.headline')").await;
    }
    browser.close().await;
}
