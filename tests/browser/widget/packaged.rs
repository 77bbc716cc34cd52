//! The package `@finews/headlines` in a page that a bundler made.

use std::path::Path;

use testkit::{Browser, Engine, Host, PHONE, in_every_engine};

in_every_engine!(
    a_page_bundled_by_esbuild_shows_headlines_when_the_reader_comes_near[sampled],
    a_page_bundled_by_vite_shows_headlines_when_the_reader_comes_near,
);

async fn a_page_bundled_by_esbuild_shows_headlines_when_the_reader_comes_near(engine: Engine) {
    shows_headlines(engine, &testkit::setup::embedder().join("esbuild")).await;
}

async fn a_page_bundled_by_vite_shows_headlines_when_the_reader_comes_near(engine: Engine) {
    shows_headlines(engine, &testkit::setup::embedder().join("vite")).await;
}

async fn shows_headlines(engine: Engine, page: &Path) {
    let host = Host::serve(page).await;
    let browser = Browser::open(engine, PHONE).await;
    browser.goto(&format!("{}/?site={}", host.url, testkit::setup::served_url())).await;
    browser.until("customElements.get('finews-headlines')").await;
    let scripts =
        "performance.getEntriesByType('resource').filter(entry => entry.name.endsWith('.js')).length";
    assert_eq!(browser.script(&format!("return {scripts}")).await, 1, "only the element is loaded");
    assert_eq!(browser.text("finews-headlines").await, "News");
    browser.script("document.querySelector('finews-headlines').scrollIntoView()").await;
    browser
        .until("document.querySelector('finews-headlines').shadowRoot.querySelectorAll('[part=headline]').length === 3")
        .await;
    assert_eq!(browser.script(&format!("return {scripts}")).await, 2, "the program is a file of its own");
    browser.close().await;
}
