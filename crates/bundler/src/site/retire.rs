//! Removes files that the site no longer needs: old unused files, all unused files of the bundle if something
//! is newly purged or kept back, pages that are no longer made, and outdated compressed copies of the manifest.

use std::collections::BTreeMap;

use anyhow::Result;
use bundle::MANIFEST_PATH;

use super::copy::{COPIES, without_copy_extension};
use super::files::{SiteFile, SiteFiles};
use super::state::Sweep;
use super::{PAGES, Site, lines};

/// The largest number of unused files that stay. It is limited because some hosts allow only 20,000 files per
/// site.
const MAX_UNUSED: usize = 5000;

impl Site {
    /// Removes files that the site no longer needs. Returns the site's files and the removed paths.
    ///
    /// Removes unused files that are old enough or exceed [`MAX_UNUSED`]; pages that this build did not make,
    /// unless it writes only the bundle; and compressed copies of older manifests. Other unused files stay for
    /// some days, so that a page opened earlier or an unfinished deploy still finds them, but after a sweep
    /// those of the bundle do not. `clock` is the time in Unix seconds.
    ///
    /// # Errors
    /// Fails if a file cannot be removed, or if the state or the list of pages cannot be written; the site is
    /// complete nevertheless.
    pub(crate) fn retire(&mut self, clock: i64, sweep: Sweep) -> Result<(SiteFiles, Vec<String>)> {
        let (mut files, pages) = {
            let mut stats = self.stats();
            (std::mem::take(&mut stats.files), std::mem::take(&mut stats.pages))
        };
        let known = std::mem::take(&mut self.state.retired);
        let since = |path: &String| known.get(path).copied().unwrap_or(clock).min(clock);
        // Pages of other sites, unknown to finews, may refer to these files by checksum, so the files stay.
        let pinned: Vec<(&String, &u64)> =
            self.existing.iter().filter(|(path, _)| is_pinned(path) && !files.contains_key(*path)).collect();
        files.extend(pinned.into_iter().map(|(path, length)| (path.clone(), SiteFile::hashed(*length))));
        let mut unreached: Vec<(i64, &String)> = self
            .existing
            .keys()
            .filter(|path| !files.contains_key(*path))
            .map(|path| (since(path), path))
            .collect();
        unreached.sort_unstable_by(|a, b| (b.0, &a.1).cmp(&(a.0, &b.1)));
        let keep_seconds = i64::from(self.state.keep_days) * 86_400;
        let (mut kept, mut removed) = (BTreeMap::new(), Vec::new());
        for (since, path) in unreached {
            // Rows, names and counts of a story are in many files, so none of them stays.
            let is_swept = sweep.is_needed && path.starts_with("bundle/");
            if clock - since < keep_seconds && kept.len() < MAX_UNUSED && !is_swept {
                files.insert(path.clone(), SiteFile::hashed(self.existing[path]));
                kept.insert(path.clone(), since);
            } else {
                removed.push(path.clone());
            }
        }
        self.state.retired = kept;
        // Hosts would keep sending a compressed copy of an older manifest.
        let copies = COPIES.iter().map(|copy| format!("{MANIFEST_PATH}{}", copy.extension));
        removed.extend(copies.filter(|copy| !files.contains_key(copy) && self.root.join(copy).exists()));
        if !self.bundle_only {
            removed.extend(
                self.pages.difference(&pages).filter(|path| !path.starts_with(MANIFEST_PATH)).cloned(),
            );
        }
        for path in &removed {
            super::remove(&self.root, path)?;
        }
        if !self.bundle_only {
            self.stage.place(PAGES, lines(&pages).as_bytes())?;
        }
        // Only now is it certain that nothing of what is kept back is left.
        self.state.swept = sweep.swept;
        self.save_state()?;
        Ok((files, removed))
    }
}

/// Whether a file belongs to the widget and may be pinned by other pages.
fn is_pinned(path: &str) -> bool {
    hosting::is_pinned(without_copy_extension(path)) || path.starts_with("assets/headlines-")
}
