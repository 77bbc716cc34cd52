//! Files of the bundle: their folders, their names, how they are stored.

use serde::{Deserialize, Serialize};

use crate::name::joined;

/// The SHA-256 of a file's bytes in lower-case hexadecimal: its name and its proof at once.
pub type Hash = String;

/// The folders of the bundle, a kind of file each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Folder {
    /// [`ShardFile`]s: articles with their bodies.
    Shards,
    /// [`Month`]s: where a month's days and articles are.
    Months,
    /// [`PageFile`]s: rows of lists.
    Pages,
    /// [`Directory`]s: where the pages of a list are.
    Lists,
    /// [`NameFile`]s: all names of one kind of list, with counts.
    Names,
    /// [`Front`]s: what the home page shows below the newest headlines.
    Front,
}

impl Folder {
    /// Every folder there is.
    pub const ALL: [Self; 6] =
        [Self::Shards, Self::Months, Self::Pages, Self::Lists, Self::Names, Self::Front];

    /// The folder's name below `bundle/`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shards => "shards",
            Self::Months => "months",
            Self::Pages => "pages",
            Self::Lists => "lists",
            Self::Names => "names",
            Self::Front => "front",
        }
    }

    /// The path of the file with this hash, relative to the site's root.
    pub fn path(self, hash: &str, store: Store) -> String {
        joined(&["bundle/", self.name(), "/", hash, ".", store.extension()])
    }
}

/// How the files of a bundle are stored, the manifest apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Store {
    /// JSON as it is: hosts that compress what they send need nothing else.
    #[default]
    Plain,
    /// JSON compressed by gzip, which the reader inflates: for hosts that count bytes or do not compress.
    Gzip,
}

impl Store {
    /// What the names of files end in. No host knows `gzipped` as the sign of a Content-Encoding, as some do
    /// `gz`.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Plain => "json",
            Self::Gzip => "gzipped",
        }
    }

    /// Whether this is the usual way.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde's skip_serializing_if hands a reference")]
    pub fn is_plain(&self) -> bool {
        *self == Self::Plain
    }
}

/// The path of the one file that changes, relative to the site's root.
pub const MANIFEST_PATH: &str = "bundle/manifest.json";
