//! `cargo xtask bench beside OTHER`: compares this finews with another one, such as an earlier commit's, in
//! pairs of measurements, so that changes in the machine's speed affect both.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use fantoccini::Client;
use serde_json::{Value, json};

use crate::host::Host;
use crate::load::{self, StoryPaths, Tools};
use crate::phone::phone;
use crate::process::{count_pages, run_timed};
use testkit::browser::devtools;

/// Returns the path of the page to load.
type PathOf<'a> = &'a dyn Fn(&StoryPaths) -> String;

const PAIRS: usize = 15;
/// The indexes of two of the 15 sorted ratios. In 96 of 100 cases, the true median lies between these ratios.
const INTERVAL: (usize, usize) = (3, 11);
/// The number of posts of the site that is loaded; more than are prerendered.
const POSTS: &str = "2000";
/// The number of posts that are all prerendered to measure the speed.
const PRERENDERED_POSTS: &str = "20000";
/// The number of pairs of builds that prerender all posts.
const BUILD_PAIRS: usize = 5;

/// A script that stores two values, in ms: in `window.startedAt`, the time when the program writes its first
/// history entry, after which it opens stories in place; in `window.longest`, the duration of the longest
/// task.
const WATCH_SCRIPT: &str = "const replace = history.replaceState; history.replaceState = function (...more) { window.startedAt ??= performance.now(); return replace.apply(this, more) };
    window.longest = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) longest = Math.max(longest, e.duration) }).observe({ type: 'longtask', buffered: true })";

/// Waits until the program has started and nothing has loaded for a second.
///
/// Returns the times of the largest paint and of the program's start, and the longest task, in ms.
const LOAD_SCRIPT: &str = "const done = arguments[0]; let last = performance.now(), largest = 0;
    const watchEntries = (type, take) => new PerformanceObserver(list => { for (const e of list.getEntries()) take(e) }).observe({ type, buffered: true });
    watchEntries('resource', () => { last = performance.now() });
    watchEntries('largest-contentful-paint', e => { largest = e.startTime });
    const check = () => window.startedAt && performance.now() - last > 1000 ? done([largest, startedAt, longest]) : setTimeout(check, 50);
    setTimeout(check, 1000)";

/// Opens the first story of the page in place.
///
/// Returns the time from the click until 300 ms after the story is painted, when the browser has reported
/// long tasks, and the longest task, in ms.
const OPEN_SCRIPT: &str = "const done = arguments[0], start = performance.now(); window.longest = 0;
    const check = () => document.querySelector('article.story h1') ? requestAnimationFrame(() => setTimeout(() => done([performance.now() - start, longest]), 300)) : requestAnimationFrame(check);
    document.querySelector('.headline .title a').click(); check()";

/// Loads older stories on the home page.
///
/// Returns the time from the click until 300 ms after they are shown, when the browser has reported long
/// tasks, and the longest task, in ms.
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
        sides.push((Host::serve_on_port(&site, port).await?, load::story_paths(&site)?));
    }
    println!("{POSTS} posts, 150 ms / 1.6 Mbit/s / CPU 4×, {PAIRS} pairs; ms");
    println!();
    println!("| | this, median | the other, median | ratio of the pairs, median | 95% interval |");
    println!("| --- | --- | --- | --- | --- |");
    let home = |_: &StoryPaths| String::new();
    let prerendered = |stories: &StoryPaths| stories.prerendered.clone();
    let not_prerendered = |stories: &StoryPaths| stories.older.clone();
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
        for (at, what) in ["from click to 300 ms after paint", "longest task"].into_iter().enumerate() {
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
    (host, stories): &(Host, StoryPaths),
    path: &dyn Fn(&StoryPaths) -> String,
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
    let median_of = |side: usize| sorted(&mut pairs.iter().map(|pair| pair[side][at]))[PAIRS / 2];
    // Browsers do not report tasks shorter than 50 ms, so the longest task may be measured as 0. There is no
    // ratio to 0.
    if pairs.iter().flatten().any(|measured| measured[at] == 0.0) {
        return println!("| {name} | {:.0} | {:.0} | | |", median_of(0), median_of(1));
    }
    let ratios = sorted(&mut pairs.iter().map(|pair| pair[0][at] / pair[1][at]));
    println!(
        "| {name} | {:.0} | {:.0} | {:.3} | {:.3} to {:.3} |",
        median_of(0),
        median_of(1),
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
