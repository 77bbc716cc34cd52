//! Pages that are loading or have failed: after a failure, a page says what is wrong and how to continue.

use testkit::{Browser, DESKTOP, Engine, Fault, Host, PHONE, in_every_engine};

in_every_engine!(
    a_page_that_is_loading_shows_a_skeleton,
    a_dead_network_is_reported_and_retry_works[sampled],
    a_damaged_file_is_reported[sampled],
    the_status_of_a_host_s_refusal_is_shown,
    after_a_missing_file_the_manifest_is_read_again,
    a_failure_at_the_start_is_reported_and_retry_works,
    a_newer_format_asks_for_a_reload,
    a_page_that_does_not_exist_says_so_and_links_onward,
    the_worked_example_of_the_bundle_format_is_a_site,
    a_deploy_without_the_old_markdown_program_asks_for_a_reload,
    categories_that_fail_to_load_say_so_and_can_be_retried,
    a_page_that_loads_late_does_not_replace_the_one_the_reader_moved_on_to,
);

const STORY: &str = "/emnews/2026/03/02/202603020823007919.html";

/// Opens the home page, starts a fault, and follows the link to its first story.
async fn open_story_with_fault(engine: Engine, fault: Fault, part: &str) -> (Host, Browser) {
    let host = Host::bare().await;
    let browser = Browser::open(engine, PHONE).await;
    browser.goto(&host.url).await;
    browser.until("document.querySelector('.block h2')").await;
    host.fail(part, fault);
    browser.click(".headline .title a").await;
    (host, browser)
}

/// Ends the fault, retries, waits until the story is shown, and closes the browser.
async fn heal_and_retry(host: Host, browser: Browser) {
    host.heal();
    browser.click(".retry").await;
    browser.until("document.querySelector('article.story h1')").await;
    browser.close().await;
}

async fn a_page_that_is_loading_shows_a_skeleton(engine: Engine) {
    let (host, browser) = open_story_with_fault(engine, Fault::Hold, "/shards/").await;
    browser.until("document.querySelector('main .skeleton.story-shape[aria-busy]')").await;
    host.heal();
    browser.until("document.querySelector('article.story h1')").await;
    browser.close().await;
}

async fn a_dead_network_is_reported_and_retry_works(engine: Engine) {
    let (host, browser) = open_story_with_fault(engine, Fault::Refuse, "/shards/").await;
    assert_eq!(browser.text(".message.offline h1").await, "无法连接网络");
    heal_and_retry(host, browser).await;
}

async fn a_damaged_file_is_reported(engine: Engine) {
    let (host, browser) = open_story_with_fault(engine, Fault::Damage, "/shards/").await;
    assert_eq!(browser.text(".message.damaged h1").await, "文件已损坏");
    heal_and_retry(host, browser).await;
}

async fn the_status_of_a_host_s_refusal_is_shown(engine: Engine) {
    let (host, browser) = open_story_with_fault(engine, Fault::Status(503), "/shards/").await;
    assert!(browser.text(".message.refused").await.contains("503"));
    heal_and_retry(host, browser).await;
}

async fn after_a_missing_file_the_manifest_is_read_again(engine: Engine) {
    for fault in [Fault::Status(404), Fault::Page] {
        let host = Host::bare().await;
        let browser = Browser::open(engine, PHONE).await;
        browser.goto(&host.url).await;
        browser.until("document.querySelector('.block h2')").await;
        let requests_before = host.requests_for("manifest.json");
        host.fail("/shards/", fault);
        browser.click(".headline .title a").await;
        assert_eq!(browser.text(".message.gone h1").await, "网站正在更新");
        assert_eq!(
            host.requests_for("manifest.json"),
            requests_before + 1,
            "read once more, because a file was missing"
        );
        heal_and_retry(host, browser).await;
    }
}

async fn a_failure_at_the_start_is_reported_and_retry_works(engine: Engine) {
    let host = Host::bare().await;
    host.fail("manifest.json", Fault::Refuse);
    let browser = Browser::open(engine, PHONE).await;
    browser.goto(&format!("{}{STORY}", host.url)).await;
    assert_eq!(browser.text(".message.offline h1").await, "无法连接网络");
    heal_and_retry(host, browser).await;
}

async fn a_newer_format_asks_for_a_reload(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    testkit::sites::build_bare(std::path::Path::new("tests/fixtures/site"), &site);
    std::fs::write(site.join("bundle/manifest.json"), r#"{"format":3,"stories":"elsewhere"}"#).unwrap();
    let host = Host::serve(&site).await;
    let browser = Browser::open(engine, PHONE).await;
    browser.goto(&host.url).await;
    assert_eq!(browser.text(".message.newer h1").await, "网站已更新");
    assert_eq!(browser.text(".message .retry").await, "重新加载");
    browser.close().await;
}

async fn a_page_that_does_not_exist_says_so_and_links_onward(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    for (path, title) in [
        ("/emnews/2026/03/02/20260302000000000000.html", "报道不存在"),
        ("/nothing-of-this-name/", "页面不存在"),
        ("/quote/1.999999", "页面不存在"),
        ("/archive/2026/13", "页面不存在"),
        ("/a/b/c", "页面不存在"),
    ] {
        browser.goto(&format!("{}{path}", testkit::setup::served_url())).await;
        assert_eq!(browser.text(".not-found h1").await, title, "{path}");
        assert!(browser.texts(".not-found li a").await.len() >= 2);
    }
    browser
        .goto(&format!("{}/emnews/2026/03/02/20260302000000000000.html", testkit::setup::served_url()))
        .await;
    browser.click(".not-found li:first-child a").await;
    browser.until("document.querySelector('h1').innerText.startsWith('2026年3月2日')").await;
    browser.close().await;
}

async fn the_worked_example_of_the_bundle_format_is_a_site(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    testkit::sites::build_bare(std::path::Path::new("tests/fixtures/site"), &site);
    std::fs::remove_dir_all(site.join("bundle")).unwrap();
    let document = std::fs::read_to_string("docs/bundle-format.md").unwrap();
    let script = document.split("```sh\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let run = std::process::Command::new("bash").args(["-euc", script]).current_dir(&site).status();
    assert!(run.unwrap().success());
    let host = Host::serve(&site).await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&host.url).await;
    browser.click(".headline .title a").await;
    assert_eq!(browser.text("article h1").await, "Hello");
    assert_eq!(browser.text("article .body em").await, "Hello");
    assert_eq!(browser.path().await, "/notes/2022/03/01/hello.html");
    browser.click(".kicker a").await;
    assert_eq!(browser.text(".page-head h1").await, "Notes");
    for path in ["/category/", "/archive/2022/03", "/archive/2022/03/01"] {
        browser.goto(&format!("{}{path}", host.url)).await;
        browser.until("document.querySelector('.names, .calendar, .headline')").await;
    }
    browser.close().await;
}

async fn a_deploy_without_the_old_markdown_program_asks_for_a_reload(engine: Engine) {
    let host = Host::bare().await;
    host.fail("/assets/markdown-", Fault::Status(404));
    let browser = Browser::open(engine, PHONE).await;
    browser.goto(&format!("{}{STORY}", host.url)).await;
    assert_eq!(browser.text(".message .retry").await, "重新加载");
    browser.close().await;
}

async fn categories_that_fail_to_load_say_so_and_can_be_retried(engine: Engine) {
    let host = Host::bare().await;
    host.fail("/front/", Fault::Refuse);
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&host.url).await;
    assert_eq!(browser.text(".blocks .empty").await, "无法连接网络");
    host.heal();
    browser.click(".blocks .retry").await;
    browser.until("document.querySelector('.block h2')").await;
    browser.close().await;
}

async fn a_page_that_loads_late_does_not_replace_the_one_the_reader_moved_on_to(engine: Engine) {
    let (host, browser) = open_story_with_fault(engine, Fault::Hold, "/shards/").await;
    browser.until("document.querySelector('main .skeleton')").await;
    browser.script("document.querySelector('.sections li:nth-child(2) a').click()").await;
    browser.until("document.querySelector('.names')").await;
    let requests_before = host.requests_for("/shards/");
    host.heal();
    browser.click(".sections li:last-child a").await;
    browser.until("document.querySelector('.year')").await;
    assert_eq!(host.requests_for("/shards/"), requests_before);
    assert!(browser.texts("article.story").await.is_empty());
    browser.close().await;
}
