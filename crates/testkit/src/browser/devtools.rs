//! Commands that drivers add to WebDriver, such as DevTools commands, for tests and benchmarks.

use fantoccini::Client;
use fantoccini::error::CmdError;
use serde_json::{Value, json};

/// The arguments with which Chromium starts: without a window, without background activity, and without
/// access to other hosts.
pub const CHROMIUM_ARGUMENTS: [&str; 9] = [
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
/// Fails if the browser does not execute the command or is not Chromium.
pub async fn send(client: &Client, command: &str, parameters: Value) -> Result<(), CmdError> {
    ask(client, command, parameters).await.map(drop)
}

/// Runs a DevTools command and returns its result.
///
/// # Errors
/// Fails if the browser does not execute the command or is not Chromium.
pub async fn ask(client: &Client, command: &str, parameters: Value) -> Result<Value, CmdError> {
    send_vendor_command(client, "goog/cdp/execute", json!({ "cmd": command, "params": parameters })).await
}

/// Returns the browser's console messages since the last call.
///
/// # Errors
/// Fails if the driver does not return them.
pub async fn take_console_messages(client: &Client) -> Result<Vec<String>, CmdError> {
    let entries = send_vendor_command(client, "se/log", json!({ "type": "browser" })).await?;
    Ok(entries
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry["message"].as_str()?.to_owned()))
        .collect())
}

/// Sets the context in which Firefox runs scripts: `chrome` for the browser itself, `content` for the page.
///
/// # Errors
/// Fails if the browser does not switch or is not Firefox.
pub async fn set_firefox_context(client: &Client, context: &str) -> Result<(), CmdError> {
    send_vendor_command(client, "moz/context", json!({ "context": context })).await.map(drop)
}

/// Sends a command that only one browser's driver has.
async fn send_vendor_command(client: &Client, path: &'static str, body: Value) -> Result<Value, CmdError> {
    let session = client.session_id().await?.unwrap_or_default();
    client.issue_cmd(VendorCommand { path: format!("session/{session}/{path}"), body }).await
}

/// A command that only one browser's driver has.
#[derive(Debug)]
struct VendorCommand {
    path: String,
    body: Value,
}

impl fantoccini::wd::WebDriverCompatibleCommand for VendorCommand {
    fn endpoint(&self, base: &url::Url, _session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&self.path)
    }

    fn method_and_body(&self, _url: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}
