//! DevTools by WebDriver, for tests and benchmarks: what chromedriver has of its own.

use fantoccini::Client;
use fantoccini::error::CmdError;
use serde_json::{Value, json};

/// How Chromium is started to be driven: without a window or a habit of its own, looking for no host but this machine's.
pub(crate) const CHROMIUM: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/// Runs a DevTools command.
///
/// # Errors
/// Where the browser does not, or is not Chromium.
pub(crate) async fn send(client: &Client, command: &str, parameters: Value) -> Result<(), CmdError> {
    ask(client, command, parameters).await.map(drop)
}

/// The same, and what it answers.
///
/// # Errors
/// Where the browser does not, or is not Chromium.
pub(crate) async fn ask(client: &Client, command: &str, parameters: Value) -> Result<Value, CmdError> {
    let session = client.session_id().await?.unwrap_or_default();
    client.issue_cmd(DevTools { session, body: json!({ "cmd": command, "params": parameters }) }).await
}

/// What the browser's console said since this was last called.
///
/// # Errors
/// Where the browser does not tell.
#[allow(dead_code, reason = "benchmarks do not ask")]
pub(crate) async fn console(client: &Client) -> Result<Vec<String>, CmdError> {
    let session = client.session_id().await?.unwrap_or_default();
    let entries = client.issue_cmd(Console { session }).await?;
    Ok(entries.as_array().into_iter().flatten().filter_map(|entry| Some(entry["message"].as_str()?.to_owned())).collect())
}

#[derive(Debug)]
struct Console {
    session: String,
}

impl fantoccini::wd::WebDriverCompatibleCommand for Console {
    fn endpoint(&self, base: &url::Url, _session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/se/log", self.session))
    }

    fn method_and_body(&self, _url: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

/// A command of chromedriver's own: DevTools by WebDriver.
#[derive(Debug)]
struct DevTools {
    session: String,
    body: Value,
}

impl fantoccini::wd::WebDriverCompatibleCommand for DevTools {
    fn endpoint(&self, base: &url::Url, _session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", self.session))
    }

    fn method_and_body(&self, _url: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}

/// Which side of Firefox scripts run on from now: `chrome`, which is the browser, or `content`, which is the page.
///
/// # Errors
/// Where the browser does not, or is not Firefox.
#[allow(dead_code, reason = "benchmarks do not ask")]
pub(crate) async fn firefox(client: &Client, context: &str) -> Result<(), CmdError> {
    let session = client.session_id().await?.unwrap_or_default();
    client.issue_cmd(Context { session, body: json!({ "context": context }) }).await.map(drop)
}

/// A command of geckodriver's own.
#[derive(Debug)]
struct Context {
    session: String,
    body: Value,
}

impl fantoccini::wd::WebDriverCompatibleCommand for Context {
    fn endpoint(&self, base: &url::Url, _session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/moz/context", self.session))
    }

    fn method_and_body(&self, _url: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
