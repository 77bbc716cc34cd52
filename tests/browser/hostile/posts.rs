//! Attacks in posts, through the builder and the viewer.

use super::watch::*;
use serde_json::json;
use std::sync::LazyLock;
use testkit::corpus::Attack;
use testkit::folder::files;
use testkit::sites::{build_bare, build_with_options};
use testkit::{Browser, DESKTOP, Engine, Host, in_every_engine};

in_every_engine!(
    posts_in_the_viewer_are_text_and_lose_no_word[sampled],
    prerendered_pages_are_text_and_lose_no_word,
);

/// A folder with the attacks in `posts`, and their site twice: in `prerendered` with prerendered pages, in
/// `bare` without them.
static SITES: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let posts = folder.path().join("posts");
    std::fs::create_dir(&posts).unwrap();
    for attack in ATTACKS.iter() {
        std::fs::write(posts.join(format!("2026-05-01-{}.md", attack.name)), attack.post()).unwrap();
    }
    build_with_options(&posts, &folder.path().join("prerendered"), &["--prerender", "all"]);
    build_bare(&posts, &folder.path().join("bare"));
    folder
});

/// The address of an attack's post. The slug is from its front matter, or else from the attack's name.
fn path_of(attack: &Attack) -> String {
    let slug = attack.text.lines().find_map(|line| line.strip_prefix("slug: ")).filter(|_| attack.is_post);
    format!("/2026/05/01/{}.html", bundle::slugify(slug.unwrap_or(&attack.name)))
}

async fn posts_in_the_viewer_are_text_and_lose_no_word(engine: Engine) {
    let host = Host::serve(&SITES.path().join("bare")).await;
    watch(&host);
    let browser = Browser::open(engine, DESKTOP).await;
    let articles: Vec<_> = ATTACKS.iter().map(|attack| (path_of(attack), attack.words.clone())).collect();
    let problems = problems_in_articles(&browser, &host.url, &articles).await;
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    browser.close().await;
}

async fn prerendered_pages_are_text_and_lose_no_word(engine: Engine) {
    let site = SITES.path().join("prerendered");
    let host = Host::serve(&site).await;
    watch(&host);
    let browser = Browser::open(engine, DESKTOP).await;
    let is_page =
        |path: &String| path.ends_with(".html") && path != "404.html" && !path.starts_with("embed/");
    let pages: Vec<String> = files(&site).into_keys().filter(is_page).collect();
    let mut problems = Vec::new();
    for page in &pages {
        let url = url::Url::parse(&host.url).unwrap().join(page).unwrap();
        browser.client.goto(url.as_str()).await.unwrap();
        // After the program has started.
        browser.until("history.state !== null || !document.querySelector('#app')").await;
        let attack = ATTACKS.iter().find(|attack| page.ends_with(&format!("/{}.html", attack.name)));
        let words = attack.map(|attack| attack.words.clone()).unwrap_or_default();
        let check = "const [words, elements] = arguments, shown = wordsBelow(document.body);
            return [...wrongBelow(document, elements), ...words.filter((word) => !shown.includes(word)).map((word) => `lost ${word}`)]";
        let found = browser.client.execute(check, vec![json!(words), allowed_elements()]).await.unwrap();
        problems.extend(found.as_array().into_iter().flatten().map(|what| format!("{page}: {what}")));
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(pages.len() > 400, "{} pages", pages.len());
    browser.close().await;
}
