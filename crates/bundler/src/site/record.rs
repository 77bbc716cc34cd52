//! The cache's record of a site's files.

use anyhow::Result;

use super::files::SiteFiles;
use crate::cache::Cache;

const BUILT: &str = "built";
const LISTED: &str = "listed";

/// Returns the site's files after its last build, which began at `build` (`State::build`). Returns no files
/// if the cache has no record of that build.
pub(crate) fn built_files(cache: &Cache, build: i64) -> SiteFiles {
    let record: Option<(i64, SiteFiles)> = cache.read(BUILT);
    record.filter(|(saved_build, _)| *saved_build == build).map(|(_, files)| files).unwrap_or_default()
}

/// Saves the record of the site's files after this build.
///
/// # Errors
/// Fails if the cache cannot be written.
pub(crate) fn save_built_files(cache: &Cache, build: i64, files: &SiteFiles) -> Result<()> {
    cache.write(BUILT, &(build, files))
}

/// Returns the site's files at the time of the last list of changes. Any version of finews may have written
/// this record.
pub(crate) fn listed_files(cache: &Cache) -> SiteFiles {
    cache.for_any_program().read(LISTED).unwrap_or_default()
}

/// Saves the record of the site's files for the next list of changes.
///
/// # Errors
/// Fails if the cache cannot be written.
pub(crate) fn save_listed_files(cache: &Cache, files: &SiteFiles) -> Result<()> {
    cache.for_any_program().write(LISTED, files)
}
