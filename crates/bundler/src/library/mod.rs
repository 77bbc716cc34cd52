//! The library: finds all posts, reads new and changed ones on all cores, and keeps them as stories.

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

use self::cache::StoryCache;
use self::spool::{ArticleSpool, SpooledArticle};
use self::story::{Labels, Story};
use self::walk::{Entry, Files};
use crate::config::Config;
use crate::digest::digest;
use crate::progress::progress;

/// All posts of a folder.
pub(crate) struct Library {
    /// Sorted by the bytes of their paths.
    pub(crate) stories: Vec<Story>,
    pub(crate) labels: Labels,
    /// The number of posts that were parsed, because they were new or changed.
    pub(crate) parsed: usize,
    files: Files,
    spool: Option<ArticleSpool>,
    zone: TimeZone,
}

impl Library {
    /// Reads the posts that are new or have changed since the cache was written. Their articles go to the
    /// spool if there is a `scratch` folder.
    ///
    /// # Errors
    /// Fails if a folder or a file cannot be read, because the stories in it would otherwise disappear from
    /// the site, or if the spool cannot be written.
    pub(crate) fn read(config: &Config, mut cached: StoryCache, scratch: Option<&Path>) -> Result<Self> {
        let mut files = Files::find(config)?;
        let labels = Mutex::new(std::mem::take(&mut cached.labels));
        let spool = scratch.map(ArticleSpool::new).transpose()?;
        let (mut stories, changed) = split_unchanged(std::mem::take(&mut files.entries), cached);
        let bar = progress(changed.len(), "reading posts");
        let reader = PostReader {
            files: &files,
            labels: &labels,
            spool: spool.as_ref(),
            zone: &config.zone,
            parsed: AtomicUsize::default(),
        };
        let read: Result<Vec<Story>> = changed
            .into_par_iter()
            .map(|changed| {
                let story = reader.read_story(changed);
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
            // Merges two sorted runs.
            stories.sort_by(|a, b| a.path.cmp(&b.path));
        }
        let parsed = reader.parsed.into_inner();
        let labels = labels.into_inner().unwrap_or_else(PoisonError::into_inner);
        Ok(Self { stories, labels, parsed, files, spool, zone: config.zone.clone() })
    }

    /// Returns a story's article: from the spool if the post was parsed in this build, otherwise from the
    /// post, which is read again.
    ///
    /// # Errors
    /// Fails if the post cannot be read, or has changed in the meantime.
    pub(crate) fn article(&self, at: u32) -> Result<SpooledArticle> {
        let story = &self.stories[at as usize];
        if let (Some(position), Some(spool)) = (story.position, &self.spool) {
            return spool.get(position);
        }
        let bytes = read_file(&self.files, &story.path)?;
        if digest(&bytes) != story.digest {
            bail!("{} changed during the build; build again", self.files.file(&story.path).display());
        }
        let post = parse(&self.files, &story.path, &bytes, &self.zone);
        Ok(SpooledArticle { article: post.article, excerpt: post.excerpt })
    }
}

fn read_file(files: &Files, path: &str) -> Result<Vec<u8>> {
    let file = files.file(path);
    fs::read(&file).with_context(|| format!("{} could not be read; the site is unchanged", file.display()))
}

fn parse(files: &Files, path: &str, bytes: &[u8], zone: &TimeZone) -> Post {
    let file = files.file(path);
    posts::read(&file.file_name().map(|name| name.to_string_lossy()).unwrap_or_default(), bytes, zone)
}

/// The coarsest resolution of a file system's times, in nanoseconds: FAT's is two seconds.
const TIME_RESOLUTION: i64 = 2_000_000_000;

/// A file to read, and the cached story of its path.
type Changed = (Entry, Option<Box<Story>>);

/// Separates the stories of unchanged files from the files to read.
fn split_unchanged(entries: Vec<Entry>, cached: StoryCache) -> (Vec<Story>, Vec<Changed>) {
    // A file that is written twice within the time resolution may have the same stamp both times, so recently
    // written files are read again.
    let recent = cached.checked_at.saturating_sub(TIME_RESOLUTION);
    let mut unchanged = Vec::with_capacity(if cached.checked_at > 0 { entries.len() } else { 0 });
    let mut changed = Vec::new();
    let mut known = cached.peekable();
    for entry in entries {
        while known.next_if(|story| story.path < entry.path).is_some() {}
        match known.next_if(|story| story.path == entry.path) {
            Some(story)
                if story.stamp == entry.stamp && entry.stamp.modified.max(entry.stamp.changed) < recent =>
            {
                unchanged.push(story);
            }
            story => changed.push((entry, story.map(Box::new))),
        }
    }
    (unchanged, changed)
}

struct PostReader<'a> {
    files: &'a Files,
    labels: &'a Mutex<Labels>,
    spool: Option<&'a ArticleSpool>,
    zone: &'a TimeZone,
    /// The number of posts parsed.
    parsed: AtomicUsize,
}

impl PostReader<'_> {
    fn read_story(&self, (entry, known): Changed) -> Result<Story> {
        let bytes = read_file(self.files, &entry.path)?;
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
        story.position = self
            .spool
            .map(|spool| spool.put(&SpooledArticle { article: post.article, excerpt: post.excerpt }))
            .transpose()?;
        Ok(story)
    }
}

#[cfg(test)]
mod tests {
    use super::story::Stamp;
    use super::*;
    use crate::cache::Cache;

    /// The paths of unchanged and of changed files, with `a.md` and `b.md` in the cache.
    fn split(checked_at: i64, entries: &[(&str, Stamp)]) -> (Vec<String>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let config = Config::read(folder.path(), None).unwrap();
        let cache = Cache::open(folder.path().join("cache"), &config).unwrap();
        let mut labels = Labels::default();
        let post = posts::read("a.md", b"---\ntitle: T\ncategories: x\n---\n", &TimeZone::UTC);
        let stories =
            ["a.md", "b.md"].map(|path| Story::new(path.into(), STAMP, digest(b""), &post, &mut labels));
        StoryCache::save(&cache, &stories, &labels, checked_at).unwrap();
        let entries =
            entries.iter().map(|(path, stamp)| Entry { path: (*path).into(), stamp: *stamp }).collect();
        let (unchanged, changed) = split_unchanged(entries, StoryCache::load(&cache));
        (
            unchanged.iter().map(|story| story.path.to_string()).collect(),
            changed.iter().map(|(entry, _)| entry.path.to_string()).collect(),
        )
    }

    const STAMP: Stamp = Stamp { size: 7, modified: 1_000_000_000_000, changed: 1_000_000_000_000 };

    #[test]
    fn an_unchanged_file_is_not_read_and_any_other_is() {
        let long_after = STAMP.modified + TIME_RESOLUTION + 1;
        let same = [("a.md", STAMP), ("b.md", STAMP)];
        assert_eq!(split(long_after, &same), (vec!["a.md".into(), "b.md".into()], vec![]));
        for stamp in
            [Stamp { size: 8, ..STAMP }, Stamp { modified: 999, ..STAMP }, Stamp { changed: 999, ..STAMP }]
        {
            assert_eq!(
                split(long_after, &[("a.md", stamp), ("b.md", STAMP)]),
                (vec!["b.md".into()], vec!["a.md".into()])
            );
        }
        assert_eq!(
            split(long_after, &[("a.md", STAMP), ("aa.md", STAMP)]),
            (vec!["a.md".into()], vec!["aa.md".into()])
        );
        // Files that may have been written twice within the time resolution are read.
        assert_eq!(
            split(STAMP.modified + TIME_RESOLUTION, &same),
            (vec![], vec!["a.md".into(), "b.md".into()])
        );
    }
}
