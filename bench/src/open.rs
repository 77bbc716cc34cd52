//! `cargo xtask bench open`: from the click on a headline to the painted article, on Lighthouse's phone.
//!
//! The site is served from memory's speed; the browser is slowed by DevTools to what Lighthouse calls a slow 4G phone: 150 ms
//! round trips, 1.6 Mbit/s, a processor four times slower (<https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md>).
//! A click's time is from the event to the first frame after the article's heading stands in the page.

use anyhow::{Context as _, Result, bail};
use fantoccini::ClientBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tower_http::compression::CompressionLayer;
use tower_http::services::{ServeDir, ServeFile};

use crate::devtools;

/// Runs of which the median counts.
const RUNS: usize = 5;

#[tokio::main]
pub(crate) async fn run(site: &str, driver: &str) -> Result<()> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/", listener.local_addr()?);
    let files = ServeDir::new(site).fallback(ServeFile::new(format!("{site}/index.html")));
    let router = axum::Router::new().fallback_service(files).layer(CompressionLayer::new());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let mut times = Vec::new();
    for run in 1..=RUNS {
        let time = open(driver, &url).await?;
        println!("run {run}: click to painted {time:.0} ms");
        times.push(time);
    }
    times.sort_by(f64::total_cmp);
    println!("opening an article from a list, shard not in memory, 150 ms / 1.6 Mbit/s / CPU 4×: median {:.0} ms of {RUNS} runs", times[RUNS / 2]);
    Ok(())
}

async fn open(driver: &str, url: &str) -> Result<f64> {
    let arguments = [
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
    let metrics = json!({ "width": 412, "height": 823, "pixelRatio": 1.75, "touch": true });
    let Value::Object(capabilities) = json!({ "goog:chromeOptions": { "args": arguments, "mobileEmulation": { "deviceMetrics": metrics } } }) else {
        bail!("an object was written")
    };
    let client = ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(driver).await?;
    devtools::send(&client, "Network.enable", json!({})).await?;
    devtools::send(
        &client,
        "Network.emulateNetworkConditions",
        json!({ "offline": false, "latency": 150, "downloadThroughput": 1.6 * 1024.0 * 1024.0 / 8.0, "uploadThroughput": 750.0 * 1024.0 / 8.0 }),
    )
    .await?;
    devtools::send(&client, "Emulation.setCPUThrottlingRate", json!({ "rate": 4 })).await?;
    client.goto(url).await?;
    // The reader reads: the page is quiet when nothing was loaded for a second.
    let quiet = "const done = arguments[0]; let last = performance.now();
        new PerformanceObserver(() => { last = performance.now() }).observe({ type: 'resource', buffered: false });
        const look = () => document.querySelector('.block h2') && performance.now() - last > 1000 ? done(true) : setTimeout(look, 50); look()";
    client.execute_async(quiet, Vec::new()).await?;
    let click = "const done = arguments[0], start = performance.now();
        const look = () => document.querySelector('article.story h1') ? requestAnimationFrame(() => setTimeout(() => done(performance.now() - start))) : requestAnimationFrame(look);
        document.querySelector('.headline .title a').click(); look()";
    let time = client.execute_async(click, Vec::new()).await?.as_f64().context("a time")?;
    client.close().await?;
    Ok(time)
}
