//! A view that is opened with a fault, and without it.

use serde_json::json;
use testkit::{Browser, Engine, Fault, Host, injected_scripts};

/// A view, the part of the bundle that it is read from, and what it shows then.
pub(super) type View = (&'static str, &'static str, &'static str);

pub(super) const VIEWS: [View; 8] = [
    ("/emnews/", "/lists/", ".headline"),
    ("/emnews/?before=1774000000-x", "/lists/", ".headline"),
    ("/quote/1.000001", "/lists/", ".headline"),
    ("/category/", "/names/", ".names"),
    ("/archive/2026/04", "/months/", ".calendar"),
    ("/archive/2026/04/16", "/months/", ".headline"),
    ("/archive/2026/05/26", "/pages/", ".headline"),
    ("/emnews/2026/03/02/202603020823007919.html", "/shards/", "article.story"),
];

/// Has a host's pages in a hurry, and take note of errors.
pub(super) fn hurried(host: Host) -> Host {
    host.plant(&[injected_scripts::ERRORS, injected_scripts::NO_WORKER, injected_scripts::HURRY].concat());
    host
}

/// A site whose first page is open in a browser that is in a hurry.
pub(super) async fn opened(browser: &Browser) -> Host {
    let host = hurried(Host::bare().await);
    browser.goto(&host.url).await;
    browser.until("document.querySelector('.block h2')").await;
    host
}

/// Follows a link to a path of the site.
pub(super) async fn follow(browser: &Browser, path: &str) {
    let script = format!(
        "const link = document.createElement('a'); link.href = {path:?}; link.textContent = link.id = 'way'; document.querySelector('main').prepend(link)"
    );
    browser.script(&script).await;
    browser.click("#way").await;
}

/// Lets a fault happen to what a view is read from: the view says what is expected (or, where nothing is,
/// shows itself all the same), the page before is there by the way back, and all is well when the fault is
/// over.
pub(super) async fn view_with(
    browser: &Browser,
    host: &Host,
    (path, part, shows): View,
    fault: Fault,
    expected: Option<(&str, &str)>,
) {
    let before = host.asked(part);
    host.fail(part, fault);
    follow(browser, path).await;
    if let Some((class, says)) = expected {
        let class = &format!(".message.{class}");
        let said = browser.text(class).await;
        assert!(said.contains(says), "{path} says {said} with {fault:?}");
        // Firefox itself asks ten times a host that hangs up.
        let most = if browser.engine == Engine::Firefox
            && matches!(fault, Fault::Refuse | Fault::DamageAndRefuse(_))
        {
            60
        } else {
            12
        };
        assert!(
            host.asked(part) - before <= most,
            "{path} asked {} times with {fault:?}",
            host.asked(part) - before
        );
        assert_eq!(
            browser.script("return document.querySelectorAll('[aria-busy], .skeleton').length").await,
            json!(0),
            "{path} with {fault:?}"
        );
        browser.client.back().await.unwrap();
        browser.until("document.querySelector('.newest .headline')").await;
        browser.client.forward().await.unwrap();
        browser.until(&format!("document.querySelector({class:?})")).await;
        host.heal();
        browser.click(".retry").await;
    }
    browser.until(&format!("document.querySelector({shows:?})")).await;
    assert_eq!(browser.script("return errors").await, json!([]), "{path} with {fault:?}");
}
