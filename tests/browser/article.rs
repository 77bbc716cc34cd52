//! Articles: every address at which one opens, and everything that it shows.

use testkit::setup::served_url;
use testkit::{Browser, DESKTOP, Engine, PHONE, in_every_engine};

in_every_engine!(
    an_article_opens_at_each_of_its_addresses,
    an_article_shows_all_of_its_parts[sampled],
    a_quote_link_opens_the_quote_page_in_a_window_without_access_to_ours,
    the_stories_before_and_after_in_the_category_are_one_click_away,
    two_posts_with_the_same_slug_both_open,
    an_unpublished_post_is_not_on_the_site,
);

const STORY: &str = "/emnews/2026/03/02/202603020823007919.html";

async fn an_article_opens_at_each_of_its_addresses(engine: Engine) {
    let browser = Browser::open(engine, PHONE).await;
    for path in [
        STORY,
        "/emnews/2026/03/02/202603020823007919",
        "/emnews/2026/03/03/202603020823007919.html",
        "/emnews/2026/03/01/202603020823007919.html",
        "/EMNEWS/2026/03/02/202603020823007919.html",
        "/emnews/other/words/2026/03/02/202603020823007919.html",
        "/2026/03/02/202603020823007919.html",
    ] {
        browser.goto(&format!("{}{path}", served_url())).await;
        assert_eq!(browser.text("article h1").await, "远山新能建成首座“光储茶”一体化示范园", "{path}");
    }
    browser.close().await;
}

async fn an_article_shows_all_of_its_parts(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}{STORY}", served_url())).await;
    assert_eq!(browser.text("article time").await, "2026年3月2日 08:05 北京时间");
    assert_eq!(browser.attribute("article time", "datetime").await, "2026-03-02T08:05:12+08:00");
    assert_eq!(browser.text("article .source").await, "雾港财经");
    assert!(browser.text("article .summary").await.starts_with("记者3月2日从远山新能获悉"));
    assert!(browser.text("article .body").await.contains("一片山坡两份收成"));
    assert!(
        browser
            .attribute("article .original a", "href")
            .await
            .starts_with("http://finance.eastmoney.com/news/")
    );
    assert_eq!(
        browser.attribute("article .tag", "href").await,
        "/tag/%E4%B8%9C%E8%B4%A2%E6%BB%9A%E5%8A%A8%E6%96%B0%E9%97%BB"
    );
    assert_eq!(browser.attribute("article .security", "href").await, "/quote/90.BK0493");
    assert_eq!(browser.client.title().await.unwrap(), "远山新能建成首座“光储茶”一体化示范园 · 临江新闻");
    browser.close().await;
}

async fn a_quote_link_opens_the_quote_page_in_a_window_without_access_to_ours(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}{STORY}", served_url())).await;
    browser.until("document.querySelector('.body a.quote')").await;
    for (name, value) in [
        ("href", "https://quote.eastmoney.com/unify/r/90.BK0493"),
        ("data-secid", "90.BK0493"),
        ("target", "_blank"),
        ("rel", "noopener noreferrer"),
    ] {
        assert_eq!(browser.attribute(".body a.quote", name).await, value);
    }
    browser.close().await;
}

async fn the_stories_before_and_after_in_the_category_are_one_click_away(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}{STORY}", served_url())).await;
    browser.click(".neighbours [rel=next]").await;
    browser.until("document.querySelector('article h1')?.innerText.startsWith('离岸人民币')").await;
    browser.click(".neighbours [rel=prev]").await;
    browser.until("document.querySelector('article h1')?.innerText.startsWith('远山新能')").await;
    browser.close().await;
}

async fn two_posts_with_the_same_slug_both_open(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/emnews/2026/04/16/chongfu.html", served_url())).await;
    assert_eq!(browser.text("article h1").await, "重复的报道（甲）");
    browser.goto(&format!("{}/emnews/2026/04/16/chongfu-2.html", served_url())).await;
    assert_eq!(browser.text("article h1").await, "重复的报道（乙）");
    browser.close().await;
}

async fn an_unpublished_post_is_not_on_the_site(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/archive/2026/04/20", served_url())).await;
    assert_eq!(browser.text(".empty").await, "当天没有报道");
    browser.close().await;
}
