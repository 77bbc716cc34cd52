//! A file of the bundle as JSON, from which callers read only the values they need.

use std::fmt;
use std::marker::PhantomData;

#[cfg(target_arch = "wasm32")]
use js_sys::{JSON, Object, Reflect};
use serde::Deserialize;
#[cfg(not(target_arch = "wasm32"))]
use serde::de::MapAccess;
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, IgnoredAny, SeqAccess, Visitor};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen::JsValue;

#[cfg(target_arch = "wasm32")]
use crate::js::{Mismatch, Value, is_object};

/// Why JSON does not have the requested type. In the browser it carries no details, which nobody would read.
#[cfg(not(target_arch = "wasm32"))]
pub type JsonError = serde_json::Error;
/// Why JSON does not have the requested type. In the browser it carries no details, which nobody would read.
#[cfg(target_arch = "wasm32")]
pub type JsonError = Mismatch;

/// The JSON of a file: text natively; in the browser the result of `JSON.parse`, so that the reader downloads
/// no second parser.
#[derive(Debug)]
pub struct Document {
    #[cfg(not(target_arch = "wasm32"))]
    json: Vec<u8>,
    #[cfg(target_arch = "wasm32")]
    json: JsValue,
}

#[cfg(not(target_arch = "wasm32"))]
impl Document {
    /// Parses a file.
    ///
    /// # Errors
    /// Never fails natively: there the methods that read values parse the bytes, and fail if they are not
    /// JSON.
    pub fn parse(bytes: &[u8]) -> Result<Self, JsonError> {
        Ok(Self { json: bytes.to_vec() })
    }

    fn deserialize<'a, S: DeserializeSeed<'a>>(&'a self, seed: S) -> Result<S::Value, JsonError> {
        let mut json = serde_json::Deserializer::from_slice(&self.json);
        let value = seed.deserialize(&mut json)?;
        json.end()?;
        Ok(value)
    }

    /// Reads the value at a path of keys, such as `["lists", "category/emnews"]`, and skips everything else.
    /// Returns `None` if a key of the path does not exist.
    ///
    /// # Errors
    /// Fails if the value has another type.
    pub fn at<T: DeserializeOwned>(&self, path: &[&str]) -> Result<Option<T>, JsonError> {
        self.deserialize(At { path, value: PhantomData })
    }
}

#[cfg(target_arch = "wasm32")]
impl Document {
    /// Parses a file.
    ///
    /// # Errors
    /// Fails if the bytes are not JSON.
    pub fn parse(bytes: &[u8]) -> Result<Self, JsonError> {
        let text = std::str::from_utf8(bytes).map_err(|_| Mismatch)?;
        Ok(Self { json: JSON::parse(text).map_err(|_| Mismatch)? })
    }

    fn deserialize<'a, S: DeserializeSeed<'a>>(&'a self, seed: S) -> Result<S::Value, JsonError> {
        seed.deserialize(Value(&self.json))
    }

    /// Reads the value at a path of keys, such as `["lists", "category/emnews"]`, and skips everything else.
    /// Returns `None` if a key of the path does not exist.
    ///
    /// # Errors
    /// Fails if the value has another type.
    pub fn at<T: DeserializeOwned>(&self, path: &[&str]) -> Result<Option<T>, JsonError> {
        let mut value = self.json.clone();
        for key in path {
            if !is_object(&value) {
                return Err(Mismatch);
            }
            let (object, key) = (Object::from(value), JsValue::from_str(key));
            if !Object::has_own(&object, &key) {
                return Ok(None);
            }
            value = Reflect::get(&object, &key).map_err(|_| Mismatch)?;
        }
        T::deserialize(Value(&value)).map(Some)
    }
}

impl Document {
    /// Reads the whole document.
    ///
    /// # Errors
    /// Fails if the document has another type.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        self.deserialize(PhantomData)
    }

    /// Reads the first matching item of an array. `is_match` decides by an item's part `K`; of the other
    /// items, only this part is read.
    ///
    /// # Errors
    /// Fails if the document is not an array whose items have such a part, or the item that is found has
    /// another type.
    pub fn find<K: DeserializeOwned, T: DeserializeOwned>(
        &self,
        is_match: impl Fn(&K) -> bool,
    ) -> Result<Option<T>, JsonError> {
        match self.read::<Vec<K>>()?.iter().position(is_match) {
            Some(position) => self.deserialize(Nth { position, value: PhantomData }),
            None => Ok(None),
        }
    }
}

/// Reads the item at one position of an array.
struct Nth<T> {
    position: usize,
    value: PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for Nth<T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Nth<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Option<T>, A::Error> {
        for _ in 0..self.position {
            items.next_element::<IgnoredAny>()?;
        }
        let found = items.next_element()?;
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(found)
    }
}

/// Reads the value at a path of keys.
#[cfg(not(target_arch = "wasm32"))]
struct At<'a, T> {
    path: &'a [&'a str],
    value: PhantomData<T>,
}

#[cfg(not(target_arch = "wasm32"))]
impl<'de, T: Deserialize<'de>> DeserializeSeed<'de> for At<'_, T> {
    type Value = Option<T>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        if self.path.is_empty() {
            T::deserialize(deserializer).map(Some)
        } else {
            deserializer.deserialize_map(self)
        }
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl<'de, T: Deserialize<'de>> Visitor<'de> for At<'_, T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<T>, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<String>()? {
            match self.path.split_first() {
                Some((first, path)) if key == *first => {
                    found = map.next_value_seed(At { path, value: PhantomData })?;
                }
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_found_by_its_path() {
        let document =
            Document::parse(br#"{"before":{"x":7},"lists":{"a/b":3,"a":"no number"},"after":[]}"#).unwrap();
        assert_eq!(document.at::<u32>(&["lists", "a/b"]).unwrap(), Some(3));
        assert_eq!(document.at::<u32>(&["lists", "c"]).unwrap(), None);
        assert_eq!(document.at::<u32>(&["nothing", "a"]).unwrap(), None);
        assert!(document.at::<u32>(&["lists", "a"]).is_err());
        assert!(document.at::<u32>(&["after", "a"]).is_err());
    }

    #[test]
    fn an_item_is_found_by_a_part_of_it() {
        #[derive(Deserialize)]
        struct Key {
            key: u32,
        }
        #[derive(Debug, PartialEq, Deserialize)]
        struct Item {
            value: String,
        }
        let document =
            Document::parse(br#"[{"key":1,"value":[]},{"key":2,"value":"two"},{"key":3}]"#).unwrap();
        let find = |wanted: u32| document.find::<Key, Item>(move |item| item.key == wanted);
        assert_eq!(find(2).unwrap(), Some(Item { value: "two".into() }));
        assert_eq!(find(4).unwrap(), None);
        assert!(find(1).is_err(), "the item that matches has another type");
    }
}
