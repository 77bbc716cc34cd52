//! What `trunk build --release` makes is a site by itself: any static server shows it beside a bundle.

use std::path::Path;

use serde_json::json;

use testkit::folder::copy;
use testkit::{Browser, DESKTOP, Engine, Host, in_every_engine, injected_scripts};

in_every_engine!(trunk_s_own_build_beside_a_bundle_is_a_site_on_any_static_server);

async fn trunk_s_own_build_beside_a_bundle_is_a_site_on_any_static_server(engine: Engine) {
    let site = tempfile::tempdir().unwrap();
    copy(Path::new("dist"), site.path());
    copy(&testkit::setup::sample_site().join("bundle"), &site.path().join("bundle"));
    let host = Host::of(site.path()).await;
    let violations = "window.violations = []; addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));";
    host.plant(&[injected_scripts::ERRORS, injected_scripts::NO_WORKER, violations].concat());
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&host.url).await;
    browser
        .until("document.querySelector('.newest .headline') && document.querySelector('.block h2 a')")
        .await;
    // The script and the program, each once: what is preloaded is not loaded again. (Firefox and WebKit look
    // for it in their caches, which this host does not let them use.)
    if engine == Engine::Chromium {
        assert_eq!(host.asked("/assets/viewer-"), 2);
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
