//! Lists: named, ordered sequences of headlines. Categories, tags, securities and days all use these types.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::article::Headline;
use crate::folder::Hash;
use crate::key::Key;

/// A list, or its open or closed part: how many rows it has, and which files hold them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// The name to show; empty for days.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Other names that stories use for a security, the most frequent first; at most [`List::MAX_NAMES`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// How many rows there are.
    pub count: usize,
    /// The newest rows, newest first. `newest` and `pages` together hold every row; a row may be in both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub newest: Vec<Headline>,
    /// The pages, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<PageRef>,
}

/// A reference to a page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRef {
    /// The page file's hash.
    pub file: Hash,
    /// The page's position in the file.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub index: usize,
    /// No row of this page is older than this key, and all rows of the previous page are older. It is the key
    /// of the page's oldest row, or that key without its slug.
    pub oldest: Key,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
fn is_zero(index: &usize) -> bool {
    *index == 0
}

/// Rows of a page, oldest first.
pub type Rows = Vec<Headline>;

/// A file of pages. Full pages and the pages of days have files of their own; the shorter pages of other
/// lists share files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageFile {
    /// The pages.
    pub pages: Vec<Rows>,
}

/// A directory: maps the names (`category/emnews`) of one partition to their lists.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directory {
    /// The lists; empty if there are too many for one file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, List>,
    /// The hashes of finer directories, which hold the lists instead.
    ///
    /// With `n` partitions and `n × finer.len()` finer ones, the lists of partition `p` are in the finer
    /// partitions `p`, `p + n`, `p + 2 × n` …, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub finer: Vec<Hash>,
}

/// The directories of all lists, by partition. A list may have rows in both parts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Directories {
    /// The open part: recent rows, rewritten by every build.
    pub open: Vec<Hash>,
    /// The closed part: rows older than all rows of the open part.
    pub closed: Vec<Hash>,
}

impl List {
    /// The largest number of other names in a list.
    pub const MAX_NAMES: usize = 5;

    /// Returns the index of the last page that may hold rows older than `before`, or of the newest page if
    /// `before` is `None`. Returns `None` if there is no such page.
    pub fn page_before(&self, before: Option<&Key>) -> Option<usize> {
        match before {
            None => self.pages.len().checked_sub(1),
            Some(before) => self.pages.partition_point(|page| page.oldest < *before).checked_sub(1),
        }
    }
}
