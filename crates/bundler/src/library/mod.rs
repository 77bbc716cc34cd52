//! The library: finds all posts, reads new and changed ones on all cores, and keeps them as stories.

pub(crate) mod addresses;
pub(crate) mod cache;
mod drawing;
pub(crate) mod history;
pub(crate) mod links;
pub(crate) mod others;
pub(crate) mod resolve;
pub(crate) mod spool;
pub(crate) mod standalone;
pub(crate) mod story;
pub(crate) mod surroundings;
pub(crate) mod traits;
pub(crate) mod walk;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, Result, bail};
use posts::{Context, Map, Post, Program, Surroundings, Warning, WarningKind};
use rayon::prelude::*;

use self::cache::StoryCache;
use self::history::History;
use self::others::Others;
use self::spool::{ArticleSpool, SpooledArticle};
use self::standalone::StandalonePages;
use self::story::{Labels, Story};
use self::surroundings::Rest;
use self::walk::{Entry, Files, is_in_posts};
use crate::config::Config;
use crate::digest::{Digest, Digester, digest};
use crate::jekyll::PostKind;
use crate::kind::SiteKind;
use crate::progress::progress;

/// All posts of a folder.
pub(crate) struct Library<'a> {
    /// Sorted by the bytes of their paths.
    pub(crate) stories: Vec<Story>,
    pub(crate) labels: Labels,
    /// The number of posts that were parsed, because they were new or changed.
    pub(crate) parsed: usize,
    /// What has changed since the last build.
    pub(crate) history: History,
    pub(crate) files: Files,
    /// The paths of files that are published even if nothing names them.
    pub(crate) always_published: Vec<Box<str>>,
    /// The addresses within the site that stories link to, if they are wanted, with the paths of the stories.
    pub(crate) links: Vec<LinkingStory>,
    /// Files of which this would be true if they were harmless, with the reason.
    pub(crate) refused: Vec<(PathBuf, Warning)>,
    spool: Option<ArticleSpool>,
    config: &'a Config,
}

impl<'a> Library<'a> {
    /// Reads the posts that are new or have changed since the cache was written. Their articles go to the
    /// spool if there is a `scratch` folder. With `wants_links`, what the stories that are read link to is kept.
    ///
    /// # Errors
    /// Fails if a file cannot be read, because its story would otherwise disappear from the site, or if the spool
    /// cannot be written.
    pub(crate) fn read(
        config: &'a Config,
        mut files: Files,
        mut cached: StoryCache,
        scratch: Option<&Path>,
        wants_links: bool,
    ) -> Result<Self> {
        let labels = Mutex::new(std::mem::take(&mut cached.labels));
        let spool = scratch.map(ArticleSpool::new).transpose()?;
        let mut history = History { checked_at: cached.checked_at, ..History::default() };
        // Stories read with another configuration are only compared with the new ones.
        let is_current = cached.configuration == config.digest;
        let Split { unchanged: mut stories, changed, gone } =
            split(std::mem::take(&mut files.entries), cached, is_current, &files.others);
        let bar = progress(changed.len(), "reading posts");
        let reader = PostReader {
            files: &files,
            labels: &labels,
            spool: spool.as_ref(),
            config,
            is_current,
            parsed: AtomicUsize::default(),
            links: wants_links.then(Mutex::default),
        };
        let read: Result<Vec<ReadStory>> = changed
            .into_par_iter()
            .map(|changed| {
                let story = reader.read_story(changed);
                bar.inc(1);
                story
            })
            .collect();
        bar.finish_and_clear();
        for story in &mut stories {
            let is_due = story.is_due(config.now, config.future);
            history.is_withdrawn |= story.published && !is_due;
            story.published = is_due;
        }
        let has_gone = !gone.is_empty();
        let mut new = HashSet::new();
        let read: Vec<Story> = read?
            .into_iter()
            .map(|ReadStory { story, is_withdrawn, is_new }| {
                history.is_withdrawn |= is_withdrawn;
                if has_gone && is_new {
                    new.insert(story.path.clone());
                }
                story
            })
            .collect();
        if stories.is_empty() {
            stories = read;
        } else {
            stories.extend(read);
            // Merges two sorted runs.
            stories.sort_by(|a, b| a.path.cmp(&b.path));
        }
        let parsed = reader.parsed.into_inner();
        let links = reader.links.map(Mutex::into_inner).transpose().unwrap_or_default().unwrap_or_default();
        let labels = labels.into_inner().unwrap_or_else(PoisonError::into_inner);
        history.add_gone(&gone, &stories, &new, &files);
        let (always_published, refused) = files.others.always_published(config);
        Ok(Self { stories, labels, parsed, history, files, always_published, links, refused, spool, config })
    }

    /// The digest of everything that is not published, and of the rules about files.
    pub(crate) fn kept_back_digest(&self, standalone: &StandalonePages) -> Digest {
        let mut digester = Digester::default();
        for key in ["exclude", "include", "collections_dir", "destination"] {
            digester.add(format!("{:?}", self.config.jekyll.get(key)).as_bytes());
        }
        for story in &self.stories {
            let words = story.visibility().kept_back_words;
            if !story.published || words != 0 {
                digester.add(story.path.as_bytes()).add(story.slug.as_bytes());
                digester.add(&words.to_le_bytes()).add(&[u8::from(story.published)]);
            }
        }
        for path in standalone.kept_back_sources() {
            digester.add(path.as_bytes());
        }
        for (path, words) in standalone.published_words().iter().filter(|(_, words)| **words != 0) {
            digester.add(path.as_bytes()).add(&words.to_le_bytes());
        }
        digester.finish()
    }

    /// The next time at which a story becomes due or expires, in Unix seconds, and that story.
    pub(crate) fn next_change(&self) -> Option<(i64, &Story)> {
        let (now, future) = (self.config.now, self.config.future);
        self.stories
            .iter()
            .filter(|story| !story.is_page())
            .filter_map(|story| Some((story.visibility().next_change(now, future)?, story)))
            .min_by_key(|(time, _)| *time)
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
        let post = parse(Some(&self.files), &story.path, false, &bytes, self.config);
        if story_digest(&bytes, &post) != story.digest {
            bail!("{} changed during the build; build again", self.files.file(&story.path).display());
        }
        Ok(SpooledArticle { article: post.article, excerpt: post.excerpt })
    }
}

/// Whether any file is a story. Files that cannot be read count as stories; reading them tells why.
pub(crate) fn has_story(config: &Config, files: &Files) -> bool {
    files.entries.iter().any(|entry| {
        read_file(files, &entry.path).map_or(true, |bytes| {
            parse(Some(files), &entry.path, entry.is_kept_back, &bytes, config).has_date
        })
    })
}

fn read_file(files: &Files, path: &str) -> Result<Vec<u8>> {
    let file = files.file(path);
    fs::read(&file).with_context(|| format!("{} could not be read; the site is unchanged", file.display()))
}

/// Parses a post, which its place may keep back. Without `files`, its Liquid reads nothing else of the site.
fn parse(files: Option<&Files>, path: &str, is_kept_back: bool, bytes: &[u8], config: &Config) -> Post {
    let kind = if is_kept_back { PostKind::Draft } else { PostKind::Post };
    let mut post = read_post(files, path, kind, bytes, config);
    // As in Jekyll, a file in a folder of posts is a story only if its name has a date. EastMoney's names may have
    // an id instead.
    post.has_date &= config.kind == SiteKind::Hexo
        || !is_in_posts(path)
        || posts::has_date(&file_name(files, path))
        || post.is_eastmoney;
    post.has_date &= config.kind.may_be_story(path, &config.jekyll);
    if post.permalink.is_empty() && post.has_date && config.permalink.is_none() {
        match config.kind.story_address(path, &post, &config.jekyll) {
            Ok(address) => post.permalink = address.unwrap_or_default(),
            Err(unknown) => post.warnings.push(Warning {
                line: 1,
                kind: WarningKind::Address,
                message: format!(
                    "addresses have {unknown} in “permalink”, which the post does not tell, so the story has an address of finews"
                ),
            }),
        }
    }
    if is_kept_back {
        // A draft needs no date.
        post.visibility.is_kept_back = true;
        post.has_date = true;
        post.warnings.clear();
    }
    post
}

/// The name of a post's file without folders.
fn file_name(files: Option<&Files>, path: &str) -> String {
    let file = files.map_or_else(|| PathBuf::from(path), |files| files.file(path));
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    // A post may be a folder with its files, and is named by that.
    let folder = path.rsplit('/').nth(1).filter(|_| !is_in_posts(path));
    match (name.strip_prefix("index."), folder) {
        (Some(extension), Some(folder)) => format!("{folder}.{extension}"),
        _ => name,
    }
}

/// Reads a post or a page. Without `files`, its Liquid reads nothing else of the site.
fn read_post(files: Option<&Files>, path: &str, kind: PostKind<'_>, bytes: &[u8], config: &Config) -> Post {
    let rest = files.map(|files| Rest { config, files });
    let defaults: Map = config.defaults.of(path, kind);
    let folders = config.defaults.folders(path.strip_prefix(config.kind.content()).unwrap_or(path));
    let context = Context {
        zone: &config.zone,
        site: &config.jekyll,
        defaults: &defaults,
        folders: &folders,
        authors: &config.authors,
        names: &config.names,
        is_jekyll: config.is_jekyll(),
        dialect: config.dialect,
        program: match config.kind {
            SiteKind::Hugo => Program::Hugo,
            SiteKind::Zola => Program::Zola,
            SiteKind::Hexo => Program::Hexo,
            SiteKind::Plain | SiteKind::Jekyll => Program::Other,
        },
        section: config.kind.section(path),
        address_keys: &config.address_keys,
        path: &config.kind.site_path(path),
        surroundings: rest.as_ref().map(|rest| rest as &dyn Surroundings),
    };
    posts::read(&file_name(files, path), bytes, &context)
}

/// The digest of a post's file, of what its words take from other files, and of the files that it names.
fn story_digest(bytes: &[u8], post: &Post) -> Digest {
    if post.outside == 0 && post.files.is_empty() {
        return digest(bytes);
    }
    let mut digester = Digester::default();
    digester.add(bytes).add(&post.outside.to_le_bytes());
    for file in &post.files {
        digester.add(file.path.as_bytes()).add(&file.stamp.to_le_bytes());
    }
    digester.finish()
}

/// The coarsest resolution of a file system's times, in nanoseconds: FAT's is two seconds.
const TIME_RESOLUTION: i64 = 2_000_000_000;

/// The path of a story's file, and the addresses within the site that it links to.
type LinkingStory = (Box<str>, Vec<String>);

/// A file to read, and the cached story of its path.
type Changed = (Entry, Option<Box<Story>>);

/// The files found now, compared with the stories of the last build.
struct Split {
    /// The stories of unchanged files.
    unchanged: Vec<Story>,
    changed: Vec<Changed>,
    /// Published stories whose files were not found.
    gone: Vec<Story>,
}

/// Separates the stories of unchanged files from the files to read. No file counts as unchanged unless
/// `is_current`.
fn split(entries: Vec<Entry>, cached: StoryCache, is_current: bool, others: &Others) -> Split {
    // A file that is written twice within the time resolution may have the same stamp both times, so recently
    // written files are read again.
    let recent = cached.checked_at.saturating_sub(TIME_RESOLUTION);
    let capacity = if cached.checked_at > 0 && is_current { entries.len() } else { 0 };
    let (mut unchanged, mut changed, mut gone) = (Vec::with_capacity(capacity), Vec::new(), Vec::new());
    let mut known = cached.peekable();
    for entry in entries {
        while let Some(story) = known.next_if(|story| story.path < entry.path) {
            gone.push(story);
        }
        match known.next_if(|story| story.path == entry.path) {
            Some(story)
                if is_current
                    && !story.depends_on_others()
                    && story.files().iter().all(|file| others.stamp(&file.path) == file.stamp)
                    && story.stamp == entry.stamp
                    && entry.stamp.modified.max(entry.stamp.changed) < recent =>
            {
                unchanged.push(story);
            }
            story => changed.push((entry, story.map(Box::new))),
        }
    }
    gone.extend(known);
    gone.retain(|story| story.published);
    Split { unchanged, changed, gone }
}

/// A story that was read.
struct ReadStory {
    story: Story,
    /// Whether the story, or words of it, were published by the last build and are now kept back.
    is_withdrawn: bool,
    /// Whether the last build did not find the file.
    is_new: bool,
}

struct PostReader<'a> {
    files: &'a Files,
    labels: &'a Mutex<Labels>,
    spool: Option<&'a ArticleSpool>,
    config: &'a Config,
    /// Whether the cached stories were read with this configuration.
    is_current: bool,
    /// The number of posts parsed.
    parsed: AtomicUsize,
    /// The addresses that stories link to, if they are wanted.
    links: Option<Mutex<Vec<LinkingStory>>>,
}

impl PostReader<'_> {
    fn read_story(&self, (entry, known): Changed) -> Result<ReadStory> {
        let is_new = known.is_none();
        let (now, future) = (self.config.now, self.config.future);
        let bytes = read_file(self.files, &entry.path)?;
        let (was_published, old_words) =
            known.as_ref().map_or((false, 0), |known| (known.published, known.visibility().kept_back_words));
        let is_same =
            |known: &Story| self.is_current && !known.depends_on_others() && known.digest == digest(&bytes);
        if let Some(known) = known.filter(|known| is_same(known)) {
            let published = known.is_due(now, future);
            let story = Story { stamp: entry.stamp, published, ..*known };
            return Ok(ReadStory { story, is_withdrawn: was_published && !published, is_new });
        }
        let post = parse(Some(self.files), &entry.path, entry.is_kept_back, &bytes, self.config);
        self.parsed.fetch_add(1, Ordering::Relaxed);
        let digest = story_digest(&bytes, &post);
        if let Some(links) = self.links.as_ref().filter(|_| !post.links.is_empty()) {
            let mut links = links.lock().unwrap_or_else(PoisonError::into_inner);
            links.push((entry.path.clone(), post.links.clone()));
        }
        let mut story = {
            let mut labels = self.labels.lock().unwrap_or_else(PoisonError::into_inner);
            Story::new(entry.path, entry.stamp, digest, &post, &mut labels)
        };
        story.position = self
            .spool
            .map(|spool| spool.put(&SpooledArticle { article: post.article, excerpt: post.excerpt }))
            .transpose()?;
        story.published = story.is_due(now, future);
        let words = story.visibility().kept_back_words;
        let is_withdrawn = was_published && (!story.published || (words != 0 && words != old_words));
        Ok(ReadStory { story, is_withdrawn, is_new })
    }
}

#[cfg(test)]
mod tests {
    use super::story::Stamp;
    use super::*;
    use crate::cache::Cache;

    /// The paths of unchanged and of changed files, with `a.md` and `b.md` in the cache.
    fn split_paths(checked_at: i64, entries: &[(&str, Stamp)]) -> (Vec<String>, Vec<String>) {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path().join("cache")).unwrap();
        let mut labels = Labels::default();
        let text = b"---\ntitle: T\ncategories: x\n---\n";
        let post = posts::read("a.md", text, &Context::new(&posts::TimeZone::UTC));
        let stories =
            ["a.md", "b.md"].map(|path| Story::new(path.into(), STAMP, digest(b""), &post, &mut labels));
        StoryCache::save(&cache, &stories, &labels, checked_at, digest(b"")).unwrap();
        let entries = entries
            .iter()
            .map(|(path, stamp)| Entry { path: (*path).into(), stamp: *stamp, is_kept_back: false })
            .collect();
        let Split { unchanged, changed, .. } =
            split(entries, StoryCache::load(&cache), true, &Others::default());
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
        assert_eq!(split_paths(long_after, &same), (vec!["a.md".into(), "b.md".into()], vec![]));
        for stamp in
            [Stamp { size: 8, ..STAMP }, Stamp { modified: 999, ..STAMP }, Stamp { changed: 999, ..STAMP }]
        {
            assert_eq!(
                split_paths(long_after, &[("a.md", stamp), ("b.md", STAMP)]),
                (vec!["b.md".into()], vec!["a.md".into()])
            );
        }
        assert_eq!(
            split_paths(long_after, &[("a.md", STAMP), ("aa.md", STAMP)]),
            (vec!["a.md".into()], vec!["aa.md".into()])
        );
        // Files that may have been written twice within the time resolution are read.
        assert_eq!(
            split_paths(STAMP.modified + TIME_RESOLUTION, &same),
            (vec![], vec!["a.md".into(), "b.md".into()])
        );
    }
}
