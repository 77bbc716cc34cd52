//! What every browser test needs: a site, a host that serves it (or fails to), and a browser to look at it with.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, CONTENT_TYPE, IF_MODIFIED_SINCE, IF_NONE_MATCH};
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
    /// Does not let pages of other origins read it.
    Private,
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
    let fault = host.fault(&path);
    if fault.is_some() {
        // What the browser has of it from better times is no part of the fault.
        for condition in [IF_MODIFIED_SINCE, IF_NONE_MATCH] {
            request.headers_mut().remove(condition);
        }
    }
    match fault {
        None => {}
        Some(Fault::Private) => return next.run(request).await,
        // A body that ends in an error makes the server hang up.
        Some(Fault::Refuse) => {
            let broken = axum::body::Body::from_stream(futures::stream::once(async { Err::<Vec<u8>, _>(std::io::Error::other("refused")) }));
            return Response::new(broken);
        }
        Some(Fault::Status(status)) => {
            let status = StatusCode::from_u16(status).expect("a status");
            return (status, [(ACCESS_CONTROL_ALLOW_ORIGIN, "*")]).into_response();
        }
        Some(Fault::Page) => {
            *request.uri_mut() = "/404.html".parse().expect("a path");
        }
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
            let kind = if path.ends_with(".js") { "text/javascript" } else { "application/json" };
            response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
            response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
            return response;
        }
    }
    let mut response = next.run(request).await;
    response.headers_mut().insert(ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

/// The windows that pages are looked at in.
pub(crate) const PHONE: (u32, u32) = (390, 844);
pub(crate) const DESKTOP: (u32, u32) = (1280, 800);

/// What is in a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    /// Chromium.
    Chromium,
    /// Firefox ESR.
    Firefox,
    /// `WebKit`, in GTK's small browser.
    WebKit,
}

/// Makes of tests that take an engine a test for each: `chromium::NAME`, `firefox::NAME`, `webkit::NAME`.
macro_rules! in_every_engine {
    ($($name:ident),* $(,)?) => {
        crate::harness::in_every_engine!(@ chromium Chromium $($name)*);
        crate::harness::in_every_engine!(@ firefox Firefox $($name)*);
        crate::harness::in_every_engine!(@ webkit WebKit $($name)*);
    };
    (@ $module:ident $engine:ident $($name:ident)*) => {
        mod $module {
            $(#[tokio::test]
            async fn $name() {
                super::$name(crate::harness::Engine::$engine).await;
            })*
        }
    };
}
pub(crate) use in_every_engine;

impl Engine {
    /// Where its driver is, and what to ask of it.
    fn driver(self, (width, height): (u32, u32), strategy: &str) -> (String, Value) {
        match self {
            Self::Chromium => {
                let arguments = [&devtools::CHROMIUM[..], &["--hide-scrollbars", "--force-device-scale-factor=1"]].concat();
                let metrics = json!({ "width": width, "height": height, "pixelRatio": 1.0, "touch": false });
                let capabilities = json!({
                    "goog:chromeOptions": { "args": arguments, "mobileEmulation": { "deviceMetrics": metrics } },
                    "pageLoadStrategy": strategy,
                    "goog:loggingPrefs": { "browser": "ALL" },
                });
                (environment("FINEWS_CHROMIUM"), capabilities)
            }
            Self::Firefox => {
                // A dead proxy for all but this machine.
                let preferences = json!({
                    "network.proxy.type": 1,
                    "network.proxy.http": "127.0.0.1",
                    "network.proxy.http_port": 9,
                    "network.proxy.ssl": "127.0.0.1",
                    "network.proxy.ssl_port": 9,
                    "network.proxy.no_proxies_on": "127.0.0.1",
                    "network.proxy.allow_hijacking_localhost": false,
                });
                let size = [format!("--width={width}"), format!("--height={height}")];
                let arguments = json!(["-headless", size[0], size[1]]);
                (
                    environment("FINEWS_FIREFOX"),
                    json!({ "moz:firefoxOptions": { "binary": "/usr/bin/firefox-esr", "args": arguments, "prefs": preferences }, "pageLoadStrategy": strategy }),
                )
            }
            Self::WebKit => {
                // Where Debian puts it.
                let binary = format!("/usr/lib/{}-linux-gnu/webkit2gtk-4.1/MiniBrowser", std::env::consts::ARCH);
                let options = json!({ "binary": binary, "args": ["--automation"] });
                (environment("FINEWS_WEBKIT"), json!({ "webkitgtk:browserOptions": options, "pageLoadStrategy": strategy }))
            }
        }
    }

    /// The drivers of two of them have one session each.
    async fn turn(self) -> Option<tokio::sync::MutexGuard<'static, ()>> {
        static FIREFOX: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
        static WEBKIT: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());
        match self {
            Self::Chromium => None,
            Self::Firefox => Some(FIREFOX.lock().await),
            Self::WebKit => Some(WEBKIT.lock().await),
        }
    }
}

/// A browser with one window.
pub(crate) struct Browser {
    pub(crate) client: Client,
    pub(crate) engine: Engine,
    /// The driver's address of it, as long as it is open.
    session: Option<String>,
    _turn: Option<tokio::sync::MutexGuard<'static, ()>>,
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

    /// One of an engine.
    pub(crate) async fn of(engine: Engine, window: (u32, u32)) -> Self {
        Self::start(engine, window, "normal").await
    }

    async fn open_with(window: (u32, u32), strategy: &str) -> Self {
        Self::start(Engine::Chromium, window, strategy).await
    }

    async fn start(engine: Engine, window: (u32, u32), strategy: &str) -> Self {
        let turn = engine.turn().await;
        let (driver, capabilities) = engine.driver(window, strategy);
        let Value::Object(capabilities) = capabilities else { unreachable!("an object was written") };
        let client = ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&driver).await;
        let client = client.unwrap_or_else(|error| panic!("{engine:?} does not open: {error}"));
        if engine == Engine::WebKit {
            client.set_window_size(window.0, window.1).await.expect("the window takes a size");
        }
        let session = client.session_id().await.expect("the driver answers").expect("the browser has a session");
        Self { client, engine, session: Some(format!("{driver}/session/{session}")), _turn: turn }
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
        let mut held = self.client.execute_async(&script, Vec::new()).await;
        // A page that gives way to another takes the script along: it fails, or ends without an answer.
        for _ in 0..2 {
            if !matches!(held, Ok(Value::Bool(_))) {
                held = self.client.execute_async(&script, Vec::new()).await;
            }
        }
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

    /// The same, and what it answers.
    pub(crate) async fn ask_devtools(&self, command: &str, parameters: Value) -> Value {
        devtools::ask(&self.client, command, parameters).await.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Light or dark, as the system would say.
    pub(crate) async fn prefer(&self, scheme: &str) {
        self.devtools("Emulation.setEmulatedMedia", json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] })).await;
    }

    /// Closes the browser, which in all the time has reported no violation of the pages' policy.
    pub(crate) async fn close(mut self) {
        if self.engine == Engine::Chromium {
            let said = devtools::console(&self.client).await.expect("the console is told");
            let violations: Vec<&String> = said.iter().filter(|line| line.contains("Content Security Policy") || line.contains("Trusted")).collect();
            assert!(violations.is_empty(), "{violations:?}");
        }
        self.client.clone().close().await.expect("the browser closes");
        self.session = None;
    }
}

/// A test that failed closes its browser too: a driver of one session has none left else.
impl Drop for Browser {
    fn drop(&mut self) {
        let Some(session) = self.session.take() else { return };
        let Some((host, path)) = session.trim_start_matches("http://").split_once('/') else { return };
        if let Ok(mut driver) = std::net::TcpStream::connect(host) {
            // Nobody is there to hear that it failed. It answers when the browser is closed, and may keep the connection.
            let _ = driver.set_read_timeout(Some(std::time::Duration::from_secs(10)));
            let _ = driver.write_all(format!("DELETE /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n").as_bytes());
            let _ = driver.read(&mut [0; 512]);
        }
    }
}
