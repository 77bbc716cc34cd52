//! `cargo xtask bench pairs OTHER`: clean builds of 100,000 posts by this finews and another one, such as an
//! earlier commit's, in pairs, so that changes in the machine's speed affect both.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process::{ProcessCost, run_timed, run_to_end};

const POSTS: &str = "100000";
/// The number of pairs that count, after one that fills the page cache.
const PAIRS: usize = 11;

pub(crate) fn run(commands: [&Path; 2], xtask: &Path, folder: &Path) -> Result<()> {
    let posts = folder.join("posts");
    fs::create_dir_all(folder)?;
    if posts.exists() {
        fs::remove_dir_all(&posts)?;
    }
    run_to_end(Command::new(xtask).args(["generate", POSTS, "--out"]).arg(&posts))?;
    println!("Clean builds of {POSTS} posts with `--bundle-only`, one of each in turn.\n");
    println!("| pair | this: s, MiB | the other: s, MiB | ratio of times | ratio of memory |");
    println!("| --- | --- | --- | --- | --- |");
    let mut ratios = [Vec::new(), Vec::new()];
    for pair in 0..=PAIRS {
        // The order changes, so that neither always follows the other's writing.
        let (ours, theirs) = if pair % 2 == 0 {
            let ours = build(commands[0], &posts, folder)?;
            (ours, build(commands[1], &posts, folder)?)
        } else {
            let theirs = build(commands[1], &posts, folder)?;
            (build(commands[0], &posts, folder)?, theirs)
        };
        if pair == 0 {
            continue;
        }
        let [time, memory] = [ours.seconds / theirs.seconds, ours.memory / theirs.memory];
        println!(
            "| {pair} | {:.2}, {:.0} | {:.2}, {:.0} | {time:.3} | {memory:.3} |",
            ours.seconds, ours.memory, theirs.seconds, theirs.memory
        );
        ratios[0].push(time);
        ratios[1].push(memory);
    }
    let [time, memory] = ratios.map(|mut ratios| {
        ratios.sort_by(f64::total_cmp);
        ratios[PAIRS / 2]
    });
    println!("| median | | | {time:.3} | {memory:.3} |");
    Ok(())
}

fn build(finews: &Path, posts: &Path, folder: &Path) -> Result<ProcessCost> {
    let site = folder.join("site");
    for folder in [&site, &folder.join(".site.finews-cache")] {
        if folder.is_dir() {
            fs::remove_dir_all(folder)?;
        }
    }
    // Deletes finish before anything is measured.
    run_to_end(&mut Command::new("sync"))?;
    run_timed(Command::new(finews).arg("build").arg(posts).arg("--out").arg(&site).arg("--bundle-only"))
}
