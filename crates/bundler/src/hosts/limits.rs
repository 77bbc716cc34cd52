//! The limits of hosts.

use std::collections::BTreeMap;

use super::Host;
use crate::site::files::SiteFiles;

/// A host's limits, as documented in November 2026.
struct Limits {
    name: &'static str,
    files: usize,
    /// Whether `files` limits each folder instead of the site.
    per_folder: bool,
    file_bytes: u64,
    bytes: u64,
}

/// The number of stories in a large bundle. A smaller bundle has shorter files, so its number of stories per
/// file does not predict that of a large one.
const LARGE_BUNDLE: usize = 100_000;
/// The number of stories per file in a large bundle: a bundle of a million stories has 19,945 files
/// (`cargo xtask bench archive`).
const STORIES_PER_FILE: usize = 50;
/// The largest number of stories, for each file that a host allows, whose search index is in small files. These have about ten
/// stories each (`cargo xtask bench search --cut whole`), and some stay for readers who have a page open.
const WHOLE_STORIES_PER_FILE: usize = 6;
/// The number of files of a larger archive's search index, whose newest season alone is in small files: 42,800 of a million
/// stories.
const SEARCH_FILES: usize = 5_000;

impl Host {
    const fn limits(self) -> Option<Limits> {
        const MIB: u64 = 1 << 20;
        match self {
            // https://docs.github.com/pages/getting-started-with-github-pages/github-pages-limits
            Self::GithubPages => Some(Limits {
                name: "GitHub Pages",
                files: usize::MAX,
                per_folder: false,
                file_bytes: 100 * MIB,
                bytes: 1 << 30,
            }),
            // https://developers.cloudflare.com/pages/platform/limits/
            Self::Cloudflare => Some(Limits {
                name: "Cloudflare Pages",
                files: 20_000,
                per_folder: false,
                file_bytes: 25 * MIB,
                bytes: u64::MAX,
            }),
            // https://docs.netlify.com/deploy/create-deploys/ : 54,000 files per folder
            Self::Netlify => Some(Limits {
                name: "Netlify",
                files: 54_000,
                per_folder: true,
                file_bytes: u64::MAX,
                bytes: u64::MAX,
            }),
            Self::S3 | Self::Nginx | Self::Caddy => None,
        }
    }

    /// The host's name, and the largest size of a file in bytes, if the host limits it.
    pub(crate) fn max_file_bytes(self) -> Option<(&'static str, u64)> {
        self.limits()
            .filter(|limits| limits.file_bytes < u64::MAX)
            .map(|limits| (limits.name, limits.file_bytes))
    }

    /// The largest number of files in a site, if the host limits it.
    pub(crate) fn max_files(self) -> Option<usize> {
        self.limits()
            .filter(|limits| !limits.per_folder && limits.files < usize::MAX)
            .map(|limits| limits.files)
    }

    /// The largest number of stories whose search index may be in small files on this host.
    pub(crate) fn max_whole(self) -> usize {
        self.limits().map_or(usize::MAX, |limits| limits.files.saturating_mul(WHOLE_STORIES_PER_FILE))
    }

    /// Describes how many stories the host has room for. Returns `None` if it does not limit the whole site.
    ///
    /// The bundle grows with the stories, and so do pages if every story has one (`prerender` is `None`);
    /// otherwise pages of older stories can be dropped. A small bundle has more files per story than a
    /// large one, so [`STORIES_PER_FILE`] is used for it, with [`SEARCH_FILES`] if it has search. If the host
    /// limits only bytes, the whole site is assumed to grow with the stories.
    pub(crate) fn capacity(
        self,
        files: &SiteFiles,
        stories: usize,
        prerender: Option<usize>,
    ) -> Option<String> {
        let limits = self.limits().filter(|limits| !limits.per_folder)?;
        if limits.files == usize::MAX {
            let bytes: u64 = files.values().map(|file| file.length).sum();
            let fit = limits.bytes / (bytes / (stories.max(1) as u64)).max(1);
            return Some(format!(
                "{} allows {} bytes: room for about {fit} stories",
                limits.name, limits.bytes
            ));
        }
        let copies = if files.contains_key("index.html.gz") { 3 } else { 1 };
        let bundle_files = files.keys().filter(|path| path.starts_with("bundle/")).count();
        let articles = files.keys().filter(|path| is_article_page(path)).count();
        let (droppable, pages) = match prerender {
            Some(newest) => (articles.saturating_sub(newest) * copies, 0),
            None => (0, copies),
        };
        let has_search = files.keys().any(|path| path.starts_with("bundle/search/"));
        let search = if has_search && stories < LARGE_BUNDLE { copies * SEARCH_FILES } else { 0 };
        // The number of files that a thousand stories need.
        let per_thousand = 1000 * pages
            + if stories < LARGE_BUNDLE {
                copies * 1000 / STORIES_PER_FILE
            } else {
                bundle_files * 1000 / stories
            };
        let used = files.len() - droppable + search;
        let more = limits.files.saturating_sub(used) * 1000 / per_thousand.max(1);
        let fewer = used.saturating_sub(limits.files) * 1000 / per_thousand.max(1);
        let fit = (stories + more).saturating_sub(fewer);
        Some(format!("{} allows {} files: room for about {fit} stories", limits.name, limits.files))
    }

    /// Describes each limit of the host that a site exceeds.
    pub(crate) fn exceeded_limits(self, files: &SiteFiles) -> Vec<String> {
        let Some(limits) = self.limits() else { return Vec::new() };
        let mut exceeded = Vec::new();
        let bytes: u64 = files.values().map(|file| file.length).sum();
        let advice =
            "prerender fewer pages (--prerender), keep no unused files (--keep-days 0) or use --store gzip";
        let count = if limits.per_folder { largest_folder(files) } else { files.len() };
        if count > limits.files {
            let (per, owner) =
                if limits.per_folder { (" per folder", "one folder") } else { ("", "the site") };
            exceeded.push(format!(
                "{} allows {} files{per}; {owner} has {count}: {advice}",
                limits.name, limits.files
            ));
        }
        if bytes > limits.bytes {
            exceeded.push(format!(
                "{} allows {} bytes per site; this one has {bytes}: {advice}",
                limits.name, limits.bytes
            ));
        }
        for (path, file) in files.iter().filter(|(_, file)| file.length > limits.file_bytes) {
            exceeded.push(format!(
                "{} allows {} bytes per file; {path} has {}",
                limits.name, limits.file_bytes, file.length
            ));
        }
        exceeded
    }
}

/// Whether a file is an article's page.
pub(crate) fn is_article_page(path: &str) -> bool {
    path.ends_with(".html") && path.matches('/').count() >= 3
}

fn largest_folder(files: &SiteFiles) -> usize {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for path in files.keys() {
        *counts.entry(path.rsplit_once('/').map_or("", |(folder, _)| folder)).or_default() += 1;
    }
    counts.into_values().max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::files::SiteFile;

    #[test]
    fn a_host_s_capacity_is_given_in_stories_and_counts_the_whole_site() {
        let file = SiteFile::hashed(1);
        let site = |bundle: usize, others: usize| -> SiteFiles {
            let bundle = (0..bundle).map(|at| format!("bundle/shards/{at}.json"));
            bundle.chain((0..others).map(|at| format!("{at}.html"))).map(|path| (path, file)).collect()
        };
        let capacity =
            |files: &SiteFiles, stories| Host::Cloudflare.capacity(files, stories, Some(500)).unwrap();
        // A small site grows by the ratio of a large one.
        assert_eq!(
            capacity(&site(100, 900), 1000),
            "Cloudflare Pages allows 20000 files: room for about 951000 stories"
        );
        // So does its search index, whose files are small only for the newest season then.
        let mut searched = site(100, 900);
        searched.insert("bundle/search/a.bin".to_owned(), file);
        assert!(capacity(&searched, 1000).ends_with(" 700950 stories"), "{}", capacity(&searched, 1000));
        // A large site has its own ratio.
        assert!(
            capacity(&site(5000, 1000), 400_000).ends_with(" 1566666 stories"),
            "{}",
            capacity(&site(5000, 1000), 400_000)
        );
        assert!(capacity(&site(20_000, 1000), 1_000_000).ends_with(" 950000 stories"));
        // Pages of old stories can be dropped, unless all stories have pages.
        let mut full = site(100, 900);
        full.extend((0..18_500).map(|at| (format!("a/2026/05/01/{at}.html"), file)));
        assert!(capacity(&full, 20_000).ends_with(" 945000 stories"), "{}", capacity(&full, 20_000));
        let all = Host::Cloudflare.capacity(&full, 18_500, None).unwrap();
        assert!(all.ends_with(" 18990 stories"), "{all}");
        assert!(
            Host::GithubPages
                .capacity(&site(1000, 0), 1, Some(500))
                .unwrap()
                .ends_with("about 1073741 stories")
        );
        assert_eq!(Host::Nginx.capacity(&site(1, 1), 1, Some(500)), None);
    }

    #[test]
    fn exceeded_limits_are_reported_with_advice() {
        let file = |length| SiteFile::hashed(length);
        let site =
            |count: usize, length| (0..count).map(|at| (at.to_string(), file(length))).collect::<SiteFiles>();
        assert!(Host::Cloudflare.exceeded_limits(&site(20_000, 1)).is_empty());
        let many = Host::Cloudflare.exceeded_limits(&site(20_001, 1));
        assert!(
            many[0].contains("Cloudflare Pages allows 20000 files; the site has 20001")
                && many[0].contains("--prerender"),
            "{many:?}"
        );
        assert!(
            Host::Cloudflare.exceeded_limits(&site(1, 26 << 20))[0]
                .contains("26214400 bytes per file; 0 has 27262976")
        );
        assert!(Host::GithubPages.exceeded_limits(&site(2, 600 << 20))[0].contains("bytes per site"));
        assert!(Host::Nginx.exceeded_limits(&site(100_000, 1)).is_empty());
    }
}
