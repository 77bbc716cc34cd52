//! Identifies a list by its kind and key, and computes the partition that it belongs to.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::name::concat;

/// The kinds of named lists. Days are lists too, but belong to a [`crate::month::Month`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ListKind {
    /// The stories of a category.
    Category,
    /// The stories with a tag.
    Tag,
    /// The stories that mention a security.
    Quote,
}

impl ListKind {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Category, Self::Tag, Self::Quote];

    /// The word for this kind in addresses and list names.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Tag => "tag",
            Self::Quote => "quote",
        }
    }
}

/// The kind and key of a list. Written `category/emnews`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ListId {
    /// The kind of list.
    pub kind: ListKind,
    /// The folded name of a category or tag, or the secid.
    pub key: String,
}

impl ListId {
    /// Identifies the list of this kind and key.
    pub fn new(kind: ListKind, key: impl Into<String>) -> Self {
        Self { kind, key: key.into() }
    }
}

impl fmt::Display for ListId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&concat(&[self.kind.word(), "/", &self.key]))
    }
}

/// Returns which of `count` partitions a list belongs to: the 32-bit FNV-1a hash of its name's UTF-8, modulo
/// `count`.
///
/// The hash is Fowler, Noll and Vo's (<http://www.isthe.com/chongo/tech/comp/fnv/>).
pub fn partition(id: &ListId, count: usize) -> usize {
    let hash = id
        .to_string()
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    hash as usize % count.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_always_falls_in_the_same_partition() {
        let partitions: Vec<_> = ["emnews", "techweb", "ＴＶ"]
            .iter()
            .map(|key| partition(&ListId::new(ListKind::Category, *key), 256))
            .collect();
        assert_eq!(partitions, [247, 64, 206]);
    }
}
