//! `finews build`: posts in, a complete static site out.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use bundle::{Store, slugify};
use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::watch;
use crate::cache::Cache;
use crate::compile;
use crate::compile::artifacts::ArtifactCache;
use crate::compile::catalog::Catalog;
use crate::config::Config;
use crate::hosts::Host;
use crate::hosts::configuration::write_configuration;
use crate::library::Library;
use crate::library::cache::Remembered;
use crate::library::resolve::Resolved;
use crate::library::story::Story;
use crate::pages::{self, Options, PageContext};
use crate::report::Report;
use crate::site::state::State;
use crate::site::{Site, changes, memory};

/// Build the site of a folder of posts.
///
/// The site is complete and goes to any static host as it stands. Building again reads what has changed and
/// adds what is new; files out of use go after some days, and what finews did not make is never touched.
#[derive(Args)]
#[allow(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub(crate) struct Arguments {
    /// A Jekyll site's root (with `_config.yml`, `_posts/`, `old_post/`) or a folder of posts. A finews.toml
    /// in it sets the site's title, addresses and habits
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
    /// How many of the newest articles become pages of their own, with the home page and the largest
    /// categories: readable without the program, and by search engines. 0 for none of these; all says
    /// how many files that makes
    #[arg(long, value_name = "N", default_value = "500", value_parser = Prerender::parse)]
    prerender: Prerender,
    /// How many files the site may have: articles that are no longer among the newest keep their pages as
    /// long as that allows
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    max_files: usize,
    /// The host the site is for: what it reads is written into the site, or beside it, and what is too much
    /// for it is said
    #[arg(long, value_enum)]
    host: Option<Host>,
    /// Put compressed copies beside all files (.br, .gz), which nginx and Caddy send as they are
    #[arg(long)]
    precompress: bool,
    /// Write the bundle alone, for a viewer that is served from elsewhere
    #[arg(long)]
    bundle_only: bool,
    /// Fail, and leave the old site, where any post has a warning
    #[arg(long)]
    strict: bool,
    /// How the data files are stored: gzip for hosts that count bytes or do not compress
    #[arg(long, value_enum, default_value_t)]
    store: StoreArgument,
    /// Write a list of the files to upload (+) and to delete (-) since this list was last written; one that
    /// is still there is gone on with, so delete it when all is uploaded
    #[arg(long, value_name = "FILE")]
    pub(crate) changes: Option<PathBuf>,
    /// For how many days files stay that a newer build no longer uses. Remembered in SITE; 7 at first
    #[arg(long, value_name = "DAYS")]
    keep_days: Option<u32>,
    /// Take the stories of this slug out, now and in all later builds, and delete every older file that
    /// tells of them
    #[arg(long, value_name = "SLUG")]
    purge: Vec<String>,
    /// Where what one build remembers for the next is kept; beside SITE by default. May be deleted at any
    /// time
    #[arg(long, value_name = "FOLDER")]
    cache: Option<PathBuf>,
    /// The system's clock, by which old files go; for tests
    #[arg(long, value_name = "TIME", hide = true)]
    clock: Option<Timestamp>,
    /// Go on building whenever something changes
    #[arg(long)]
    watch: bool,
}

/// How many articles become pages; none for all.
#[derive(Debug, Clone, Copy)]
struct Prerender(Option<usize>);

impl Prerender {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self(None)),
            number => number
                .parse()
                .map(|number| Self(Some(number)))
                .map_err(|_| "write a number, or all".to_owned()),
        }
    }
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
        let cache = self.beside("finews-cache")?;
        // Hidden, as it is nobody's business.
        let name = cache.file_name().unwrap_or_default();
        let name = [OsString::from("."), name.to_owned()].into_iter().collect::<OsString>();
        Ok(cache.with_file_name(name))
    }

    /// A file beside the site: for `~/site` and the name `nginx.conf` it is `~/site.nginx.conf`.
    fn beside(&self, name: &str) -> Result<PathBuf> {
        // A site may be named by a path that ends in no name, such as `.`.
        let site = std::path::absolute(&self.out)?;
        let own =
            site.file_name().context("a site cannot be built in the root of a file system; name a folder")?;
        let name =
            [own.to_owned(), OsString::from("."), OsString::from(name)].into_iter().collect::<OsString>();
        Ok(site.with_file_name(name))
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    if arguments.watch {
        // What the build itself writes may stand below the posts.
        let own = [Some(arguments.out.clone()), Some(arguments.cache()?), arguments.changes.clone()];
        return watch::run(&arguments.posts, own.into_iter().flatten(), || build(arguments));
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
    let mut site = Site::open(&arguments.out, arguments.bundle_only, store)
        .with_context(|| format!("the site {}", arguments.out.display()))?;
    site.state.keep_days = arguments.keep_days.unwrap_or(site.state.keep_days);
    let cache = Cache::open(arguments.cache()?, &config)?;
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |now| i64::try_from(now.as_nanos()).unwrap_or(i64::MAX));
    let mut library = Library::read(&config, Remembered::load(&cache), Some(cache.folder()))?;
    let resolved = Resolved::of(&mut library, &config);
    let report = Report::of(&library, &resolved, &arguments.posts);
    report.print_warnings(Report::SHOWN);
    if arguments.strict && report.warnings() > 0 {
        report.print_counts();
        anyhow::bail!(
            "{} warnings, and --strict makes them fatal; the site was left as it was",
            report.warnings()
        );
    }
    let purged = purge(arguments, &library, &resolved, &mut site.state)?;
    if !purged.is_empty() {
        if arguments.bundle_only && site.pages().next().is_some() {
            eprintln!(
                "the site has pages, which --bundle-only leaves alone: they may tell of the purged stories \
                 until a build without it"
            );
        }
        site.save_state()?;
    }
    site.expect(memory::built(&cache, site.state.build));
    site.begin(since)?;
    let artifacts = ArtifactCache::load(&cache);
    let catalog = Catalog::new(&library, &resolved, &config, |story| site.state.is_purged(story));
    write(arguments, &config, &catalog, &artifacts, &mut site)?;
    let clock = arguments.clock.unwrap_or_else(Timestamp::now).as_second();
    let (files, removed) = site.retire(clock, &purged)?;
    // The site is done: what cannot be remembered is only said.
    let remembered = Remembered::save(&cache, &library.stories, &library.labels, since)
        .and_then(|()| artifacts.save(&cache))
        .and_then(|()| memory::save_built(&cache, site.state.build, &files));
    if let Err(error) = remembered {
        eprintln!("{error:#}");
    }
    if let Some(list) = &arguments.changes {
        let mut told = memory::told(&cache);
        // Pages and program are another's then, and none of this build's business.
        let others = told
            .extract_if(.., |path, _| arguments.bundle_only && !path.starts_with("bundle/"))
            .collect::<Vec<_>>();
        changes::write(list, &told, &files, &removed)?;
        memory::save_told(
            &cache,
            &files.iter().map(|(path, file)| (path.clone(), *file)).chain(others).collect(),
        )?;
    }
    report.print_counts();
    site.counts(&files).print();
    if let Some(host) = arguments.host {
        host.room(&files, catalog.count(), arguments.prerender.0)
            .into_iter()
            .for_each(|room| println!("{room}"));
        host.complaints(&files).into_iter().for_each(|complaint| eprintln!("{complaint}"));
    }
    println!("built in {:.1} s: {}", start.elapsed().as_secs_f64(), arguments.out.display());
    Ok(())
}

/// Writes the bundle, the program, the pages, and what the host reads; the manifest last.
fn write(
    arguments: &Arguments,
    config: &Config,
    catalog: &Catalog<'_>,
    artifacts: &ArtifactCache,
    site: &mut Site,
) -> Result<()> {
    let now = arguments.now.unwrap_or_else(Timestamp::now).as_second();
    let written = compile::write(catalog, now, artifacts, site)?;
    if !arguments.bundle_only {
        site.put_program()?;
        let pages = PageContext::new(catalog, &written.lists, &written.manifest, config, arguments.host)?;
        let options = Options {
            prerender: arguments.prerender.0.unwrap_or(catalog.count()),
            files: arguments.max_files,
            host: arguments.host,
            precompress: arguments.precompress,
            now,
        };
        pages::write(&pages, site, &options)?;
        if let Some(host) = arguments.host {
            for (name, text) in host.configuration(&pages.place(site))? {
                let path = arguments.beside(name)?;
                write_configuration(&path, &text)?;
                println!("{} is for the host", path.display());
            }
        }
    }
    if arguments.precompress {
        site.precompress()?;
    }
    site.finish(&written.manifest, arguments.precompress)
}

/// Takes note of the slugs to purge, says which posts bear them, and returns them as they are written in
/// addresses.
fn purge(
    arguments: &Arguments,
    library: &Library,
    resolved: &Resolved,
    state: &mut State,
) -> Result<Vec<String>> {
    let mut purged = Vec::new();
    for given in &arguments.purge {
        let slug = slugify(given.strip_suffix(".html").unwrap_or(given));
        anyhow::ensure!(!slug.is_empty(), "“{given}” is no slug; it is the last part of a story's address");
        let bearing: Vec<u32> = resolved.bearing(library, &slug).collect();
        if bearing.is_empty() {
            eprintln!(
                "no story bears the slug “{slug}” now; old files are searched for it, and it stays out of later builds"
            );
        }
        let story = |at: &u32| &library.stories[*at as usize];
        // A number behind a slug was given by finews, and may be another story's tomorrow: then it is the
        // post that stays out.
        let given: Vec<&u32> = bearing.iter().filter(|at| *story(at).slug != *slug).collect();
        if given.len() < bearing.len() || bearing.is_empty() {
            state.purged.insert(slug.clone());
        } else {
            state.purged_posts.extend(given.iter().map(|at| (story(at).path.to_string(), slug.clone())));
        }
        purged.extend(bearing.iter().map(|at| resolved.slug(*at, story(at)).to_owned()));
        purged.push(slug);
    }
    let is_out =
        |story: &&Story| state.purged.contains(&*story.slug) || state.purged_posts.contains_key(&*story.path);
    for story in library.stories.iter().filter(is_out) {
        eprintln!("{} was purged: it is left out", arguments.posts.join(&*story.path).display());
    }
    Ok(purged)
}
