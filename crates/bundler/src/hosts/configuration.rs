//! Configuration that stands beside a site, and may have been edited there.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// Writes a host's configuration, unless somebody has edited the one that is there: its first line tells.
///
/// # Errors
/// Where it cannot be written.
pub(crate) fn write_configuration(path: &Path, text: &str) -> Result<()> {
    let sealed = |text: &str| hex::encode(Sha256::digest(text))[..16].to_owned();
    // JSON has no comments.
    let text = if text.starts_with('{') {
        text.to_owned()
    } else {
        format!("# finews {}: as long as nobody edits this file, a build replaces it.\n{text}", sealed(text))
    };
    let there = fs::read_to_string(path).ok();
    let is_edited = there.as_deref().is_some_and(|there| {
        match there.strip_prefix("# finews ").and_then(|rest| rest.split_once('\n')) {
            Some((line, rest)) => !line.starts_with(&sealed(rest)),
            None => !there.starts_with('{'),
        }
    });
    if is_edited {
        let beside = path.with_added_extension("new");
        fs::write(&beside, text).with_context(|| format!("{} could not be written", beside.display()))?;
        eprintln!(
            "{} was edited and is left as it is; what finews would write is in {}",
            path.display(),
            beside.display()
        );
        return Ok(());
    }
    fs::write(path, text).with_context(|| format!("{} could not be written", path.display()))
}
