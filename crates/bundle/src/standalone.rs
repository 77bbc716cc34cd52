//! Standalone pages: pages of the site that are no stories, such as About. They have no date, and no list contains them.

use serde::{Deserialize, Serialize};

use crate::address::Address;
use crate::folder::Hash;
use crate::name::Label;

/// A page that stands by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandalonePage {
    /// The title; empty on the home page, where only the body is shown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Its language, as in HTML's `lang`; empty if it is the site's.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lang: String,
    /// The securities it mentions (key: secid), in order of first mention.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub securities: Vec<Label>,
    /// The body in the bundle's Markdown; no raw HTML.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub body: String,
}

/// The standalone pages of a site, by their addresses.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StandaloneIndex {
    /// The pages, sorted by their paths.
    pub pages: Vec<StandaloneRef>,
}

impl StandaloneIndex {
    /// The file of the page at an address.
    pub fn file(&self, address: &Address) -> Option<&Hash> {
        let key = address.key();
        let is_meant = |page: &&StandaloneRef| Address::parse(&page.path, "").key() == key;
        self.pages.iter().find(is_meant).map(|page| &page.file)
    }
}

/// A reference to a standalone page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StandaloneRef {
    /// The path of its address from the site's root, percent-encoded.
    pub path: String,
    /// The [`StandalonePage`]'s hash.
    pub file: Hash,
}

/// An entry of the site's menu, after the lists that every site has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuEntry {
    /// What it is called.
    pub title: String,
    /// A path from the site's root, percent-encoded, or an http(s) address.
    pub href: String,
}
