//! What is remembered in the site itself, so that any build anywhere knows it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use crate::library::story::Story;

/// The file's name.
pub(super) const STATE: &str = ".finews.json";

/// What is remembered in the site itself.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// For how many days files stay that no manifest reaches any more.
    pub(crate) keep_days: u32,
    /// Slugs whose stories were taken out for good: all that claim one.
    pub(crate) purged: BTreeSet<String>,
    /// The paths of posts that were taken out for good because of a slug they did not claim but were given,
    /// and these slugs.
    pub(crate) purged_posts: BTreeMap<String, String>,
    /// How many of these the old files were searched for.
    pub(super) searched: usize,
    /// When the last build began, in nanoseconds since 1970: what another one remembers of the site's files
    /// does not count.
    pub(crate) build: i64,
    /// Files that no manifest reaches any more, and since when, in Unix seconds.
    pub(super) retired: BTreeMap<String, i64>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            keep_days: 7,
            purged: BTreeSet::new(),
            purged_posts: BTreeMap::new(),
            searched: 0,
            build: 0,
            retired: BTreeMap::new(),
        }
    }
}

impl State {
    /// The state of a site; the first one's where there is none.
    ///
    /// # Errors
    /// Fails if it cannot be read or is damaged.
    pub(super) fn load(root: &Path) -> Result<Self> {
        match fs::read(root.join(STATE)) {
            Ok(json) => serde_json::from_slice(&json).with_context(|| {
                format!("{STATE} in it is damaged; it says which stories were purged: mend or delete it")
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("{STATE} in it could not be read")),
        }
    }

    /// Whether a story was taken out for good.
    pub(crate) fn is_purged(&self, story: &Story) -> bool {
        self.purged.contains(&*story.slug) || self.purged_posts.contains_key(&*story.path)
    }

    /// The slugs of all that was taken out for good.
    pub(super) fn purged_slugs(&self) -> impl Iterator<Item = &String> {
        self.purged.iter().chain(self.purged_posts.values())
    }
}
