//! Opens a view with a fault, and again without it.

use serde_json::json;
use testkit::{Browser, Engine, Fault, Host, injected_scripts};

/// A view, the part of the bundle that it is read from, and what it shows.
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

/// Shortens timeouts on a host's pages and records errors.
pub(super) fn with_short_timeouts(host: Host) -> Host {
    host.inject(
        &[injected_scripts::ERRORS, injected_scripts::NO_WORKER, injected_scripts::SHORT_TIMEOUTS].concat(),
    );
    host
}

/// Opens the first page of a site with shortened timeouts.
pub(super) async fn opened(browser: &Browser) -> Host {
    let host = with_short_timeouts(Host::bare().await);
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

/// Opens a view while its files fail. The view must show what is expected (or, if nothing is, appear
/// nevertheless); the page before must be reachable by going back; and everything must work when the fault is
/// over.
pub(super) async fn view_with(
    browser: &Browser,
    host: &Host,
    (path, part, shows): View,
    fault: Fault,
    expected: Option<(&str, &str)>,
) {
    let before = host.requests_for(part);
    host.fail(part, fault);
    follow(browser, path).await;
    if let Some((class, says)) = expected {
        let class = &format!(".message.{class}");
        let message = browser.text(class).await;
        assert!(message.contains(says), "{path} says {message} with {fault:?}");
        // Firefox itself repeats a request ten times if the host closes the connection.
        let most = if browser.engine == Engine::Firefox
            && matches!(fault, Fault::Refuse | Fault::DamageAndRefuse(_))
        {
            60
        } else {
            12
        };
        assert!(
            host.requests_for(part) - before <= most,
            "{path} asked {} times with {fault:?}",
            host.requests_for(part) - before
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
