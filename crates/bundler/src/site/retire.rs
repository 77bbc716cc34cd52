//! Taking files away: those that no manifest reaches any more, and those that tell of purged stories.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use bundle::{MANIFEST_PATH, Store};

use super::copy::{COPIES, without_copy};
use super::files::{SiteFile, SiteFiles};
use super::{PAGES, Site, lines};
use crate::compress;

/// How many files stay at most that no manifest reaches any more: some hosts take 20,000 in all.
const RETIRED: usize = 5000;

impl Site {
    /// Takes away files that no manifest has reached for long enough, or too many of them, or with a story
    /// that was purged.
    ///
    /// They stay for some days so that a page opened before, or a deploy half way, still finds them. Returns
    /// all files that the site has now, and those taken away. `purged` are the slugs purged by this
    /// build.
    ///
    /// # Errors
    /// Where a file cannot be taken away; the site is done all the same.
    pub(crate) fn retire(&mut self, clock: i64, purged: &[String]) -> Result<(SiteFiles, Vec<String>)> {
        let (mut files, pages) = {
            let mut stats = self.stats();
            (std::mem::take(&mut stats.files), std::mem::take(&mut stats.pages))
        };
        let known = std::mem::take(&mut self.state.retired);
        let since = |path: &String| known.get(path).copied().unwrap_or(clock).min(clock);
        // Pages of others name these files with their checksums, and nobody knows which.
        let pinned: Vec<(&String, &u64)> =
            self.there.iter().filter(|(path, _)| is_pinned(path) && !files.contains_key(*path)).collect();
        files.extend(pinned.into_iter().map(|(path, length)| (path.clone(), SiteFile::hashed(*length))));
        let mut unreached: Vec<(i64, &String)> = self
            .there
            .keys()
            .filter(|path| !files.contains_key(*path))
            .map(|path| (since(path), path))
            .collect();
        unreached.sort_unstable_by(|a, b| (b.0, &a.1).cmp(&(a.0, &b.1)));
        let keep = i64::from(self.state.keep_days) * 86_400;
        let all_purged: Vec<String> = self.state.purged_slugs().chain(purged).cloned().collect();
        let count = self.state.purged.len() + self.state.purged_posts.len();
        let is_searched = std::mem::replace(&mut self.state.searched, count) == count;
        let (mut kept, mut removed) = (BTreeMap::new(), Vec::new());
        for (since, path) in unreached {
            // What was retired before was searched before, if the build that was to do so came to its end.
            let slugs = if known.contains_key(path) && is_searched { purged } else { &all_purged };
            if clock - since < keep && kept.len() < RETIRED && !self.tells_of(path, slugs) {
                files.insert(path.clone(), SiteFile::hashed(self.there[path]));
                kept.insert(path.clone(), since);
            } else {
                removed.push(path.clone());
            }
        }
        self.state.retired = kept;
        self.save_state()?;
        // A copy of an older manifest would be served for ever.
        let copies = COPIES.iter().map(|copy| format!("{MANIFEST_PATH}{}", copy.extension));
        removed.extend(copies.filter(|copy| !files.contains_key(copy) && self.root.join(copy).exists()));
        if !self.bundle_only {
            removed.extend(
                self.pages.difference(&pages).filter(|path| !path.starts_with(MANIFEST_PATH)).cloned(),
            );
        }
        for path in &removed {
            match fs::remove_file(self.root.join(path)) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(error).with_context(|| {
                        format!("{path} could not be taken away; the site is done all the same")
                    });
                }
                _ => {}
            }
            // Folders that have become empty go too.
            for folder in
                Path::new(path).ancestors().skip(1).take_while(|folder| !folder.as_os_str().is_empty())
            {
                if path.starts_with("bundle/") || fs::remove_dir(self.root.join(folder)).is_err() {
                    break;
                }
            }
        }
        if !self.bundle_only {
            self.stage.place(PAGES, lines(&pages).as_bytes())?;
        }
        Ok((files, removed))
    }

    /// Whether a file of the bundle tells of stories with one of these slugs, or cannot be read to see.
    fn tells_of(&self, path: &str, slugs: &[String]) -> bool {
        if slugs.is_empty() || !path.starts_with("bundle/") {
            return false;
        }
        // A compressed copy tells what its file does.
        let path = without_copy(path);
        let read = || -> Result<String> {
            let stored = fs::read(self.root.join(path))?;
            let json =
                if path.ends_with(Store::Gzip.extension()) { compress::gunzip(&stored)? } else { stored };
            Ok(String::from_utf8_lossy(&json).into_owned())
        };
        // A slug stands by itself or at the end of a key, behind the seconds.
        let tells = |json: &str, slug: &str| {
            json.contains(&format!("\"slug\":\"{slug}\""))
                || json.match_indices(&format!("-{slug}\"")).any(|(at, _)| {
                    json[..at]
                        .trim_end_matches(|c: char| c.is_ascii_digit() || c == '-')
                        .ends_with("\"oldest\":\"")
                })
        };
        read().map_or(true, |json| slugs.iter().any(|slug| tells(&json, slug)))
    }
}

/// Whether a file is of the widget's, which pages of others may name for ever.
fn is_pinned(path: &str) -> bool {
    hosting::is_pinned(without_copy(path)) || path.starts_with("assets/headlines-")
}
