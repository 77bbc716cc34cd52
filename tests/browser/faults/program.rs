//! A manifest or a program that fails to load, and a program that crashes.

use super::view::*;
use serde_json::json;
use testkit::sites::sample_with_pictures;
use testkit::{Browser, DESKTOP, Engine, Fault, Host, Start, in_every_engine, injected_scripts};

in_every_engine!(
    a_page_reads_its_manifest_as_soon_as_the_network_is_back,
    a_manifest_that_fails_to_load_is_reported_and_can_be_retried,
    a_program_that_fails_to_load_is_reported[sampled],
    a_markdown_program_that_fails_to_load_is_reported_and_can_be_retried,
    a_crash_of_the_program_is_reported_on_the_page[sampled],
);

/// A prerendered page is readable without the manifest, which the program reads once the network is back.
async fn a_page_reads_its_manifest_as_soon_as_the_network_is_back(engine: Engine) {
    let (_site, host) = sample_with_pictures(&["--prerender", "500"]).await;
    let script = "const originalFetch = fetch; window.fetch = (...args) => originalFetch(...args).catch((error) => { window.hasFailed = true; throw error });";
    host.inject(
        &[
            injected_scripts::COLLECT_ERRORS,
            injected_scripts::NO_WORKER,
            injected_scripts::SHORT_TIMEOUTS,
            script,
        ]
        .concat(),
    );
    host.fail("manifest.json", Fault::Refuse);
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&host.url).await;
    assert_eq!(browser.texts(".newest .headline").await.len(), 50);
    browser.until("window.hasFailed").await;
    host.heal();
    browser.script("dispatchEvent(new Event('online'))").await;
    browser.until_idle().await;
    // Older stories then load in place, not on another page.
    browser.click(".more a").await;
    browser.until("document.querySelector('.older .headline')").await;
    assert_eq!(browser.path().await, "/");
    assert_eq!(browser.script("return errors").await, json!([]));
    browser.close().await;
}

/// Opens three addresses with each of these faults, without an earlier visit that could have cached files.
async fn a_manifest_that_fails_to_load_is_reported_and_can_be_retried(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    for (fault, class) in [
        (Fault::Refuse, "offline"),
        (Fault::Status(404), "gone"),
        (Fault::Status(403), "refused"),
        (Fault::Status(500), "refused"),
        (Fault::Page, "gone"),
        (Fault::Portal, "gone"),
        (Fault::Redirect, "gone"),
        (Fault::Truncate, "damaged"),
        (Fault::Damage, "damaged"),
        (Fault::Cut, "offline"),
        (Fault::Stall, "offline"),
        (Fault::Trickle, "offline"),
    ] {
        for (path, _, selector) in [VIEWS[0], VIEWS[7], ("/", "", ".newest")] {
            let host = with_short_timeouts(Host::bare().await);
            host.fail("manifest.json", fault);
            browser.client.goto(&format!("{}{path}", host.url)).await.unwrap();
            browser
                .until(&format!(
                    "document.querySelector('.message.{class}') && !document.querySelector('.skeleton')"
                ))
                .await;
            host.heal();
            browser.click(".retry").await;
            browser.until(&format!("document.querySelector({selector:?})")).await;
            assert_eq!(browser.script("return errors").await, json!([]), "{fault:?} at {path}");
        }
    }
    browser.close().await;
}

/// If the script or the WebAssembly fails to load, the page says so and does not wait forever.
async fn a_program_that_fails_to_load_is_reported(engine: Engine) {
    let browser = Browser::open_as(engine, DESKTOP, Start::WithoutWaiting).await;
    for fault in [
        Fault::Refuse,
        Fault::Status(404),
        Fault::Truncate,
        Fault::Damage,
        Fault::Cut,
        Fault::Stall,
        Fault::Portal,
    ] {
        let host = with_short_timeouts(Host::bare().await);
        host.fail(".wasm", fault);
        println!("{fault:?}");
        browser.client.goto(&host.url).await.unwrap();
        browser
            .until("document.querySelector('.notice.broken button') && !document.querySelector('.skeleton')")
            .await;
        host.heal();
        browser.click(".notice.broken button").await;
        browser.until("document.querySelector('.newest .headline')").await;
    }
    for fault in [Fault::Refuse, Fault::Status(404), Fault::Stall] {
        let host = Host::bare().await;
        host.fail("/viewer-", fault);
        browser.client.goto(&host.url).await.unwrap();
        browser.until("document.querySelector('.late')").await;
        // Ends the wait of twenty seconds (`style/skeleton.css`) at once.
        browser.script("document.getAnimations().forEach((animation) => animation.animationName === 'late' && animation.finish())").await;
        browser.until("getComputedStyle(document.querySelector('.late')).visibility === 'visible'").await;
        host.heal();
        browser.client.goto(&host.url).await.unwrap();
        browser
            .until("document.querySelector('.newest .headline') && !document.querySelector('.late')")
            .await;
    }
    browser.close().await;
}

async fn a_markdown_program_that_fails_to_load_is_reported_and_can_be_retried(engine: Engine) {
    // WebDriver must not wait for this page to load.
    let browser = Browser::open_as(engine, DESKTOP, Start::WithoutWaiting).await;
    for (fault, class) in [
        (Fault::Refuse, "offline"),
        (Fault::Status(404), "newer"),
        (Fault::Status(503), "refused"),
        (Fault::Page, "newer"),
        (Fault::Stall, "offline"),
    ] {
        let host = with_short_timeouts(Host::bare().await);
        host.fail("/markdown-", fault);
        let story = format!("{}{}", host.url, VIEWS[7].0);
        browser.client.goto(&story).await.unwrap();
        browser.until(&format!("document.querySelector('.message.{class}')")).await;
        host.heal();
        browser.click(".retry").await;
        browser.until("document.querySelector('article.story')").await;
        assert_eq!(browser.script("return errors").await, json!([]), "{fault:?}");
    }
    browser.close().await;
}

/// A crash stops the program for good. The page then says so, keeps its content, and can be reloaded.
async fn a_crash_of_the_program_is_reported_on_the_page(engine: Engine) {
    let host = Host::bare().await;
    // Calls the program's allocator with an invalid size and alignment, which makes it abort the program.
    host.inject(
        &[
            injected_scripts::STORE_EXPORTS,
            "window.trap = () => setTimeout(() => exported.__wbindgen_export(-1, -1));",
        ]
        .concat(),
    );
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}{}", host.url, VIEWS[7].0)).await;
    browser.until("document.querySelector('article.story')").await;
    let article_text = browser.text("article.story").await;
    browser.script("trap()").await;
    browser.until("document.querySelector('.notice.broken')").await;
    assert_eq!(browser.text(".notice.broken span").await, "页面出错了");
    assert_eq!(browser.text("article.story").await, article_text);
    browser.script("window.stillHere = true").await;
    browser.click(".notice.broken button").await;
    browser.until("!window.stillHere && document.querySelector('article.story') && !document.querySelector('.notice.broken')").await;
    browser.close().await;
}
