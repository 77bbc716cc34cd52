//! The cache's record of a site's files.

use anyhow::Result;

use super::files::SiteFiles;
use crate::cache::Cache;

const BUILT: &str = "built";
const LISTED: &str = "listed";

/// The site's files after its last build. Empty if this cache does not belong to that build.
pub(crate) fn built_files(cache: &Cache, build: i64) -> SiteFiles {
    let remembered: Option<(i64, SiteFiles)> = cache.read(BUILT);
    remembered.filter(|(of, _)| *of == build).map(|(_, files)| files).unwrap_or_default()
}

/// Saves the site's files after this build.
///
/// # Errors
/// Fails if the cache cannot be written.
pub(crate) fn save_built_files(cache: &Cache, build: i64, files: &SiteFiles) -> Result<()> {
    cache.write(BUILT, &(build, files))
}

/// The site's files when the last list of changes was written, by whichever version of the program.
pub(crate) fn listed_files(cache: &Cache) -> SiteFiles {
    cache.for_any_program().read(LISTED).unwrap_or_default()
}

/// Saves the site's files for the next list of changes.
///
/// # Errors
/// Fails if the cache cannot be written.
pub(crate) fn save_listed_files(cache: &Cache, files: &SiteFiles) -> Result<()> {
    cache.for_any_program().write(LISTED, files)
}
