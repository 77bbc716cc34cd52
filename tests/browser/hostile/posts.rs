//! Attacks in posts, through the builder and the viewer.

use super::watch::*;
use serde_json::json;
use std::sync::LazyLock;
use testkit::corpus::Attack;
use testkit::folder::files;
use testkit::sites::{build_bare, build_for};
use testkit::{Browser, DESKTOP, Engine, Host, in_every_engine};

in_every_engine!(
    posts_in_the_viewer_are_text_and_lose_no_word[sampled],
    prerendered_pages_are_text_and_lose_no_word,
);

/// The posts of the attacks, and their site with every page prerendered.
static BUILT: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let posts = folder.path().join("posts");
    std::fs::create_dir(&posts).unwrap();
    for attack in ATTACKS.iter() {
        std::fs::write(posts.join(format!("2026-05-01-{}.md", attack.name)), attack.post()).unwrap();
    }
    build_for(&posts, &folder.path().join("prerendered"), &["--prerender", "all"]);
    build_bare(&posts, &folder.path().join("bare"));
    folder
});

/// The address of an attack's post, found by its slug.
fn path_of(attack: &Attack) -> String {
    let slug = attack.text.lines().find_map(|line| line.strip_prefix("slug: ")).filter(|_| attack.is_post);
    format!("/2026/05/01/{}.html", bundle::slugify(slug.unwrap_or(&attack.name)))
}

async fn posts_in_the_viewer_are_text_and_lose_no_word(engine: Engine) {
    let host = Host::of(&BUILT.path().join("bare")).await;
    watch(&host);
    let browser = Browser::open(engine, DESKTOP).await;
    let articles: Vec<_> = ATTACKS.iter().map(|attack| (path_of(attack), attack.words.clone())).collect();
    let wrong = wrong_with(&browser, &host.url, &articles).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    browser.close().await;
}

async fn prerendered_pages_are_text_and_lose_no_word(engine: Engine) {
    let site = BUILT.path().join("prerendered");
    let host = Host::of(&site).await;
    watch(&host);
    let browser = Browser::open(engine, DESKTOP).await;
    let is_page =
        |path: &String| path.ends_with(".html") && path != "404.html" && !path.starts_with("embed/");
    let pages: Vec<String> = files(&site).into_keys().filter(is_page).collect();
    let mut wrong = Vec::new();
    for page in &pages {
        let url = url::Url::parse(&host.url).unwrap().join(page).unwrap();
        browser.client.goto(url.as_str()).await.unwrap();
        // After the program has started.
        browser.until("history.state !== null || !document.querySelector('#app')").await;
        let attack = ATTACKS.iter().find(|attack| page.ends_with(&format!("/{}.html", attack.name)));
        let words = attack.map(|attack| attack.words.clone()).unwrap_or_default();
        let check = "const [words, elements] = arguments, shown = wordsBelow(document.body);
            return [...wrongBelow(document, elements), ...words.filter((word) => !shown.includes(word)).map((word) => `lost ${word}`)]";
        let found = browser.client.execute(check, vec![json!(words), whole()]).await.unwrap();
        wrong.extend(found.as_array().into_iter().flatten().map(|what| format!("{page}: {what}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(pages.len() > 400, "{} pages", pages.len());
    browser.close().await;
}
