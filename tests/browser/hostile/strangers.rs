//! Attacks in a stranger's bundle: in articles, in lists, and in the widget's headlines.

use super::watch::*;
use bundle::{Article, Label, Time};
use serde_json::json;
use std::path::Path;
use testkit::corpus::Attack;
use testkit::sites::build_bare;
use testkit::{Browser, BundleFixture, DESKTOP, Engine, Host, in_every_engine};

in_every_engine!(
    a_strangers_articles_are_text_and_lose_no_word[sampled],
    a_strangers_lists_are_text,
    a_strangers_headlines_in_the_widget_are_text[sampled],
);

/// The attacks as a bundle from elsewhere, in every place where a bundle has text.
fn strangers() -> Vec<Article> {
    let article = |(at, attack): (i64, &Attack)| {
        // A megabyte-long name would only take time.
        let short: String = attack.text.chars().take(2000).collect();
        let label = Label { key: short.clone(), title: short.clone() };
        Article {
            slug: format!("a{at:04}"),
            title: short.clone(),
            time: Time { unix: 1_777_600_000 + at, offset: 480 },
            categories: vec![Label::spelled("attacks"), label.clone()],
            tags: vec![label.clone()],
            summary: short.clone(),
            source: short.clone(),
            original: short.clone(),
            securities: vec![label],
            body: attack.text.clone(),
        }
    };
    (0..).zip(ATTACKS.iter()).map(article).collect()
}

/// A site with the strangers' bundle.
async fn strangers_site() -> (tempfile::TempDir, Host) {
    let site = tempfile::tempdir().unwrap();
    build_bare(Path::new("tests/fixtures/site"), site.path());
    BundleFixture::at(site.path(), |_, json| json).write_articles(&strangers());
    let host = Host::of(site.path()).await;
    watch(&host);
    (site, host)
}

async fn a_strangers_articles_are_text_and_lose_no_word(engine: Engine) {
    let (_site, host) = strangers_site().await;
    let browser = Browser::open(engine, DESKTOP).await;
    let date = strangers()[0].time.date().to_string().replace('-', "/");
    let articles: Vec<_> = ATTACKS
        .iter()
        .enumerate()
        .map(|(at, attack)| (format!("/attacks/{date}/a{at:04}.html"), attack.words.clone()))
        .collect();
    let wrong = wrong_with(&browser, &host.url, &articles).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.close().await;
}

async fn a_strangers_lists_are_text(engine: Engine) {
    let (_site, host) = strangers_site().await;
    let browser = Browser::open(engine, DESKTOP).await;
    let date = strangers()[0].time.date().to_string().replace('-', "/");
    let mut wrong = Vec::new();
    for (path, ready) in [
        ("/".to_owned(), ".block h2"),
        ("/attacks/".to_owned(), ".headline"),
        ("/category/".to_owned(), ".names"),
        ("/tag/".to_owned(), ".names"),
        ("/quote/".to_owned(), ".names"),
        (format!("/archive/{date}"), ".headline"),
    ] {
        browser.goto(&format!("{}{path}", host.url)).await;
        browser.until(&format!("document.querySelector({ready:?})")).await;
        let found =
            browser.client.execute("return wrongBelow(document, arguments[0])", vec![whole()]).await.unwrap();
        wrong.extend(found.as_array().into_iter().flatten().map(|what| format!("{path}: {what}")));
        // Whatever a list is called, its name links to its own page.
        let links = browser
            .script(
                "return [...document.querySelectorAll('main a')].filter((a) => a.origin !== location.origin && a.target !== '_blank').map((a) => a.outerHTML)",
            )
            .await;
        assert_eq!(links, json!([]), "{path}");
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.close().await;
}

async fn a_strangers_headlines_in_the_widget_are_text(engine: Engine) {
    let (_site, host) = strangers_site().await;
    host.inject("");
    let (_page, page) = page_with_widget(&host).await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.client.goto(&page.url).await.unwrap();
    browser
        .until("[...document.querySelectorAll('finews-headlines')].every((news) => news.shadowRoot?.querySelectorAll('[part=headline]').length === 50)")
        .await;
    let wrong = wrong_in_widgets(&browser, &host).await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The newest of them are complete.
    let titles = browser.script("return [...document.querySelector('finews-headlines').shadowRoot.querySelectorAll('[part=headline]')].map((a) => a.textContent.replace(/\\s/g, ''))").await;
    for (shown, article) in titles.as_array().unwrap().iter().zip(strangers().iter().rev()) {
        let title: String =
            article.title.chars().filter(|c| !c.is_whitespace() && *c != '\u{feff}').collect();
        assert_eq!(shown.as_str().unwrap(), title);
    }
    browser.close().await;
}
