//! A browser for tests.

pub mod devtools;
mod driver;
mod engine;

use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_timeout::TimeoutConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use self::driver::Driver;
pub use self::engine::{Engine, Start};

/// A phone's window, in CSS pixels.
pub const PHONE: (u32, u32) = (390, 844);
/// A desktop's window, in CSS pixels.
pub const DESKTOP: (u32, u32) = (1280, 800);

/// How long a driver may take to answer. Its own timeouts are shorter.
const READ_TIMEOUT: Duration = Duration::from_secs(90);

/// How many times to try to start a browser.
const START_ATTEMPTS: usize = 3;

/// A browser with one window.
pub struct Browser {
    /// The WebDriver client.
    pub client: Client,
    /// The browser's engine.
    pub engine: Engine,
    /// Ends the browser when it is dropped.
    _driver: Driver,
}

impl Browser {
    /// Opens a browser with a new profile. Chromium and Firefox have no access to other hosts.
    pub async fn open(engine: Engine, window: (u32, u32)) -> Self {
        Self::open_as(engine, window, Start::Usual).await
    }

    /// Opens a browser that is started as `start` specifies.
    pub async fn open_as(engine: Engine, window: (u32, u32), start: Start) -> Self {
        let mut last_error = String::new();
        for _ in 0..START_ATTEMPTS {
            match Self::try_start(engine, window, start).await {
                Ok(browser) => return browser,
                Err(error) => last_error = error,
            }
        }
        panic!("{engine:?} does not start: {last_error}");
    }

    async fn try_start(engine: Engine, window: (u32, u32), start: Start) -> Result<Self, String> {
        let driver = tokio::task::spawn_blocking(move || Driver::start(engine)).await.expect("a driver");
        let Value::Object(capabilities) = engine.capabilities(window, start) else {
            unreachable!("capabilities are an object")
        };
        let mut connector = TimeoutConnector::new(HttpConnector::new());
        connector.set_read_timeout(Some(READ_TIMEOUT));
        let client = ClientBuilder::new(connector)
            .capabilities(capabilities)
            .connect(&driver.url)
            .await
            .map_err(|error| error.to_string())?;
        if engine == Engine::WebKit {
            client.set_window_size(window.0, window.1).await.map_err(|error| error.to_string())?;
        }
        Ok(Self { client, engine, _driver: driver })
    }

    /// Goes to an address and, on a page of the viewer, waits until the program has started.
    pub async fn goto(&self, url: &str) {
        self.client.goto(url).await.expect("the browser goes there");
        // The program numbers history entries.
        self.until("!document.querySelector('#app') || history.state !== null").await;
    }

    /// Reloads the page and waits until it is idle.
    pub async fn reload(&self) {
        self.client.refresh().await.expect("the browser reloads the page");
        self.until_idle().await;
    }

    /// Waits until the first page is idle: the program has started, and has fetched the Markdown program,
    /// which it does last, except for an article that is not prerendered.
    pub async fn until_idle(&self) {
        self.until("performance.getEntriesByType('resource').some(e => e.name.includes('/markdown-') && e.name.endsWith('.wasm'))").await;
    }

    /// Waits for an element and returns its text.
    pub async fn text(&self, selector: &str) -> String {
        self.until(&format!("document.querySelector({selector:?})")).await;
        self.script(&format!(
            "const e = document.querySelector({selector:?}); return e.innerText || e.textContent"
        ))
        .await
        .as_str()
        .unwrap_or_default()
        .to_owned()
    }

    /// The current texts of all elements that match a selector.
    pub async fn texts(&self, selector: &str) -> Vec<String> {
        let texts = self
            .script(&format!(
                "return [...document.querySelectorAll({selector:?})].map(e => e.innerText || e.textContent)"
            ))
            .await;
        texts.as_array().into_iter().flatten().filter_map(|text| Some(text.as_str()?.to_owned())).collect()
    }

    /// Waits for an element and returns an attribute of it: empty if the element has none.
    pub async fn attribute(&self, selector: &str, name: &str) -> String {
        self.until(&format!("document.querySelector({selector:?})")).await;
        let value =
            self.script(&format!("return document.querySelector({selector:?}).getAttribute({name:?})")).await;
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Clicks the first element that matches a selector, once its centre is visible and not covered. Scrolls
    /// it into view if needed.
    pub async fn click(&self, selector: &str) {
        self.until(&format!(
            "(e => {{ const [box] = e.getClientRects(), seen = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
               return e.contains(seen) || e.scrollIntoView({{ block: 'center', behavior: 'instant' }}) }})(document.querySelector({selector:?}))"
        ))
        .await;
        let element = self.client.find(Locator::Css(selector)).await.expect("the element is still there");
        element.click().await.unwrap_or_else(|error| panic!("{selector} cannot be clicked: {error}"));
    }

    /// Waits until a condition holds in the page. Panics after ten seconds.
    pub async fn until(&self, condition: &str) {
        self.until_async(condition).await;
    }

    /// Begins to add up the layout shift (<https://web.dev/articles/cls>) of the page, what has shifted so far included.
    /// Chromium alone measures it.
    pub async fn measure_shift(&self) {
        self.script("window.shift = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) shift += e.value }).observe({ type: 'layout-shift', buffered: true })").await;
    }

    /// The layout shift of the page since [`Self::measure_shift`], after what is shown now has been painted.
    pub async fn shift(&self) -> f64 {
        self.until_async(
            "await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(true)))))",
        )
        .await;
        self.script("return shift").await.as_f64().expect("the shift is measured")
    }

    /// Waits until an asynchronous condition holds in the page. Panics after ten seconds.
    pub async fn until_async(&self, condition: &str) {
        let script = format!(
            "const done = arguments[arguments.length - 1], end = performance.now() + 10000;
             const check = async () => {{ let held = false; try {{ held = !!({condition}) }} catch {{}}
               if (held) done(true); else if (performance.now() > end) done(false); else setTimeout(check, 20) }}; check()"
        );
        let mut held = self.client.execute_async(&script, Vec::new()).await;
        // If the page is replaced, the script fails or returns nothing.
        for _ in 0..20 {
            if matches!(held, Ok(Value::Bool(_))) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
            held = self.client.execute_async(&script, Vec::new()).await;
        }
        if !matches!(held, Ok(Value::Bool(true))) {
            let main = self.script("return document.querySelector('main')?.innerText").await;
            panic!("the condition did not become true: {condition} ({held:?}); the page shows {main}");
        }
    }

    /// Runs a script in the page and returns its result.
    pub async fn script(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// The window's path and query, decoded.
    pub async fn path(&self) -> String {
        let path = self.script("return decodeURI(location.pathname) + location.search").await;
        path.as_str().unwrap_or_default().to_owned()
    }

    /// Runs a DevTools command.
    pub async fn devtools(&self, command: &str, parameters: Value) {
        devtools::send(&self.client, command, parameters)
            .await
            .unwrap_or_else(|error| panic!("{command}: {error}"));
    }

    /// Runs a DevTools command and returns its result.
    pub async fn ask_devtools(&self, command: &str, parameters: Value) -> Value {
        devtools::ask(&self.client, command, parameters)
            .await
            .unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// Sets the system's colour scheme: `light` or `dark`.
    pub async fn set_color_scheme(&self, scheme: &str) {
        if self.engine == Engine::Firefox {
            // 0 is dark, 1 is light.
            let content_override = i32::from(scheme != "dark");
            return self
                .run_privileged_script(&format!(
                    "Services.prefs.setIntPref('layout.css.prefers-color-scheme.content-override', {content_override})"
                ))
                .await;
        }
        self.devtools(
            "Emulation.setEmulatedMedia",
            json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] }),
        )
        .await;
    }

    /// Runs a script in Firefox's `chrome` context, with access to the browser itself.
    async fn run_privileged_script(&self, script: &str) {
        devtools::set_firefox_context(&self.client, "chrome").await.expect("Firefox switches contexts");
        self.script(script).await;
        devtools::set_firefox_context(&self.client, "content").await.expect("Firefox switches back");
    }

    /// Closes the browser, and checks (in Chromium) that it has reported no violation of the pages' policy.
    pub async fn close(self) {
        if self.engine == Engine::Chromium {
            let messages =
                devtools::take_console_messages(&self.client).await.expect("the console can be read");
            let violations: Vec<&String> = messages
                .iter()
                .filter(|line| line.contains("Content Security Policy") || line.contains("Trusted"))
                .collect();
            assert!(violations.is_empty(), "{violations:?}");
        }
        // If it does not close, it is killed with its driver.
        let _ = tokio::time::timeout(Duration::from_secs(10), self.client.clone().close()).await;
    }
}
