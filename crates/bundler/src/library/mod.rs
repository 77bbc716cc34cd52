//! All posts: found, read on all cores, and remembered as stories. A post that has not changed since the last
//! build is not read.

pub(crate) mod cache;
pub(crate) mod resolve;
pub(crate) mod spool;
pub(crate) mod story;
mod walk;

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result, bail};
use posts::{Post, TimeZone};
use rayon::prelude::*;

use self::cache::Remembered;
use self::spool::{ArticleSpool, Words};
use self::story::{Labels, Story};
use self::walk::{Entry, Files};
use crate::config::Config;
use crate::digest::digest;
use crate::progress::progress;

/// Every post of a folder.
pub(crate) struct Library {
    /// In the order of their paths' bytes.
    pub(crate) stories: Vec<Story>,
    pub(crate) labels: Labels,
    /// How many posts were parsed, the others being as they were.
    pub(crate) read: usize,
    files: Files,
    spool: Option<ArticleSpool>,
    zone: TimeZone,
}

impl Library {
    /// Reads every post that is not as it is remembered; puts their words aside in `scratch`, if it is named.
    ///
    /// # Errors
    /// Where a folder or a file cannot be read: to go on without it would take its stories off the site.
    pub(crate) fn read(config: &Config, mut remembered: Remembered, scratch: Option<&Path>) -> Result<Self> {
        let mut files = Files::find(config)?;
        let labels = Mutex::new(std::mem::take(&mut remembered.labels));
        let spool = scratch.map(ArticleSpool::new).transpose()?;
        let (mut stories, changed) = parted(std::mem::take(&mut files.entries), remembered);
        let bar = progress(changed.len(), "reading posts");
        let reader = Reader {
            files: &files,
            labels: &labels,
            spool: spool.as_ref(),
            zone: &config.zone,
            parsed: AtomicUsize::default(),
        };
        let read: Result<Vec<Story>> = changed
            .into_par_iter()
            .map(|changed| {
                let story = reader.story(changed);
                bar.inc(1);
                story
            })
            .collect();
        bar.finish_and_clear();
        let read = read?;
        if stories.is_empty() {
            stories = read;
        } else {
            stories.extend(read);
            // Two runs that are in order already.
            stories.sort_by(|a, b| a.path.cmp(&b.path));
        }
        let parsed = reader.parsed.into_inner();
        let labels = labels.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(Self { stories, labels, read: parsed, files, spool, zone: config.zone.clone() })
    }

    /// A story's words: put aside where the post was read, else read again.
    ///
    /// # Errors
    /// Where they cannot be read, or the post has changed meanwhile.
    pub(crate) fn words(&self, at: u32) -> Result<Words> {
        let story = &self.stories[at as usize];
        if let (Some(place), Some(spool)) = (story.place, &self.spool) {
            return spool.get(place);
        }
        let bytes = bytes(&self.files, &story.path)?;
        if digest(&bytes) != story.digest {
            bail!(
                "{} was changed while the site was being built; build again",
                self.files.file(&story.path).display()
            );
        }
        let post = parse(&self.files, &story.path, &bytes, &self.zone);
        Ok(Words { article: post.article, excerpt: post.excerpt })
    }
}

fn bytes(files: &Files, path: &str) -> Result<Vec<u8>> {
    let file = files.file(path);
    fs::read(&file)
        .with_context(|| format!("{} could not be read; the site was left as it was", file.display()))
}

fn parse(files: &Files, path: &str, bytes: &[u8], zone: &TimeZone) -> Post {
    let file = files.file(path);
    posts::read(&file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default(), bytes, zone)
}

/// How coarse the clock of a file system can be, in nanoseconds: FAT's is two seconds.
const TICK: i64 = 2_000_000_000;

/// A file to be read, and what is remembered of it.
type Changed = (Entry, Option<Box<Story>>);

/// The stories whose files are as they are remembered; and the other files, with what is remembered of them.
fn parted(entries: Vec<Entry>, remembered: Remembered) -> (Vec<Story>, Vec<Changed>) {
    // A file written again in the same tick of the clock has the same stamp, so one as young as that is read.
    let young = remembered.since.saturating_sub(TICK);
    let mut unchanged = Vec::with_capacity(if remembered.since > 0 { entries.len() } else { 0 });
    let mut changed = Vec::new();
    let mut known = remembered.peekable();
    for entry in entries {
        while known.next_if(|story| story.path < entry.path).is_some() {}
        match known.next_if(|story| story.path == entry.path) {
            Some(story)
                if story.stamp == entry.stamp && entry.stamp.modified.max(entry.stamp.changed) < young =>
            {
                unchanged.push(story);
            }
            story => changed.push((entry, story.map(Box::new))),
        }
    }
    (unchanged, changed)
}

struct Reader<'a> {
    files: &'a Files,
    labels: &'a Mutex<Labels>,
    spool: Option<&'a ArticleSpool>,
    zone: &'a TimeZone,
    /// How many posts.
    parsed: AtomicUsize,
}

impl Reader<'_> {
    fn story(&self, (entry, known): Changed) -> Result<Story> {
        let bytes = bytes(self.files, &entry.path)?;
        let digest = digest(&bytes);
        if let Some(known) = known.filter(|known| known.digest == digest) {
            return Ok(Story { stamp: entry.stamp, ..*known });
        }
        let post = parse(self.files, &entry.path, &bytes, self.zone);
        self.parsed.fetch_add(1, Ordering::Relaxed);
        let mut story = {
            let mut labels = self.labels.lock().unwrap_or_else(PoisonError::into_inner);
            Story::new(entry.path, entry.stamp, digest, &post, &mut labels)
        };
        story.place = self
            .spool
            .map(|spool| spool.put(&Words { article: post.article, excerpt: post.excerpt }))
            .transpose()?;
        Ok(story)
    }
}

#[cfg(test)]
mod tests {
    use super::story::Stamp;
    use super::*;
    use crate::cache::Cache;

    /// The paths of what is taken as remembered, and of what is to be read, where this was remembered of
    /// `a.md` and `b.md`.
    fn parts(since: i64, entries: &[(&str, Stamp)]) -> (Vec<String>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::read(folder.path(), None).unwrap();
        let cache = Cache::open(folder.path().join("cache"), &config).unwrap();
        let mut labels = Labels::default();
        let post = posts::read("a.md", b"---\ntitle: T\ncategories: x\n---\n", &TimeZone::UTC);
        let stories =
            ["a.md", "b.md"].map(|path| Story::new(path.into(), STAMP, digest(b""), &post, &mut labels));
        Remembered::save(&cache, &stories, &labels, since).unwrap();
        let entries =
            entries.iter().map(|(path, stamp)| Entry { path: (*path).into(), stamp: *stamp }).collect();
        let (unchanged, changed) = parted(entries, Remembered::load(&cache));
        (
            unchanged.iter().map(|story| story.path.to_string()).collect(),
            changed.iter().map(|(entry, _)| entry.path.to_string()).collect(),
        )
    }

    const STAMP: Stamp = Stamp { size: 7, modified: 1_000_000_000_000, changed: 1_000_000_000_000 };

    #[test]
    fn a_file_as_it_is_remembered_is_not_read_and_any_other_is() {
        let long_after = STAMP.modified + TICK + 1;
        let same = [("a.md", STAMP), ("b.md", STAMP)];
        assert_eq!(parts(long_after, &same), (vec!["a.md".into(), "b.md".into()], vec![]));
        for stamp in
            [Stamp { size: 8, ..STAMP }, Stamp { modified: 999, ..STAMP }, Stamp { changed: 999, ..STAMP }]
        {
            assert_eq!(
                parts(long_after, &[("a.md", stamp), ("b.md", STAMP)]),
                (vec!["b.md".into()], vec!["a.md".into()])
            );
        }
        assert_eq!(
            parts(long_after, &[("a.md", STAMP), ("aa.md", STAMP)]),
            (vec!["a.md".into()], vec!["aa.md".into()])
        );
        // Remembered so soon after it was written that it may have been written again in the same tick.
        assert_eq!(parts(STAMP.modified + TICK, &same), (vec![], vec!["a.md".into(), "b.md".into()]));
    }
}
