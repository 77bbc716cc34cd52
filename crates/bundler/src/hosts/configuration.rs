//! Writes host configuration beside a site, where the publisher may have edited it.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// Writes a host's configuration, or a file ending in `.new` if the existing file has been edited.
///
/// The hash in a file's first line shows whether the file has been edited. JSON files have no such line and
/// are always replaced.
///
/// # Errors
/// Fails if the file cannot be written.
pub(crate) fn write_configuration(path: &Path, text: &str) -> Result<()> {
    let checksum = |text: &str| hex::encode(Sha256::digest(text))[..16].to_owned();
    // JSON has no comments.
    let text = if text.starts_with('{') {
        text.to_owned()
    } else {
        format!("# finews {}: builds replace this file until you edit it.\n{text}", checksum(text))
    };
    let existing = fs::read_to_string(path).ok();
    let is_edited = existing.as_deref().is_some_and(|existing| {
        match existing.strip_prefix("# finews ").and_then(|rest| rest.split_once('\n')) {
            Some((line, rest)) => !line.starts_with(&checksum(rest)),
            None => !existing.starts_with('{'),
        }
    });
    if is_edited {
        let new_path = path.with_added_extension("new");
        fs::write(&new_path, text).with_context(|| format!("{} could not be written", new_path.display()))?;
        eprintln!(
            "{} has been edited, so it is unchanged; the new version is in {}",
            path.display(),
            new_path.display()
        );
        return Ok(());
    }
    fs::write(path, text).with_context(|| format!("{} could not be written", path.display()))
}
