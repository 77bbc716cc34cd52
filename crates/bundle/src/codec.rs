//! Bytes to types and back: JSON, and the one check of the version.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::Manifest;

/// The format this crate writes and reads.
pub const FORMAT: u32 = 1;

/// Why bytes are no file of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecodeError {
    /// The manifest is of a format this reader does not know: the number it bears.
    Format(u32),
    /// The bytes are not the JSON expected: what and where.
    Json(String),
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Format(format) => write!(f, "the bundle has format {format}; this reader knows format {FORMAT}"),
            Self::Json(error) => write!(f, "not the JSON expected: {error}"),
        }
    }
}

impl std::error::Error for DecodeError {}

/// A type that is a file of the bundle.
pub trait File: DeserializeOwned {
    /// What to look at before the whole file is decoded.
    ///
    /// # Errors
    /// [`DecodeError::Format`] where the file says that it is of another version.
    fn check(_bytes: &[u8]) -> Result<(), DecodeError> {
        Ok(())
    }
}

impl File for crate::Front {}
impl File for crate::Month {}
impl File for crate::ShardFile {}
impl File for crate::PageFile {}
impl File for crate::Directory {}
impl File for crate::NameFile {}

impl File for Manifest {
    /// A later format may have changed anything but this number, so it is read alone first.
    fn check(bytes: &[u8]) -> Result<(), DecodeError> {
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        match parse::<Version>(bytes)?.format {
            FORMAT => Ok(()),
            other => Err(DecodeError::Format(other)),
        }
    }
}

/// The file's bytes: JSON without white space, the same for the same value.
///
/// # Panics
/// Never: all keys of the format's maps are strings.
pub fn encode<T: Serialize>(value: &T) -> Vec<u8> {
    serde_json::to_vec(value).expect("the format's types always have a JSON form")
}

/// The JSON array of items that are JSON already: the same bytes as those of the items' values encoded together.
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
/// Where the version is not [`FORMAT`], or the bytes are not the JSON of the type.
pub fn decode<T: File>(bytes: &[u8]) -> Result<T, DecodeError> {
    T::check(bytes)?;
    parse(bytes)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, DecodeError> {
    serde_json::from_slice(bytes).map_err(|error| DecodeError::Json(error.to_string()))
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
        assert_eq!(decode::<Manifest>(br#"{"format":2,"anything":[]}"#), Err(DecodeError::Format(2)));
        assert!(matches!(decode::<Manifest>(b"<!DOCTYPE html>"), Err(DecodeError::Json(_))));
        assert!(matches!(decode::<Manifest>(br#"{"format":1}"#), Err(DecodeError::Json(_))));
    }
}
