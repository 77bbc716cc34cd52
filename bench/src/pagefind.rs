//! `cargo xtask bench pagefind`: full-text search of the same pages with finews and with Pagefind, side by side: what is
//! found, compared with a plain scan of all stories, what a query costs a reader, and how long the index takes.
//!
//! Pagefind indexes the prerendered pages of all stories, and its own program searches them in Chromium. Queries are those
//! of `cargo xtask bench search`. Both show fifteen stories; bytes are those after search has been opened with a first
//! query, of each query in a browser that has nothing else of the index.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use testkit::browser::devtools;
use testkit::search::SearchIndex;

use crate::host::Host;
use crate::load::Tools;
use crate::process::{run_timed, run_to_end};
use crate::search::{Found, SHOWN, build, search};
use crate::stories::{Stories, queries};

/// The number of stories.
const POSTS: &str = "3000";

/// Searches with Pagefind; returns the number of bytes until the first stories can be shown, and the addresses of all that
/// are found. Queries in quotation marks are Pagefind's exact phrases.
const SEARCH_SCRIPT: &str = "const [words, shown, done] = arguments;
    (async () => {
        window.pagefind ??= await import('/pagefind/pagefind.js');
        await pagefind.init();
        await pagefind.search('opening');
        performance.clearResourceTimings();
        performance.setResourceTimingBufferSize(100000);
        const { results } = await pagefind.search(words);
        await Promise.all(results.slice(0, shown).map(result => result.data()));
        const bytes = performance.getEntriesByType('resource').reduce((sum, entry) => sum + entry.encodedBodySize, 0);
        const all = await Promise.all(results.map(result => result.data()));
        return [bytes, all.map(story => story.url)];
    })().then(done, error => done([0, [String(error)]]))";

pub(crate) fn run(tools: &Tools<'_>, pagefind: &Path) -> Result<()> {
    let Tools { finews, xtask, folder, driver } = *tools;
    fs::create_dir_all(folder)?;
    let posts = folder.join("posts");
    if !posts.exists() {
        run_to_end(Command::new(xtask).args(["generate", POSTS, "--out"]).arg(&posts))?;
    }
    let site = folder.join("site");
    let (without, _) = build(finews, folder, &posts, &["--prerender", "all", "--no-search"])?;
    let (with, _) = build(finews, folder, &posts, &["--prerender", "all"])?;
    let mut command = Command::new(pagefind);
    command.arg("--site").arg(&site).args(["--root-selector", "article.story", "--force-language", "zh-cn"]);
    let other = run_timed(&command)?;
    let index = SearchIndex::open(&site);
    let stories = Stories::read(&site)?;
    let queries = queries(&stories);
    let rows: BTreeMap<&str, u32> = (0..).zip(stories.slugs()).map(|(row, slug)| (slug, row)).collect();
    let mut sides = [Side::default(), Side::default()];
    println!(
        "| {POSTS} stories: kind | query | stories | recall, precision, bytes | Pagefind |\n| --- | --- | --- | --- | --- |"
    );
    let found_by_pagefind = search_with_pagefind(&site, driver, &queries, &rows)?;
    for ((kind, words), other) in queries.iter().zip(found_by_pagefind) {
        let expected = stories.scan(words);
        let own = search(&index, words)?;
        let (own, other) = (sides[0].add(&own, &expected), sides[1].add(&other, &expected));
        println!("| {kind} | {words} | {} | {own} | {other} |", expected.len());
    }
    let [own, others] = &sides;
    println!("\n| of {} queries | finews | Pagefind |\n| --- | --- | --- |", queries.len());
    println!("| recall: mean, worst | {} | {} |", own.recall(), others.recall());
    println!("| precision: pooled, worst | {} | {} |", own.precision(), others.precision());
    println!("| bytes a query: mean, most | {} | {} |", own.bytes(), others.bytes());
    println!(
        "| seconds to index | {:.1}: {with:.1} with search, {without:.1} without | {:.1} |",
        with - without,
        other.seconds
    );
    Ok(())
}

/// What a way to search has found in all queries.
#[derive(Default)]
struct Side {
    recalls: Vec<f64>,
    precisions: Vec<f64>,
    bytes: Vec<u64>,
    right: usize,
    returned: usize,
}

impl Side {
    /// Adds what was found for a query, and says how good that is.
    fn add(&mut self, found: &Found, expected: &BTreeSet<u32>) -> String {
        let right = found.rows.intersection(expected).count();
        let part = |of: usize| if of == 0 { 1.0 } else { right as f64 / of as f64 };
        let (recall, precision) = (part(expected.len()), part(found.rows.len()));
        self.recalls.push(recall);
        self.precisions.push(precision);
        self.bytes.push(found.bytes);
        self.right += right;
        self.returned += found.rows.len();
        format!("{recall:.3}, {precision:.3}, {}", found.bytes)
    }

    fn recall(&self) -> String {
        let mean = self.recalls.iter().sum::<f64>() / self.recalls.len() as f64;
        format!("{mean:.3}, {:.3}", self.recalls.iter().copied().fold(1.0, f64::min))
    }

    fn precision(&self) -> String {
        let pooled = self.right as f64 / self.returned.max(1) as f64;
        format!("{pooled:.3}, {:.3}", self.precisions.iter().copied().fold(1.0, f64::min))
    }

    fn bytes(&self) -> String {
        let mean = self.bytes.iter().sum::<u64>() / self.bytes.len() as u64;
        format!("{mean}, {}", self.bytes.iter().max().copied().unwrap_or(0))
    }
}

#[tokio::main]
async fn search_with_pagefind(
    site: &Path,
    driver: &str,
    queries: &[(&'static str, String)],
    rows: &BTreeMap<&str, u32>,
) -> Result<Vec<Found>> {
    let host = Host::serve(site).await?;
    let mut all = Vec::new();
    for (kind, words) in queries {
        // A browser that has nothing of the index.
        let client = browser(driver).await?;
        client.goto(&format!("{}404.html", host.url)).await?;
        let answer = client.execute_async(SEARCH_SCRIPT, vec![json!(words), json!(SHOWN)]).await?;
        client.close().await?;
        let (bytes, urls): (u64, Vec<String>) = serde_json::from_value(answer)?;
        let row = |url: &String| {
            let name = url.rsplit('/').next()?.trim_end_matches(".html");
            rows.get(percent_encoding::percent_decode_str(name).decode_utf8().ok()?.as_ref()).copied()
        };
        let found: Option<BTreeSet<u32>> = urls.iter().map(row).collect();
        let rows = found.with_context(|| format!("{kind}, {words}: Pagefind finds {urls:?}"))?;
        all.push(Found { rows, bytes, ..Found::default() });
    }
    Ok(all)
}

async fn browser(driver: &str) -> Result<Client> {
    let capabilities = Map::from_iter([(
        "goog:chromeOptions".to_owned(),
        json!({ "args": devtools::CHROMIUM_ARGUMENTS }) as Value,
    )]);
    let client = ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(driver).await?;
    client
        .update_timeouts(fantoccini::wd::TimeoutConfiguration::new(
            Some(std::time::Duration::from_secs(120)),
            None,
            None,
        ))
        .await?;
    Ok(client)
}
