//! The state that a site keeps in its own folder, so that builds on any machine know it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use crate::digest::{Digest, Digester};
use crate::library::Library;
use crate::library::standalone::StandalonePages;
use crate::library::story::Story;

/// The file's name.
pub(super) const STATE: &str = ".finews.json";

/// The state of a site.
#[derive(Debug, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    /// For how many days unused files stay.
    pub(crate) keep_days: u32,
    /// Purged slugs: all stories that claim one are left out.
    pub(crate) purged: BTreeSet<String>,
    /// The paths of purged posts, and the slugs that finews had assigned to them.
    pub(crate) purged_posts: BTreeMap<String, String>,
    /// The digests, in hexadecimal, of what was purged and of what was kept back when the unused files were
    /// last without any of it.
    pub(super) swept: (String, String),
    /// When the last build began, in nanoseconds since 1970. The cache's record of the built files is used only
    /// if it has the same time.
    pub(crate) build: i64,
    /// The files of the standalone pages that the last build published, with fingerprints of the words in them that
    /// were kept back.
    pub(crate) standalone: BTreeMap<String, u64>,
    /// Unused files, and when they became unused, in Unix seconds.
    pub(super) retired: BTreeMap<String, i64>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            keep_days: 7,
            purged: BTreeSet::new(),
            purged_posts: BTreeMap::new(),
            swept: Default::default(),
            build: 0,
            standalone: BTreeMap::new(),
            retired: BTreeMap::new(),
        }
    }
}

impl State {
    /// Loads the state of a site. A new site has the default state.
    ///
    /// # Errors
    /// Fails if the file cannot be read or is damaged.
    pub(super) fn load(root: &Path) -> Result<Self> {
        match fs::read(root.join(STATE)) {
            Ok(json) => serde_json::from_slice(&json).with_context(|| {
                format!("its file {STATE}, which lists purged stories, is damaged: repair it or delete it")
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error).with_context(|| format!("its file {STATE} could not be read")),
        }
    }

    /// Whether a story has been purged.
    pub(crate) fn is_purged(&self, story: &Story) -> bool {
        self.purged.contains(&*story.slug) || self.purged_posts.contains_key(&*story.path)
    }

    /// Decides whether the unused files of the bundle must be deleted at once, because they may contain words
    /// that are now purged or kept back.
    pub(crate) fn sweep(&self, library: &Library<'_>, standalone: &StandalonePages) -> Sweep {
        let mut digester = Digester::default();
        self.purged.iter().for_each(|slug| _ = digester.add(slug.as_bytes()));
        digester.add(&[]);
        self.purged_posts.keys().for_each(|path| _ = digester.add(path.as_bytes()));
        let hex = |digest: Digest| hex::encode(digest);
        let swept = (hex(digester.finish()), hex(library.kept_back_digest(standalone)));
        // Without the last build's stories, anything kept back now may have been published by it. A story that is
        // gone may have been renamed and kept back at once.
        let history = &library.history;
        let is_unknown = history.checked_at == 0 || history.checked_at != self.build;
        let published = standalone.published_words();
        let is_page_withdrawn = self
            .standalone
            .iter()
            .any(|(path, words)| published.get(path).is_none_or(|now| *now != 0 && now != words));
        let may_be_withdrawn =
            history.is_withdrawn || is_page_withdrawn || !history.gone.is_empty() || is_unknown;
        let is_needed = swept.0 != self.swept.0 || (swept.1 != self.swept.1 && may_be_withdrawn);
        Sweep { is_needed, swept }
    }
}

/// Whether the unused files of the bundle must be deleted at once.
pub(crate) struct Sweep {
    pub(crate) is_needed: bool,
    /// The value of [`State::swept`] when that is done.
    pub(super) swept: (String, String),
}
