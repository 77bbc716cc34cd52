//! What was wrong with a post, and where.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Something of a post that could not be read as it stands. The post is published all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The line in the file, counted from 1.
    pub line: usize,
    /// What sort of thing.
    pub kind: WarningKind,
    /// What was wrong, and what was made of it.
    pub message: String,
}

/// Sorts of warnings, for counting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum WarningKind {
    /// The file is not UTF-8.
    Encoding,
    /// The front matter is missing or not YAML.
    FrontMatter,
    /// The date is missing or not a date.
    Date,
    /// The title is missing.
    Title,
    /// A Liquid tag or a kramdown attribute, which only Jekyll could carry out.
    Jekyll,
    /// A link or a picture whose address is not allowed.
    Address,
    /// A security that could not be told.
    Security,
    /// Two posts claim one slug.
    Duplicate,
    /// The file could not be read.
    Unreadable,
}

impl fmt::Display for WarningKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Encoding => "encoding",
            Self::FrontMatter => "front matter",
            Self::Date => "date",
            Self::Title => "title",
            Self::Jekyll => "Jekyll syntax",
            Self::Address => "address",
            Self::Security => "security",
            Self::Duplicate => "duplicate slug",
            Self::Unreadable => "unreadable file",
        })
    }
}
