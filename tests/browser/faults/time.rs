//! Old files mixed with new ones, a network that is lost, and polling after failures.

use super::view::*;
use serde_json::json;
use std::path::PathBuf;
use tempfile::TempDir;
use testkit::folder::copy;
use testkit::sites::build_bare;
use testkit::{Browser, DESKTOP, Engine, Fault, Host, in_every_engine, injected_scripts};

in_every_engine!(
    a_stale_manifest_is_reported_until_the_cache_drops_it,
    a_manifest_uploaded_before_its_files_is_reported_until_they_arrive[sampled],
    a_page_loads_as_soon_as_a_lost_network_is_back[sampled],
    failed_polls_for_news_become_less_frequent,
);

/// A site of three posts, and the same site with five.
fn old_and_new() -> (TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let posts = folder.path().join("posts");
    std::fs::create_dir(&posts).unwrap();
    std::fs::write(posts.join("finews.toml"), "title = \"试\"\n").unwrap();
    let [old, new] = [("old", 1..=3), ("new", 4..=5)].map(|(name, posted)| {
        for at in posted {
            let text = format!("---\ntitle: 第{at}篇\ncategories: a\ndate: 2026-05-01 10:{at:02}:00 +0800\n---\n第{at}篇的正文\n");
            std::fs::write(posts.join(format!("2026-05-01-p{at}.md")), text).unwrap();
        }
        let site = folder.path().join(name);
        build_bare(&posts, &site);
        site
    });
    (folder, old, new)
}

/// An old manifest comes from a cache, and the files that it names are no longer on the host.
async fn a_stale_manifest_is_reported_until_the_cache_drops_it(engine: Engine) {
    let (_folder, old, new) = old_and_new();
    let stale = std::fs::read(old.join("bundle/manifest.json")).unwrap();
    let fresh = std::fs::read(new.join("bundle/manifest.json")).unwrap();
    std::fs::write(new.join("bundle/manifest.json"), stale).unwrap();
    let host = with_short_timeouts(Host::serve(&new).await);
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/a/2026/05/01/p2.html", host.url)).await;
    browser.until("document.querySelector('.message.gone')").await;
    // The cache drops the stale manifest.
    std::fs::write(new.join("bundle/manifest.json"), fresh).unwrap();
    browser.click(".retry").await;
    browser.until("document.querySelector('article.story h1')?.innerText === '第2篇'").await;
    assert_eq!(browser.script("return errors").await, json!([]));
    browser.close().await;
}

/// A manifest was uploaded before its files.
async fn a_manifest_uploaded_before_its_files_is_reported_until_they_arrive(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    for (path, selector) in [("/a/", ".headline"), ("/a/2026/05/01/p5.html", "article.story")] {
        let (_folder, old, new) = old_and_new();
        std::fs::copy(new.join("bundle/manifest.json"), old.join("bundle/manifest.json")).unwrap();
        let host = with_short_timeouts(Host::serve(&old).await);
        browser.goto(&format!("{}{path}", host.url)).await;
        browser.until("document.querySelector('.message.gone')").await;
        // The other files arrive.
        copy(&new, &old);
        browser.click(".retry").await;
        browser.until(&format!("document.querySelector({selector:?})")).await;
        assert_eq!(browser.script("return errors").await, json!([]));
    }
    browser.close().await;
}

async fn a_page_loads_as_soon_as_a_lost_network_is_back(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    let host = open_new_host(&browser).await;
    host.fail("/", Fault::Refuse);
    let offline = "document.querySelector('.message.offline')";
    follow(&browser, VIEWS[4].0).await;
    browser.until(offline).await;
    // The page that was read is still there.
    browser.client.back().await.unwrap();
    browser.until("document.querySelector('.newest .headline')").await;
    browser.client.forward().await.unwrap();
    browser.until(offline).await;
    host.heal();
    // Browsers report when the network is back; nobody has to press a button.
    browser.script("dispatchEvent(new Event('online'))").await;
    browser.until("document.querySelector('.calendar')").await;
    assert_eq!(browser.script("return errors").await, json!([]));
    browser.close().await;
}

async fn failed_polls_for_news_become_less_frequent(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let (posts, site) = (folder.path().join("posts"), folder.path().join("site"));
    std::fs::create_dir(&posts).unwrap();
    std::fs::write(posts.join("finews.toml"), "title = \"试\"\n[settings]\npoll = 60\n").unwrap();
    std::fs::write(posts.join("2026-05-01-one.md"), "---\ntitle: 第一篇\ncategories: a\n---\n正文\n")
        .unwrap();
    build_bare(&posts, &site);
    let host = Host::serve(&site).await;
    host.inject(injected_scripts::MANUAL_CLOCK);
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&host.url).await;
    browser.until("document.querySelector('.headline') && window.runIntervals").await;
    host.fail("manifest.json", Fault::Status(500));
    let before = host.requests_for("manifest.json");
    for _ in 0..60 {
        browser
            .client
            .execute_async("const done = arguments[0]; runIntervals(); setTimeout(done, 30)", Vec::new())
            .await
            .unwrap();
    }
    // Between polls, 1, 3, 7 and 15 ticks are skipped, and then always 15.
    let polls = host.requests_for("manifest.json") - before;
    assert!((4..=8).contains(&polls), "{polls} polls in an hour");
    host.heal();
    browser.script("dispatchEvent(new Event('online')); runIntervals()").await;
    let polls_so_far = host.requests_for("manifest.json");
    for _ in 0..3 {
        browser
            .client
            .execute_async("const done = arguments[0]; runIntervals(); setTimeout(done, 100)", Vec::new())
            .await
            .unwrap();
    }
    assert!(host.requests_for("manifest.json") >= polls_so_far + 2, "polls come every minute again");
    browser.close().await;
}
