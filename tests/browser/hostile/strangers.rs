//! Attacks in an untrusted bundle: in articles, in lists, and in the widget's headlines.

use super::watch::*;
use bundle::{Article, Label, Time};
use serde_json::json;
use std::path::Path;
use testkit::corpus::Attack;
use testkit::sites::build_bare;
use testkit::{Browser, BundleFixture, DESKTOP, Engine, Host, in_every_engine};

in_every_engine!(
    articles_of_an_untrusted_bundle_are_text_and_lose_no_word,
    lists_of_an_untrusted_bundle_are_text,
    headlines_of_an_untrusted_bundle_in_the_widget_are_text[sampled],
);

/// An article for each attack, with the attack in every text field except the slug; all but the body contain
/// only its first 2,000 characters.
fn untrusted_articles() -> Vec<Article> {
    let article = |(at, attack): (i64, &Attack)| {
        // A name of a megabyte would only make the test slow.
        let short: String = attack.text.chars().take(2000).collect();
        let label = Label { key: short.clone(), title: short.clone() };
        Article {
            slug: format!("a{at:04}"),
            title: short.clone(),
            time: Time { unix: 1_777_600_000 + at, offset: 480 },
            date_only: at % 2 == 0,
            updated: short.clone(),
            authors: vec![short.clone()],
            lang: short.clone(),
            image: short.clone(),
            shared: false,
            categories: vec![Label::from_spelling("attacks"), label.clone()],
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

/// A site with an untrusted bundle.
async fn untrusted_site() -> (tempfile::TempDir, Host) {
    let site = tempfile::tempdir().unwrap();
    build_bare(Path::new("tests/fixtures/site"), site.path());
    BundleFixture::at(site.path(), |_, json| json).write_articles(&untrusted_articles());
    let host = Host::serve(site.path()).await;
    watch(&host);
    (site, host)
}

async fn articles_of_an_untrusted_bundle_are_text_and_lose_no_word(engine: Engine) {
    let (_site, host) = untrusted_site().await;
    let browser = Browser::open(engine, DESKTOP).await;
    let date = untrusted_articles()[0].time.date().to_string().replace('-', "/");
    let articles: Vec<_> = ATTACKS
        .iter()
        .enumerate()
        .map(|(at, attack)| (format!("/attacks/{date}/a{at:04}.html"), attack.words.clone()))
        .collect();
    let problems = problems_in_articles(&browser, &host.url, &articles).await;
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    browser.close().await;
}

async fn lists_of_an_untrusted_bundle_are_text(engine: Engine) {
    let (_site, host) = untrusted_site().await;
    let browser = Browser::open(engine, DESKTOP).await;
    let date = untrusted_articles()[0].time.date().to_string().replace('-', "/");
    let mut problems = Vec::new();
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
        let found = browser
            .client
            .execute("return wrongBelow(document, arguments[0])", vec![allowed_elements()])
            .await
            .unwrap();
        problems.extend(found.as_array().into_iter().flatten().map(|what| format!("{path}: {what}")));
        // Whatever a list is called, its link stays on the site. Only links that open a new tab leave it.
        let links = browser
            .script(
                "return [...document.querySelectorAll('main a')].filter((a) => a.origin !== location.origin && a.target !== '_blank').map((a) => a.outerHTML)",
            )
            .await;
        assert_eq!(links, json!([]), "{path}");
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    browser.close().await;
}

async fn headlines_of_an_untrusted_bundle_in_the_widget_are_text(engine: Engine) {
    let (_site, host) = untrusted_site().await;
    host.inject("");
    let (_folder, page) = page_with_widget(&host).await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.client.goto(&page.url).await.unwrap();
    browser
        .until("[...document.querySelectorAll('finews-headlines')].every((news) => news.shadowRoot?.querySelectorAll('[part=headline]').length === 50)")
        .await;
    let problems = problems_in_widgets(&browser, &host).await;
    assert!(problems.is_empty(), "{problems:#?}");
    // The headlines are those of the newest articles, with their complete titles.
    let titles = browser.script("return [...document.querySelector('finews-headlines').shadowRoot.querySelectorAll('[part=headline]')].map((a) => a.textContent.replace(/\\s/g, ''))").await;
    for (shown, article) in titles.as_array().unwrap().iter().zip(untrusted_articles().iter().rev()) {
        let title: String =
            article.title.chars().filter(|c| !c.is_whitespace() && *c != '\u{feff}').collect();
        assert_eq!(shown.as_str().unwrap(), title);
    }
    browser.close().await;
}
