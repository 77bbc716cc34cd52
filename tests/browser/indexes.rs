//! Indexes: all names, the years, the months and the days.

use testkit::setup::served_url;
use testkit::{Browser, DESKTOP, Engine, PHONE, in_every_engine};

in_every_engine!(
    all_names_of_a_kind_are_listed_with_counts_and_found_by_typing,
    the_archive_links_to_months_and_a_month_links_to_its_days[sampled],
    the_first_day_of_a_month_links_back_to_a_day_of_the_previous_month,
    a_day_with_very_many_stories_has_pages,
);

async fn all_names_of_a_kind_are_listed_with_counts_and_found_by_typing(engine: Engine) {
    let browser = Browser::open(engine, PHONE).await;
    browser.goto(&format!("{}/category/", served_url())).await;
    assert_eq!(browser.text(".page-head h1").await, "分类");
    assert_eq!(browser.text(".names .name").await, "东财滚动新闻");
    assert_eq!(browser.text(".names .count").await, "44");
    assert!(browser.texts(".names li").await.len() >= 8);
    browser.client.find(fantoccini::Locator::Css(".filter")).await.unwrap().send_keys("TECH").await.unwrap();
    browser.until("document.querySelectorAll('.names li').length === 1").await;
    assert_eq!(browser.texts(".names .name").await, ["科技日志"]);
    browser.client.find(fantoccini::Locator::Css(".filter")).await.unwrap().send_keys("zzz").await.unwrap();
    assert_eq!(browser.text(".empty").await, "没有匹配的名称");
    for (path, title) in [("/quote/", "证券"), ("/tag/", "标签")] {
        browser.goto(&format!("{}{path}", served_url())).await;
        assert_eq!(browser.text(".page-head h1").await, title);
        assert!(browser.texts(".names li").await.len() >= 8);
    }
    browser.close().await;
}

async fn the_archive_links_to_months_and_a_month_links_to_its_days(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/archive/", served_url())).await;
    assert_eq!(browser.text(".year h2").await, "2026年");
    assert_eq!(browser.texts(".year .name").await, ["3月", "4月", "5月"]);
    browser.click(".year li:nth-child(2) a").await;
    browser.until("document.querySelector('.calendar')").await;
    assert_eq!(browser.path().await, "/archive/2026/04");
    assert_eq!(browser.text(".page-head h1").await, "2026年4月");
    assert_eq!(browser.texts(".calendar th").await, ["一", "二", "三", "四", "五", "六", "日"]);
    // 1 April 2026 was a Wednesday.
    assert_eq!(browser.text(".calendar tbody tr:first-child td:nth-child(3) .number").await, "1");
    assert_eq!(browser.attribute(".more [rel=prev]", "href").await, "/archive/2026/03");
    browser.click(".calendar a[href='/archive/2026/04/16']").await;
    browser.until("document.querySelector('.headline')").await;
    assert_eq!(browser.text(".page-head h1").await, "2026年4月16日 星期四");
    assert_eq!(browser.texts(".headline .title").await, ["重复的报道（乙）", "重复的报道（甲）"]);
    browser.click(".more [rel=prev]").await;
    browser.until("document.querySelector('h1').innerText.startsWith('2026年4月15日')").await;
    browser.close().await;
}

async fn the_first_day_of_a_month_links_back_to_a_day_of_the_previous_month(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/archive/2026/04/01", served_url())).await;
    browser.until("document.querySelector('.more [rel=prev]')").await;
    assert_eq!(browser.attribute(".more [rel=prev]", "href").await, "/archive/2026/03/28");
    browser.close().await;
}

async fn a_day_with_very_many_stories_has_pages(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    let (posts, site) = (folder.path().join("posts"), folder.path().join("site"));
    std::fs::create_dir(&posts).unwrap();
    for at in 0..1500 {
        let title = format!("第{at}篇，{}", "很长的标题".repeat(12));
        let text = format!(
            "---\ntitle: {title}\ndate: 2026-05-02 10:{:02}:{:02} +0800\ncategories: a\n---\n正文\n",
            at / 60,
            at % 60
        );
        std::fs::write(posts.join(format!("2026-05-02-s{at:04}.md")), text).unwrap();
    }
    testkit::sites::build(&posts, &site);
    let host = testkit::Host::serve(&site).await;
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/archive/2026/05/02", host.url)).await;
    assert_eq!(browser.text(".page-head .count").await, "1,500 篇");
    let mut seen = browser.texts(".headline .title").await;
    assert!(seen.len() >= 51 && seen[0].starts_with("第1499篇"), "{} from {}", seen.len(), seen[0]);
    while !browser.texts("nav.more [rel=next]").await.is_empty() && seen.len() < 1500 {
        let last = seen[seen.len() - 1].clone();
        browser.click("nav.more [rel=next]").await;
        browser.until(&format!("![...document.querySelectorAll('.headline .title')].some(title => title.innerText === {last:?})")).await;
        browser.until("document.querySelector('nav.more [rel=first]')").await;
        seen.extend(browser.texts(".headline .title").await);
    }
    let before = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((before, seen.len()), (1500, 1500), "every story once");
    browser.click("nav.more [rel=first]").await;
    browser.until("document.querySelector('.headline .title').innerText.startsWith('第1499篇')").await;
    browser.close().await;
}
