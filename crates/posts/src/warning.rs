//! Warnings: what is wrong with a post, and on which line.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A problem with a post. Only a build with `--strict` fails because of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// The line in the file, counted from 1.
    pub line: usize,
    /// The kind of problem.
    pub kind: WarningKind,
    /// What is wrong, and what was done instead.
    pub message: String,
}

/// Kinds of warnings, for counting.
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
    /// A Liquid tag or a kramdown attribute, which only Jekyll supports.
    Jekyll,
    /// An element of HTML that is more than its words.
    Html,
    /// A link or a picture whose address is not allowed.
    Address,
    /// A picture, a sound or a film that is no file of the site, or whose name is written otherwise.
    File,
    /// A link within the site that leads nowhere.
    Link,
    /// A security without a valid id.
    Security,
    /// Words that are kept back, although their author may not mean it.
    KeptBack,
    /// Two posts claim one slug.
    Duplicate,
}

impl WarningKind {
    /// All kinds; docs/writing.md explains each.
    pub const ALL: [Self; 12] = [
        Self::Encoding,
        Self::FrontMatter,
        Self::Date,
        Self::Title,
        Self::Jekyll,
        Self::Html,
        Self::Address,
        Self::File,
        Self::Link,
        Self::Security,
        Self::KeptBack,
        Self::Duplicate,
    ];
}

impl fmt::Display for WarningKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Encoding => "encoding",
            Self::FrontMatter => "front matter",
            Self::Date => "date",
            Self::Title => "title",
            Self::Jekyll => "Jekyll syntax",
            Self::Html => "HTML",
            Self::Address => "address",
            Self::File => "file",
            Self::Link => "link",
            Self::Security => "security",
            Self::KeptBack => "kept back",
            Self::Duplicate => "duplicate slug",
        })
    }
}
