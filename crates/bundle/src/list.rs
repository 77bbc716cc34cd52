//! Lists: named, ordered rows of headlines. A category, a tag, a security and a day share these types.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::article::Headline;
use crate::folder::Hash;
use crate::key::Key;

/// A list, or the finished or open part of one: how many rows it has and where they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct List {
    /// The name to show; empty for days.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Other names that stories use for a security, the commonest first; at most [`List::NAMES`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<String>,
    /// How many rows there are.
    pub count: usize,
    /// The newest rows, newest first. Together with `pages` they are all rows; some may stand in both.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub newest: Vec<Headline>,
    /// The pages, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pages: Vec<PageRef>,
}

/// Where a page of a list is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRef {
    /// The page file's hash.
    pub file: Hash,
    /// Which page of the file.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub index: usize,
    /// A key that none of its rows is older than, and all rows of the page before are: its oldest row's, or
    /// that one's second alone.
    pub oldest: Key,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if hands a reference")]
fn is_zero(index: &usize) -> bool {
    *index == 0
}

/// Rows of a page, oldest first.
pub type Rows = Vec<Headline>;

/// A file of pages: a long list has a file for each of its pages, short lists share one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PageFile {
    /// The pages.
    pub pages: Vec<Rows>,
}

/// Where lists are, by name (`category/emnews`): those whose names fall in one partition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Directory {
    /// The lists; none where they are too many for a file.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lists: BTreeMap<String, List>,
    /// The hashes of the directories that have the lists instead, by finer partitions.
    ///
    /// Of `n` partitions and `n × finer.len()` finer ones, the lists of partition `p` fall in the finer ones
    /// `p`, `p + n`, `p + 2 × n` …, in this order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub finer: Vec<Hash>,
}

/// The directories of all lists, each part's by partition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Directories {
    /// Of what still grows; a list may have rows in both parts, in one, or in none.
    pub open: Vec<Hash>,
    /// Of what is finished: older than all of the open part.
    pub closed: Vec<Hash>,
}

impl List {
    /// How many other names a list tells at most.
    pub const NAMES: usize = 5;

    /// Of `pages`, the last that may hold rows older than `before`: its index.
    pub fn page_before(&self, before: Option<&Key>) -> Option<usize> {
        match before {
            None => self.pages.len().checked_sub(1),
            Some(before) => self.pages.partition_point(|page| page.oldest < *before).checked_sub(1),
        }
    }
}
