//! Runs and measures commands, and writes and counts the files of sites.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// What a process cost, and what it printed.
pub(crate) struct ProcessCost {
    /// The wall-clock time.
    pub(crate) seconds: f64,
    /// The peak memory in MiB.
    pub(crate) memory: f64,
    /// Its standard output.
    pub(crate) output: String,
}

/// Counts the HTML pages in a folder.
pub(crate) fn count_pages(folder: &Path) -> Result<u64> {
    let mut count = 0;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        count += if path.is_dir() {
            count_pages(&path)?
        } else {
            u64::from(path.extension().is_some_and(|extension| extension == "html"))
        };
    }
    Ok(count)
}

/// Writes a file and creates its folder.
pub(crate) fn write(file: &Path, text: &str) -> Result<()> {
    fs::create_dir_all(file.parent().context("the file is not in a folder")?)?;
    Ok(fs::write(file, text)?)
}

/// Runs a command and checks its exit code.
pub(crate) fn run_to_end(command: &mut Command) -> Result<()> {
    let status =
        command.status().with_context(|| format!("{} does not start", command.get_program().display()))?;
    if !status.success() {
        bail!("{} failed", command.get_program().display());
    }
    Ok(())
}

/// Runs a command under GNU time.
pub(crate) fn run_timed(command: &Command) -> Result<ProcessCost> {
    let output = Command::new("/usr/bin/time")
        .arg("--format=%e %M")
        .arg(command.get_program())
        .args(command.get_args())
        .output()
        .context("GNU time does not start")?;
    let (text, errors) = (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    );
    if !output.status.success() {
        bail!("{} failed: {errors}", command.get_program().display());
    }
    let line = errors.lines().last().context("GNU time prints nothing")?;
    let (seconds, kilobytes) = line.split_once(' ').with_context(|| format!("GNU time prints “{line}”"))?;
    Ok(ProcessCost { seconds: seconds.parse()?, memory: kilobytes.parse::<f64>()? / 1024.0, output: text })
}

/// Writes a Hugo site for posts, with the simplest templates that show stories and their lists.
pub(crate) fn write_hugo(site: &Path, posts: &Path) -> Result<()> {
    let content = posts.join("_posts");
    let settings = format!(
        "baseURL = '/'\ncontentDir = '{}'\n[markup.goldmark.renderer]\nunsafe = true\n",
        content.display()
    );
    write(&site.join("hugo.toml"), &settings)?;
    write(
        &site.join("layouts/_default/single.html"),
        "<!doctype html><title>{{ .Title }}</title><h1>{{ .Title }}</h1>{{ .Content }}\n",
    )?;
    write(
        &site.join("layouts/_default/list.html"),
        "<!doctype html><title>{{ .Title }}</title><ul>{{ range .Pages }}<li><a href=\"{{ .RelPermalink }}\">{{ .Title }}</a>{{ end }}</ul>\n",
    )
}
