//! DevTools by WebDriver, for tests and benchmarks: what chromedriver has of its own.

use fantoccini::Client;
use fantoccini::error::CmdError;
use serde_json::{Value, json};

/// How Chromium is started to be driven: without a window or a habit of its own, looking for no host but this
/// machine's.
pub const CHROMIUM: [&str; 9] = [
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
pub async fn send(client: &Client, command: &str, parameters: Value) -> Result<(), CmdError> {
    ask(client, command, parameters).await.map(drop)
}

/// The same, and what it answers.
///
/// # Errors
/// Where the browser does not, or is not Chromium.
pub async fn ask(client: &Client, command: &str, parameters: Value) -> Result<Value, CmdError> {
    post(client, "goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
}

/// What the browser's console said since this was last called.
///
/// # Errors
/// Where the browser does not tell.
pub async fn console(client: &Client) -> Result<Vec<String>, CmdError> {
    let entries = post(client, "se/log", json!({ "type": "browser" })).await?;
    Ok(entries
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry["message"].as_str()?.to_owned()))
        .collect())
}

/// Which side of Firefox scripts run on from now: `chrome`, which is the browser, or `content`, which is the
/// page.
///
/// # Errors
/// Where the browser does not, or is not Firefox.
pub async fn firefox(client: &Client, context: &str) -> Result<(), CmdError> {
    post(client, "moz/context", json!({ "context": context })).await.map(drop)
}

/// Sends a command that a driver has of its own.
async fn post(client: &Client, path: &'static str, body: Value) -> Result<Value, CmdError> {
    let session = client.session_id().await?.unwrap_or_default();
    client.issue_cmd(Own { path: format!("session/{session}/{path}"), body }).await
}

/// A command that a driver has of its own.
#[derive(Debug)]
struct Own {
    path: String,
    body: Value,
}

impl fantoccini::wd::WebDriverCompatibleCommand for Own {
    fn endpoint(&self, base: &url::Url, _session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&self.path)
    }

    fn method_and_body(&self, _url: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
