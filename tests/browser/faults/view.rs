//! Opens a view with a fault, and again without it.

use serde_json::json;
use testkit::{Browser, Engine, Fault, Host, injected_scripts};

/// A view's path, a part of the paths of files that it is read from, and a selector for what it shows.
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

/// Shortens timeouts on a host's pages, hides service workers from them, and records errors.
pub(super) fn with_short_timeouts(host: Host) -> Host {
    host.inject(
        &[injected_scripts::COLLECT_ERRORS, injected_scripts::NO_WORKER, injected_scripts::SHORT_TIMEOUTS]
            .concat(),
    );
    host
}

/// Serves the sample site with shortened timeouts, opens its home page, and returns the host.
pub(super) async fn open_new_host(browser: &Browser) -> Host {
    let host = with_short_timeouts(Host::bare().await);
    browser.goto(&host.url).await;
    browser.until("document.querySelector('.block h2')").await;
    host
}

/// Follows a link to a path of the site.
pub(super) async fn follow(browser: &Browser, path: &str) {
    let script = format!(
        "const link = document.createElement('a'); link.href = {path:?}; link.textContent = link.id = 'test-link'; document.querySelector('main').prepend(link)"
    );
    browser.script(&script).await;
    browser.click("#test-link").await;
}

/// Opens a view while its files fail, and checks what it shows.
///
/// If a message is expected (its class and a part of its text), the view must show it, going back must reach
/// the previous page, and “retry” must load the view when the fault is over. If none is expected, the view
/// must load despite the fault.
pub(super) async fn test_view_with_fault(
    browser: &Browser,
    host: &Host,
    (path, part, selector): View,
    fault: Fault,
    expected: Option<(&str, &str)>,
) {
    let before = host.requests_for(part);
    host.fail(part, fault);
    follow(browser, path).await;
    if let Some((class, expected_text)) = expected {
        let message_selector = &format!(".message.{class}");
        let message = browser.text(message_selector).await;
        assert!(message.contains(expected_text), "{path} shows {message} with {fault:?}");
        // Firefox itself repeats a request ten times if the host closes the connection.
        let max_requests = if browser.engine == Engine::Firefox
            && matches!(fault, Fault::Refuse | Fault::DamageAndRefuse(_))
        {
            60
        } else {
            12
        };
        assert!(
            host.requests_for(part) - before <= max_requests,
            "{path} requested files {} times with {fault:?}",
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
        browser.until(&format!("document.querySelector({message_selector:?})")).await;
        host.heal();
        browser.click(".retry").await;
    }
    browser.until(&format!("document.querySelector({selector:?})")).await;
    assert_eq!(browser.script("return errors").await, json!([]), "{path} with {fault:?}");
}
