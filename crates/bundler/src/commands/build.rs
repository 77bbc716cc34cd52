//! `finews build`: posts in, a complete static site out.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context as _, Result};
use clap::Args;
use jiff::Timestamp;

use crate::collect;
use crate::compile;
use crate::config::Config;
use crate::report::Report;
use crate::site::Site;

/// Build the site of a folder of posts.
///
/// The site is complete and goes to any static host as it stands. Building again adds what is new and leaves everything
/// else alone; what finews did not make is never touched.
#[derive(Args)]
pub(crate) struct Arguments {
    /// A Jekyll site's root (with `_config.yml`, `_posts/`, `old_post/`) or a folder of posts. A finews.toml in it sets the
    /// site's title, addresses and habits
    posts: PathBuf,
    /// The folder of the site; made if it is not there
    #[arg(long, value_name = "SITE")]
    out: PathBuf,
    /// Where the site will stand. Needed where that is a sub-folder: <https://name.github.io/finews/>
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The time taken for now, such as 2022-03-01T12:00:00+08:00: later stories are not yet among the newest
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
    /// Write the bundle alone, for a viewer that is served from elsewhere
    #[arg(long)]
    bundle_only: bool,
    /// Fail, and leave the old site, where any post has a warning
    #[arg(long)]
    strict: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let start = Instant::now();
    let config = Config::read(&arguments.posts, arguments.base_url.as_deref())?;
    let posts = collect::read(&config)?;
    let mut report = Report::of(&posts, &arguments.posts);
    report.print_warnings(Report::SHOWN);
    if arguments.strict && report.warnings() > 0 {
        report.print_counts();
        anyhow::bail!("{} warnings, and --strict makes them fatal; the site was left as it was", report.warnings());
    }
    let site = Site::open(&arguments.out, arguments.bundle_only).with_context(|| format!("the site {}", arguments.out.display()))?;
    let now = arguments.now.unwrap_or_else(Timestamp::now);
    let manifest = compile::compile(posts, &config, now.as_second(), &site)?;
    site.finish(&config, &manifest, arguments.bundle_only)?;
    report.files = site.files();
    report.print_counts();
    println!("built in {:.1} s: {}", start.elapsed().as_secs_f64(), arguments.out.display());
    Ok(ExitCode::SUCCESS)
}
