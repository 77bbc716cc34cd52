//! Lists of categories, tags and securities, down to their oldest story.

use testkit::setup::served_url;
use testkit::sites::build;
use testkit::{Browser, DESKTOP, Engine, Host, in_every_engine};

in_every_engine!(
    a_category_is_shown_at_each_of_its_addresses[sampled],
    every_older_page_of_a_list_down_to_the_oldest_story_has_an_address,
    a_security_s_list_has_a_name_a_chart_a_link_to_its_quote_page_and_headlines,
    a_tag_has_a_list,
);

async fn a_category_is_shown_at_each_of_its_addresses(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    for (path, title, count) in [
        ("/emnews/", "东财滚动新闻", "44 篇"),
        ("/emnews", "东财滚动新闻", "44 篇"),
        ("/category/emnews.html", "东财滚动新闻", "44 篇"),
        ("/TECHWEB/", "科技日志", "2 篇"),
        ("/anxinyanjiu(xianggang)/", "安信研究（香港）", "1 篇"),
        ("/world%20desk%20notes/", "World Desk Notes", "1 篇"),
        ("/category/21shiji%20%20caitong.html", "二十一世纪财通", "2 篇"),
        ("/category/quote/", "每周报价", "1 篇"),
    ] {
        browser.goto(&format!("{}{path}", served_url())).await;
        assert_eq!(browser.text(".page-head h1").await, title, "{path}");
        assert_eq!(browser.text(".page-head .count").await, count, "{path}");
    }
    browser.close().await;
}

async fn every_older_page_of_a_list_down_to_the_oldest_story_has_an_address(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let (posts, site) = (folder.path().join("posts"), folder.path().join("site"));
    std::fs::create_dir(&posts).unwrap();
    // About half of the rows are in the closed part. The open part begins with the week of the hundredth
    // story from the newest.
    for at in 0..230 {
        let (month, day) = if at < 120 { (4, at % 28 + 1) } else { (5, at % 28 + 1) };
        let text = format!(
            "---\ntitle: 第{at}篇\ndate: 2026-{month:02}-{day:02} 10:{:02}:00 +0800\ncategories: a\n---\n正文\n",
            at % 60
        );
        std::fs::write(posts.join(format!("2026-{month:02}-{day:02}-s{at:03}.md")), text).unwrap();
    }
    build(&posts, &site);
    let host = Host::serve(&site).await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/a/", host.url)).await;
    let mut seen = Vec::new();
    loop {
        browser.until("document.querySelector('.headline .title')").await;
        seen.extend(browser.texts(".headline .title").await);
        if browser.texts(".more [rel=next]").await.is_empty() {
            break;
        }
        let older = browser.attribute(".more [rel=next]", "href").await;
        assert!(older.starts_with("/a/?before="), "{older}");
        browser.goto(&format!("{}{older}", host.url)).await;
    }
    assert_eq!(seen.len(), 230);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), 230);
    browser.click(".more [rel=first]").await;
    browser.until("!location.search").await;
    browser.close().await;
}

async fn a_security_s_list_has_a_name_a_chart_a_link_to_its_quote_page_and_headlines(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/quote/90.BK0493", served_url())).await;
    assert_eq!(browser.text(".page-head h1").await, "新能源");
    assert_eq!(
        browser.attribute(".security-links a.quote", "href").await,
        "https://quote.eastmoney.com/unify/r/90.BK0493"
    );
    assert!(browser.attribute("img.chart", "src").await.contains("90.BK0493"));
    assert!(browser.texts(".headline").await.len() >= 6);
    browser.close().await;
}

async fn a_tag_has_a_list(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/tag/%E4%B8%B4%E6%B1%9F%E6%97%A5%E6%8A%A5", served_url())).await;
    assert_eq!(browser.text(".page-head h1").await, "临江日报");
    browser.goto(&format!("{}/tag/shipping", served_url())).await;
    assert_eq!(browser.text(".headline .title").await, "With a YAML list of categories");
    browser.close().await;
}
