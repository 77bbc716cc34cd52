//! Navigation: links, history, scrolling, focus, the theme, and sites in a sub-folder.

use testkit::setup::served_url;
use testkit::sites::build;
use testkit::{Browser, DESKTOP, Engine, PHONE, in_every_engine};

in_every_engine!(
    a_link_changes_the_page_without_loading_it_and_going_back_restores_the_position [sampled],
    a_reload_restores_the_position,
    the_skip_link_and_tab_lead_into_the_content,
    the_theme_can_be_chosen_and_is_remembered [lacking WebKit "has no way for a test to choose a colour scheme"],
    links_of_a_site_in_a_sub_folder_stay_in_it [sampled],
);

/// A script that scrolls down in steps, like a reader, and returns the position that it has reached.
///
/// A jump would skip parts of the page, which would then not be laid out.
fn scroll_script(y: u32) -> String {
    format!(
        "const done = arguments[0], step = () => scrollY < {y} ? (scrollBy(0, 200), requestAnimationFrame(() => requestAnimationFrame(step))) : done(scrollY); step()"
    )
}

async fn a_link_changes_the_page_without_loading_it_and_going_back_restores_the_position(engine: Engine) {
    let browser = Browser::open(engine, PHONE).await;
    browser.goto(&served_url()).await;
    browser
        .until("document.querySelectorAll('.headline').length === 50 && document.querySelector('.block h2')")
        .await;
    browser.script("window.stillHere = true").await;
    let position =
        browser.client.execute_async(&scroll_script(2400), Vec::new()).await.unwrap().as_f64().unwrap();
    browser.script("[...document.querySelectorAll('.headline .title a')].find(a => a.getBoundingClientRect().top > 100).id = 'chosen'").await;
    browser.click("#chosen").await;
    browser.until("document.querySelector('article.story')").await;
    browser.until("scrollY === 0").await;
    browser.until("document.activeElement.tagName === 'H1'").await;
    browser.client.back().await.unwrap();
    browser.until(&format!("document.querySelector('.newest') && Math.abs(scrollY - {position}) < 2")).await;
    browser.client.forward().await.unwrap();
    browser.until("document.querySelector('article.story') && scrollY === 0").await;
    assert_eq!(browser.script("return window.stillHere").await, true);
    browser.close().await;
}

async fn a_reload_restores_the_position(engine: Engine) {
    let browser = Browser::open(engine, PHONE).await;
    browser.goto(&served_url()).await;
    browser.until("document.querySelectorAll('.headline').length === 50").await;
    let position =
        browser.client.execute_async(&scroll_script(1800), Vec::new()).await.unwrap().as_f64().unwrap();
    browser.reload().await;
    browser
        .until(&format!(
            "document.querySelectorAll('.headline').length === 50 && Math.abs(scrollY - {position}) < 2"
        ))
        .await;
    browser.close().await;
}

async fn the_skip_link_and_tab_lead_into_the_content(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&served_url()).await;
    browser.until("document.querySelector('.headline')").await;
    // In WebDriver, U+E004 is the Tab key, and U+E007 is the Enter key.
    let body = browser.client.find(fantoccini::Locator::Css("body")).await.unwrap();
    body.send_keys("\u{e004}").await.unwrap();
    assert_eq!(browser.script("return document.activeElement.className").await, "skip");
    browser.client.active_element().await.unwrap().send_keys("\u{e007}").await.unwrap();
    browser.until("location.hash === '#content'").await;
    browser.until("document.querySelector('.headline')").await;
    for _ in 0..3 {
        browser.client.active_element().await.unwrap().send_keys("\u{e004}").await.unwrap();
    }
    assert_eq!(
        browser.script("return document.querySelector('main').contains(document.activeElement)").await,
        true
    );
    browser.close().await;
}

async fn the_theme_can_be_chosen_and_is_remembered(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    browser.set_color_scheme("light").await;
    browser.goto(&served_url()).await;
    browser.until("document.querySelector('.theme')").await;
    let background_script = "return getComputedStyle(document.body).backgroundColor";
    let light = browser.script(background_script).await;
    browser.click(".theme").await;
    browser.click(".theme").await;
    browser.until("document.documentElement.dataset.theme === 'dark'").await;
    assert_ne!(browser.script(background_script).await, light);
    browser.reload().await;
    browser.until("document.documentElement.dataset.theme === 'dark'").await;
    browser.click(".theme").await;
    browser.until("!document.documentElement.dataset.theme").await;
    assert_eq!(browser.script(background_script).await, light);
    browser.set_color_scheme("dark").await;
    browser.until("matchMedia('(prefers-color-scheme: dark)').matches").await;
    assert_ne!(browser.script(background_script).await, light);
    browser.close().await;
}

async fn links_of_a_site_in_a_sub_folder_stay_in_it(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let posts = folder.path().join("posts");
    std::fs::create_dir(&posts).unwrap();
    std::fs::write(
        posts.join("finews.toml"),
        "title = \"Sub\"\nlang = \"en\"\nurl = \"https://name.github.io/finews/\"\n",
    )
    .unwrap();
    std::fs::write(
        posts.join("2026-05-01-one.md"),
        "---\ntitle: One\ncategories: a\n---\nSee [the archive](/archive/).\n",
    )
    .unwrap();
    build(&posts, &folder.path().join("host/finews"));
    let host = testkit::Host::serve(&folder.path().join("host")).await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/finews/", host.url)).await;
    browser.until("document.querySelector('.headline .title a')").await;
    assert_eq!(browser.attribute(".headline .title a", "href").await, "/finews/a/2026/05/01/one.html");
    browser.click(".headline .title a").await;
    browser.until("document.querySelector('article .body a')").await;
    assert_eq!(browser.attribute("article .body a", "href").await, "/finews/archive/");
    browser.click("article .body a").await;
    assert_eq!(browser.text(".year h2").await, "2026");
    assert_eq!(browser.attribute(".sections [aria-current]", "href").await, "/finews/archive/");
    browser.close().await;
}
