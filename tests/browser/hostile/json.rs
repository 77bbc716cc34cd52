//! Damaged JSON in every file of a bundle.

use super::broken::every_broken_file;
use super::watch::*;
use bundle::{Article, Folder, Label, Time};
use std::path::Path;
use testkit::sites::build_bare;
use testkit::{Browser, BundleFixture, DESKTOP, Engine, Host, in_every_engine};

in_every_engine!(no_json_breaks_the_viewer, no_json_breaks_a_page_with_a_widget,);

/// Two harmless articles.
fn harmless_articles() -> Vec<Article> {
    let article = |at: i64| Article {
        slug: format!("n{at}"),
        title: format!("第{at}篇，一篇"),
        time: Time { unix: 1_777_600_000 + at, offset: 480 },
        categories: vec![Label::from_spelling("attacks")],
        securities: vec![Label { key: "1.000001".into(), title: "上证指数".into() }],
        body: "正文，一篇 [上证](quote:1.000001)\n\n![图](chart:1.000001)".into(),
        ..Article::default()
    };
    vec![article(1), article(2)]
}

async fn no_json_breaks_the_viewer(engine: Engine) {
    let site = tempfile::tempdir().unwrap();
    build_bare(Path::new("tests/fixtures/site"), site.path());
    let host = Host::serve(site.path()).await;
    watch(&host);
    let browser = Browser::open(engine, DESKTOP).await;
    let date = harmless_articles()[0].time.date().to_string().replace('-', "/");
    let (list, quote, day) = ("/attacks/", "/quote/1.000001", format!("/archive/{date}"));
    let (month, article) = (format!("/archive/{}", &date[..7]), format!("/attacks/{date}/n1.html"));
    // The paths of views that read the damaged file.
    let views = |changed: Option<Folder>| match changed {
        None => vec!["/", list, quote, &article],
        Some(Folder::Front) => vec!["/", "/category/"],
        Some(Folder::Names) => vec!["/category/"],
        Some(Folder::Lists) => vec![list, quote],
        Some(Folder::Months) => vec![day.as_str(), &month, &article],
        Some(Folder::Pages) => vec![list, day.as_str()],
        Some(Folder::Shards) => vec![article.as_str()],
        Some(Folder::Paths) => vec!["/own/address/"],
        Some(Folder::Standalone) => vec!["/about/this/"],
        Some(Folder::Search) => vec!["/search/?q=a"],
    };
    let mut problems = Vec::new();
    for (changed, name, change) in every_broken_file() {
        BundleFixture::at(
            site.path(),
            move |folder, json| if folder == changed { change(json) } else { json },
        )
        .write_articles(&harmless_articles());
        for path in views(changed) {
            browser.client.goto(&format!("{}{path}", host.url)).await.unwrap();
            // Nothing waits forever: the page shows something and is not busy.
            browser.until("document.querySelector('main')?.innerText.trim() && !document.querySelector('[aria-busy]')").await;
            browser.until("!document.querySelector('main .skeleton')").await;
            let found = browser
                .client
                .execute("return wrongBelow(document, arguments[0])", vec![allowed_elements()])
                .await
                .unwrap();
            problems.extend(
                found
                    .as_array()
                    .into_iter()
                    .flatten()
                    .map(|what| format!("{changed:?}, {name}, {path}: {what}")),
            );
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    browser.close().await;
}

async fn no_json_breaks_a_page_with_a_widget(engine: Engine) {
    let site = tempfile::tempdir().unwrap();
    build_bare(Path::new("tests/fixtures/site"), site.path());
    let host = Host::serve(site.path()).await;
    let (_folder, page) = page_with_widget(&host).await;
    let browser = Browser::open(engine, DESKTOP).await;
    let mut problems = Vec::new();
    for (changed, name, change) in every_broken_file() {
        if matches!(changed, Some(Folder::Front | Folder::Names | Folder::Paths | Folder::Standalone)) {
            // The widget does not read these files.
            continue;
        }
        BundleFixture::at(
            site.path(),
            move |folder, json| if folder == changed { change(json) } else { json },
        )
        .write_articles(&harmless_articles());
        browser.client.goto(&page.url).await.unwrap();
        browser.until("reported.length >= 2").await;
        problems.extend(
            problems_in_widgets(&browser, &host)
                .await
                .into_iter()
                .map(|what| format!("{changed:?}, {name}: {what}")),
        );
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    browser.close().await;
}
