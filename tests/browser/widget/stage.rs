//! The stage for widget tests: a site, a page of another origin that embeds the widget, and a browser.

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::{Html, IntoResponse as _, Response};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};
use testkit::sites::build_with_options;
use testkit::{Browser, DESKTOP, Engine, Host, injected_scripts};

/// A host for pages that embed the widget: HTML by path, with a policy.
#[derive(Clone)]
pub(super) struct Pages {
    pub(super) url: String,
    pub(super) pages: Arc<Mutex<BTreeMap<String, (String, String)>>>,
}

impl Pages {
    pub(super) async fn new() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let pages = Self { url: format!("http://{}", listener.local_addr().unwrap()), pages: Arc::default() };
        let router = Router::new().fallback(page).with_state(pages.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        pages
    }

    /// Adds a page and returns its address. The page records the widget's events, errors, and violations of
    /// its policy.
    pub(super) fn put(&self, path: &str, policy: &str, head: &str, body: &str) -> String {
        let html = format!(
            "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>A page of another origin</title><script nonce=\"notes\">
                window.events = []; window.errors = []; window.violations = [];
                // Counts timers longer than a second. After the program has loaded, only polling sets them.
                const wait = setTimeout;
                window.waits = 0;
                window.setTimeout = (what, time, ...more) => {{ if (time > 1000) waits++; return wait(what, time, ...more) }};
                window.hide = () => Object.defineProperty(document, 'visibilityState', {{ value: 'hidden', configurable: true }});
                window.advanceClock = (time) => {{ const now = Date.now; Date.now = () => now() + time }};
                window.unhide = () => delete document.visibilityState;
                for (const name of ['finews-load', 'finews-error', 'finews-open']) addEventListener(name, e => events.push({{ name, id: e.target.id, ...e.detail }}));
                addEventListener('error', e => errors.push(e.message));
                addEventListener('unhandledrejection', e => errors.push(`${{e.reason}}`));
                // Browsers request the favicon without being asked to.
                addEventListener('securitypolicyviolation', e => e.blockedURI.endsWith('/favicon.ico') || violations.push(`${{e.violatedDirective}} ${{e.blockedURI}}`));
            </script>{head}<body>{body}"
        );
        self.pages.lock().unwrap().insert(path.to_owned(), (policy.to_owned(), html));
        format!("{}{path}", self.url)
    }
}

pub(super) async fn page(State(pages): State<Pages>, request: Request) -> Response {
    let found = pages.pages.lock().unwrap().get(request.uri().path()).cloned();
    let Some((policy, html)) = found else { return StatusCode::NOT_FOUND.into_response() };
    let mut response = Html(html).into_response();
    if !policy.is_empty() {
        response.headers_mut().insert(
            HeaderName::from_static("content-security-policy"),
            HeaderValue::from_str(&policy).unwrap(),
        );
    }
    response
}

/// A site, a page of another origin, and a browser.
pub(super) struct Stage {
    pub(super) site: Host,
    pub(super) pages: Pages,
    pub(super) browser: Browser,
}

impl Stage {
    pub(super) async fn new(engine: Engine, site: Host) -> Self {
        Self { site, pages: Pages::new().await, browser: Browser::open(engine, DESKTOP).await }
    }

    pub(super) async fn sample(engine: Engine) -> Self {
        Self::new(engine, Host::sample().await).await
    }

    /// A stage whose sample site is built with `--base-url`: in a sandboxed frame, Safari needs the site's URL.
    pub(super) async fn sample_with_base_url(engine: Engine) -> (tempfile::TempDir, Self) {
        let folder = tempfile::tempdir().unwrap();
        let host = Host::serve(folder.path()).await;
        build_with_options(
            &testkit::setup::sample_posts(),
            folder.path(),
            &["--base-url", &format!("{}/", host.url)],
        );
        (folder, Self::new(engine, host).await)
    }

    /// The script element for the page's head.
    pub(super) fn script(&self) -> String {
        format!("<script type=\"module\" src=\"{}/widget.js\"></script>", self.site.url)
    }

    /// Opens a page with this body.
    pub(super) async fn open(&self, body: &str) {
        let url = self.pages.put("/", "", &self.script(), body);
        self.browser.client.goto(&url).await.unwrap();
    }

    /// The texts of a part of an element.
    pub(super) async fn texts(&self, element: &str, part: &str) -> Vec<String> {
        let script = format!(
            "return [...document.querySelector({element:?}).shadowRoot.querySelectorAll('[part={part}]')].map(e => e.textContent)"
        );
        serde_json::from_value(self.browser.script(&script).await).unwrap()
    }

    /// Waits until an element shows exactly `count` headlines.
    pub(super) async fn wait_for_headlines(&self, element: &str, count: usize) {
        self.browser.until(&format!("{} === {count}", headline_count_script(element))).await;
    }

    /// The events of a type that the page has received.
    pub(super) async fn events(&self, name: &str) -> Vec<Value> {
        let events =
            self.browser.script(&format!("return events.filter(event => event.name === {name:?})")).await;
        events.as_array().cloned().unwrap_or_default()
    }

    /// Checks that the page has recorded no errors or violations of its policy, and closes the browser.
    pub(super) async fn end(self) {
        assert_eq!(self.browser.script("return [...errors, ...violations]").await, json!([]));
        self.browser.close().await;
    }
}

/// A script expression for the number of headlines in an element.
pub(super) fn headline_count_script(element: &str) -> String {
    format!("document.querySelector({element:?}).shadowRoot.querySelectorAll('[part=headline]').length")
}

/// The two script elements for a page with shortened timeouts: one that shortens them, and the widget's.
pub(super) fn script_with_short_timeouts(site: &Host) -> String {
    format!(
        "<script nonce=\"notes\">{{{}}}</script><script type=\"module\" src=\"{}/widget.js\"></script>",
        injected_scripts::SHORT_TIMEOUTS,
        site.url
    )
}

/// A script expression for whether the element's own content is visible.
pub(super) const OWN_CONTENT_IS_VISIBLE_SCRIPT: &str =
    "document.querySelector('finews-headlines a').getBoundingClientRect().height > 0";

/// An element without attributes, with a link as its own content.
pub(super) const PLAIN: &str =
    "<finews-headlines><a href=\"https://news.example/\">News</a></finews-headlines>";

/// Reads a file by its path from the repository's root.
pub(super) fn repository_file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The URL and checksum of the current pinned script.
pub(super) struct Pinned {
    pub(super) url: String,
    pub(super) integrity: String,
}

/// The pinned script of the sample site, at this host's URL.
pub(super) fn pinned(host: &Host) -> Pinned {
    let page =
        std::fs::read_to_string(testkit::setup::sample_site().join("embed/examples/index.html")).unwrap();
    let value = |name: &str| {
        page.split_once(&format!("{name}=\""))
            .and_then(|(_, rest)| rest.split('"').next())
            .unwrap()
            .to_owned()
    };
    let file = page
        .split_once("name=\"pinned\" type=\"checkbox\" value=\"")
        .and_then(|(_, rest)| rest.split('"').next())
        .unwrap();
    Pinned { url: format!("{}/{file}", host.url), integrity: value("data-integrity") }
}

/// Writes a post, for tests that add posts between builds.
pub(super) fn write_post(posts: &Path, day: u8, title: &str) {
    let folder = posts.join("_posts");
    std::fs::create_dir_all(&folder).unwrap();
    let text = format!(
        "---\ntitle: {title}\ndate: 2026-05-{day:02} 08:00:00 +0800\ncategories: news\n---\n<p>{title}</p>\n"
    );
    std::fs::write(folder.join(format!("2026-05-{day:02}-n{day}.md")), text).unwrap();
}
