//! Encodes values into the bundle's JSON files and decodes them; checks the format's version.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::article::Article;
use crate::document::{Document, JsonError};
use crate::list::PageFile;
use crate::manifest::{Front, Manifest, NameFile};
use crate::month::{Month, ShardFile};

/// The version of the format that this crate writes and reads.
pub const FORMAT: u32 = 2;

/// Why bytes are not a file of the bundle.
#[derive(Debug)]
pub enum DecodeError {
    /// The manifest has the format of this number, which is not [`FORMAT`].
    Format(u32),
    /// The bytes are not the expected JSON.
    Json(JsonError),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format(format) => {
                write!(f, "the bundle has format {format}; this reader knows format {FORMAT}")
            }
            Self::Json(error) => write!(f, "not the expected JSON: {error}"),
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
    /// Whether the file has a `format` field, which [`decode`] checks.
    const HAS_FORMAT: bool = false;
}

impl File for Article {}
impl File for Front {}

impl File for Month {}
impl File for NameFile {}
impl File for PageFile {}
impl File for ShardFile {}
impl File for Manifest {
    const HAS_FORMAT: bool = true;
}

/// The one field that every format has.
#[derive(Deserialize)]
struct AnyFormat {
    format: u32,
}

/// Encodes a value as JSON without white space. Equal values give equal bytes.
///
/// # Panics
/// Never: all keys of the format's maps are strings.
pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("the format's types always have a JSON form")
}

/// Joins items that are already JSON into an array: the same bytes as if their values were encoded together.
pub fn join_array<T: AsRef<[u8]>>(items: &[T]) -> Vec<u8> {
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

/// Decodes a file.
///
/// # Errors
/// Fails if the manifest's format is not [`FORMAT`], or the bytes are not the type's JSON.
pub fn decode<T: File>(bytes: &[u8]) -> Result<T, DecodeError> {
    let document = Document::parse(bytes)?;
    if T::HAS_FORMAT {
        // A later format may have changed everything else, so its number is read first.
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
            assert_eq!(join_array(&encoded), encode(&items));
        }
    }

    #[test]
    fn a_newer_format_is_distinguished_from_a_broken_file() {
        assert!(matches!(decode::<Manifest>(br#"{"format":3,"anything":[]}"#), Err(DecodeError::Format(3))));
        assert!(matches!(decode::<Manifest>(b"<!DOCTYPE html>"), Err(DecodeError::Json(_))));
        assert!(matches!(decode::<Manifest>(br#"{"format":2}"#), Err(DecodeError::Json(_))));
    }
}
