//! What the comparisons with Jekyll share: the table of sites, the list of differences, and finews' build of a site.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, anyhow, ensure};
use viewer::state::folder::SiteFolder;

/// Prints a table with a row for each site, which `compare` prints, and then the differences that it found.
pub(crate) fn print_sites(
    columns: &[&str],
    sites: &[&str],
    mut compare: impl FnMut(&Path, &mut Vec<String>) -> Result<()>,
) -> Result<()> {
    println!("| {} |", columns.join(" | "));
    println!("|{}", " --- |".repeat(columns.len()));
    let mut differences = Vec::new();
    for site in sites {
        compare(Path::new(site), &mut differences)?;
    }
    if !differences.is_empty() {
        println!("\nDifferences:\n");
    }
    for difference in differences {
        println!("- {difference}");
    }
    Ok(())
}

/// The name of a site: that of its folder.
pub(crate) fn name(posts: &Path) -> Result<String> {
    Ok(posts.file_name().context("this is no folder")?.display().to_string())
}

/// Builds a site in a folder of its name, with this option.
pub(crate) fn build(finews: &Path, folder: &Path, posts: &Path, option: &str) -> Result<SiteFolder> {
    let name = name(posts)?;
    let out = folder.join(&name);
    if out.exists() {
        fs::remove_dir_all(&out)?;
    }
    let built = Command::new(finews)
        .arg("build")
        .arg(posts)
        .arg("--out")
        .arg(&out)
        .arg(option)
        .arg("--cache")
        .arg(folder.join(format!(".{name}.cache")))
        .output()?;
    ensure!(built.status.success(), "finews failed: {}", String::from_utf8_lossy(&built.stderr));
    Ok(SiteFolder::new(&out))
}

/// Why something of the archive cannot be read.
pub(crate) fn failed(failure: archive::Failure) -> anyhow::Error {
    anyhow!("{failure}")
}
