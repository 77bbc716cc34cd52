//! What is remembered of a site's files beside it.

use anyhow::Result;

use super::files::SiteFiles;
use crate::cache::Cache;

const BUILT: &str = "built";
const TOLD: &str = "listed";

/// The files of the site when its last build ended, if that was this one; else none.
pub(crate) fn built(cache: &Cache, build: i64) -> SiteFiles {
    let remembered: Option<(i64, SiteFiles)> = cache.read(BUILT);
    remembered.filter(|(of, _)| *of == build).map(|(_, files)| files).unwrap_or_default()
}

/// Remembers the files of the site as this build leaves them.
///
/// # Errors
/// Fails if the cache cannot be written.
pub(crate) fn save_built(cache: &Cache, build: i64, files: &SiteFiles) -> Result<()> {
    cache.write(BUILT, &(build, files))
}

/// The files of the site when changes were last told, whichever program told them.
pub(crate) fn told(cache: &Cache) -> SiteFiles {
    cache.of_any_program().read(TOLD).unwrap_or_default()
}

/// Remembers the files of which changes were told.
///
/// # Errors
/// Fails if the cache cannot be written.
pub(crate) fn save_told(cache: &Cache, files: &SiteFiles) -> Result<()> {
    cache.of_any_program().write(TOLD, files)
}
