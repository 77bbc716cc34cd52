//! `finews build`: posts in, a complete static site out.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use bundle::Store;
use clap::{Args, ValueEnum};
use jiff::Timestamp;

use crate::cache::Cache;
use crate::compile::Edition;
use crate::config::Config;
use crate::library::Library;
use crate::report::Report;
use crate::settle::Settled;
use crate::site::Site;
use crate::{changes, watch};

/// Build the site of a folder of posts.
///
/// The site is complete and goes to any static host as it stands. Building again reads what has changed, adds what is new and
/// leaves everything else alone; what finews did not make is never touched.
#[derive(Args)]
pub(crate) struct Arguments {
    /// A Jekyll site's root (with `_config.yml`, `_posts/`, `old_post/`) or a folder of posts. A finews.toml in it sets the
    /// site's title, addresses and habits
    pub(crate) posts: PathBuf,
    /// The folder of the site; made if it is not there
    #[arg(long, value_name = "SITE")]
    pub(crate) out: PathBuf,
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
    /// How the data files are stored: gzip for hosts that count bytes or do not compress
    #[arg(long, value_enum, default_value_t)]
    store: StoreArgument,
    /// Write a list of the files to upload (+) and to delete (-) since this list was last written; one that is still there is
    /// gone on with, so delete it when all is uploaded
    #[arg(long, value_name = "FILE")]
    pub(crate) changes: Option<PathBuf>,
    /// For how many days files stay that a newer build no longer uses. Remembered in SITE; 7 at first
    #[arg(long, value_name = "DAYS")]
    keep_days: Option<u32>,
    /// Take the stories of this slug out, now and in all later builds, and delete every older file that tells of them
    #[arg(long, value_name = "SLUG")]
    purge: Vec<String>,
    /// Where what one build remembers for the next is kept; beside SITE by default. May be deleted at any time
    #[arg(long, value_name = "FOLDER")]
    cache: Option<PathBuf>,
    /// Go on building whenever something changes
    #[arg(long)]
    watch: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum StoreArgument {
    #[default]
    Plain,
    Gzip,
}

impl Arguments {
    /// Where the cache is: for `~/site` it is `~/.site.finews-cache`.
    pub(crate) fn cache(&self) -> Result<PathBuf> {
        if let Some(folder) = &self.cache {
            return Ok(folder.clone());
        }
        // A site may be named by a path that ends in no name, such as `.`.
        let site = std::path::absolute(&self.out)?;
        let name = site.file_name().context("a site cannot be built in the root of a file system; name a folder")?;
        let name = [OsString::from("."), name.to_owned(), OsString::from(".finews-cache")].into_iter().collect::<OsString>();
        Ok(site.with_file_name(name))
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    if arguments.watch {
        return watch::run(arguments, || build(arguments));
    }
    build(arguments)?;
    Ok(ExitCode::SUCCESS)
}

fn build(arguments: &Arguments) -> Result<()> {
    let start = Instant::now();
    let config = Config::read(&arguments.posts, arguments.base_url.as_deref())?;
    let store = match arguments.store {
        StoreArgument::Plain => Store::Plain,
        StoreArgument::Gzip => Store::Gzip,
    };
    let mut site = Site::open(&arguments.out, arguments.bundle_only, store).with_context(|| format!("the site {}", arguments.out.display()))?;
    site.state.keep_days = arguments.keep_days.unwrap_or(site.state.keep_days);
    let cache = Cache::open(arguments.cache()?, &config)?;
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| i64::try_from(now.as_nanos()).unwrap_or(i64::MAX));
    let mut library = Library::read(&config, cache.stories(), Some(cache.folder()))?;
    let settled = Settled::of(&mut library, &config);
    let report = Report::of(&library, &settled, &arguments.posts);
    report.print_warnings(Report::SHOWN);
    if arguments.strict && report.warnings() > 0 {
        report.print_counts(None);
        anyhow::bail!("{} warnings, and --strict makes them fatal; the site was left as it was", report.warnings());
    }
    site.state.purged.extend(arguments.purge.iter().cloned());
    for path in settled.bearing(&library, &site.state.purged) {
        eprintln!("{} bears a slug that was purged: it is left out", arguments.posts.join(path).display());
    }
    let now = arguments.now.unwrap_or_else(Timestamp::now).as_second();
    let made = cache.made();
    let manifest = Edition::new(&library, &settled, &config, &site.state.purged).write(now, &made, &site)?;
    site.finish(&config, &manifest)?;
    let files = site.retire(now)?;
    // The site is done: what cannot be remembered is only said.
    let kept = cache.keep_stories(&library.stories, &library.labels, since).and_then(|()| cache.keep_made(made));
    if let Err(error) = kept {
        eprintln!("{error:#}");
    }
    if let Some(list) = &arguments.changes {
        changes::write(list, &cache.files(), &files)?;
        cache.keep_files(&files)?;
    }
    report.print_counts(Some(site.counts()));
    println!("built in {:.1} s: {}", start.elapsed().as_secs_f64(), arguments.out.display());
    Ok(())
}
