//! `finews check`: reports problems in posts without building a site.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;

use crate::config::Config;
use crate::library::Library;
use crate::library::cache::StoryCache;
use crate::library::resolve::Resolved;
use crate::library::standalone::StandalonePages;
use crate::library::traits::Traits;
use crate::library::walk::Files;
use crate::misuse;
use crate::report::Report;

/// Report problems in posts without building a site
#[derive(Args)]
pub(crate) struct Arguments {
    /// A Jekyll site's root or a folder of posts
    posts: PathBuf,
    /// Fail if any post has a warning
    #[arg(long)]
    strict: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    misuse::require_posts(&arguments.posts)?;
    let mut config = Config::read(&arguments.posts, None)?;
    let files = Files::find(&config)?;
    config.adopt(&Traits::of(&files))?;
    let mut library = Library::read(&config, files, StoryCache::default(), None)?;
    let resolved = Resolved::new(&mut library, &config);
    let standalone = StandalonePages::read(&library, &resolved, &config)?;
    let report = Report::of(&library, &resolved, &standalone, &config);
    report.print_warnings(usize::MAX);
    report.print_counts();
    config.found.iter().for_each(|found| println!("{found}"));
    let failed = arguments.strict && report.warnings() > 0;
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
