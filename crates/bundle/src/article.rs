//! Articles, and the headlines that lists show for them.

use serde::{Deserialize, Serialize};

use crate::address::{self, Address};

use crate::key::Key;
use crate::name::Label;
use crate::time::Time;

/// A story with its body, or a standalone page, whose slug is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// The last part of its address, in lower case; unique on its day, the day before and the day after.
    /// Empty if this is a standalone page.
    pub slug: String,
    /// The title; empty only if the page stands above the lists of the home page.
    pub title: String,
    /// When it was published, in the site's time zone. A standalone page's is of no meaning.
    pub time: Time,
    /// Whether only the date of `time` is known; its clock is at midnight then.
    #[serde(default, skip_serializing_if = "is_false")]
    pub date_only: bool,
    /// When it was last updated: a [`Time`], or a [`Date`](crate::Date) if only that is known; empty if unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub updated: String,
    /// The names of its authors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authors: Vec<String>,
    /// Its language, as in HTML's `lang`; empty if it is the site's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lang: String,
    /// The address of its picture, for search engines and feeds; empty if it has none. The body shows the picture too.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub image: String,
    /// Whether its default address may mean another story too, so that the whole address must be looked up in the
    /// [`PathFile`](crate::PathFile)s.
    #[serde(default, skip_serializing_if = "is_false")]
    pub shared: bool,
    /// Its categories, the canonical one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub categories: Vec<Label>,
    /// Its tags.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<Label>,
    /// The summary as plain text, one paragraph a line; empty if the post has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// The name of the publication that it comes from; empty if unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
    /// The http(s) address of the original; empty if unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub original: String,
    /// The securities it mentions (key: secid), in order of first mention.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub securities: Vec<Label>,
    /// The body in the bundle's Markdown (docs/bundle-format.md); no raw HTML.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
}

/// What a list shows of an article: one row.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Headline {
    /// The article's slug.
    pub slug: String,
    /// The article's title.
    pub title: String,
    /// When the article was published.
    pub time: Time,
    /// Whether only the date of `time` is known; its clock is at midnight then.
    #[serde(default, skip_serializing_if = "is_false")]
    pub date_only: bool,
    /// The path of its address from the site's root, percent-encoded; empty if it has the site's usual form.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
    /// The canonical category, which is part of its address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Label>,
    /// The first securities it mentions, at most [`Headline::MAX_SECURITIES`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub securities: Vec<Label>,
    /// The address of its small picture: a path of the site, or http(s); empty if it has none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub image: String,
    /// The beginning of its summary or body, at most [`Headline::MAX_SUMMARY_CHARS`] characters, or
    /// [`Headline::MAX_NARROW_SUMMARY_CHARS`] of a narrow script such as Latin; empty except in
    /// [`Manifest::newest`](crate::Manifest::newest) and in the lists of days.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub summary: String,
}

impl Headline {
    /// The largest number of securities that a row shows.
    pub const MAX_SECURITIES: usize = 2;
    /// The largest number of characters in a row's summary: a little more than two lines on a phone.
    pub const MAX_SUMMARY_CHARS: usize = 50;
    /// The same for narrow scripts.
    pub const MAX_NARROW_SUMMARY_CHARS: usize = 110;

    /// The article's position in every list.
    pub fn key(&self) -> Key {
        Key { unix: self.time.unix, slug: self.slug.clone() }
    }

    /// The article's address on a site with this form of addresses
    /// ([`Settings::permalink`](crate::Settings::permalink)).
    pub fn address(&self, permalink: &str) -> Address {
        let category = self.category.as_ref();
        let path = if self.path.is_empty() && !permalink.is_empty() {
            let category = category.map_or("", |category| &category.key);
            address::expand(permalink, category, self.time.date(), &self.slug)
        } else {
            self.path.clone()
        };
        // A bundle is untrusted: its paths may not lead to another host.
        if address::is_path(&path) {
            Address::Path(path)
        } else {
            Address::article(category, self.time, &self.slug)
        }
    }

    /// When it was published, as in HTML's `datetime`: only the date if the time of day is unknown.
    pub fn datetime(&self) -> String {
        datetime(self.time, self.date_only)
    }
}

impl Article {
    /// Whether it is a standalone page and no story.
    pub const fn is_standalone(&self) -> bool {
        self.slug.is_empty()
    }

    /// The article's position in every list.
    pub fn key(&self) -> Key {
        Key { unix: self.time.unix, slug: self.slug.clone() }
    }

    /// When it was published, as in HTML's `datetime`: only the date if the time of day is unknown.
    pub fn datetime(&self) -> String {
        datetime(self.time, self.date_only)
    }
}

/// A time, or only its date.
pub fn datetime(time: Time, date_only: bool) -> String {
    if date_only { time.date().to_string() } else { time.to_string() }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
fn is_false(flag: &bool) -> bool {
    !*flag
}
