//! What every browser test needs: a site, a host that serves it (or fails to), and a browser to look at it with.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tower_http::services::{ServeDir, ServeFile};

use crate::devtools;

/// The sample site's folder, its pictures and charts answered by the host it is served from.
static SAMPLE: LazyLock<PathBuf> = LazyLock::new(|| PathBuf::from(environment("FINEWS_SAMPLE_SITE")));

/// What `cargo xtask test` sets.
pub(crate) fn environment(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run the browser tests by “cargo xtask test”"))
}

/// The sample site without pages rendered ahead: all that is seen of it the program has read of the bundle.
static BARE: LazyLock<tempfile::TempDir> = LazyLock::new(|| {
    let site = tempfile::tempdir().expect("a temporary folder");
    build_bare(Path::new(&environment("FINEWS_SAMPLE_POSTS")), site.path());
    site
});

/// Builds a site of posts with the command under test.
pub(crate) fn build(posts: &Path, site: &Path) {
    build_for(posts, site, &["--prerender", &environment("FINEWS_PRERENDER")]);
}

/// Builds a site without pages rendered ahead.
pub(crate) fn build_bare(posts: &Path, site: &Path) {
    build_for(posts, site, &["--prerender", "0"]);
}

/// Builds a site as these options say.
pub(crate) fn build_for(posts: &Path, site: &Path, options: &[&str]) {
    let mut finews = Command::new(environment("FINEWS"));
    finews.arg("build").arg(posts).arg("--out").arg(site).args(["--now", "2026-06-01T00:00:00+08:00", "--store", &environment("FINEWS_STORE")]).args(options);
    let output = finews.output();
    let output = output.expect("finews runs");
    assert!(output.status.success(), "finews build: {}", String::from_utf8_lossy(&output.stderr));
}

/// The site as `finews serve` serves it.
pub(crate) fn served() -> String {
    environment("FINEWS_SAMPLE_URL")
}

/// What a host does wrong at some of its paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Hangs up.
    Refuse,
    /// Answers this status.
    Status(u16),
    /// Changes a byte.
    Damage,
    /// Answers the site's page instead, as some hosts do for a file they don't have.
    Page,
    /// Answers only after the test has let it.
    Hold,
}

/// A host of a site that fails as it is told to.
#[derive(Clone)]
pub(crate) struct Host {
    pub(crate) url: String,
    faults: Arc<Mutex<Vec<(String, Fault)>>>,
    requests: Arc<Mutex<BTreeMap<String, usize>>>,
}

impl Host {
    /// Serves a folder as a static host does that answers the page where it has no file.
    pub(crate) async fn of(site: &Path) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let host = Self { url, faults: Arc::default(), requests: Arc::default() };
        let files = ServeDir::new(site).fallback(ServeFile::new(site.join("404.html")));
        let router = Router::new().fallback_service(files).layer(from_fn_with_state(host.clone(), misbehave));
        tokio::spawn(async move { axum::serve(listener, router).await });
        host
    }

    /// The sample site on a host of one's own.
    pub(crate) async fn sample() -> Self {
        Self::of(&SAMPLE).await
    }

    /// The sample site without pages rendered ahead, on a host of one's own.
    pub(crate) async fn bare() -> Self {
        Self::of(BARE.path()).await
    }

    /// From now on this goes wrong where a path holds `part`.
    pub(crate) fn fail(&self, part: &str, fault: Fault) {
        lock(&self.faults).push((part.to_owned(), fault));
    }

    /// From now on all is well.
    pub(crate) fn heal(&self) {
        lock(&self.faults).clear();
    }

    /// How often paths that hold `part` were asked for.
    pub(crate) fn asked(&self, part: &str) -> usize {
        lock(&self.requests).iter().filter(|(path, _)| path.contains(part)).map(|(_, count)| count).sum()
    }

    fn fault(&self, path: &str) -> Option<Fault> {
        lock(&self.faults).iter().find(|(part, _)| path.contains(part)).map(|(_, fault)| *fault)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn misbehave(State(host): State<Host>, mut request: Request, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    *lock(&host.requests).entry(path.clone()).or_default() += 1;
    match host.fault(&path) {
        None => {}
        // A body that ends in an error makes the server hang up.
        Some(Fault::Refuse) => {
            let broken = axum::body::Body::from_stream(futures::stream::once(async { Err::<Vec<u8>, _>(std::io::Error::other("refused")) }));
            return Response::new(broken);
        }
        Some(Fault::Status(status)) => return StatusCode::from_u16(status).expect("a status").into_response(),
        Some(Fault::Page) => *request.uri_mut() = "/404.html".parse().expect("a path"),
        Some(Fault::Hold) => {
            while host.fault(&path) == Some(Fault::Hold) {
                tokio::task::yield_now().await;
            }
        }
        Some(Fault::Damage) => {
            let response = next.run(request).await;
            let mut bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a file").to_vec();
            let last = bytes.len() - 2;
            bytes[last] ^= 1;
            let mut response = bytes.into_response();
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            return response;
        }
    }
    next.run(request).await
}

/// The windows that pages are looked at in.
pub(crate) const PHONE: (u32, u32) = (390, 844);
pub(crate) const DESKTOP: (u32, u32) = (1280, 800);

/// A browser with one window.
pub(crate) struct Browser {
    pub(crate) client: Client,
}

impl Browser {
    /// A new browser with a profile of its own, looking for no host but this machine's.
    pub(crate) async fn open(window: (u32, u32)) -> Self {
        Self::open_with(window, "normal").await
    }

    /// One that does not wait for a page to be loaded.
    pub(crate) async fn open_unwaiting(window: (u32, u32)) -> Self {
        Self::open_with(window, "none").await
    }

    async fn open_with((width, height): (u32, u32), strategy: &str) -> Self {
        let arguments = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--force-device-scale-factor=1",
        ];
        let capabilities = json!({
            "goog:chromeOptions": { "args": arguments, "mobileEmulation": { "deviceMetrics": { "width": width, "height": height, "pixelRatio": 1.0, "touch": false } } },
            "pageLoadStrategy": strategy,
            "goog:loggingPrefs": { "browser": "ALL" },
        });
        let Value::Object(capabilities) = capabilities else { unreachable!("an object was written") };
        let client = ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&environment("FINEWS_WEBDRIVER")).await;
        Self { client: client.expect("a browser opens") }
    }

    /// Goes to an address, and waits until the program has begun.
    pub(crate) async fn goto(&self, url: &str) {
        self.client.goto(url).await.expect("the browser goes there");
        // It numbers the entries of history.
        self.until("!document.querySelector('#app') || history.state !== null").await;
    }

    /// Waits until an element is there, and tells its text.
    pub(crate) async fn text(&self, selector: &str) -> String {
        self.until(&format!("document.querySelector({selector:?})")).await;
        self.script(&format!("return document.querySelector({selector:?}).innerText")).await.as_str().unwrap_or_default().to_owned()
    }

    /// The texts of all elements of a kind, as they are now.
    pub(crate) async fn texts(&self, selector: &str) -> Vec<String> {
        let texts = self.script(&format!("return [...document.querySelectorAll({selector:?})].map(e => e.innerText || e.textContent)")).await;
        texts.as_array().into_iter().flatten().filter_map(|text| Some(text.as_str()?.to_owned())).collect()
    }

    /// An attribute of the first element of a kind.
    pub(crate) async fn attribute(&self, selector: &str, name: &str) -> String {
        let value = self.script(&format!("return document.querySelector({selector:?})?.getAttribute({name:?})")).await;
        value.as_str().unwrap_or_default().to_owned()
    }

    pub(crate) async fn click(&self, selector: &str) {
        self.until(&format!("document.querySelector({selector:?})")).await;
        let element = self.client.find(Locator::Css(selector)).await.expect("it was there");
        element.click().await.unwrap_or_else(|error| panic!("{selector} cannot be clicked: {error}"));
    }

    /// Waits until a condition holds in the page; the test fails after ten seconds of it not holding.
    pub(crate) async fn until(&self, condition: &str) {
        self.until_async(condition).await;
    }

    /// The same of a condition that awaits.
    pub(crate) async fn until_async(&self, condition: &str) {
        let script = format!(
            "const done = arguments[arguments.length - 1], end = performance.now() + 10000;
             const look = async () => {{ let held = false; try {{ held = !!({condition}) }} catch {{}}
               if (held) done(true); else if (performance.now() > end) done(false); else setTimeout(look, 20) }}; look()"
        );
        let held = self.client.execute_async(&script, Vec::new()).await;
        if !matches!(held, Ok(Value::Bool(true))) {
            let main = self.script("return document.querySelector('main')?.innerText").await;
            panic!("it never came true that {condition} ({held:?}); the page shows {main}");
        }
    }

    pub(crate) async fn script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    pub(crate) async fn path(&self) -> String {
        let path = self.script("return decodeURI(location.pathname) + location.search").await;
        path.as_str().unwrap_or_default().to_owned()
    }

    /// Runs a DevTools command.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) {
        devtools::send(&self.client, command, parameters).await.unwrap_or_else(|error| panic!("{command}: {error}"));
    }

    /// Light or dark, as the system would say.
    pub(crate) async fn prefer(&self, scheme: &str) {
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] })).await;
    }

    /// Closes the browser, which in all the time has reported no violation of the pages' policy.
    pub(crate) async fn close(self) {
        let said = devtools::console(&self.client).await.expect("the console is told");
        let violations: Vec<&String> = said.iter().filter(|line| line.contains("Content Security Policy") || line.contains("Trusted")).collect();
        assert!(violations.is_empty(), "{violations:?}");
        self.client.close().await.expect("the browser closes");
    }
}
