//! The output of `trunk build --release`: together with a bundle, it works as a site on any static server.

use std::path::Path;

use serde_json::json;

use testkit::folder::copy;
use testkit::{Browser, DESKTOP, Engine, Host, in_every_engine, injected_scripts};

in_every_engine!(the_output_of_trunk_and_a_bundle_form_a_site_for_any_static_server);

async fn the_output_of_trunk_and_a_bundle_form_a_site_for_any_static_server(engine: Engine) {
    let site = tempfile::tempdir().unwrap();
    copy(Path::new("dist"), site.path());
    copy(&testkit::setup::sample_site().join("bundle"), &site.path().join("bundle"));
    let host = Host::serve(site.path()).await;
    let violations_script = "window.violations = []; addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));";
    host.inject(&[injected_scripts::COLLECT_ERRORS, injected_scripts::NO_WORKER, violations_script].concat());
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&host.url).await;
    browser
        .until("document.querySelector('.newest .headline') && document.querySelector('.block h2 a')")
        .await;
    // The script and the program are each loaded only once, despite the preload. (In Firefox and WebKit this
    // depends on their caches, so it is checked only in Chromium.)
    if engine == Engine::Chromium {
        assert_eq!(host.requests_for("/assets/viewer-"), 2);
    }
    assert_eq!(browser.client.title().await.unwrap(), "临江新闻");
    assert_eq!(browser.text(".site-title").await, "临江新闻");
    browser.click(".block h2 a").await;
    assert_eq!(browser.text(".page-head h1").await, "东财滚动新闻");
    browser.click(".headline .title a").await;
    browser.until("document.querySelector('article.story .body p')").await;
    browser.client.back().await.unwrap();
    browser.until("document.querySelector('.list .headline')").await;
    assert_eq!(browser.script("return [...errors, ...violations]").await, json!([]));
    browser.close().await;
}
