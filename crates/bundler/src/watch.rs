//! `finews build --watch`: a build for every change, until it is interrupted.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use notify::{EventKind, RecursiveMode, Watcher as _};

use crate::commands::build::Arguments;

/// How long nothing must change before a build begins: a folder that is being copied is not built file by
/// file.
const QUIET: Duration = Duration::from_millis(300);
/// How long a build waits for that at most.
const LONGEST: Duration = Duration::from_secs(5);

/// Builds, waits for a change, and so on. What is wrong is said; the next change may mend it.
///
/// # Errors
/// Where the folder cannot be watched.
pub(crate) fn run(arguments: &Arguments, build: impl Fn() -> Result<()>) -> Result<ExitCode> {
    let posts = real(&arguments.posts)?;
    // What the build itself writes may stand below the posts.
    let own: Vec<PathBuf> = [real(&arguments.out)?, real(&arguments.cache()?)?].into();
    let changes = arguments.changes.as_deref().map(real).transpose()?;
    let is_ours =
        move |path: &PathBuf| own.iter().any(|own| path.starts_with(own)) || changes.as_ref() == Some(path);
    let (sender, changed) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        // An event that could not be told may have been anything.
        let counts = event.map_or(true, |event| {
            !matches!(event.kind, EventKind::Access(_))
                && (event.paths.is_empty() || !event.paths.iter().all(&is_ours))
        });
        if counts {
            // There is nobody left to tell only when all ends.
            let _ = sender.send(());
        }
    })?;
    // Before the first build, so that what changes meanwhile is seen.
    watcher
        .watch(&posts, RecursiveMode::Recursive)
        .with_context(|| format!("{} could not be watched", posts.display()))?;
    loop {
        if let Err(error) = build() {
            eprintln!("finews: {error:#}");
        }
        println!("watching {}; stop with Ctrl-C", arguments.posts.display());
        changed.recv().context("the watch over the folder has ended")?;
        let first = Instant::now();
        while first.elapsed() < LONGEST && changed.recv_timeout(QUIET).is_ok() {}
    }
}

/// A path as events name it, links followed, also where its end is not there yet.
fn real(path: &Path) -> Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let there = path
        .ancestors()
        .find_map(|ancestor| Some((ancestor.canonicalize().ok()?, path.strip_prefix(ancestor).ok()?)));
    let (ancestor, rest) = there.with_context(|| format!("{} leads nowhere", path.display()))?;
    Ok(if rest.as_os_str().is_empty() { ancestor } else { ancestor.join(rest) })
}
