//! `finews build --watch`: a build for every change, until it is interrupted.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use notify_debouncer_full::notify::{EventKind, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, new_debouncer};

/// How long nothing must change before a build begins: a folder that is being copied is not built file by file.
const QUIET: Duration = Duration::from_millis(300);
/// How long a build waits for that at most.
const LONGEST: Duration = Duration::from_secs(5);

/// Builds, waits for a change of `posts`, and so on; what is `own` is the build's. What is wrong is said; the
/// next change may mend it.
///
/// # Errors
/// Fails if the folder cannot be watched.
pub(super) fn run(
    posts: &Path,
    own: impl Iterator<Item = PathBuf>,
    build: impl Fn() -> Result<()>,
) -> Result<ExitCode> {
    let folder = real(posts)?;
    let own: Vec<PathBuf> = own.map(|path| real(&path)).collect::<Result<_>>()?;
    let is_own = move |path: &PathBuf| own.iter().any(|own| path.starts_with(own));
    let (sender, changed) = mpsc::channel();
    let mut watcher = new_debouncer(QUIET, None, move |events: DebounceEventResult| {
        // Events that could not be told may have been anything.
        let counts = events.map_or(true, |events| {
            events.iter().any(|event| {
                !matches!(event.kind, EventKind::Access(_))
                    && (event.paths.is_empty() || !event.paths.iter().all(&is_own))
            })
        });
        if counts {
            // There is nobody left to tell only when all ends.
            let _ = sender.send(());
        }
    })?;
    // Before the first build, so that what changes meanwhile is seen.
    watcher
        .watch(&folder, RecursiveMode::Recursive)
        .with_context(|| format!("{} could not be watched", folder.display()))?;
    loop {
        if let Err(error) = build() {
            eprintln!("finews: {error:#}");
        }
        println!("watching {}; stop with Ctrl-C", posts.display());
        changed.recv().context("the watch over the folder has ended")?;
        // An event comes when it has not been repeated for a while; others may be on their way.
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
