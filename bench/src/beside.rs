//! `cargo xtask bench beside OTHER`: compares this finews with another one, such as an earlier commit's, in
//! pairs, so that changes of the machine's speed affect both.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use fantoccini::Client;
use serde_json::{Value, json};

use crate::host::Host;
use crate::load::{self, Stories, Tools};
use crate::phone::phone;
use crate::process::{count_pages, timed};
use testkit::browser::devtools;

/// The path of a page.
type PathOf<'a> = &'a dyn Fn(&Stories) -> String;

const PAIRS: usize = 15;
/// Of 15 ratios, the ranks between which the median lies in 96 of 100 cases.
const INTERVAL: (usize, usize) = (3, 11);
/// The number of posts of the site that is loaded; more than are prerendered.
const POSTS: &str = "2000";
/// The number of posts that are all prerendered to measure the speed, and the number of pairs.
const PAGES: (&str, usize) = ("20000", 5);

/// A script that records in `window.alive` when the program has recorded its first history entry and can open
/// stories in place, and in `window.longest` the longest task, in ms.
const WATCH: &str = "const replace = history.replaceState; history.replaceState = function (...more) { window.alive ??= performance.now(); return replace.apply(this, more) };
    window.longest = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) longest = Math.max(longest, e.duration) }).observe({ type: 'longtask', buffered: true })";

/// Waits until nothing has loaded for a second; returns the times of the largest paint and of the program's
/// start, and the longest task, in ms.
const LOADED: &str = "const done = arguments[0]; let last = performance.now(), largest = 0;
    const see = (type, take) => new PerformanceObserver(list => { for (const e of list.getEntries()) take(e) }).observe({ type, buffered: true });
    see('resource', () => { last = performance.now() });
    see('largest-contentful-paint', e => { largest = e.startTime });
    const check = () => window.alive && performance.now() - last > 1000 ? done([largest, alive, longest]) : setTimeout(check, 50);
    setTimeout(check, 1000)";

/// Opens the first story of the page in place; returns the time from the click to the painted story, and the
/// longest task, in ms.
const OPEN: &str = "const done = arguments[0], start = performance.now(); window.longest = 0;
    const check = () => document.querySelector('article.story h1') ? requestAnimationFrame(() => setTimeout(() => done([performance.now() - start, longest]), 300)) : requestAnimationFrame(check);
    document.querySelector('.headline .title a').click(); check()";

/// Loads older stories on the home page; returns the time until they are shown, and the longest task, in ms.
const OLDER: &str = "const done = arguments[0], start = performance.now(); window.longest = 0;
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
        sides.push((Host::on(&site, port).await?, load::stories(&site)?));
    }
    println!("{POSTS} posts, 150 ms / 1.6 Mbit/s / CPU 4×, {PAIRS} pairs; ms");
    println!();
    println!("| | this, median | the other, median | ratio of the pairs, median | 95% interval of it |");
    println!("| --- | --- | --- | --- | --- |");
    let home = |_: &Stories| String::new();
    let prerendered = |stories: &Stories| stories.prerendered.clone();
    let bare = |stories: &Stories| stories.older.clone();
    let pages: [(&str, PathOf<'_>); 3] =
        [("home", &home), ("an article", &prerendered), ("an article that is not prerendered", &bare)];
    for (name, path) in pages {
        let mut pairs = Vec::new();
        for _ in 0..PAIRS {
            pairs.push([
                loaded(tools.driver, &sides[0], path).await?,
                loaded(tools.driver, &sides[1], path).await?,
            ]);
        }
        for (at, what) in
            ["largest paint", "until a click opens a story in place", "longest task"].into_iter().enumerate()
        {
            row(&format!("{name}: {what}"), &pairs, at);
        }
    }
    for (name, script) in
        [("a story opened from home, shard not in memory", OPEN), ("older stories on home", OLDER)]
    {
        let mut pairs = Vec::new();
        for _ in 0..PAIRS {
            pairs.push([
                acted(tools.driver, &sides[0].0, script).await?,
                acted(tools.driver, &sides[1].0, script).await?,
            ]);
        }
        for (at, what) in ["click to painted", "longest task"].into_iter().enumerate() {
            row(&format!("{name}: {what}"), &pairs, at);
        }
    }
    drop(sides);
    rendering(tools, other)
}

async fn watched(driver: &str) -> Result<Client> {
    let client = phone(driver).await?;
    devtools::send(&client, "Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH })).await?;
    Ok(client)
}

async fn loaded(
    driver: &str,
    (host, stories): &(Host, Stories),
    path: &dyn Fn(&Stories) -> String,
) -> Result<Vec<f64>> {
    let client = watched(driver).await?;
    client.goto(&format!("{}{}", host.url, path(stories))).await?;
    let measured = numbers(client.execute_async(LOADED, Vec::new()).await?);
    client.close().await?;
    measured
}

async fn acted(driver: &str, host: &Host, script: &str) -> Result<Vec<f64>> {
    let client = watched(driver).await?;
    client.goto(&host.url).await?;
    client.execute_async(LOADED, Vec::new()).await?;
    let measured = numbers(client.execute_async(script, Vec::new()).await?);
    client.close().await?;
    measured
}

fn numbers(value: Value) -> Result<Vec<f64>> {
    serde_json::from_value(value).context("numbers")
}

fn row(name: &str, pairs: &[[Vec<f64>; 2]], at: usize) {
    let sorted = |values: &mut dyn Iterator<Item = f64>| {
        let mut values: Vec<f64> = values.collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let side = |side: usize| sorted(&mut pairs.iter().map(|pair| pair[side][at]))[PAIRS / 2];
    // Browsers do not report tasks shorter than 50 ms.
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
fn rendering(tools: &Tools<'_>, other: &Path) -> Result<()> {
    let (count, pairs) = PAGES;
    let posts = tools.folder.join("all");
    load::generate(tools, count, &posts)?;
    println!();
    println!("| {count} posts, every one a page: pages a second | this | the other | ratio |");
    println!("| --- | --- | --- | --- |");
    let site: PathBuf = tools.folder.join("all-site");
    let rate = |finews: &Path| -> Result<f64> {
        for folder in [site.clone(), tools.folder.join(".all-site.finews-cache")] {
            if folder.is_dir() {
                fs::remove_dir_all(folder)?;
            }
        }
        timed(&Command::new("sync"))?;
        let took = timed(Command::new(finews).arg("build").arg(&posts).arg("--out").arg(&site).args([
            "--prerender",
            "all",
            "--max-files",
            "1000000",
        ]))?;
        Ok(count_pages(&site)? as f64 / took.seconds)
    };
    for pair in 1..=pairs {
        let (ours, theirs) = (rate(tools.finews)?, rate(other)?);
        println!("| pair {pair} | {ours:.0} | {theirs:.0} | {:.3} |", ours / theirs);
    }
    Ok(())
}
