//! Layout and requests: nothing moves while a page loads, nothing is wider than the window, and a page
//! without pictures makes no request to another host.

use testkit::setup::served_url;
use testkit::{Browser, DESKTOP, Engine, PHONE, in_every_engine};

in_every_engine!(
    no_view_shifts_while_it_loads [lacking both "does not measure layout shifts"],
    no_view_is_wider_than_the_window [sampled],
    a_page_without_pictures_makes_no_request_to_another_host,
);

const VIEWS: [(&str, &str); 8] = [
    ("/", ".block h2"),
    ("/emnews/", ".headline"),
    ("/emnews/2026/03/02/202603020823007919.html", ".neighbours a"),
    ("/emnews/2026/03/05/202603051423023757.html", ".neighbours a"),
    ("/quote/1.000001", ".headline"),
    ("/category/", ".names"),
    ("/archive/2026/04", ".calendar td a"),
    ("/archive/2026/05/26", ".headline"),
];

/// The largest sum of layout shift scores (<https://web.dev/articles/cls>) of a view that is loading.
const MAX_SHIFT: f64 = 0.02;

async fn no_view_shifts_while_it_loads(engine: Engine) {
    for window in [PHONE, DESKTOP] {
        let browser = Browser::open(engine, window).await;
        for (path, ready) in VIEWS {
            browser.goto(&format!("{}{path}", served_url())).await;
            browser.until(&format!("document.querySelector({ready:?}) && [...document.images].every(i => i.loading === 'lazy' || i.complete)")).await;
            browser.measure_shift().await;
            let shift = browser.shift().await;
            println!("layout shift of {path} at {}×{}: {shift:.4}", window.0, window.1);
            assert!(shift <= MAX_SHIFT, "{path} at {window:?} shifts by {shift}");
        }
        browser.close().await;
    }
}

async fn no_view_is_wider_than_the_window(engine: Engine) {
    let browser = Browser::open(engine, PHONE).await;
    for (path, ready) in VIEWS {
        browser.goto(&format!("{}{path}", served_url())).await;
        browser.until(&format!("document.querySelector({ready:?})")).await;
        let overflow = browser
            .script("const html = document.documentElement; return html.scrollWidth - html.clientWidth")
            .await;
        assert_eq!(overflow, 0, "{path}");
    }
    browser.close().await;
}

async fn a_page_without_pictures_makes_no_request_to_another_host(engine: Engine) {
    let browser = Browser::open(engine, DESKTOP).await;
    browser.goto(&format!("{}/category/", served_url())).await;
    browser.until("document.querySelector('.names')").await;
    let foreign = browser
        .script("return performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith(location.origin) && !n.startsWith('data:'))")
        .await;
    assert_eq!(foreign, serde_json::json!([]));
    browser.close().await;
}
