//! `cargo xtask bench open`: from the click on a headline to the painted article, on Lighthouse's phone.
//!
//! A click's time is from the event to the first frame after the article's heading stands in the page.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::host::Host;
use crate::phone::phone;

/// Runs of which the median counts.
const RUNS: usize = 5;

#[tokio::main]
pub(crate) async fn run(site: &str, driver: &str) -> Result<()> {
    let host = Host::of(Path::new(site)).await?;
    let mut times = Vec::new();
    for run in 1..=RUNS {
        let time = open(driver, &host.url).await?;
        println!("run {run}: click to painted {time:.0} ms");
        times.push(time);
    }
    times.sort_by(f64::total_cmp);
    println!(
        "opening an article from a list, shard not in memory, 150 ms / 1.6 Mbit/s / CPU 4×: median {:.0} ms of {RUNS} runs",
        times[RUNS / 2]
    );
    Ok(())
}

async fn open(driver: &str, url: &str) -> Result<f64> {
    let client = phone(driver).await?;
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
