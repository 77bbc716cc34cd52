//! Accessibility: no view violates axe-core's rules for WCAG 2.2 (A and AA) or for best practice, in a light
//! or dark colour scheme, on a phone or a desktop.

use serde_json::Value;

use testkit::setup::served_url;
use testkit::{Browser, DESKTOP, Engine, PHONE, in_every_engine};

in_every_engine!(
    no_view_violates_a_rule_of_axe [lacking WebKit "has no way for a test to choose a colour scheme"],
);

const VIEWS: [(&str, &str); 19] = [
    ("/", ".block h2"),
    ("/emnews/", ".headline"),
    ("/emnews/2026/03/02/202603020823007919.html", "article.story"),
    ("/21shiji/2026/04/12/202604121023134623.html", "article.story table"),
    ("/quote/1.000001", "img.chart"),
    ("/category/", ".names"),
    ("/quote/", ".names"),
    ("/tag/", ".names"),
    ("/tag/shipping", ".headline"),
    ("/emnews/2026/03/05/202603051423023757.html", ".chart-figure"),
    ("/emnews/?before=1775000000-x", ".more [rel=first]"),
    ("/search/?q=证券", ".results .headline"),
    ("/search/?q=证券银行保险业龙", ".search-page .more a"),
    ("/archive/", ".year"),
    ("/archive/2026/04", ".calendar"),
    ("/archive/2026/05/26", ".headline"),
    ("/nowhere/to/be/found", ".not-found"),
    ("/embed/", "finews-headlines"),
    ("/embed/examples/", "#script:not(:empty)"),
];

async fn no_view_violates_a_rule_of_axe(engine: Engine) {
    let axe = std::fs::read_to_string(testkit::setup::axe()).expect("axe-core is installed");
    let mut violations = Vec::new();
    for window in [PHONE, DESKTOP] {
        let browser = Browser::open(engine, window).await;
        for scheme in ["light", "dark"] {
            browser.set_color_scheme(scheme).await;
            for (path, ready) in VIEWS {
                browser.goto(&format!("{}{path}", served_url())).await;
                browser.until(&format!("document.querySelector({ready:?})")).await;
                let found = violations_on_page(&browser, &axe).await;
                violations.extend(
                    found.into_iter().map(|violation| format!("{path} {scheme} {window:?}: {violation}")),
                );
            }
        }
        browser.close().await;
    }
    assert!(violations.is_empty(), "{violations:#?}");
}

/// What axe finds on the page.
pub(crate) async fn violations_on_page(browser: &Browser, axe: &str) -> Vec<Value> {
    browser.script(axe).await;
    let found = browser.client.execute_async(
        "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
            .then(r => arguments[0](r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html).join(' '))))",
        Vec::new(),
    );
    match found.await {
        Ok(Value::Array(found)) => found,
        other => panic!("axe did not answer: {other:?}"),
    }
}
