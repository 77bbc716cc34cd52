//! Lighthouse's phone on a slow 4G network: 150 ms round trips, 1.6 Mbit/s, a processor four times slower
//! (<https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md>), emulated by Chromium, or the network by the
//! host (`Host::serve_through`), because Chromium slows down only what the page itself does and requests.

use std::time::Duration;

use anyhow::{Result, bail};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use testkit::browser::devtools;

use crate::host::Network;

/// The phone's network.
pub(crate) const NETWORK: Network =
    Network { latency: Duration::from_millis(150), bytes_per_second: 1.6 * 1024.0 * 1024.0 / 8.0 };

/// Opens a browser that emulates the phone with its network, with an empty cache. `driver` is the address of the WebDriver
/// server.
pub(crate) async fn phone(driver: &str) -> Result<Client> {
    let client = phone_without_network(driver).await?;
    let Network { latency, bytes_per_second } = NETWORK;
    devtools::send(&client, "Network.enable", json!({})).await?;
    devtools::send(
        &client,
        "Network.emulateNetworkConditions",
        json!({ "offline": false, "latency": latency.as_millis(), "downloadThroughput": bytes_per_second, "uploadThroughput": 750.0 * 1024.0 / 8.0 }),
    )
    .await?;
    Ok(client)
}

/// Opens a browser that emulates the phone's screen and its slow processor, with an empty cache.
pub(crate) async fn phone_without_network(driver: &str) -> Result<Client> {
    let metrics = json!({ "width": 412, "height": 823, "pixelRatio": 1.75, "touch": true });
    let Value::Object(capabilities) = json!({ "goog:chromeOptions": { "args": devtools::CHROMIUM_ARGUMENTS, "mobileEmulation": { "deviceMetrics": metrics } } })
    else {
        bail!("the capabilities are not an object")
    };
    let client = ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(driver).await?;
    devtools::send(&client, "Emulation.setCPUThrottlingRate", json!({ "rate": 4 })).await?;
    Ok(client)
}
