//! `cargo xtask bench jekyll FOLDER…`: which posts of a Jekyll site finews publishes, when and where, compared
//! with what Jekyll itself says (`bench/jekyll.rb`).
//!
//! Two kinds of posts are kept back by finews alone and counted as missing: `draft: true`, and those after
//! their `expiryDate`.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use ::archive::Archive;
use anyhow::{Context as _, Result, anyhow, ensure};
use bundle::address::Address;
use bundle::{Date, Time};
use futures::executor::block_on;
use serde_json::Value;
use viewer::state::page::{self, Page};

use crate::beside_jekyll::{build, failed, name, print_sites};

/// A story as Jekyll publishes it.
struct Published {
    file: String,
    time: Time,
    /// Its older addresses.
    older: Vec<String>,
}

pub(crate) fn run(finews: &Path, script: &Path, folder: &Path, sites: &[&str]) -> Result<()> {
    print_sites(
        &[
            "site",
            "stories: Jekyll, finews",
            "at the same address",
            "with another time",
            "addresses, with older ones",
            "that open their story",
        ],
        sites,
        |site, differences| compare(finews, script, folder, site, differences),
    )
}

fn compare(
    finews: &Path,
    script: &Path,
    folder: &Path,
    posts: &Path,
    differences: &mut Vec<String>,
) -> Result<()> {
    let name = name(posts)?;
    let theirs = published_by_jekyll(script, posts)?;
    let source = build(finews, folder, posts, "--bundle-only")?;
    let manifest = source.manifest().map_err(failed)?;
    let archive = || Archive::new(&source, &manifest.index);
    let permalink = &manifest.settings.permalink;
    let mut ours = BTreeMap::new();
    for month in &manifest.index.months {
        let first = month.first_day().context("the month's name is not a month")?;
        let month = block_on(archive().month(first)).map_err(failed)?.context("the month is missing")?;
        for day in month.days {
            let mut before = None;
            loop {
                let page = block_on(archive().day(day.date, before.as_ref())).map_err(failed)?;
                for row in page.rows {
                    ours.insert(same_form(&row.address(permalink).to_string()), (row.time, row.slug));
                }
                before = page.older;
                if before.is_none() {
                    break;
                }
            }
        }
    }

    // Within a day, each slug belongs to one story.
    let addresses_of: BTreeMap<(Date, &str), &String> =
        ours.iter().map(|(address, (time, slug))| ((time.date(), slug.as_str()), address)).collect();
    let (mut same, mut other_time, mut addresses, mut right) = (0, 0, 0, 0);
    for (address, story) in &theirs {
        match ours.get(address) {
            None => differences.push(format!("{name}: {} is not at {address}", story.file)),
            Some((time, _)) => {
                same += 1;
                if time.unix != story.time.unix {
                    other_time += 1;
                    differences
                        .push(format!("{name}: {} has the time {time}, not {}", story.file, story.time));
                }
            }
        }
        for opened in std::iter::once(address).chain(&story.older) {
            addresses += 1;
            let shown = match block_on(page::read(archive(), &Address::parse(opened, ""))).map_err(failed)? {
                Page::Article(article, _) => addresses_of
                    .get(&(article.time.date(), article.slug.as_str()))
                    .map_or("a story without an address", |address| address),
                _ => "no story",
            };
            if shown == address {
                right += 1;
            } else {
                differences.push(format!("{name}: {opened} opens {shown}, not {address}"));
            }
        }
    }
    for address in ours.keys().filter(|address| !theirs.contains_key(*address)) {
        differences.push(format!("{name}: only finews has {address}"));
    }
    println!("| {name} | {}, {} | {same} | {other_time} | {addresses} | {right} |", theirs.len(), ours.len());
    Ok(())
}

/// What Jekyll publishes, by address.
fn published_by_jekyll(script: &Path, posts: &Path) -> Result<BTreeMap<String, Published>> {
    let output = Command::new("ruby").arg(script).arg(posts).output().context("Ruby does not start")?;
    ensure!(output.status.success(), "Jekyll failed: {}", String::from_utf8_lossy(&output.stderr));
    let mut published = BTreeMap::new();
    for line in String::from_utf8(output.stdout)?.lines() {
        let line: Value = serde_json::from_str(line)?;
        let text = |key: &str| line[key].as_str().with_context(|| format!("{key} is missing in {line}"));
        let older = line["older"].as_array().context("older is not a list")?;
        let story = Published {
            file: text("file")?.to_owned(),
            time: text("time")?.parse().map_err(|_| anyhow!("{line} has no time"))?,
            older: older.iter().filter_map(|address| Some(address.as_str()?.to_owned())).collect(),
        };
        // Of two posts at one address, Jekyll writes the later one.
        if let Some(lost) = published.insert(same_form(text("address")?), story) {
            eprintln!("{} has the address of another post", lost.file);
        }
    }
    Ok(published)
}

/// An address in the form that finews prints, in which the same characters are percent-encoded.
fn same_form(address: &str) -> String {
    Address::parse(address, "").to_string()
}
