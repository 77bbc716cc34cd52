//! Articles, and the headlines that lists show of them.

use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::key::Key;
use crate::name::Label;
use crate::time::Time;

/// A story with its body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// The last part of its address; unique on its day and the days beside it, lower case.
    pub slug: String,
    /// The headline. Never empty.
    pub title: String,
    /// When it was published, on the site's clock.
    pub time: Time,
    /// The categories it stands in, the canonical one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Label>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Label>,
    /// The digest as plain text, paragraphs parted by a newline; empty where the post has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// The medium it comes from; empty where unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The http(s) address of the original; empty where unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub original: String,
    /// The securities it mentions (key: secid), in order of first mention.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub securities: Vec<Label>,
    /// The body: CommonMark with GFM tables and strikethrough, `quote:` links and `chart:` images, no raw
    /// HTML.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
}

/// What a list shows of an article.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headline {
    /// The article's slug.
    pub slug: String,
    /// The article's title.
    pub title: String,
    /// When the article was published.
    pub time: Time,
    /// The canonical category, which its address bears.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Label>,
    /// The first securities it mentions, at most [`Headline::SECURITIES`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub securities: Vec<Label>,
    /// The beginning of its words, at most [`Headline::SUMMARY`] characters; empty in lists other than the
    /// newest and a day's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
}

impl Headline {
    /// How many securities a row names at most.
    pub const SECURITIES: usize = 2;
    /// How many characters of summary a row holds at most: two lines on a phone and a little more.
    pub const SUMMARY: usize = 50;

    /// Where the article stands in every list.
    pub fn key(&self) -> Key {
        Key { unix: self.time.unix, slug: self.slug.clone() }
    }

    /// The article's address.
    pub fn address(&self) -> Address {
        Address::article(self.category.as_ref(), self.time, &self.slug)
    }
}

impl Article {
    /// Where the article stands in every list.
    pub fn key(&self) -> Key {
        Key { unix: self.time.unix, slug: self.slug.clone() }
    }

    /// The article's address.
    pub fn address(&self) -> Address {
        Address::article(self.categories.first(), self.time, &self.slug)
    }
}
