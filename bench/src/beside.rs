//! `cargo xtask bench beside OTHER`: compares this finews with another one, such as an earlier commit's, in
//! pairs, so that changes in the machine's speed affect both.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use fantoccini::Client;
use serde_json::{Value, json};

use crate::host::Host;
use crate::load::{self, Stories, Tools};
use crate::phone::phone;
use crate::process::{count_pages, run_timed};
use testkit::browser::devtools;

/// Returns the path of the page to load.
type PathOf<'a> = &'a dyn Fn(&Stories) -> String;

const PAIRS: usize = 15;
/// The indexes of the two of 15 sorted ratios between which the median lies in 96 of 100 cases.
const INTERVAL: (usize, usize) = (3, 11);
/// The number of posts of the site that is loaded; more than are prerendered.
const POSTS: &str = "2000";
/// The number of posts that are all prerendered to measure the speed.
const PRERENDERED_POSTS: &str = "20000";
/// The number of pairs of builds that prerender all posts.
const BUILD_PAIRS: usize = 5;

/// A script that stores two times, in ms: in `window.alive`, when the program has written its first history
/// entry and can open stories in place; in `window.longest`, the duration of the longest task.
const WATCH_SCRIPT: &str = "const replace = history.replaceState; history.replaceState = function (...more) { window.alive ??= performance.now(); return replace.apply(this, more) };
    window.longest = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) longest = Math.max(longest, e.duration) }).observe({ type: 'longtask', buffered: true })";

/// Waits until nothing has loaded for a second; returns the times of the largest paint and of the program's
/// start, and the longest task, in ms.
const LOAD_SCRIPT: &str = "const done = arguments[0]; let last = performance.now(), largest = 0;
    const watchEntries = (type, take) => new PerformanceObserver(list => { for (const e of list.getEntries()) take(e) }).observe({ type, buffered: true });
    watchEntries('resource', () => { last = performance.now() });
    watchEntries('largest-contentful-paint', e => { largest = e.startTime });
    const check = () => window.alive && performance.now() - last > 1000 ? done([largest, alive, longest]) : setTimeout(check, 50);
    setTimeout(check, 1000)";

/// Opens the first story of the page in place; returns the time from the click to the painted story, and the
/// longest task, in ms.
const OPEN_SCRIPT: &str = "const done = arguments[0], start = performance.now(); window.longest = 0;
    const check = () => document.querySelector('article.story h1') ? requestAnimationFrame(() => setTimeout(() => done([performance.now() - start, longest]), 300)) : requestAnimationFrame(check);
    document.querySelector('.headline .title a').click(); check()";

/// Loads older stories on the home page; returns the time until they are shown, and the longest task, in ms.
const OLDER_SCRIPT: &str = "const done = arguments[0], start = performance.now(); window.longest = 0;
    const check = () => document.querySelector('.older .headline') ? setTimeout(() => done([performance.now() - start, longest]), 300) : requestAnimationFrame(check);
    document.querySelector('.more a').click(); check()";

#[tokio::main]
pub(crate) async fn run(tools: &Tools<'_>, other: &Path) -> Result<()> {
    let posts = tools.folder.join("posts");
    load::generate(tools, POSTS, &posts)?;
    let mut sides = Vec::new();
    for (finews, name) in [(tools.finews, "this"), (other, "other")] {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let site = tools.folder.join(format!("site-{name}"));
        load::build(finews, &posts, &site, port)?;
        sides.push((Host::serve_at_port(&site, port).await?, load::stories(&site)?));
    }
    println!("{POSTS} posts, 150 ms / 1.6 Mbit/s / CPU 4×, {PAIRS} pairs; ms");
    println!();
    println!("| | this, median | the other, median | ratio of the pairs, median | 95% interval of it |");
    println!("| --- | --- | --- | --- | --- |");
    let home = |_: &Stories| String::new();
    let prerendered = |stories: &Stories| stories.prerendered.clone();
    let not_prerendered = |stories: &Stories| stories.older.clone();
    let pages: [(&str, PathOf<'_>); 3] = [
        ("home", &home),
        ("an article", &prerendered),
        ("an article that is not prerendered", &not_prerendered),
    ];
    for (name, path) in pages {
        let mut pairs = Vec::new();
        for _ in 0..PAIRS {
            pairs.push([
                measure_load(tools.driver, &sides[0], path).await?,
                measure_load(tools.driver, &sides[1], path).await?,
            ]);
        }
        for (at, what) in
            ["largest paint", "until a click opens a story in place", "longest task"].into_iter().enumerate()
        {
            print_row(&format!("{name}: {what}"), &pairs, at);
        }
    }
    for (name, script) in [
        ("a story opened from home, shard not in memory", OPEN_SCRIPT),
        ("older stories on home", OLDER_SCRIPT),
    ] {
        let mut pairs = Vec::new();
        for _ in 0..PAIRS {
            pairs.push([
                measure_action(tools.driver, &sides[0].0, script).await?,
                measure_action(tools.driver, &sides[1].0, script).await?,
            ]);
        }
        for (at, what) in ["from click to paint", "longest task"].into_iter().enumerate() {
            print_row(&format!("{name}: {what}"), &pairs, at);
        }
    }
    drop(sides);
    measure_rendering(tools, other)
}

/// Opens the phone with [`WATCH_SCRIPT`] in every page.
async fn open_watched_phone(driver: &str) -> Result<Client> {
    let client = phone(driver).await?;
    devtools::send(&client, "Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH_SCRIPT }))
        .await?;
    Ok(client)
}

async fn measure_load(
    driver: &str,
    (host, stories): &(Host, Stories),
    path: &dyn Fn(&Stories) -> String,
) -> Result<Vec<f64>> {
    let client = open_watched_phone(driver).await?;
    client.goto(&format!("{}{}", host.url, path(stories))).await?;
    let measured = numbers(client.execute_async(LOAD_SCRIPT, Vec::new()).await?);
    client.close().await?;
    measured
}

async fn measure_action(driver: &str, host: &Host, script: &str) -> Result<Vec<f64>> {
    let client = open_watched_phone(driver).await?;
    client.goto(&host.url).await?;
    client.execute_async(LOAD_SCRIPT, Vec::new()).await?;
    let measured = numbers(client.execute_async(script, Vec::new()).await?);
    client.close().await?;
    measured
}

fn numbers(value: Value) -> Result<Vec<f64>> {
    serde_json::from_value(value).context("the script returned no numbers")
}

fn print_row(name: &str, pairs: &[[Vec<f64>; 2]], at: usize) {
    let sorted = |values: &mut dyn Iterator<Item = f64>| {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let side = |side: usize| sorted(&mut pairs.iter().map(|pair| pair[side][at]))[PAIRS / 2];
    // Browsers do not report tasks shorter than 50 ms. The measured 0 then has no ratio.
    if pairs.iter().flatten().any(|measured| measured[at] == 0.0) {
        return println!("| {name} | {:.0} | {:.0} | | |", side(0), side(1));
    }
    let ratios = sorted(&mut pairs.iter().map(|pair| pair[0][at] / pair[1][at]));
    println!(
        "| {name} | {:.0} | {:.0} | {:.3} | {:.3} to {:.3} |",
        side(0),
        side(1),
        ratios[PAIRS / 2],
        ratios[INTERVAL.0],
        ratios[INTERVAL.1]
    );
}

/// Measures prerendered pages a second.
fn measure_rendering(tools: &Tools<'_>, other: &Path) -> Result<()> {
    let posts = tools.folder.join("all");
    load::generate(tools, PRERENDERED_POSTS, &posts)?;
    println!();
    println!("| {PRERENDERED_POSTS} posts, all prerendered: pages a second | this | the other | ratio |");
    println!("| --- | --- | --- | --- |");
    let site: PathBuf = tools.folder.join("all-site");
    let rate = |finews: &Path| -> Result<f64> {
        for folder in [site.clone(), tools.folder.join(".all-site.finews-cache")] {
            if folder.is_dir() {
                fs::remove_dir_all(folder)?;
            }
        }
        run_timed(&Command::new("sync"))?;
        let cost = run_timed(Command::new(finews).arg("build").arg(&posts).arg("--out").arg(&site).args([
            "--prerender",
            "all",
            "--max-files",
            "1000000",
        ]))?;
        Ok(count_pages(&site)? as f64 / cost.seconds)
    };
    for pair in 1..=BUILD_PAIRS {
        let (ours, theirs) = (rate(tools.finews)?, rate(other)?);
        println!("| pair {pair} | {ours:.0} | {theirs:.0} | {:.3} |", ours / theirs);
    }
    Ok(())
}
