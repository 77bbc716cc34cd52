//! Charts: lazy loading, periods, the note that they show the latest prices, and failures.

use testkit::sites::sample_with_pictures;
use testkit::{Browser, DESKTOP, Engine, Fault, PHONE, in_every_engine};

in_every_engine!(
    the_first_chart_loads_at_once_and_the_others_shortly_before_they_are_visible,
    the_period_of_a_chart_can_be_switched[sampled],
    a_failed_chart_shows_a_message_and_can_be_requested_again,
);

const STORY: &str = "/emnews/2026/03/05/202603051423023757.html";

async fn the_first_chart_loads_at_once_and_the_others_shortly_before_they_are_visible(engine: Engine) {
    let browser = Browser::open(engine, PHONE).await;
    browser.goto(&format!("{}{STORY}", testkit::setup::served_url())).await;
    browser.until("document.querySelectorAll('img.chart').length === 2").await;
    let loading = browser
        .script("return [...document.querySelectorAll('img.chart')].map(i => i.getAttribute('loading'))")
        .await;
    assert_eq!(loading, serde_json::json!(["eager", "lazy"]));
    for (name, value) in [
        ("data-secid", "1.000001"),
        ("width", "578"),
        ("height", "276"),
        ("referrerpolicy", "no-referrer"),
        ("alt", "上证指数 日K 行情图"),
    ] {
        assert_eq!(browser.attribute("img.chart", name).await, value);
    }
    assert_eq!(browser.text(".chart-note").await, "图表显示最新行情，可能与报道发布时不同");
    browser.close().await;
}

async fn the_period_of_a_chart_can_be_switched(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}{STORY}", testkit::setup::served_url())).await;
    assert_eq!(browser.text(".periods [aria-pressed=true]").await, "日K");
    assert!(browser.attribute("img.chart", "src").await.ends_with("type=D"));
    for (position, name, end) in [(3, "周K", "type=W"), (4, "月K", "type=M"), (1, "分时", "imageType=r")]
    {
        browser.click(&format!(".periods button:nth-child({position})")).await;
        assert_eq!(browser.text(".periods [aria-pressed=true]").await, name);
        assert!(browser.attribute("img.chart", "src").await.ends_with(end));
        assert!(browser.attribute("img.chart", "alt").await.contains(name));
    }
    browser.close().await;
}

async fn a_failed_chart_shows_a_message_and_can_be_requested_again(engine: Engine) {
    let (_site, host) = sample_with_pictures(&[]).await;
    let browser = Browser::open(engine, DESKTOP).await;
    host.fail("picture.svg", Fault::Refuse);
    browser.goto(&format!("{}{STORY}", host.url)).await;
    assert_eq!(browser.text(".chart-failed").await, "图表暂时无法显示");
    let height = browser.script("return document.querySelector('.chart-box').offsetHeight").await;
    host.heal();
    browser.click(".periods button:nth-child(3)").await;
    browser.until("document.querySelector('.chart-box img.chart')?.naturalWidth > 0").await;
    assert_eq!(browser.script("return document.querySelector('.chart-box').offsetHeight").await, height);
    browser.close().await;
}
