//! `cargo xtask bench search`: what full-text search of a large archive costs a reader and a publisher, and what it finds,
//! compared with a plain scan of all stories.
//!
//! Sixty queries of twelve kinds are made of the stories themselves. Bytes and round trips are counted after search has
//! been opened: pages of terms, lists, and the rows of the fifteen newest hits, which are requested as soon as they are
//! known. Recall is that in the stories that were searched: the page says which were not. Queries of three and four
//! characters and phrases are pieces of text whose characters stand beside each other more often than not.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Result, ensure};
use index::search::Hit;
use index::segment::Part;
use serde_json::json;
use testkit::browser::devtools;
use testkit::search::SearchIndex;

use crate::host::Host;
use crate::load::Tools;
use crate::phone::{NETWORK, phone_without_network};
use crate::process::{run_timed, run_to_end};
use crate::stories::{Stories, queries};

/// The number of rows that are shown at first.
pub(crate) const SHOWN: usize = 15;

pub(crate) fn run(tools: &Tools<'_>, count: u64, cut: &str) -> Result<()> {
    let Tools { finews, xtask, folder, driver } = *tools;
    fs::create_dir_all(folder)?;
    let posts = folder.join(format!("posts-{count}"));
    if !posts.exists() {
        eprintln!("generating {count} posts");
        run_to_end(Command::new(xtask).args(["generate", &count.to_string(), "--out"]).arg(&posts))?;
    }
    let without = build(finews, folder, &posts, &["--bundle-only", "--no-search"])?;
    let with = build(finews, folder, &posts, &["--bundle-only", "--search", cut])?;
    let site = folder.join("site");
    let index = SearchIndex::open(&site);
    let (mut files, mut bytes) = (0, 0);
    for entry in fs::read_dir(site.join("bundle/search"))? {
        files += 1;
        bytes += entry?.metadata()?.len();
    }
    println!("| {count} posts, `{cut}` | measured |\n| --- | --- |");
    println!("| files of the index; bytes a post | {files}; {:.0} |", bytes as f64 / count as f64);
    println!(
        "| build without and with search; peak | {:.1} s, {:.1} s ({:+.0}%); {:.0} MiB, {:.0} MiB |",
        without.0,
        with.0,
        (with.0 / without.0 - 1.0) * 100.0,
        without.1,
        with.1
    );
    println!("| segments; what opening search costs | {}; {} bytes |", index.segments.len(), index.opening);
    let stories = Stories::read(&site)?;
    let queries = queries(&stories);
    report(&index, &stories, &queries)?;
    report_exclusions(&index, &stories, &queries);
    drop(stories);
    measure_changes(tools, &posts, count, cut)?;
    // The same site with its program.
    let mut command = Command::new(finews);
    command.arg("build").arg(&posts).arg("--out").arg(&site).args(["--prerender", "0", "--search", cut]);
    run_to_end(&mut command)?;
    phone_times(&site, driver, &queries)
}

/// Types into the field of the search page, and searches 700 ms later.
///
/// Returns the time from the search until the first rows, or that there are none, are painted, and the longest task since
/// the words were typed, in ms.
const SEARCH_SCRIPT: &str = "const [words, done] = arguments;
    const main = document.querySelector('main');
    const field = document.querySelector('.search-page input'); field.value = words; window.longest = 0;
    field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    let start;
    setTimeout(() => {
        // The search before may have gone on until now.
        delete main.dataset.search; document.querySelector('.results')?.replaceChildren();
        start = performance.now(); field.form.requestSubmit(); check();
    }, 700);
    const ended = () => new URLSearchParams(location.search).get('q') === words && (document.querySelector('.results .headline') || main.dataset.search);
    const check = () => {
        if (!ended()) return requestAnimationFrame(check);
        const time = performance.now() - start;
        requestAnimationFrame(() => setTimeout(() => done([time, longest]), 400));
    };";

/// Measures how long a reader waits, on Lighthouse's phone and on one whose network costs nothing.
///
/// The host emulates the network, because Chromium does not for requests of workers. Nor does it slow down workers, but the
/// page alone.
#[tokio::main]
async fn phone_times(site: &Path, driver: &str, queries: &[(&'static str, String)]) -> Result<()> {
    println!(
        "\n| {} queries on the phone, search opened before | median | worst | longest task |\n| --- | --- | --- | --- |",
        queries.len()
    );
    let networks = [("Lighthouse's network", Some(NETWORK)), ("no network cost", None)];
    for (name, network) in networks {
        let host = Host::serve_through(site, network).await?;
        let client = phone_without_network(driver).await?;
        let watch = "window.longest = 0; new PerformanceObserver(list => { for (const e of list.getEntries()) longest = Math.max(longest, e.duration) }).observe({ type: 'longtask' })";
        devtools::send(&client, "Page.addScriptToEvaluateOnNewDocument", json!({ "source": watch })).await?;
        client.goto(&format!("{}search/?q=opening", host.url)).await?;
        client.execute_async("const done = arguments[0]; const check = () => document.querySelector('main')?.dataset.search ? setTimeout(done, 1000) : setTimeout(check, 50); check()", Vec::new()).await?;
        let (mut times, mut longest) = (Vec::new(), 0.0_f64);
        for (kind, words) in queries {
            let measured = client.execute_async(SEARCH_SCRIPT, vec![json!(words)]).await?;
            let measured: Vec<f64> = serde_json::from_value(measured)?;
            eprintln!("{name}: {kind}, {words}: {measured:?}");
            times.push(measured[0]);
            longest = longest.max(measured[1]);
        }
        client.close().await?;
        times.sort_by(f64::total_cmp);
        println!(
            "| {name} | {:.0} ms | {:.0} ms | {longest:.0} ms |",
            times[times.len() / 2],
            times[times.len() - 1]
        );
    }
    Ok(())
}

/// Measures what later builds write anew of the index.
fn measure_changes(tools: &Tools<'_>, posts: &Path, count: u64, cut: &str) -> Result<()> {
    let Tools { finews, xtask, folder, .. } = *tools;
    let site = folder.join("site");
    let files = || -> Result<BTreeMap<String, u64>> {
        fs::read_dir(site.join("bundle/search"))?
            .map(|entry| entry.map_err(Into::into))
            .map(|entry: Result<fs::DirEntry>| {
                let entry = entry?;
                Ok((entry.file_name().to_string_lossy().into_owned(), entry.metadata()?.len()))
            })
            .collect()
    };
    let newest_week = || SearchIndex::open(&site).head.segments.iter().map(|segment| segment.first_day).max();
    let rebuild = |what: &str, options: &[&str]| -> Result<()> {
        let (before, week) = (files()?, newest_week());
        let mut command = Command::new(finews);
        command.arg("build").arg(posts).arg("--out").arg(&site).args(["--bundle-only", "--search", cut]);
        let cost = run_timed(command.args(options))?;
        let after = files()?;
        let new: Vec<u64> =
            after.iter().filter(|(name, _)| !before.contains_key(*name)).map(|(_, size)| *size).collect();
        let week = if newest_week() == week { "" } else { ", and a week's close" };
        println!(
            "| {what}{week} | {} files, {} bytes, {:.1} s |",
            new.len(),
            new.iter().sum::<u64>(),
            cost.seconds
        );
        Ok(())
    };
    println!("\n| changes | written of the index |\n| --- | --- |");
    let mut added = Vec::new();
    for from in (count..).step_by(1000).take(9) {
        let more = folder.join(format!("more-{from}"));
        let mut generate = Command::new(xtask);
        generate.args(["generate", "1000", "--from", &from.to_string(), "--out"]).arg(&more);
        run_to_end(&mut generate)?;
        for month in fs::read_dir(more.join("_posts"))? {
            let month = month?;
            let target = posts.join("_posts").join(month.file_name());
            fs::create_dir_all(&target)?;
            for post in fs::read_dir(month.path())? {
                let post = post?;
                let file = target.join(post.file_name());
                fs::copy(post.path(), &file)?;
                added.push(file);
            }
        }
        fs::remove_dir_all(&more)?;
        rebuild("1,000 posts more", &[])?;
    }
    // A story in the middle of the archive.
    let middle = |folder: &Path| -> Result<PathBuf> {
        let mut entries: Vec<PathBuf> =
            fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
        entries.sort();
        Ok(entries.swap_remove(entries.len() / 2))
    };
    let edited = middle(&middle(&posts.join("_posts"))?)?;
    let before = fs::read(&edited)?;
    fs::write(&edited, [before.as_slice(), "\n\n更正：以上内容已修改。\n".as_bytes()].concat())?;
    rebuild("an edited story", &[])?;
    let name = edited.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let (date, _) = name.split_at(10);
    let late = edited.with_file_name(format!("{date}-late.md"));
    fs::write(&late, "---\ntitle: 迟到的消息\ncategories: late\n---\n迟到的消息，昨天没有发布。\n")?;
    rebuild("a late story", &[])?;
    fs::write(&edited, before)?;
    let slug = edited.file_stem().map(|name| name.to_string_lossy()[11..].to_owned()).unwrap_or_default();
    rebuild("a purge", &["--purge", &slug])?;
    fs::remove_file(late)?;
    added.into_iter().try_for_each(fs::remove_file)?;
    Ok(())
}

/// Builds a site anew; returns the seconds and the peak memory in MiB.
pub(crate) fn build(finews: &Path, folder: &Path, posts: &Path, options: &[&str]) -> Result<(f64, f64)> {
    for name in ["site", ".site.finews-cache"] {
        let path = folder.join(name);
        if path.exists() {
            fs::remove_dir_all(path)?;
        }
    }
    run_to_end(&mut Command::new("sync"))?;
    let mut command = Command::new(finews);
    command.arg("build").arg(posts).arg("--out").arg(folder.join("site")).args(options);
    let cost = run_timed(&command)?;
    Ok((cost.seconds, cost.memory))
}

/// Searches, and counts what that costs.
pub(crate) fn search(index: &SearchIndex, words: &str) -> Result<Found> {
    let is_whole = index.head.cut == "whole";
    let mut fetched = BTreeSet::new();
    let mut cost = |segment: usize, part: Part| -> Result<u64> {
        Ok(if !is_whole {
            u64::from(part.length)
        } else if fetched.insert((segment, part.file)) {
            fs::metadata(index.path(segment, part.file))?.len()
        } else {
            0
        })
    };
    let mut search = index.begin(words, &[]);
    let mut found = Found::default();
    let begun = Instant::now();
    let mut steps = 0;
    loop {
        let needs = search.needs();
        if needs.is_empty() {
            break;
        }
        steps += 1;
        for (segment, part) in needs {
            found.bytes += cost(segment, part)?;
            search.give(segment, part, Some(&index.read(segment, part)));
        }
        // As soon as there are enough, rows are requested while older segments are searched.
        if found.trips == 0 && search.total() >= SHOWN {
            found.trips = steps + 1;
        }
    }
    ensure!(search.failed().is_empty(), "a part of the index is damaged");
    let hits = search.hits(usize::MAX);
    found.milliseconds = begun.elapsed().as_secs_f64() * 1000.0;
    found.trips = if found.trips > 0 { found.trips } else { steps + usize::from(!hits.is_empty()) };
    let pages: BTreeSet<(usize, Part)> = hits
        .iter()
        .take(SHOWN)
        .filter_map(|hit| Some((hit.segment, index.segments[hit.segment].row_page(hit.row)?.0)))
        .collect();
    for (segment, part) in pages {
        found.bytes += cost(segment, part)?;
    }
    found.rows = rows_of(index, &hits);
    let mut first = 0;
    for (at, segment) in index.segments.iter().enumerate() {
        let rows = segment.segment.rows;
        if search.unsearched().contains(&at) {
            found.unsearched.push(first..first + rows);
        }
        first += rows;
    }
    Ok(found)
}

/// The rows of hits, counted from the oldest of all segments.
fn rows_of(index: &SearchIndex, hits: &[Hit]) -> BTreeSet<u32> {
    let firsts: Vec<u32> = index
        .segments
        .iter()
        .scan(0, |next, segment| Some(std::mem::replace(next, *next + segment.segment.rows)))
        .collect();
    hits.iter().map(|hit| firsts[hit.segment] + hit.row).collect()
}

/// What a search found, and what it cost.
#[derive(Default)]
pub(crate) struct Found {
    /// The stories, counted from the oldest.
    pub(crate) rows: BTreeSet<u32>,
    pub(crate) bytes: u64,
    pub(crate) trips: usize,
    pub(crate) milliseconds: f64,
    /// The stories that were not searched, because there are enough newer ones.
    pub(crate) unsearched: Vec<Range<u32>>,
}

/// Says how many of the stories that have one word and not another are found.
fn report_exclusions(index: &SearchIndex, stories: &Stories, queries: &[(&'static str, String)]) {
    let words = |kind| queries.iter().filter(move |(own, _)| *own == kind).map(|(_, words)| words);
    println!("\n| `-word` | stories | recall | precision |\n| --- | --- | --- | --- |");
    for excluded in ["2 characters", "3 characters", "4 characters", "English"] {
        for (word, other) in words("very common").zip(words(excluded)) {
            let query = format!("{word} -{other}");
            let hits = index.hits(&query, &[]);
            let found = rows_of(index, &hits);
            let expected = stories.scan(&query);
            let both = found.intersection(&expected).count() as f64;
            println!(
                "| {query} | {} | {:.4} | {:.4} |",
                found.len(),
                both / expected.len().max(1) as f64,
                both / found.len().max(1) as f64
            );
        }
    }
}

fn report(index: &SearchIndex, stories: &Stories, queries: &[(&'static str, String)]) -> Result<()> {
    println!(
        "\n| kind | query | stories | bytes | trips | recall | precision | ms |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
    );
    let (mut all_bytes, mut most, mut trips, mut phrases) = (0, 0, 0, (0, 0));
    let (mut right, mut returned, mut worst, mut recall_all) = (0, 0, 1.0_f64, 1.0_f64);
    for (kind, words) in queries {
        let found = search(index, words)?;
        let mut expected = stories.scan(words);
        expected.retain(|row| !found.unsearched.iter().any(|rows| rows.contains(row)));
        let both = found.rows.intersection(&expected).count();
        let recall = if expected.is_empty() { 1.0 } else { both as f64 / expected.len() as f64 };
        let precision = if found.rows.is_empty() { 1.0 } else { both as f64 / found.rows.len() as f64 };
        println!(
            "| {kind} | {words} | {}{} | {} | {} | {recall:.3} | {precision:.3} | {:.1} |",
            found.rows.len(),
            if found.unsearched.is_empty() { "" } else { "+" },
            found.bytes,
            found.trips,
            found.milliseconds
        );
        all_bytes += found.bytes;
        most = most.max(found.bytes);
        trips = trips.max(found.trips);
        recall_all = recall_all.min(recall);
        right += both;
        returned += found.rows.len();
        worst = worst.min(precision);
        if *kind == "phrase" {
            phrases = (phrases.0 + both, phrases.1 + found.rows.len());
        }
    }
    println!("\n| all | measured |\n| --- | --- |");
    println!("| bytes: most, mean | {most}, {} |", all_bytes / queries.len() as u64);
    println!("| round trips at most | {trips} |");
    println!("| recall of the worst query | {recall_all:.3} |");
    println!("| precision: pooled, worst | {:.4}, {worst:.3} |", right as f64 / returned.max(1) as f64);
    println!("| precision of phrases, pooled | {:.4} |", phrases.0 as f64 / phrases.1.max(1) as f64);
    Ok(())
}
