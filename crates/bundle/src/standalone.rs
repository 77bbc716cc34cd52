//! Standalone pages: pages of the site that are no stories, such as About. They have no date, and no list contains them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::folder::Hash;

/// The standalone pages of a site: their hashes by the [keys](crate::address::Address::key) of their addresses. Each is
/// an [`Article`](crate::Article) without a slug.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct StandaloneIndex {
    /// The hashes of the pages.
    pub pages: BTreeMap<String, Hash>,
}
