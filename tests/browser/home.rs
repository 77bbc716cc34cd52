//! The home page: newest stories by day, categories, older stories on demand, news without a reload.

use testkit::sites::build;
use testkit::{Browser, DESKTOP, Engine, Host, in_every_engine};

in_every_engine!(
    the_home_page_shows_the_newest_stories_by_day_and_the_largest_categories[sampled],
    older_stories_load_on_demand_and_remain_after_going_back[sampled],
    news_is_announced_without_a_reload_and_shown_on_request,
);

async fn the_home_page_shows_the_newest_stories_by_day_and_the_largest_categories(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&testkit::setup::served_url()).await;
    assert_eq!(browser.text(".newest .day h2").await, "2026年5月26日 星期二");
    assert_eq!(browser.text(".headline .title").await, "收评：上证指数失守整数关口 新能源逆势走强");
    assert_eq!(browser.text(".headline time").await, "15:03");
    assert!(browser.text(".headline .summary").await.starts_with("5月26日收盘"));
    assert_eq!(browser.attribute(".headline .category", "href").await, "/emnews/");
    assert_eq!(browser.text(".block h2 a").await, "东财滚动新闻");
    assert_eq!(browser.texts(".block:first-child li").await.len(), 5);
    assert_eq!(browser.client.title().await.unwrap(), "临江新闻");
    browser.close().await;
}

async fn older_stories_load_on_demand_and_remain_after_going_back(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&testkit::setup::served_url()).await;
    browser.until("document.querySelectorAll('.newest .headline').length === 50").await;
    browser.until_idle().await;
    // Clicked by a script, because rows that are laid out during scrolling would move the button away from the
    // pointer.
    browser.script("document.querySelector('.more a').click()").await;
    browser.until("document.querySelectorAll('.older .headline').length > 10").await;
    let shown = browser.texts(".newest .headline").await.len();
    browser.click(".older .headline:last-child .title a").await;
    browser.until("document.querySelector('article.story')").await;
    browser.client.back().await.unwrap();
    browser.until(&format!("document.querySelectorAll('.newest .headline').length === {shown}")).await;
    browser.until("scrollY > 1000").await;
    // Going back a second time restores the older stories too, although the reader requested none in between.
    browser.client.forward().await.unwrap();
    browser.until("document.querySelector('article.story')").await;
    browser.client.back().await.unwrap();
    browser.until(&format!("document.querySelectorAll('.newest .headline').length === {shown}")).await;
    // Down to the oldest story and no further.
    while browser.texts(".more a .end").await.is_empty() {
        let before = browser.texts(".newest .headline").await.len();
        // Clicked by a script, as above.
        browser.script("document.querySelector('.more a').click()").await;
        browser.until(&format!("document.querySelectorAll('.newest .headline').length > {before} || document.querySelector('.more a .end')")).await;
    }
    assert_eq!(browser.texts(".newest .headline").await.len(), 68);
    browser.close().await;
}

async fn news_is_announced_without_a_reload_and_shown_on_request(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let (posts, site) = (folder.path().join("posts"), folder.path().join("site"));
    std::fs::create_dir(&posts).unwrap();
    std::fs::write(posts.join("finews.toml"), "title = \"试\"\n[settings]\npoll = 1\n").unwrap();
    let post = |name: &str, title: &str, minute: u32| {
        let text = format!(
            "---\ntitle: {title}\ndate: 2026-05-01 10:{minute:02}:00 +0800\ncategories: a\n---\n正文\n"
        );
        std::fs::write(posts.join(name), text).unwrap();
    };
    post("2026-05-01-one.md", "第一篇", 0);
    build(&posts, &site);
    let host = Host::serve(&site).await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&host.url).await;
    assert_eq!(browser.text(".headline .title").await, "第一篇");
    browser.script("window.stillHere = true").await;
    post("2026-05-01-two.md", "第二篇", 1);
    post("2026-05-01-three.md", "第三篇", 2);
    build(&posts, &site);
    assert!(browser.text(".notice").await.contains("2 篇新报道"));
    assert_eq!(browser.texts(".headline .title").await, ["第一篇"]);
    browser.click(".notice button").await;
    browser.until("document.querySelectorAll('.headline').length === 3").await;
    assert_eq!(browser.texts(".headline .title").await, ["第三篇", "第二篇", "第一篇"]);
    browser.until("document.querySelector('.notice') === null").await;
    assert_eq!(browser.script("return window.stillHere").await, true);
    browser.close().await;
}
