//! `finews build`: turns posts into a complete static site.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use std::{fmt, fs};

use ::search::write::Cut;
use anyhow::{Context as _, Result};
use bundle::{Base, MANIFEST_PATH, Store, slugify};
use clap::{Args, ValueEnum};
use jiff::Timestamp;

use super::watch;
use crate::cache::Cache;
use crate::compile;
use crate::compile::artifacts::ArtifactCache;
use crate::compile::catalog::Catalog;
use crate::compile::search;
use crate::config::Config;
use crate::hosts::Host;
use crate::hosts::configuration::write_configuration;
use crate::kind::SiteKind;
use crate::library::cache::StoryCache;
use crate::library::resolve::Resolved;
use crate::library::standalone::StandalonePages;
use crate::library::story::Story;
use crate::library::traits::Traits;
use crate::library::walk::Files;
use crate::library::{self, Library};
use crate::misuse::{self, Misuse};
use crate::pages::{self, Options, PageContext};
use crate::report::{self, Report};
use crate::site::state::State;
use crate::site::{Site, changes, record};

/// Build a site from a folder of posts
///
/// The site is complete and can be uploaded to any static host. A later build reads only the posts that it
/// needs, mainly new and changed ones, and writes only what has changed. Data files that are no longer used
/// are deleted after some days; files that finews did not make are never touched.
#[derive(Args)]
#[allow(clippy::struct_excessive_bools, reason = "flags of a command line")]
pub(crate) struct Arguments {
    /// A Jekyll site's root (with `_config.yml`, `_posts/`, `old_post/`) or a folder of posts. A finews.toml
    /// in it sets the site's title, addresses and other settings
    pub(crate) posts: PathBuf,
    /// The folder for the site; it is created if it does not exist
    #[arg(long, value_name = "SITE")]
    pub(crate) out: PathBuf,
    /// The address of the published site, such as <https://name.github.io/finews/>; needed for a sub-folder,
    /// feeds and sitemaps. It can also be `url` in finews.toml
    #[arg(long, value_name = "URL")]
    base_url: Option<String>,
    /// The program that POSTS was written for, if its files do not tell
    #[arg(long, value_enum, value_name = "KIND")]
    from: Option<SiteKind>,
    /// The time to use instead of the current time, such as 2022-03-01T12:00:00+08:00; stories dated later are
    /// kept back until a build after their time
    #[arg(long, value_name = "TIME")]
    now: Option<Timestamp>,
    /// How many of the newest articles get a prerendered page, which can be read without the program and by
    /// search engines. The home page and the largest categories get one too. “0” prerenders nothing; “all”
    /// prerenders every article; the build prints the number of files
    #[arg(long, value_name = "N", default_value_t, value_parser = Prerender::parse)]
    prerender: Prerender,
    /// Articles that are no longer among the newest keep their pages as long as the site has at most this
    /// many files
    #[arg(long, value_name = "N", default_value_t = MAX_FILES)]
    max_files: usize,
    /// The host to build for. The build writes the host's configuration into the site or beside it, and
    /// warns if the site exceeds the host's limits
    #[arg(long, value_enum)]
    host: Option<Host>,
    /// How the index for full-text search is cut into files: “range” for hosts that send parts of files, “whole” for
    /// others, “both” to cut the newest season in both ways. The default depends on the host or, without “--host”, on
    /// the number of stories
    #[arg(long, value_enum, value_name = "CUT")]
    search: Option<SearchCut>,
    /// Write no index for full-text search
    #[arg(long, conflicts_with = "search")]
    no_search: bool,
    /// Also write compressed copies (.br, .gz) of all compressible files of 1 KB or more; nginx and Caddy can
    /// send the copies
    #[arg(long)]
    precompress: bool,
    /// Write only the bundle, for a viewer hosted elsewhere
    #[arg(long)]
    bundle_only: bool,
    /// Fail if any post has a warning, and leave the old site unchanged
    #[arg(long)]
    strict: bool,
    /// How to store data files: “gzip” is for hosts that charge by the byte or do not compress
    #[arg(long, value_enum, default_value_t)]
    store: StoreArgument,
    /// Write a list of files to upload (+) and to delete (-) since the last list. If FILE still exists, its
    /// entries that still apply are kept, so delete FILE when everything is uploaded
    #[arg(long, value_name = "FILE")]
    pub(crate) changes: Option<PathBuf>,
    /// For how many days unused files stay in the site; remembered in SITE, 7 at first
    #[arg(long, value_name = "DAYS")]
    keep_days: Option<u32>,
    /// Remove the stories with this slug now and from all later builds, and delete all data files that are no
    /// longer used, because they may mention these stories
    #[arg(long, value_name = "SLUG")]
    purge: Vec<String>,
    /// The folder of the build cache, by default beside SITE; it may be deleted at any time
    #[arg(long, value_name = "FOLDER")]
    cache: Option<PathBuf>,
    /// The time to use instead of the system's, from which the age of unused files is counted; for tests
    #[arg(long, value_name = "TIME", hide = true)]
    clock: Option<Timestamp>,
    /// Build again whenever something in the folder of posts changes, and when a story becomes due or expires
    #[arg(long)]
    watch: bool,
    /// Whether this command shows the site: the caller prints the warnings, and counts are left out.
    #[arg(skip)]
    is_preview: bool,
}

/// The number of articles to prerender; `None` for all.
#[derive(Debug, Clone, Copy)]
struct Prerender(Option<usize>);

impl Default for Prerender {
    fn default() -> Self {
        Self(Some(500))
    }
}

impl fmt::Display for Prerender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(number) => number.fmt(f),
            None => f.write_str("all"),
        }
    }
}

impl Prerender {
    fn parse(text: &str) -> Result<Self, String> {
        match text {
            "all" => Ok(Self(None)),
            number => number
                .parse()
                .map(|number| Self(Some(number)))
                .map_err(|_| "write a number or “all”".to_owned()),
        }
    }
}

/// How many files a site may have by default: Cloudflare's limit.
const MAX_FILES: usize = 20_000;

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum StoreArgument {
    #[default]
    Plain,
    Gzip,
}

/// How the search index is cut into files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SearchCut {
    Range,
    Whole,
    Both,
}

/// Up to this many stories, the search index has small files, for any host.
const MAX_WHOLE: usize = 200_000;

impl From<StoreArgument> for Store {
    fn from(store: StoreArgument) -> Self {
        match store {
            StoreArgument::Plain => Self::Plain,
            StoreArgument::Gzip => Self::Gzip,
        }
    }
}

impl Arguments {
    /// How the search index is written at a time.
    fn index_options<'c>(
        &self,
        catalog: &Catalog<'_>,
        cache: &'c Cache,
        state: &State,
        now: i64,
    ) -> search::Options<'c> {
        let cut = self.search.unwrap_or(match self.host {
            Some(host) if host.sends_ranges() => SearchCut::Range,
            host if catalog.count() > host.map_or(MAX_WHOLE, Host::max_whole) => SearchCut::Both,
            Some(_) | None => SearchCut::Whole,
        });
        search::Options {
            cut: if cut == SearchCut::Whole { Cut::Whole } else { Cut::Range },
            is_season_whole: cut == SearchCut::Both,
            cache,
            is_swept: false,
            now,
            keep_seconds: i64::from(state.keep_days) * 86_400,
        }
    }

    /// A build for a preview on this machine.
    pub(super) fn preview(posts: PathBuf, out: PathBuf, cache: PathBuf) -> Self {
        Self {
            posts,
            out,
            base_url: None,
            from: None,
            now: None,
            prerender: Prerender::default(),
            max_files: MAX_FILES,
            host: None,
            search: None,
            no_search: false,
            precompress: false,
            bundle_only: false,
            strict: false,
            store: StoreArgument::Plain,
            changes: None,
            keep_days: Some(0),
            purge: Vec::new(),
            cache: Some(cache),
            clock: None,
            watch: false,
            is_preview: true,
        }
    }

    /// The cache's folder: that of `--cache`, or by default `~/.site.finews-cache` for the site `~/site`.
    pub(crate) fn cache(&self) -> Result<PathBuf> {
        if let Some(folder) = &self.cache {
            return Ok(folder.clone());
        }
        let cache = self.path_beside_site("finews-cache")?;
        // Hidden, because users need not look into it.
        let name = cache.file_name().unwrap_or_default();
        let name = [OsString::from("."), name.to_owned()].into_iter().collect::<OsString>();
        Ok(cache.with_file_name(name))
    }

    /// The path of a file beside the site: `~/site.nginx.conf` for the site `~/site` and the name
    /// `nginx.conf`.
    fn path_beside_site(&self, name: &str) -> Result<PathBuf> {
        // The path may end without a name, such as `.`.
        let site = std::path::absolute(&self.out)?;
        let own =
            site.file_name().context("the site cannot be the root of a file system; choose a folder")?;
        let name =
            [own.to_owned(), OsString::from("."), OsString::from(name)].into_iter().collect::<OsString>();
        Ok(site.with_file_name(name))
    }
}

/// When a story becomes due or expires next, in Unix seconds.
pub(super) type NextChange = Option<i64>;

/// What is known after a build.
pub(super) struct Built {
    pub(super) next_change: NextChange,
    /// The warnings, each with its file and line.
    pub(super) warnings: Vec<String>,
    /// Whether any file of the site was written or deleted.
    pub(super) has_changed: bool,
}

/// How long the folder must stay unchanged before `--watch` builds.
const QUIET: Duration = Duration::from_millis(300);

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    misuse::require_posts(&arguments.posts)?;
    misuse::require_out(&arguments.out, &arguments.posts)?;
    if arguments.watch {
        let config = Config::read(&arguments.posts, arguments.base_url.as_deref(), arguments.from);
        // Watching goes on after an error, but not without anything to watch.
        config.map_or(Ok(()), |config| require_story(&config, &arguments.out))?;
        // The build's own files may be below the posts.
        let own = [Some(arguments.out.clone()), Some(arguments.cache()?), arguments.changes.clone()];
        watch::run(&arguments.posts, own.into_iter().flatten(), QUIET, || {
            let next = match build(arguments) {
                Ok(built) => built.next_change,
                Err(error) => {
                    eprintln!("finews: {error:#}");
                    None
                }
            };
            println!("watching {} for changes; stop with Ctrl-C", arguments.posts.display());
            next
        })?;
    }
    build(arguments)?;
    Ok(ExitCode::SUCCESS)
}

/// Builds the site once.
///
/// # Errors
/// Fails if something cannot be read or written, or with a [`Misuse`] if there is nothing to build.
pub(super) fn build(arguments: &Arguments) -> Result<Built> {
    let start = Instant::now();
    let mut config = Config::read(&arguments.posts, arguments.base_url.as_deref(), arguments.from)?;
    if arguments.is_preview {
        // A preview is at the root of its own host, whatever the published site's address is.
        (config.site.url, config.base) = (String::new(), Base::new("/"));
    }
    if !arguments.is_preview {
        println!("{} is {}", arguments.posts.display(), config.kind.name());
    }
    config.now = arguments.now.map_or(config.now, Timestamp::as_second);
    config.has_search = (config.has_search || arguments.search.is_some()) && !arguments.no_search;
    require_story(&config, &arguments.out)?;
    let mut site = Site::open(&arguments.out, arguments.bundle_only, arguments.store.into())
        .with_context(|| format!("the site {}", arguments.out.display()))?;
    site.state.keep_days = arguments.keep_days.unwrap_or(site.state.keep_days);
    let cache = arguments.cache()?;
    if std::path::absolute(&cache)?.starts_with(site.root()) {
        anyhow::bail!(
            "the cache {} is in the site and would be published with it; choose another folder",
            cache.display()
        );
    }
    let cache = Cache::open(cache)?;
    config.own = [&arguments.out, cache.folder()].into_iter().flat_map(fs::canonicalize).collect();
    let started_at = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |now| i64::try_from(now.as_nanos()).unwrap_or(i64::MAX));
    let files = Files::find(&config)?;
    config.adopt(&Traits::of(&files))?;
    let mut library = Library::read(&config, files, StoryCache::load(&cache), Some(cache.folder()), false)?;
    let resolved = Resolved::new(&mut library, &config);
    let standalone = StandalonePages::read(&library, &resolved, &config)?;
    let report = Report::of(&library, &resolved, &standalone, &config);
    if !arguments.is_preview {
        report.print_warnings(Report::MAX_PRINTED);
    }
    if arguments.strict && report.count() > 0 {
        report.print_counts();
        anyhow::bail!("{} warnings, and --strict does not allow any; the site is unchanged", report.count());
    }
    purge(arguments, &library, &resolved, &mut site.state)?;
    let sweep = site.state.sweep(&library, &standalone);
    site.state.standalone = standalone.published_words();
    if sweep.is_needed && arguments.bundle_only && site.pages().next().is_some() {
        anyhow::bail!(
            "--bundle-only does not change the site's pages, which may show stories that are kept back or purged now; build without it"
        );
    }
    if !arguments.purge.is_empty() {
        site.save_state()?;
    }
    site.set_expected(record::built_files(&cache, site.state.build));
    site.start_build(started_at)?;
    let artifacts = ArtifactCache::load(&cache);
    let catalog =
        Catalog::new(&library, &resolved, &standalone, &config, |story| site.state.is_purged(story));
    let clock = arguments.clock.unwrap_or_else(Timestamp::now).as_second();
    let index = config.has_search.then(|| arguments.index_options(&catalog, &cache, &site.state, clock));
    let index = index.map(|index| search::Options { is_swept: sweep.is_needed, ..index });
    let weight = write(arguments, &config, &catalog, &artifacts, index.as_ref(), &mut site)?;
    let (files, removed) = site.retire(clock, sweep)?;
    // The site is complete, so a failure to write the cache is only reported.
    let remembered = StoryCache::save(&cache, &library.stories, &library.labels, started_at, config.digest)
        .and_then(|()| artifacts.save(&cache))
        .and_then(|()| record::save_built_files(&cache, site.state.build, &files));
    if let Err(error) = remembered {
        eprintln!("{error:#}");
    }
    if let Some(list) = &arguments.changes {
        let mut listed = record::listed_files(&cache);
        // A build of the bundle alone does not know about pages and program files.
        let others = listed
            .extract_if(.., |path, _| arguments.bundle_only && !path.starts_with("bundle/"))
            .collect::<Vec<_>>();
        changes::write(list, &listed, &files, &removed)?;
        record::save_listed_files(
            &cache,
            &files.iter().map(|(path, file)| (path.clone(), *file)).chain(others).collect(),
        )?;
    }
    // A build at a given time is not repeated when another time comes.
    let next_change = library.next_change().map(|(time, _)| time).filter(|_| arguments.now.is_none());
    let counts = site.counts(&files);
    let has_changed = counts.has_new() || !removed.is_empty();
    if arguments.is_preview {
        println!("{} posts, built in {:.2} s", report.published(), start.elapsed().as_secs_f64());
        return Ok(Built { next_change, warnings: report.lines().collect(), has_changed });
    }
    report.print_counts();
    config.found.iter().for_each(|found| println!("{found}"));
    report::print_changes(&library, &config, site.state.keep_days);
    if config.site.url.is_empty() && !arguments.bundle_only {
        println!("{WITHOUT_URL}");
    }
    counts.print();
    weight.inspect(|weight| weight.print(catalog.count()));
    if let Some(host) = arguments.host {
        host.capacity(&files, catalog.count(), arguments.prerender.0)
            .into_iter()
            .for_each(|capacity| println!("{capacity}"));
        host.exceeded_limits(&files).into_iter().for_each(|warning| eprintln!("{warning}"));
    }
    println!("built in {:.1} s: {}", start.elapsed().as_secs_f64(), arguments.out.display());
    Ok(Built { next_change, warnings: report.lines().collect(), has_changed })
}

/// Checks that there is a story to show, unless the site exists: it may have lost its last one.
///
/// # Errors
/// Fails with a [`Misuse`] if there is none, or if the posts cannot be found.
pub(super) fn require_story(config: &Config, site: &Path) -> Result<()> {
    if site.join(MANIFEST_PATH).exists() || library::has_story(config, &Files::find(config)?) {
        return Ok(());
    }
    let message = format!(
        "{} has no posts, so no site was made. A post is a Markdown file with a date in its name, such as 2026-03-01-title.md, or in its front matter. For a folder with posts to begin with: finews new NAME",
        config.root.display()
    );
    Err(Misuse(message).into())
}

/// What a site lacks if it does not know its address.
const WITHOUT_URL: &str = "without --base-url the site works only at the root of a host, its feeds have no complete addresses, and it has no sitemap and no canonical addresses for search engines";

/// Writes the bundle, the program, the pages and the host's files; the manifest last.
fn write(
    arguments: &Arguments,
    config: &Config,
    catalog: &Catalog<'_>,
    artifacts: &ArtifactCache,
    index: Option<&search::Options<'_>>,
    site: &mut Site,
) -> Result<Option<search::Weight>> {
    let written = compile::write(catalog, artifacts, index, site)?;
    if !arguments.bundle_only {
        site.put_program()?;
        let pages = PageContext::new(catalog, &written.lists, &written.manifest, config, arguments.host)?;
        report::print_kept_back_files(&pages.kept_back_files);
        let options = Options {
            prerender: arguments.prerender.0.unwrap_or(catalog.count()),
            max_files: arguments.max_files,
            host: arguments.host,
            precompress: arguments.precompress,
        };
        pages::write(&pages, site, &options)?;
        if let Some(host) = arguments.host {
            for (name, text) in host.configuration(&pages.host_context(site))? {
                let path = arguments.path_beside_site(name)?;
                write_configuration(&path, &text)?;
                println!("{}: the host's configuration", path.display());
            }
        }
    }
    if arguments.precompress {
        site.precompress()?;
    }
    site.finish(&written.manifest, arguments.precompress)?;
    Ok(written.search)
}

/// Records the slugs or posts to purge, and reports all purged posts.
fn purge(arguments: &Arguments, library: &Library<'_>, resolved: &Resolved, state: &mut State) -> Result<()> {
    for given in &arguments.purge {
        let slug = slugify(given.strip_suffix(".html").unwrap_or(given));
        anyhow::ensure!(
            !slug.is_empty(),
            "“{given}” is not a slug, which is the last part of a story's address"
        );
        let matching: Vec<u32> = resolved.with_slug(library, &slug).collect();
        if matching.is_empty() {
            eprintln!(
                "no story has the slug “{slug}” now; data files that are no longer used are deleted, and later builds leave out any story with it"
            );
        }
        let story = |at: &u32| &library.stories[*at as usize];
        // A slug with a number assigned by finews may belong to another story in the next build, so the post
        // is purged instead of the slug.
        let assigned: Vec<&u32> = matching.iter().filter(|at| *story(at).slug != *slug).collect();
        if assigned.len() < matching.len() || matching.is_empty() {
            state.purged.insert(slug.clone());
        } else {
            state.purged_posts.extend(assigned.iter().map(|at| (story(at).path.to_string(), slug.clone())));
        }
    }
    let is_purged =
        |story: &&Story| state.purged.contains(&*story.slug) || state.purged_posts.contains_key(&*story.path);
    for story in library.stories.iter().filter(is_purged) {
        eprintln!("{} is purged and left out", arguments.posts.join(&*story.path).display());
    }
    Ok(())
}
