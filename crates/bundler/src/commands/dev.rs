//! `finews dev`: shows a site while its posts are written.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::time::Duration;
use std::{fs, io};

use anyhow::{Context as _, Result};
use clap::Args;
use jiff::Timestamp;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::sync::watch::Sender;

use super::build::{self, NextChange, build};
use super::watch;
use crate::config::Config;
use crate::misuse;
use crate::report::Report;
use crate::server::listen::ListenArguments;
use crate::server::live::{Live, Status};
use crate::server::serve;

/// Write posts and see the site change: builds, serves and watches a folder of posts
///
/// A page that is open shows each change as soon as the post is saved, and lists the warnings. The site
/// is kept in POSTS/.finews and is not meant to be published; for that, use “finews build”.
#[derive(Args)]
pub(crate) struct Arguments {
    /// A Jekyll site's root or a folder of posts
    #[arg(default_value = ".")]
    posts: PathBuf,
    #[command(flatten)]
    listen: ListenArguments,
}

/// The name of the folder for the site and the cache, in the folder of posts.
const FOLDER: &str = ".finews";
/// The name of the site's folder in it.
const SITE: &str = "site";

/// How long the folder must stay unchanged before a build. An editor saves a post with several changes.
const QUIET: Duration = Duration::from_millis(40);

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    misuse::require_posts(&arguments.posts)?;
    let site = arguments.posts.join(FOLDER).join(SITE);
    build::require_story(&Config::read(&arguments.posts, None, None)?, &site)?;
    let workspace = Workspace::open(&arguments.posts)?;
    let (site, cache) = (workspace.path().join(SITE), workspace.path().join("cache"));
    let (status, live) = Live::new();
    let (first, is_built) = oneshot::channel();
    let watcher = Watcher {
        build: build::Arguments::preview(arguments.posts.clone(), site.clone(), cache),
        own: workspace.path().to_owned(),
        status,
        first: Mutex::new(Some(first)),
    };
    std::thread::spawn(move || watcher.run());
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        is_built.await.context("the first build has stopped")??;
        serve(&site, arguments.listen.bind().await?, Some(live)).await
    })?;
    // The watching thread may be in a build, whose files need not be complete.
    runtime.shutdown_background();
    Ok(ExitCode::SUCCESS)
}

/// The thread that builds after each change.
struct Watcher {
    build: build::Arguments,
    /// The folder that builds write.
    own: PathBuf,
    status: Sender<Status>,
    /// Takes the result of the first build.
    first: Mutex<Option<oneshot::Sender<Result<()>>>>,
}

impl Watcher {
    fn run(&self) {
        let Err(error) = watch::run(&self.build.posts, [self.own.clone()], QUIET, || self.build_once());
        match self.take_first() {
            // Fails if the command has ended.
            Some(first) => drop(first.send(Err(error))),
            None => eprintln!("finews: {error:#}"),
        }
    }

    fn take_first(&self) -> Option<oneshot::Sender<Result<()>>> {
        self.first.lock().ok()?.take()
    }

    /// Builds, and tells the open pages.
    fn build_once(&self) -> NextChange {
        let first = self.take_first();
        match build(&self.build) {
            Ok(built) => {
                print_new(&self.status.borrow().warnings, &built.warnings);
                self.status.send_modify(|status| {
                    // A page loads again only if there is something new to load.
                    if built.has_changed || status.build == 0 {
                        status.build = Timestamp::now().as_millisecond().max(status.build + 1);
                    }
                    (status.warnings, status.failure) = (built.warnings, None);
                });
                // This and the other sending fail if the command has ended.
                drop(first.map(|first| first.send(Ok(()))));
                built.next_change
            }
            Err(error) => {
                if let Some(first) = first {
                    // Without a site there is nothing to show.
                    drop(first.send(Err(error)));
                } else {
                    eprintln!("finews: {error:#}");
                    self.status.send_modify(|status| status.failure = Some(format!("{error:#}")));
                }
                None
            }
        }
    }
}

/// Prints the warnings that the last build did not have.
fn print_new(old: &[String], warnings: &[String]) {
    let mut new = warnings.iter().filter(|warning| !old.contains(warning));
    for warning in new.by_ref().take(Report::MAX_PRINTED) {
        eprintln!("{warning}");
    }
    let more = new.count();
    if more > 0 {
        eprintln!("… and {more} more warnings; the page lists all");
    }
}

/// The folder for the site and the cache of a preview.
enum Workspace {
    /// In the folder of posts, so that the next run need not read all posts again. The lock keeps other runs out.
    Kept { folder: PathBuf, _lock: File },
    /// Elsewhere, if the folder of posts cannot be written, or if another run uses it.
    Temporary(TempDir),
}

impl Workspace {
    fn open(posts: &Path) -> Result<Self> {
        let folder = posts.join(FOLDER);
        let create = || -> io::Result<File> {
            fs::create_dir_all(&folder)?;
            // Git ignores the folder without an entry in the publisher's own list.
            fs::write(folder.join(".gitignore"), "*\n")?;
            File::create(folder.join("lock"))
        };
        match create() {
            Ok(lock) if fs4::FileExt::try_lock(&lock).is_ok() => Ok(Self::Kept { folder, _lock: lock }),
            Ok(_) => Ok(Self::Temporary(tempfile::tempdir()?)),
            Err(error) if is_read_only(&error) => Ok(Self::Temporary(tempfile::tempdir()?)),
            Err(error) => Err(error).with_context(|| format!("{} could not be made", folder.display())),
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Kept { folder, .. } => folder,
            Self::Temporary(folder) => folder.path(),
        }
    }
}

fn is_read_only(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem)
}
