//! Static hosts: what each reads beside the site's own files, what it answers, and what it takes at most.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use bundle::Folder;
use bundle::address::Base;
use clap::ValueEnum;
use sha2::{Digest as _, Sha256};

use crate::site::SiteFiles;

/// A host that a site is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Host {
    GithubPages,
    Cloudflare,
    Netlify,
    S3,
    Nginx,
    Caddy,
}

/// What a host's files are made from.
pub(crate) struct Place<'a> {
    /// Where the site stands, without a slash at the end; empty where unknown.
    pub(crate) url: &'a str,
    pub(crate) base: &'a Base,
    /// The folder of the site on this machine.
    pub(crate) folder: &'a Path,
    /// The content security policy of its pages.
    pub(crate) policy: &'a str,
    /// The versions of the widget's script that pages may have pinned.
    pub(crate) pinned: Vec<String>,
}

/// What a host takes at most, as its documentation says in November 2026.
struct Limits {
    name: &'static str,
    files: usize,
    /// Whether that is how many a folder may have, rather than the site.
    a_folder: bool,
    file_bytes: u64,
    bytes: u64,
}

/// For as long as a browser keeps anything: these names say what is in the files.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// The widget's script: who has it asks for it once an hour, and not before it is used.
pub(crate) const HOURLY: &str = "public, max-age=3600, stale-while-revalidate=86400";
/// Asked for each time, and answered by a word where nothing has changed.
const ASK: &str = "no-cache";

impl Host {
    /// Whether it answers all addresses of the site with 200, also those that have no file.
    pub(crate) const fn answers_all(self) -> bool {
        matches!(self, Self::Netlify | Self::Nginx | Self::Caddy)
    }

    /// The files it reads in the site, by their paths.
    pub(crate) fn files(self, place: &Place<'_>) -> Vec<(&'static str, String)> {
        match self {
            // Without it Jekyll takes the site for one of its own.
            Self::GithubPages => vec![(".nojekyll", String::new())],
            // It joins the values of all rules that fit, unless one takes off what came before.
            Self::Cloudflare => vec![("_headers", place.headers_file("  ! Content-Security-Policy\n"))],
            // What has a file is answered by it; these come after, the first that fits.
            Self::Netlify => {
                let gone: String = hashed_folders()
                    .map(|folder| format!("{0}{folder}/* {0}404.html 404\n", place.base.as_str()))
                    .collect();
                vec![
                    ("_headers", place.headers_file("")),
                    ("_redirects", format!("{gone}{0}* {0}404.html 200\n", place.base.as_str())),
                ]
            }
            Self::S3 | Self::Nginx | Self::Caddy => Vec::new(),
        }
    }

    /// The files it reads that stand beside the site, for they are nobody's to fetch: what their names end
    /// in, and what is in them.
    pub(crate) fn configuration(self, place: &Place<'_>) -> Vec<(&'static str, String)> {
        match self {
            Self::Nginx => vec![("nginx.conf", place.nginx())],
            Self::Caddy => vec![("Caddyfile", place.caddyfile())],
            Self::S3 => vec![
                ("cloudfront-headers.json", cloudfront_headers("finews", &lasting_policy(place.policy))),
                (
                    "cloudfront-embed-headers.json",
                    cloudfront_headers("finews-embed", &embed_policy(place.policy, place.url)),
                ),
            ],
            Self::GithubPages | Self::Cloudflare | Self::Netlify => Vec::new(),
        }
    }

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

    /// Whether it takes `.html` off addresses, by a redirect.
    pub(crate) const fn strips_html(self) -> bool {
        matches!(self, Self::Cloudflare)
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

fn most_in_a_folder(files: &SiteFiles) -> usize {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for path in files.keys() {
        *counts.entry(path.rsplit_once('/').map_or("", |(folder, _)| folder)).or_default() += 1;
    }
    counts.into_values().max().unwrap_or(0)
}

/// Writes a host's configuration, unless somebody has edited the one that is there: its first line tells.
///
/// # Errors
/// Where it cannot be written.
pub(crate) fn write_configuration(path: &Path, text: &str) -> Result<()> {
    let sealed = |text: &str| format!("{:x}", Sha256::digest(text))[..16].to_owned();
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

/// The folders whose files are named by what is in them, from the site's root.
fn hashed_folders() -> impl Iterator<Item = String> {
    std::iter::once("assets".to_owned())
        .chain(Folder::ALL.iter().map(|folder| format!("bundle/{}", folder.name())))
}

/// The headers of every answer but the policy.
const SAFE: [(&str, &str); 2] = [("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer")];

impl Place<'_> {
    /// The policy as a header that comes and goes with the pages.
    fn policy_header(&self) -> String {
        format!("{}; {FRAMES}", self.policy)
    }

    /// `_headers`, in the form that Cloudflare Pages and Netlify share. Of rules for one path Cloudflare
    /// takes the last; of rules that fit it joins what they say, but for what `detached` takes off.
    fn headers_file(&self, detached: &str) -> String {
        let (base, policy, shared) =
            (self.base.as_str(), "Content-Security-Policy", ("Access-Control-Allow-Origin", "*"));
        let embed = embed_policy(self.policy, self.url);
        let caching = |value| ("Cache-Control", value);
        let mut text = String::new();
        let mut rule = |path: &str, detached: &str, headers: &[(&str, &str)]| {
            text += &format!("{base}{path}\n{detached}");
            for (name, value) in headers {
                text += &format!("  {name}: {value}\n");
            }
        };
        rule("*", "", &[&[(policy, self.policy_header().as_str())], &SAFE[..]].concat());
        // What pages of other origins read: the widget, and the bundle.
        rule("assets/*", "", &[caching(FOR_EVER), shared]);
        rule("bundle/*", "", &[shared]);
        for folder in hashed_folders().skip(1) {
            rule(&format!("{folder}/*"), "", &[caching(FOR_EVER)]);
        }
        rule("bundle/manifest.json", "", &[caching(ASK)]);
        rule("widget.js", "", &[caching(HOURLY), shared]);
        for script in &self.pinned {
            rule(script, "", &[caching(FOR_EVER), shared]);
        }
        rule("embed/*", detached, &[(policy, embed.as_str()), shared]);
        rule("sw.js", "", &[caching(ASK)]);
        text
    }

    /// The host's name, where the site's address tells it.
    fn host(&self) -> Option<&str> {
        self.url.split("://").nth(1)?.split(['/', ':']).next()
    }

    /// A server of nginx.
    fn nginx(&self) -> String {
        let base = self.base.as_str();
        let names: String = Folder::ALL.map(Folder::name).join("|");
        // In a sub-folder the host's path is longer than the file's.
        let inner = if base == "/" {
            String::new()
        } else {
            format!("        rewrite ^{}(/.*)$ $1 break;\n", base.trim_end_matches('/'))
        };
        let safe: String = SAFE
            .iter()
            .map(|(name, value)| format!("        add_header {name} \"{value}\" always;\n"))
            .collect();
        let location =
            |path: &str, lines: &str| format!("    location {path} {{\n{inner}{safe}{lines}    }}\n");
        let shell = if base == "/" { "/404.html" } else { "@shell" };
        let page = format!(
            "        add_header Content-Security-Policy \"{}\" always;\n        add_header Cache-Control \"{ASK}\" always;\n        try_files $uri $uri/index.html {shell};\n",
            lasting_policy(self.policy)
        );
        let outside = if base == "/" {
            String::new()
        } else {
            let shell = format!(
                "{safe}        add_header Content-Security-Policy \"{}\" always;\n        add_header Cache-Control \"{ASK}\" always;\n        rewrite ^ /404.html break;\n",
                lasting_policy(self.policy)
            );
            format!("    location @shell {{\n{shell}    }}\n")
        };
        format!(
            "# Made by “finews build --host nginx”: a server of the site. Include it from nginx.conf's http block.
server {{
    listen 80;
    server_name {host};
    root \"{root}\";
    charset utf-8;
    # What --precompress wrote is sent as it is; the rest is compressed on the way.
    gzip on;
    gzip_static on;
    gzip_vary on;
    gzip_min_length 1024;
    gzip_types text/plain text/css text/xml application/json application/javascript text/javascript application/wasm application/manifest+json image/svg+xml;
{private}{home}{hashed}{widget}{bundle}{page}{outside}}}
",
            host = self.host().unwrap_or("_"),
            root = self.folder.display(),
            private = "    # What finews remembers for itself.\n    location ~ /\\.finews { return 404; }\n",
            home = if base == "/" { String::new() } else { format!("    location = {} {{ return 308 {base}; }}\n", base.trim_end_matches('/')) },
            hashed = location(
                &format!("~ ^{base}((assets|bundle/({names}))/[^/]+|widget-[0-9a-f]+\\.js)$"),
                &format!(
                    "        add_header Access-Control-Allow-Origin \"*\" always;\n        add_header Cache-Control \"{FOR_EVER}\";\n        try_files $uri =404;\n"
                )
            ),
            widget = format!("    location = {base}embed {{ return 308 {base}embed/; }}\n")
                + &location(
                    &format!("= {base}widget.js"),
                    &format!("        add_header Access-Control-Allow-Origin \"*\" always;\n        add_header Cache-Control \"{HOURLY}\";\n")
                )
                + &location(
                    &format!("^~ {base}embed/"),
                    &format!(
                        "        add_header Access-Control-Allow-Origin \"*\" always;\n        add_header Content-Security-Policy \"{}\" always;\n        add_header Cache-Control \"{ASK}\" always;\n        try_files $uri $uri/index.html {shell};\n",
                        embed_policy(self.policy, self.url)
                    )
                ),
            bundle = location(
                &format!("= {base}bundle/manifest.json"),
                &format!("        add_header Access-Control-Allow-Origin \"*\" always;\n        add_header Cache-Control \"{ASK}\" always;\n")
            ),
            page = location(base, &page),
        )
    }

    /// A site of Caddy.
    fn caddyfile(&self) -> String {
        let base = self.base.as_str();
        let names = Folder::ALL.map(Folder::name).join("|");
        let safe: String = SAFE.iter().map(|(name, value)| format!("        {name} \"{value}\"\n")).collect();
        let site = format!(
            "    root * \"{root}\"
    # What finews remembers for itself.
    @private path_regexp /\\.finews
    handle @private {{
        respond 404
    }}
    encode zstd gzip
    header {{
{safe}    }}
    @hashed {{
        path_regexp ^/((assets|bundle/({names}))/[^/]+|widget-[0-9a-f]+\\.js)$
        file
    }}
    handle @hashed {{
        header Cache-Control \"{FOR_EVER}\"
        header Access-Control-Allow-Origin \"*\"
        file_server {{
            precompressed br gzip
        }}
    }}
    # What is not there is not there now, and pages of other origins may know it.
    @gone path_regexp ^/((assets|bundle/({names}))/[^/]+|widget-[0-9a-f]+\\.js)$
    handle @gone {{
        header Cache-Control \"{ASK}\"
        header Access-Control-Allow-Origin \"*\"
        respond 404
    }}
    handle /widget.js {{
        header Cache-Control \"{HOURLY}\"
        header Access-Control-Allow-Origin \"*\"
        file_server {{
            precompressed br gzip
        }}
    }}
    handle /embed/* {{
        header Cache-Control \"{ASK}\"
        header Access-Control-Allow-Origin \"*\"
        header Content-Security-Policy \"{embed}\"
        try_files {{path}} {{path}}/index.html /404.html
        file_server {{
            precompressed br gzip
        }}
    }}
    handle /bundle/manifest.json {{
        header Cache-Control \"{ASK}\"
        header Access-Control-Allow-Origin \"*\"
        file_server {{
            precompressed br gzip
        }}
    }}
    handle {{
        header Content-Security-Policy \"{policy}\"
        header Cache-Control \"{ASK}\"
        try_files {{path}} {{path}}/index.html /404.html
        file_server {{
            precompressed br gzip
        }}
    }}
",
            root = self.folder.display(),
            policy = lasting_policy(self.policy),
            embed = embed_policy(self.policy, self.url),
        );
        let site = if base == "/" {
            format!("    redir /embed /embed/ 308\n{site}")
        } else {
            format!(
                "    redir {0} {base} 308\n    redir {0}/embed {base}embed/ 308\n    handle_path {base}* {{\n{site}    }}\n",
                base.trim_end_matches('/')
            )
        };
        format!(
            "# Made by “finews build --host caddy”: run “caddy run --config” with it, or import it.\n{} {{\n{site}}}\n",
            self.host().unwrap_or(":80")
        )
    }
}

/// A response headers policy of `CloudFront`: <https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ResponseHeadersPolicyConfig.html>
fn cloudfront_headers(name: &str, policy: &str) -> String {
    let config = serde_json::json!({
        "Name": name,
        "SecurityHeadersConfig": {
            "ContentSecurityPolicy": { "Override": true, "ContentSecurityPolicy": policy },
            "ContentTypeOptions": { "Override": true },
            "ReferrerPolicy": { "Override": true, "ReferrerPolicy": "no-referrer" },
        },
        "CorsConfig": {
            "AccessControlAllowOrigins": { "Quantity": 1, "Items": ["*"] },
            "AccessControlAllowHeaders": { "Quantity": 1, "Items": ["*"] },
            "AccessControlAllowMethods": { "Quantity": 2, "Items": ["GET", "HEAD"] },
            "AccessControlAllowCredentials": false,
            "OriginOverride": true,
        },
    });
    format!("{config:#}\n")
}

/// What a meta element cannot carry.
const FRAMES: &str = "frame-ancestors 'self'";

/// A policy as a header that stays when pages change: what is said of styles stands in the pages alone, for
/// it bears the hash of theirs.
pub(crate) fn lasting_policy(policy: &str) -> String {
    format!("{}; {FRAMES}", without_styles(policy))
}

/// The same of pages that stand in anybody's frames.
pub(crate) fn embed_policy(policy: &str, url: &str) -> String {
    framed(&without_styles(policy), url)
}

fn without_styles(policy: &str) -> String {
    let is_of_styles = |rule: &&str| rule.starts_with("default-src ") || rule.starts_with("style-src ");
    let rules: Vec<&str> = policy.split("; ").filter(|rule| !is_of_styles(rule)).collect();
    rules.join("; ")
}

/// A policy for a page in a sandbox, which has no origin of its own: in Safari `'self'` is nothing there, so
/// the site's is named.
pub(crate) fn framed(policy: &str, url: &str) -> String {
    let origin: Vec<&str> = url.splitn(4, '/').take(3).collect();
    if url.is_empty() {
        policy.to_owned()
    } else {
        policy.replace("'self'", &format!("'self' {}", origin.join("/")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::SiteFile;

    #[test]
    fn a_host_s_limits_are_said_with_what_to_do() {
        let file = |length| SiteFile { digest: [0; 16], length };
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

    #[test]
    fn header_files_keep_to_the_site_s_folder() {
        let base = Base::new("/finews/");
        let place = Place {
            url: "https://name.example/finews",
            base: &base,
            folder: Path::new("/srv/site"),
            policy: "default-src 'none'",
            pinned: vec!["widget-0123456789abcdef.js".into()],
        };
        let headers = place.headers_file("");
        assert!(
            headers.starts_with(
                "/finews/*\n  Content-Security-Policy: default-src 'none'; frame-ancestors 'self'\n"
            ),
            "{headers}"
        );
        assert!(
            headers.contains("/finews/widget-0123456789abcdef.js\n  Cache-Control: public, max-age=31536000, immutable\n  Access-Control-Allow-Origin: *\n")
        );
        let mut paths: Vec<&str> = headers.lines().filter(|line| line.starts_with('/')).collect();
        paths.sort_unstable();
        assert!(paths.windows(2).all(|pair| pair[0] != pair[1]), "a path has one rule: {paths:?}");
        assert!(
            headers
                .contains("/finews/bundle/shards/*\n  Cache-Control: public, max-age=31536000, immutable\n")
        );
        assert!(
            Host::Netlify.files(&place)[1]
                .1
                .ends_with("/finews/bundle/front/* /finews/404.html 404\n/finews/* /finews/404.html 200\n")
        );
        assert_eq!(place.host(), Some("name.example"));
    }
}
