//! Builds after every change and whenever a story becomes due, until interrupted.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use notify_debouncer_full::notify::{EventKind, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, new_debouncer};

use super::build::NextChange;

/// The longest time that a build is postponed while the folder keeps changing.
const MAX_WAIT: Duration = Duration::from_secs(5);
/// How often the time is compared with that of the next story, because a machine may sleep meanwhile.
const CHECK: Duration = Duration::from_secs(30);

/// Builds, waits for a change of `posts` or until the time in Unix seconds that the build returned, and
/// repeats. Changes below the paths in `own`, which the build itself writes, and of hidden files are ignored.
///
/// A build waits until the folder has not changed for the duration `quiet`, so that a folder that is being copied
/// is built once.
///
/// # Errors
/// Fails if the folder cannot be watched.
pub(super) fn run(
    posts: &Path,
    own: impl IntoIterator<Item = PathBuf>,
    quiet: Duration,
    build: impl Fn() -> NextChange,
) -> Result<Infallible> {
    let folder = resolve_links(posts)?;
    let own: Vec<PathBuf> = own.into_iter().map(|path| resolve_links(&path)).collect::<Result<_>>()?;
    let root = folder.clone();
    // What is hidden is not read, and what is hidden or shown from now on has an event with its other name too.
    let is_hidden = move |path: &Path| {
        let below = path.strip_prefix(&root).unwrap_or(path);
        below.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."))
    };
    let is_ignored = move |path: &PathBuf| is_hidden(path) || own.iter().any(|own| path.starts_with(own));
    let (sender, changed) = mpsc::channel();
    let mut watcher = new_debouncer(quiet, None, move |events: DebounceEventResult| {
        // An error may hide any event, so it is treated as a change.
        let is_change = events.map_or(true, |events| {
            events.iter().any(|event| {
                !matches!(event.kind, EventKind::Access(_))
                    && (event.paths.is_empty() || !event.paths.iter().all(&is_ignored))
            })
        });
        if is_change {
            // This fails only when the program ends.
            let _ = sender.send(());
        }
    })?;
    // Watching starts before the first build, so that no change is missed.
    watcher
        .watch(&folder, RecursiveMode::Recursive)
        .with_context(|| format!("{} could not be watched", folder.display()))?;
    loop {
        let next = build();
        while next.is_none_or(|next| Timestamp::now().as_second() < next) {
            let left = next.map_or(i64::MAX, |next| next - Timestamp::now().as_second());
            let wait = CHECK.min(Duration::from_secs(u64::try_from(left).unwrap_or(0)));
            match changed.recv_timeout(wait) {
                Ok(()) => break,
                Err(RecvTimeoutError::Timeout) if !folder.is_dir() => bail!("{} is gone", posts.display()),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => bail!("the folder is no longer watched"),
            }
        }
        // More events may follow shortly after the first one.
        let first_event = Instant::now();
        while first_event.elapsed() < MAX_WAIT && changed.recv_timeout(quiet).is_ok() {}
    }
}

/// Resolves symbolic links in a path, so that it can be compared with the paths of events. The last parts of
/// the path need not exist.
fn resolve_links(path: &Path) -> Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let existing = path
        .ancestors()
        .find_map(|ancestor| Some((ancestor.canonicalize().ok()?, path.strip_prefix(ancestor).ok()?)));
    let (ancestor, rest) = existing.with_context(|| format!("{} does not exist", path.display()))?;
    Ok(if rest.as_os_str().is_empty() { ancestor } else { ancestor.join(rest) })
}
