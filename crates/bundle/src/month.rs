//! Months: where the days and the articles of a month are.

use serde::{Deserialize, Serialize};

use crate::{Article, Date, Hash, List};

/// The index of a month's days.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Month {
    /// The days that have stories, oldest first.
    pub days: Vec<Day>,
}

/// A day: its list of headlines (with summaries) and its articles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The day on the site's clock.
    pub date: Date,
    /// The day's headlines.
    pub list: List,
    /// The day's shards, by slug.
    pub shards: Vec<ShardRef>,
}

/// Where a shard is, and which slugs it can hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardRef {
    /// The shard's hash.
    pub file: Hash,
    /// Its first slug in byte order.
    pub first: String,
    /// Its last slug in byte order.
    pub last: String,
}

/// A shard: some articles of one day, by slug.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ShardFile {
    /// The articles, in the order of their slugs' bytes.
    pub articles: Vec<Article>,
}

impl Day {
    /// The one shard that can hold `slug`.
    pub fn shard(&self, slug: &str) -> Option<&ShardRef> {
        self.shards.iter().find(|shard| shard.first.as_str() <= slug && slug <= shard.last.as_str())
    }
}

impl Month {
    /// The day's entry, if it has stories.
    pub fn day(&self, date: Date) -> Option<&Day> {
        self.days.binary_search_by_key(&date, |day| day.date).ok().map(|at| &self.days[at])
    }
}
