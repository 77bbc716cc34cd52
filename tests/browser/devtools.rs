//! DevTools by WebDriver, for tests and benchmarks: what chromedriver has of its own.

use fantoccini::Client;
use fantoccini::error::CmdError;
use serde_json::{Value, json};

/// Runs a DevTools command.
///
/// # Errors
/// Where the browser does not, or is not Chromium.
pub(crate) async fn send(client: &Client, command: &str, parameters: Value) -> Result<(), CmdError> {
    let session = client.session_id().await?.unwrap_or_default();
    client.issue_cmd(DevTools { session, body: json!({ "cmd": command, "params": parameters }) }).await?;
    Ok(())
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
