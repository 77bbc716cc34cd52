//! What hosts take at most.

use std::collections::BTreeMap;

use super::Host;
use crate::site::files::SiteFiles;

/// What a host takes at most, as its documentation says in November 2026.
struct Limits {
    name: &'static str,
    files: usize,
    /// Whether that is how many a folder may have, rather than the site.
    a_folder: bool,
    file_bytes: u64,
    bytes: u64,
}

/// A bundle of fewer stories has short files, and says nothing of a larger one.
const LARGE: usize = 100_000;
/// How many stories a file of a large bundle has: a million take 19,945 (`cargo xtask bench archive`).
const STORIES_A_FILE: usize = 50;

impl Host {
    const fn limits(self) -> Option<Limits> {
        const MIB: u64 = 1 << 20;
        match self {
            // https://docs.github.com/pages/getting-started-with-github-pages/github-pages-limits
            Self::GithubPages => Some(Limits {
                name: "GitHub Pages",
                files: usize::MAX,
                a_folder: false,
                file_bytes: 100 * MIB,
                bytes: 1 << 30,
            }),
            // https://developers.cloudflare.com/pages/platform/limits/
            Self::Cloudflare => Some(Limits {
                name: "Cloudflare Pages",
                files: 20_000,
                a_folder: false,
                file_bytes: 25 * MIB,
                bytes: u64::MAX,
            }),
            // https://docs.netlify.com/deploy/create-deploys/ : 54,000 files a folder
            Self::Netlify => Some(Limits {
                name: "Netlify",
                files: 54_000,
                a_folder: true,
                file_bytes: u64::MAX,
                bytes: u64::MAX,
            }),
            Self::S3 | Self::Nginx | Self::Caddy => None,
        }
    }

    /// How many files it takes in all, if it says.
    pub(crate) fn most_files(self) -> Option<usize> {
        self.limits()
            .filter(|limits| !limits.a_folder && limits.files < usize::MAX)
            .map(|limits| limits.files)
    }

    /// For how many stories it has room, if it has a limit that grows with them.
    ///
    /// The bundle grows with the stories, and so do pages if every story has one (`prerender` is `None`). Pages of
    /// stories that are no longer among the newest give way. A small bundle has more files a story than a large
    /// one, so it is reckoned as a large one.
    pub(crate) fn room(self, files: &SiteFiles, stories: usize, prerender: Option<usize>) -> Option<String> {
        let limits = self.limits().filter(|limits| !limits.a_folder)?;
        if limits.files == usize::MAX {
            let bytes: u64 = files.values().map(|file| file.length).sum();
            let fit = limits.bytes / (bytes / (stories.max(1) as u64)).max(1);
            return Some(format!(
                "{} takes {} bytes: room for about {fit} stories",
                limits.name, limits.bytes
            ));
        }
        let copies = if files.contains_key("index.html.gz") { 3 } else { 1 };
        let of_bundle = files.keys().filter(|path| path.starts_with("bundle/")).count();
        let articles = files.keys().filter(|path| is_article(path)).count();
        let (given_way, pages) = match prerender {
            Some(newest) => (articles.saturating_sub(newest) * copies, 0),
            None => (0, copies),
        };
        // Files that a thousand stories need.
        let a_thousand = 1000 * pages
            + if stories < LARGE { copies * 1000 / STORIES_A_FILE } else { of_bundle * 1000 / stories };
        let used = files.len() - given_way;
        let more = limits.files.saturating_sub(used) * 1000 / a_thousand.max(1);
        let fewer = used.saturating_sub(limits.files) * 1000 / a_thousand.max(1);
        let fit = (stories + more).saturating_sub(fewer);
        Some(format!("{} takes {} files: room for about {fit} stories", limits.name, limits.files))
    }

    /// What of a site goes beyond what it takes, a sentence each.
    pub(crate) fn complaints(self, files: &SiteFiles) -> Vec<String> {
        let Some(limits) = self.limits() else { return Vec::new() };
        let mut complaints = Vec::new();
        let bytes: u64 = files.values().map(|file| file.length).sum();
        let fewer = "fewer pages (--prerender), no old files (--keep-days 0) or --store gzip make it smaller";
        let count = if limits.a_folder { most_in_a_folder(files) } else { files.len() };
        if count > limits.files {
            let of = if limits.a_folder { " a folder" } else { "" };
            complaints.push(format!(
                "{} takes {} files{of}; the site has {count}: {fewer}",
                limits.name, limits.files
            ));
        }
        if bytes > limits.bytes {
            complaints.push(format!(
                "{} takes {} bytes a site; this one has {bytes}: {fewer}",
                limits.name, limits.bytes
            ));
        }
        for (path, file) in files.iter().filter(|(_, file)| file.length > limits.file_bytes) {
            complaints.push(format!(
                "{} takes files of {} bytes; {path} has {}",
                limits.name, limits.file_bytes, file.length
            ));
        }
        complaints
    }
}

/// Whether a file is a story's page.
pub(crate) fn is_article(path: &str) -> bool {
    path.ends_with(".html") && path.matches('/').count() >= 3
}

fn most_in_a_folder(files: &SiteFiles) -> usize {
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
    fn a_host_s_room_is_told_in_stories_and_counts_the_whole_site() {
        let file = SiteFile::hashed(1);
        let site = |bundle: usize, others: usize| -> SiteFiles {
            let bundle = (0..bundle).map(|at| format!("bundle/shards/{at}.json"));
            bundle.chain((0..others).map(|at| format!("{at}.html"))).map(|path| (path, file)).collect()
        };
        let room = |files: &SiteFiles, stories| Host::Cloudflare.room(files, stories, Some(500)).unwrap();
        // Of a small site it is reckoned by what a large one has.
        assert_eq!(
            room(&site(100, 900), 1000),
            "Cloudflare Pages takes 20000 files: room for about 951000 stories"
        );
        // Of a large one by its own.
        assert!(
            room(&site(5000, 1000), 400_000).ends_with(" 1566666 stories"),
            "{}",
            room(&site(5000, 1000), 400_000)
        );
        assert!(room(&site(20_000, 1000), 1_000_000).ends_with(" 950000 stories"));
        // Pages of old stories give way to newer ones, unless all stories have pages.
        let mut full = site(100, 900);
        full.extend((0..18_500).map(|at| (format!("a/2026/05/01/{at}.html"), file)));
        assert!(room(&full, 20_000).ends_with(" 945000 stories"), "{}", room(&full, 20_000));
        let all = Host::Cloudflare.room(&full, 18_500, None).unwrap();
        assert!(all.ends_with(" 18990 stories"), "{all}");
        assert!(
            Host::GithubPages.room(&site(1000, 0), 1, Some(500)).unwrap().ends_with("about 1073741 stories")
        );
        assert_eq!(Host::Nginx.room(&site(1, 1), 1, Some(500)), None);
    }

    #[test]
    fn a_host_s_limits_are_said_with_what_to_do() {
        let file = |length| SiteFile::hashed(length);
        let site =
            |count: usize, length| (0..count).map(|at| (at.to_string(), file(length))).collect::<SiteFiles>();
        assert!(Host::Cloudflare.complaints(&site(20_000, 1)).is_empty());
        let many = Host::Cloudflare.complaints(&site(20_001, 1));
        assert!(
            many[0].contains("Cloudflare Pages takes 20000 files; the site has 20001")
                && many[0].contains("--prerender"),
            "{many:?}"
        );
        assert!(
            Host::Cloudflare.complaints(&site(1, 26 << 20))[0]
                .contains("files of 26214400 bytes; 0 has 27262976")
        );
        assert!(Host::GithubPages.complaints(&site(2, 600 << 20))[0].contains("bytes a site"));
        assert!(Host::Nginx.complaints(&site(100_000, 1)).is_empty());
    }
}
