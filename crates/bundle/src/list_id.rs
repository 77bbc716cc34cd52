//! Which list: its kind, its name, and the partition of directories that it falls in.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::name::joined;

/// The kinds of named lists. (Days are lists too; a [`crate::month::Month`] holds them.)
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
    /// Every kind there is.
    pub const ALL: [Self; 3] = [Self::Category, Self::Tag, Self::Quote];

    /// The kind's word in addresses and in list names.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Tag => "tag",
            Self::Quote => "quote",
        }
    }
}

/// Which list: its kind and the key of its name. Written `category/emnews`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ListId {
    /// The kind of list.
    pub kind: ListKind,
    /// The folded name, or the secid.
    pub key: String,
}

impl ListId {
    /// The list of this kind and key.
    pub fn new(kind: ListKind, key: impl Into<String>) -> Self {
        Self { kind, key: key.into() }
    }
}

impl fmt::Display for ListId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&joined(&[self.kind.word(), "/", &self.key]))
    }
}

/// Which of `count` partitions a list's name falls in: FNV-1a of 32 bits over its UTF-8, modulo `count`.
///
/// The function is that of Fowler, Noll and Vo (<http://www.isthe.com/chongo/tech/comp/fnv/>).
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
