//! Files of the bundle: their folders, their names, and how they are stored.

use serde::{Deserialize, Serialize};

use crate::name::concat;

/// The SHA-256 of a file's bytes in lower-case hexadecimal, which names the file and verifies it.
pub type Hash = String;

/// The bundle's folders, one for each kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Folder {
    /// [`ShardFile`](crate::ShardFile) files: articles.
    Shards,
    /// [`Month`](crate::Month) files: the index of a month.
    Months,
    /// [`PageFile`](crate::PageFile) files: rows of lists.
    Pages,
    /// [`Directory`](crate::Directory) files: which pages belong to which list.
    Lists,
    /// [`NameFile`](crate::NameFile) files: all names of one kind of list, with counts.
    Names,
    /// [`Front`](crate::Front) files: what the home page shows below the newest headlines.
    Front,
    /// [`PathFile`](crate::PathFile) files: what addresses lead to that do not tell it.
    Paths,
    /// Files with one standalone page each, an [`Article`](crate::Article) without a slug.
    Standalone,
    /// The index for full-text search: its head, and the files of its segments, which are not JSON.
    Search,
}

impl Folder {
    /// All folders.
    pub const ALL: [Self; 9] = [
        Self::Shards,
        Self::Months,
        Self::Pages,
        Self::Lists,
        Self::Names,
        Self::Front,
        Self::Paths,
        Self::Standalone,
        Self::Search,
    ];

    /// The folder's name below `bundle/`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shards => "shards",
            Self::Months => "months",
            Self::Pages => "pages",
            Self::Lists => "lists",
            Self::Names => "names",
            Self::Front => "front",
            Self::Paths => "paths",
            Self::Standalone => "standalone",
            Self::Search => "search",
        }
    }

    /// The path of a file, relative to the site's root.
    pub fn path(self, hash: &str, store: Store) -> String {
        concat(&["bundle/", self.name(), "/", hash, ".", store.extension()])
    }
}

/// How the files of a bundle, except the manifest, are stored.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Store {
    /// Plain JSON, for hosts that compress what they send.
    #[default]
    Plain,
    /// JSON compressed with gzip, which the reader inflates: for hosts that charge by the byte or do not
    /// compress.
    Gzip,
}

impl Store {
    /// The file name extension. With gzip it is not `gz`, because some hosts serve that with a
    /// Content-Encoding.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Plain => "json",
            Self::Gzip => "gzipped",
        }
    }

    /// Whether this is the default.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if passes a reference")]
    pub fn is_plain(&self) -> bool {
        *self == Self::Plain
    }
}

/// The path of the one file that changes, relative to the site's root.
pub const MANIFEST_PATH: &str = "bundle/manifest.json";
