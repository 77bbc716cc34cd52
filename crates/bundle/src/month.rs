//! Months: which shards hold a month's articles, and the lists of its days.

use serde::{Deserialize, Serialize};

use crate::article::Article;
use crate::folder::Hash;
use crate::list::List;
use crate::time::Date;

/// The index of a month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Month {
    /// The days that have stories, oldest first.
    pub days: Vec<Day>,
    /// The month's shards, ordered by the date and slug of their first articles.
    pub shards: Vec<ShardRef>,
}

/// A day and its list of headlines. These rows have summaries.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    /// The day, on the site's clock.
    pub date: Date,
    /// The day's headlines.
    pub list: List,
}

/// A reference to a shard. Its articles begin at `date` and `slug` and end before the next shard begins.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardRef {
    /// The shard's hash.
    pub file: Hash,
    /// The day of its first article.
    pub date: Date,
    /// The slug of its first article.
    pub slug: String,
}

/// A shard: some articles of a month.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ShardFile {
    /// The articles, ordered by date and then by the bytes of their slugs.
    pub articles: Vec<Article>,
}

impl Month {
    /// Finds a day. Returns `None` if it has no stories.
    pub fn day(&self, date: Date) -> Option<&Day> {
        self.days.binary_search_by_key(&date, |day| day.date).ok().map(|at| &self.days[at])
    }

    /// Returns the only shard that can hold the article with this date and slug.
    pub fn shard(&self, date: Date, slug: &str) -> Option<&ShardRef> {
        let after = self.shards.partition_point(|shard| (shard.date, shard.slug.as_str()) <= (date, slug));
        after.checked_sub(1).map(|at| &self.shards[at])
    }
}
