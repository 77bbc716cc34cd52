//! `cargo xtask bench open`: the time from a click on a headline to the painted article, on Lighthouse's
//! phone.
//!
//! The time ends with the first frame after the article's heading has appeared.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::host::Host;
use crate::phone::phone;

/// The number of runs for a median.
const RUNS: usize = 5;

#[tokio::main]
pub(crate) async fn run(site: &str, driver: &str) -> Result<()> {
    let host = Host::serve(Path::new(site)).await?;
    let mut times = Vec::new();
    for run in 1..=RUNS {
        let time = open(driver, &host.url).await?;
        println!("run {run}: {time:.0} ms from click to paint");
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
    // Waits until nothing has loaded for a second, as if a reader were reading the list.
    let quiet_script = "const done = arguments[0]; let last = performance.now();
        new PerformanceObserver(() => { last = performance.now() }).observe({ type: 'resource', buffered: false });
        const check = () => document.querySelector('.block h2') && performance.now() - last > 1000 ? done(true) : setTimeout(check, 50); check()";
    client.execute_async(quiet_script, Vec::new()).await?;
    let click_script = "const done = arguments[0], start = performance.now();
        const check = () => document.querySelector('article.story h1') ? requestAnimationFrame(() => setTimeout(() => done(performance.now() - start))) : requestAnimationFrame(check);
        document.querySelector('.headline .title a').click(); check()";
    let time = client
        .execute_async(click_script, Vec::new())
        .await?
        .as_f64()
        .context("the script returned no time")?;
    client.close().await?;
    Ok(time)
}
