//! Charts: loaded when about to be seen, with a switch of period, a word on what they show, and a stand-in.

use crate::harness::{Browser, DESKTOP, Fault, Host, PHONE};

const STORY: &str = "/emnews/2026/03/05/202603051423023757.html";

#[tokio::test]
async fn the_first_chart_is_loaded_at_once_and_the_others_when_about_to_be_seen() {
    let browser = Browser::open(PHONE).await;
    browser.goto(&format!("{}{STORY}", crate::harness::served())).await;
    browser.until("document.querySelectorAll('img.chart').length === 2").await;
    let loading = browser.script("return [...document.querySelectorAll('img.chart')].map(i => i.getAttribute('loading'))").await;
    assert_eq!(loading, serde_json::json!(["eager", "lazy"]));
    for (name, value) in [("data-secid", "1.000001"), ("width", "578"), ("height", "276"), ("referrerpolicy", "no-referrer"), ("alt", "上证指数 日K 走势图")]
    {
        assert_eq!(browser.attribute("img.chart", name).await, value);
    }
    assert_eq!(browser.text(".chart-note").await, "图为今日行情，并非报道当日");
    browser.close().await;
}

#[tokio::test]
async fn the_period_of_a_chart_can_be_switched() {
    let browser = Browser::open(DESKTOP).await;
    browser.goto(&format!("{}{STORY}", crate::harness::served())).await;
    assert_eq!(browser.text(".periods [aria-pressed=true]").await, "日K");
    assert!(browser.attribute("img.chart", "src").await.ends_with("type=D"));
    for (position, name, end) in [(3, "周K", "type=W"), (4, "月K", "type=M"), (1, "分时", "imageType=r")] {
        browser.click(&format!(".periods button:nth-child({position})")).await;
        assert_eq!(browser.text(".periods [aria-pressed=true]").await, name);
        assert!(browser.attribute("img.chart", "src").await.ends_with(end));
        assert!(browser.attribute("img.chart", "alt").await.contains(name));
    }
    browser.close().await;
}

#[tokio::test]
async fn a_chart_that_fails_says_so_in_its_place_and_can_be_asked_for_again() {
    let host = Host::sample().await;
    let browser = Browser::open(DESKTOP).await;
    // The sample's charts are answered by the host that `finews serve` is; here by none.
    browser.devtools("Network.enable", serde_json::json!({})).await;
    browser.devtools("Network.setBlockedURLs", serde_json::json!({ "urls": ["*picture.svg*"] })).await;
    host.fail("nothing", Fault::Refuse);
    browser.goto(&format!("{}{STORY}", host.url)).await;
    assert_eq!(browser.text(".chart-failed").await, "图表暂时无法显示");
    let height = browser.script("return document.querySelector('.chart-box').offsetHeight").await;
    browser.devtools("Network.setBlockedURLs", serde_json::json!({ "urls": [] })).await;
    browser.click(".periods button:nth-child(3)").await;
    browser.until("document.querySelector('.chart-box img.chart')?.naturalWidth > 0").await;
    assert_eq!(browser.script("return document.querySelector('.chart-box').offsetHeight").await, height);
    browser.close().await;
}
