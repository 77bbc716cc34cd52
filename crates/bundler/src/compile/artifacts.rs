//! Artifacts: the results of expensive steps, cached for the next build.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use anyhow::Result;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::cache::Cache;
use crate::digest::Digest;

const NAME: &str = "parts";

/// Artifacts by the digest of their inputs.
#[derive(Default)]
pub(crate) struct ArtifactCache {
    known: Artifacts,
    /// The artifacts of this build: known ones that were used, and new ones.
    used: Mutex<Artifacts>,
}

/// Each artifact is stored as JSON.
type Artifacts = HashMap<Digest, String>;

impl ArtifactCache {
    /// Loads the artifacts of the last build.
    pub(crate) fn load(cache: &Cache) -> Self {
        Self { known: cache.read(NAME).unwrap_or_default(), used: Mutex::default() }
    }

    /// Saves the artifacts of this build.
    ///
    /// # Errors
    /// Fails if the cache cannot be written.
    pub(crate) fn save(self, cache: &Cache) -> Result<()> {
        cache.write(NAME, &self.used.into_inner().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the artifact of `key`, the digest of its inputs, from the cache if it is there and satisfies
    /// `is_valid`; otherwise builds it.
    ///
    /// # Errors
    /// Fails if the artifact cannot be built.
    pub(crate) fn get_or_build<T: Serialize + DeserializeOwned>(
        &self,
        key: Digest,
        is_valid: impl Fn(&T) -> bool,
        build: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let known = self
            .known
            .get(&key)
            .and_then(|json| Some((serde_json::from_str(json).ok().filter(&is_valid)?, json.clone())));
        let (artifact, json) = if let Some(known) = known {
            known
        } else {
            let artifact = build()?;
            let json = serde_json::to_string(&artifact)?;
            (artifact, json)
        };
        self.used.lock().unwrap_or_else(PoisonError::into_inner).insert(key, json);
        Ok(artifact)
    }
}
