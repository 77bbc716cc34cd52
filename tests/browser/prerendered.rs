//! Prerendered pages: complete without the program, and unchanged by it.

use serde_json::json;

use testkit::sites::{GrowingSite, build_with_options, sample_with_pictures};
use testkit::{Browser, DESKTOP, Engine, Fault, Host, PHONE, Start, in_every_engine};

in_every_engine!(
    without_javascript_pages_are_complete [lacking both "has no way for a test to switch JavaScript off"],
    the_program_starts_on_a_page_without_changing_or_fetching_its_content [sampled],
    a_home_page_of_an_older_build_stays_and_newer_stories_are_announced,
    an_address_with_a_query_shows_its_own_page_although_the_host_ignores_the_query,
    a_page_whose_bundle_cannot_be_loaded_is_still_readable,
    a_chart_that_failed_before_the_program_started_shows_a_message,
    focus_in_the_masthead_stays_while_the_program_starts [sampled],
    selected_text_stays_selected_while_the_program_starts [sampled],
    the_prerendered_link_to_older_stories_becomes_interactive_and_keeps_the_focus,
);

const STORY: &str = "/emnews/2026/03/05/202603051423023757.html";

/// The sample site with prerendered pages, whatever kind of site other tests use.
async fn prerendered_sample() -> (tempfile::TempDir, Host) {
    let site = tempfile::tempdir().unwrap();
    build_with_options(&testkit::setup::sample_posts(), site.path(), &[]);
    let host = Host::serve(site.path()).await;
    (site, host)
}

async fn without_javascript_pages_are_complete(engine: Engine) {
    let (_site, host) = prerendered_sample().await;
    let browser = Browser::open(engine, PHONE).await;
    browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": true })).await;
    browser.client.goto(&format!("{}{STORY}", host.url)).await.unwrap();
    // The page has loaded without its scripts. The test's own scripts must run again.
    browser.devtools("Emulation.setScriptExecutionDisabled", json!({ "value": false })).await;
    assert_eq!(browser.text("article h1").await, "三大指数早盘震荡 成交额较昨日放量");
    assert_eq!(browser.texts("img.chart").await.len(), 2);
    browser.until("document.querySelector('img.chart').naturalWidth > 0").await;
    assert!(browser.attribute("a.quote", "href").await.starts_with("https://quote.eastmoney.com/"));
    assert!(!browser.texts(".neighbours a").await.is_empty());
    assert_eq!(browser.script("return history.state").await, json!(null), "the program has not started");
    browser.close().await;
}

async fn the_program_starts_on_a_page_without_changing_or_fetching_its_content(engine: Engine) {
    let (_site, host) = prerendered_sample().await;
    let browser = Browser::open(engine, DESKTOP).await;
    // Starts to observe when the page is parsed, before any module runs.
    let watch = "window.changes = 0;
         document.addEventListener('readystatechange', () => {
             new MutationObserver(mutations => window.changes += mutations.length).observe(document.querySelector('#app'), { subtree: true, childList: true });
             window.first = document.querySelector('main').firstElementChild;
         }, { once: true })";
    host.inject(watch);
    for path in ["/", "/emnews/", STORY] {
        browser.goto(&format!("{}{path}", host.url)).await;
        browser.until_idle().await;
        assert_eq!(browser.script("return window.changes").await, 0, "{path}");
        assert!(browser.script("return window.first instanceof Element").await == true);
        assert_eq!(
            browser.script("return window.first === document.querySelector('main').firstElementChild").await,
            true,
            "{path}"
        );
    }
    for part in ["/front/", "/shards/", "/lists/", "/pages/"] {
        assert_eq!(host.requests_for(part), 0, "{part} was fetched");
    }
    browser.close().await;
}

async fn a_home_page_of_an_older_build_stays_and_newer_stories_are_announced(engine: Engine) {
    let growing_site = GrowingSite::new();
    let site = growing_site.site();
    growing_site.post("2026-05-01-one.md", "第一篇");
    let old = std::fs::read(site.join("index.html")).unwrap();
    growing_site.post("2026-05-02-two.md", "第二篇");
    // A cache between the reader and the host may still have the old home page.
    std::fs::write(site.join("index.html"), old).unwrap();
    let host = Host::serve(&site).await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&host.url).await;
    assert!(browser.text(".notice").await.contains("1 篇新报道"));
    assert_eq!(browser.texts(".headline .title").await, ["第一篇"]);
    browser.click(".notice button").await;
    browser.until("document.querySelectorAll('.headline').length === 2").await;
    browser.close().await;
}

async fn an_address_with_a_query_shows_its_own_page_although_the_host_ignores_the_query(engine: Engine) {
    let (_site, host) = prerendered_sample().await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/emnews/?before=1774000000-x", host.url)).await;
    browser.until("document.querySelector('.more [rel=first]')").await;
    assert!(browser.attribute(".headline time", "datetime").await.starts_with("2026-03-"));
    browser.close().await;
}

async fn a_page_whose_bundle_cannot_be_loaded_is_still_readable(engine: Engine) {
    let (_site, host) = prerendered_sample().await;
    host.fail("manifest.json", Fault::Refuse);
    let browser = Browser::open(engine, PHONE).await;
    browser.goto(&format!("{}{STORY}", host.url)).await;
    assert!(browser.text("article .body").await.len() > 100);
    browser.click(".periods button:nth-child(3)").await;
    assert_eq!(browser.text(".periods [aria-pressed=true]").await, "周K");
    browser.close().await;
}

async fn a_chart_that_failed_before_the_program_started_shows_a_message(engine: Engine) {
    let (_site, host) = sample_with_pictures(&["--prerender", "500"]).await;
    let browser = Browser::open_as(engine, DESKTOP, Start::WithoutWaiting).await;
    host.fail("picture.svg", Fault::Refuse);
    host.fail("viewer-", Fault::Hold);
    browser.client.goto(&format!("{}{STORY}", host.url)).await.unwrap();
    browser.until("document.querySelector('img.chart').complete").await;
    host.heal();
    assert_eq!(browser.text(".chart-failed").await, "图表暂时无法显示");
    browser.close().await;
}

/// Opens a prerendered page whose program does not load until the test heals the host.
async fn open_with_program_on_hold(engine: Engine, host: &Host, path: &str) -> Browser {
    host.fail("viewer-", Fault::Hold);
    let browser = Browser::open_as(engine, DESKTOP, Start::WithoutWaiting).await;
    browser.client.goto(&format!("{}{path}", host.url)).await.unwrap();
    browser.until("document.querySelector('footer a')").await;
    browser
}

async fn focus_in_the_masthead_stays_while_the_program_starts(engine: Engine) {
    let (_site, host) = prerendered_sample().await;
    for focused in [".theme", ".sections li:nth-child(3) a", ".skip"] {
        let browser = open_with_program_on_hold(engine, &host, STORY).await;
        let focus = format!(
            "window.focused = document.querySelector({focused:?}); focused.focus(); window.lost = 0;
             for (const name of ['blur', 'focusout']) focused.addEventListener(name, () => lost++)"
        );
        browser.script(&focus).await;
        host.heal();
        browser.until_idle().await;
        assert_eq!(
            browser.script("return [document.activeElement === focused, focused.isConnected, lost]").await,
            json!([true, true, 0]),
            "{focused}"
        );
        // The program is running.
        browser.script("document.querySelector('.theme').click()").await;
        browser.until("document.documentElement.dataset.theme === 'light'").await;
        assert_eq!(browser.text(".theme span:last-child").await, "浅色");
        assert_eq!(browser.script("return document.activeElement === focused").await, json!(true));
        browser.close().await;
    }
}

async fn selected_text_stays_selected_while_the_program_starts(engine: Engine) {
    let (_site, host) = prerendered_sample().await;
    for (path, selected) in
        [(STORY, "article .body p"), ("/", ".newest .title a"), ("/emnews/", ".page-head h1")]
    {
        let browser = open_with_program_on_hold(engine, &host, path).await;
        browser
            .script(&format!("getSelection().selectAllChildren(document.querySelector({selected:?}))"))
            .await;
        let text = browser.script("return `${getSelection()}`").await;
        assert!(text.as_str().unwrap().chars().count() > 3, "{text}");
        host.heal();
        browser.until_idle().await;
        assert_eq!(browser.script("return `${getSelection()}`").await, text, "{path}");
        browser.close().await;
    }
}

async fn the_prerendered_link_to_older_stories_becomes_interactive_and_keeps_the_focus(engine: Engine) {
    let (_site, host) = prerendered_sample().await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&host.url).await;
    browser.until_idle().await;
    browser
        .script("window.first = document.querySelector('main').firstElementChild; const link = document.querySelector('.more a'); link.focus(); link.click()")
        .await;
    browser.until("document.querySelector('.older .headline')").await;
    assert_eq!(
        browser.script("return document.activeElement === document.querySelector('.more a')").await,
        json!(true)
    );
    assert_eq!(
        browser.script("return first === document.querySelector('main').firstElementChild").await,
        json!(true),
        "the rows above stay"
    );
    browser.script("document.querySelector('.more a').click()").await;
    browser.until("document.querySelector('.more a .end')").await;
    // The mounted component is removed with the page.
    browser.script("document.querySelector('.sections li:nth-child(2) a').click()").await;
    browser.until("document.querySelector('main .names') && !document.querySelector('.older-stories')").await;
    browser.close().await;
}
