//! Bytes to types and back: JSON, and the one check of the version.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::document::{Document, JsonError};
use crate::list::PageFile;
use crate::manifest::{Front, Manifest, NameFile};
use crate::month::{Month, ShardFile};

/// The format this crate writes and reads.
pub const FORMAT: u32 = 1;

/// Why bytes are no file of a bundle.
#[derive(Debug)]
pub enum DecodeError {
    /// The manifest is of a format this reader does not know: the number it bears.
    Format(u32),
    /// The bytes are not the JSON expected.
    Json(JsonError),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format(format) => {
                write!(f, "the bundle has format {format}; this reader knows format {FORMAT}")
            }
            Self::Json(error) => write!(f, "not the JSON expected: {error}"),
        }
    }
}

impl std::error::Error for DecodeError {}

impl From<JsonError> for DecodeError {
    fn from(error: JsonError) -> Self {
        Self::Json(error)
    }
}

/// A type that is a file of the bundle.
pub trait File: DeserializeOwned {
    /// Whether the file bears the number of its format.
    const HAS_FORMAT: bool = false;
}

impl File for Front {}
impl File for Month {}
impl File for NameFile {}
impl File for PageFile {}
impl File for ShardFile {}
impl File for Manifest {
    const HAS_FORMAT: bool = true;
}

/// What a later format has in common with this one.
#[derive(Deserialize)]
struct AnyFormat {
    format: u32,
}

/// The file's bytes: JSON without white space, the same for the same value.
///
/// # Panics
/// Never: all keys of the format's maps are strings.
pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("the format's types always have a JSON form")
}

/// The JSON array of items that are JSON already: the same bytes as those of the items' values encoded
/// together.
pub fn array<T: AsRef<[u8]>>(items: &[T]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(items.iter().map(|item| item.as_ref().len() + 1).sum::<usize>() + 2);
    bytes.push(b'[');
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            bytes.push(b',');
        }
        bytes.extend_from_slice(item.as_ref());
    }
    bytes.push(b']');
    bytes
}

/// The file in these bytes.
///
/// # Errors
/// Fails if the version is not [`FORMAT`], or the bytes are not the JSON of the type.
pub fn decode<T: File>(bytes: &[u8]) -> Result<T, DecodeError> {
    let document = Document::parse(bytes)?;
    if T::HAS_FORMAT {
        // A later format may have changed anything but its number, so that is looked at first.
        let AnyFormat { format } = document.read()?;
        if format != FORMAT {
            return Err(DecodeError::Format(format));
        }
    }
    Ok(document.read()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_of_encoded_items_is_the_encoded_array() {
        for items in [vec![], vec!["甲"], vec!["甲", "\"", ""]] {
            let encoded: Vec<Vec<u8>> = items.iter().map(encode).collect();
            assert_eq!(array(&encoded), encode(&items));
        }
    }

    #[test]
    fn a_newer_format_is_told_from_a_broken_file() {
        assert!(matches!(decode::<Manifest>(br#"{"format":2,"anything":[]}"#), Err(DecodeError::Format(2))));
        assert!(matches!(decode::<Manifest>(b"<!DOCTYPE html>"), Err(DecodeError::Json(_))));
        assert!(matches!(decode::<Manifest>(br#"{"format":1}"#), Err(DecodeError::Json(_))));
    }
}
