//! Parts of the bundle that a build remembers, so that the next one need not make them again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::cache::Cache;
use crate::digest::Digest;

const NAME: &str = "parts";

/// Parts of the bundle by the digest of what they are made of.
#[derive(Default)]
pub(crate) struct ArtifactCache {
    known: Parts,
    /// Of this build: known ones used again, and new ones.
    used: Mutex<Parts>,
}

/// A part is kept as its JSON.
type Parts = HashMap<Digest, String>;

impl ArtifactCache {
    /// The parts as they are remembered.
    pub(crate) fn load(cache: &Cache) -> Self {
        Self { known: cache.read(NAME).unwrap_or_default(), used: Mutex::default() }
    }

    /// Remembers the parts of this build.
    ///
    /// # Errors
    /// Fails if the cache cannot be written.
    pub(crate) fn save(self, cache: &Cache) -> Result<()> {
        cache.write(NAME, &self.used.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// The part made `of` this, if it is remembered and `whole`; else builds it.
    ///
    /// # Errors
    /// Fails if it cannot be built.
    pub(crate) fn get_or_build<T: Serialize + DeserializeOwned>(
        &self,
        of: Digest,
        whole: impl Fn(&T) -> bool,
        make: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let known = self
            .known
            .get(&of)
            .and_then(|json| Some((serde_json::from_str(json).ok().filter(&whole)?, json.clone())));
        let (part, json) = if let Some(known) = known {
            known
        } else {
            let part = make()?;
            let json = serde_json::to_string(&part)?;
            (part, json)
        };
        self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(of, json);
        Ok(part)
    }
}
