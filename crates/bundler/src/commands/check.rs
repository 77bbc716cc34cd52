//! `finews check`: reports what carries over and what does not, without building a site.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use posts::{Warning, WarningKind};

use crate::compile::catalog::Catalog;
use crate::config::Config;
use crate::hosts::Host;
use crate::kind::SiteKind;
use crate::library::Library;
use crate::library::cache::StoryCache;
use crate::library::links::Links;
use crate::library::resolve::Resolved;
use crate::library::standalone::StandalonePages;
use crate::library::traits::Traits;
use crate::library::walk::Files;
use crate::misuse;
use crate::pages::own_paths::{GIVES_WAY, OwnPaths};
use crate::report::{self, Report};

/// Report what a site would lack, without building it
///
/// The report groups what does not carry over by kind, with the first places of each kind and what to do: words and
/// tags that are not understood, links within the site that lead nowhere, and files that are missing.
#[derive(Args)]
#[allow(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub(crate) struct Arguments {
    /// A Jekyll site's root or a folder of posts
    posts: PathBuf,
    /// The program that POSTS was written for, if its files do not tell
    #[arg(long, value_enum, value_name = "KIND")]
    from: Option<SiteKind>,
    /// Fail if there is any warning
    #[arg(long)]
    strict: bool,
    /// List all warnings, one a line, instead of the first ones of each kind
    #[arg(long, conflicts_with = "json")]
    all: bool,
    /// Print everything as JSON
    #[arg(long)]
    json: bool,
    /// Also report files that are too large for this host
    #[arg(long, value_enum)]
    host: Option<Host>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    misuse::require_posts(&arguments.posts)?;
    let mut config = Config::read(&arguments.posts, None, arguments.from)?;
    let files = Files::find(&config)?;
    config.adopt(&Traits::of(&files))?;
    let mut library = Library::read(&config, files, StoryCache::default(), None, true)?;
    let resolved = Resolved::new(&mut library, &config);
    let standalone = StandalonePages::read(&library, &resolved, &config)?;
    let catalog = Catalog::new(&library, &resolved, &standalone, &config, |_| false);
    let mut report = Report::of(&library, &resolved, &standalone, &config);
    let files = catalog.files();
    for (file, warning) in Links::new(&catalog, &files.published).broken() {
        report.add(&file, &warning);
    }
    let own = OwnPaths::usual(&catalog, &config);
    for path in files.published.keys().filter(|path| own.contain(path)) {
        let warning = Warning { line: 1, kind: WarningKind::File, message: GIVES_WAY.to_owned() };
        report.add(&config.root.join(catalog.source_of(path)), &warning);
    }
    if let Some((host, max)) = arguments.host.and_then(Host::max_file_bytes) {
        for (path, file) in files.published.iter().filter(|(_, file)| file.stamp.size > max) {
            let size = file.stamp.size;
            let message = format!("the file has {size} bytes, and {host} takes files of at most {max}");
            let warning = Warning { line: 1, kind: WarningKind::File, message };
            report.add(&config.root.join(catalog.source_of(path)), &warning);
        }
    }
    if arguments.json {
        println!("{}", serde_json::to_string_pretty(&report.json(&files)).context("the report")?);
    } else {
        println!("{} is {}", arguments.posts.display(), config.kind.name());
        if arguments.all {
            report.print_warnings(usize::MAX);
        }
        report.print_counts();
        match files.published.len() {
            0 => {}
            1 => println!("1 file to publish as it is"),
            count => println!("{count} files to publish as they are"),
        }
        report::print_kept_back_files(&files.kept_back);
        config.found.iter().for_each(|found| println!("{found}"));
        if !arguments.all {
            report.print_groups();
        }
    }
    let failed = arguments.strict && report.count() > 0;
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
