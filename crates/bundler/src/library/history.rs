//! What has changed since the last build: stories that are gone, and stories that are now kept back.

use std::collections::{HashMap, HashSet};

use super::story::Story;
use super::walk::Files;
use crate::digest::Digest;

/// The difference from the last build.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// When the last build began, in nanoseconds since 1970; 0 if it is unknown.
    pub(crate) checked_at: i64,
    /// Whether a story, or words of it, were published by the last build and are now kept back.
    pub(crate) is_withdrawn: bool,
    /// Published stories whose posts were deleted or renamed.
    pub(crate) gone: Vec<Gone>,
}

/// A published story whose post was deleted or renamed.
#[derive(Debug)]
pub(crate) struct Gone {
    pub(crate) path: Box<str>,
    pub(crate) slug: Box<str>,
    /// The new post that has the same text or slug.
    pub(crate) renamed: Option<Box<str>>,
    /// Whether a published story has its slug, so that a purge of the slug would remove that story too.
    pub(crate) is_slug_used: bool,
}

impl History {
    /// Adds published stories whose files were not found among the posts. Such a story is kept back now if its
    /// file still exists (and is excluded), or if it became a draft; otherwise its post was deleted or renamed.
    /// `new` are the paths that the last build did not find.
    pub(super) fn add_gone(
        &mut self,
        gone: &[Story],
        stories: &[Story],
        new: &HashSet<Box<str>>,
        files: &Files,
    ) {
        if gone.is_empty() {
            return;
        }
        let slugs: HashSet<&str> = gone.iter().map(|story| &*story.slug).collect();
        let digests: HashSet<Digest> = gone.iter().map(|story| story.digest).collect();
        let similar =
            stories.iter().filter(|story| slugs.contains(&*story.slug) || digests.contains(&story.digest));
        let mut used: HashSet<&str> = HashSet::new();
        let (mut by_slug, mut by_digest): (HashMap<&str, &Story>, HashMap<Digest, &Story>) =
            Default::default();
        for story in similar {
            if story.published {
                used.insert(&story.slug);
            }
            if new.contains(&story.path) {
                by_slug.entry(&story.slug).or_insert(story);
                by_digest.entry(story.digest).or_insert(story);
            }
        }
        for story in gone {
            let now = by_digest.get(&story.digest).or_else(|| by_slug.get(&*story.slug));
            if files.file(&story.path).exists() || now.is_some_and(|now| !now.published) {
                self.is_withdrawn = true;
            } else {
                self.gone.push(Gone {
                    path: story.path.clone(),
                    slug: story.slug.clone(),
                    renamed: now.map(|now| now.path.clone()),
                    is_slug_used: used.contains(&*story.slug),
                });
            }
        }
    }
}
