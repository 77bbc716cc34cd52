//! Renders the configuration files of hosts from [`hosting::RULES`] and templates.

use std::path::Path;

use anyhow::Result;
use bundle::Base;
use hosting::{
    Caching, Files, PROGRAM_EXTENSIONS, PROGRAM_FOLDER, PROGRAM_PARTS, Policy, RULES, Rule, SECURITY_HEADERS,
    bundle_folders,
};
use serde_json::{Value, json};

use crate::templates::render;

/// The values from which a host's files are rendered.
pub(crate) struct HostContext<'a> {
    /// The site's address, without a slash at the end; empty if unknown.
    pub(crate) url: &'a str,
    pub(crate) base: &'a Base,
    /// The site's folder on this machine.
    pub(crate) folder: &'a Path,
    /// The content security policy of its pages.
    pub(crate) policy: &'a str,
    /// The paths of the program's files and of the widget's scripts that other pages may have pinned, which contain
    /// a hash.
    pub(crate) program: Vec<String>,
}

impl HostContext<'_> {
    /// The host's name, if the site's address is known.
    fn host(&self) -> Option<&str> {
        self.url.split("://").nth(1)?.split(['/', ':']).next()
    }

    /// The header for a policy on a host that is configured once, rather than with each deploy.
    fn policy_header(&self, policy: Policy) -> Option<String> {
        match policy {
            Policy::None => None,
            Policy::Page => Some(hosting::page_policy(self.policy)),
            Policy::Frame => Some(hosting::frame_policy(self.policy, self.url)),
        }
    }

    /// Renders `_headers` for Cloudflare Pages and Netlify.
    ///
    /// If several rules for a path set the same header, Cloudflare joins their values. So no rule repeats a
    /// header of the rule for all files, except the policy. If `detaches`, the rule for frames first removes
    /// the policy of the rule for all files, and then sets its own.
    pub(super) fn headers_file(&self, detaches: bool) -> Result<String> {
        let rules: Vec<Value> = RULES
            .iter()
            .rev()
            .map(|rule| match rule.files {
                Files::Others => json!({
                    "paths": self.paths(rule.files),
                    "headers": std::iter::once(("Content-Security-Policy", hosting::page_policy_per_deploy(self.policy)))
                        .chain(SECURITY_HEADERS.map(|(name, value)| (name, value.to_owned())))
                        .collect::<Vec<_>>(),
                }),
                files => json!({
                    "paths": self.paths(files),
                    "detaches": detaches && rule.policy == Policy::Frame,
                    "headers": self.specific_headers(rule),
                }),
            })
            .collect();
        render("_headers", &json!({ "base": self.base.as_str(), "rules": rules }))
    }

    /// The patterns of `_headers` for files.
    fn paths(&self, files: Files) -> Vec<String> {
        match files {
            Files::Hashed => bundle_folders()
                .map(|folder| format!("{folder}/*"))
                .chain(self.program.iter().cloned())
                .collect(),
            Files::Named(name) => vec![name.to_owned()],
            Files::Folder(folder) => vec![format!("{folder}/*")],
            Files::Others => vec!["*".to_owned()],
        }
    }

    /// The headers of a rule that differ from those of the rule for all files.
    fn specific_headers(&self, rule: &Rule) -> Vec<(&'static str, String)> {
        let mut headers = Vec::new();
        if rule.policy == Policy::Frame {
            headers.push(("Content-Security-Policy", hosting::frame_policy(self.policy, self.url)));
        } else {
            headers.push(("Cache-Control", rule.caching.header().to_owned()));
        }
        if rule.shared {
            headers.push(("Access-Control-Allow-Origin", "*".to_owned()));
        }
        headers
    }

    /// Renders Netlify's `_redirects`. Files take precedence; otherwise the first matching line applies.
    pub(super) fn redirects_file(&self) -> Result<String> {
        let folders: Vec<String> =
            std::iter::once(PROGRAM_FOLDER.to_owned()).chain(bundle_folders()).collect();
        render("_redirects", &json!({ "base": self.base.as_str(), "folders": folders }))
    }

    /// Renders nginx's configuration of the site, a `server` block.
    pub(super) fn nginx(&self) -> Result<String> {
        self.render_server("nginx.conf", |base, files| match files {
            Files::Hashed => format!("~ ^{base}{}$", hashed_pattern()),
            Files::Named(name) => format!("= {base}{name}"),
            Files::Folder(folder) => format!("^~ {base}{folder}/"),
            Files::Others => base.to_owned(),
        })
    }

    /// Renders Caddy's configuration of the site.
    pub(super) fn caddyfile(&self) -> Result<String> {
        self.render_server("Caddyfile", |_, files| match files {
            Files::Hashed => format!("^/{}$", hashed_pattern()),
            Files::Named(name) => format!("/{name}"),
            Files::Folder(folder) => format!("/{folder}/*"),
            Files::Others => String::new(),
        })
    }

    /// Renders the template of a web server's configuration. `pattern` returns the server's pattern for the
    /// files of a rule under a base.
    fn render_server(&self, template: &str, pattern: impl Fn(&str, Files) -> String) -> Result<String> {
        let base = self.base.as_str();
        let rule = |rule: &Rule| {
            json!({
                "pattern": pattern(base, rule.files),
                "hashed": rule.files == Files::Hashed,
                "falls_back": rule.falls_back,
                "caching": rule.caching.header(),
                // Whether errors have this header too: not if files are cached, because the absence of a file
                // must not be cached.
                "caching_always": rule.caching == Caching::Revalidate,
                "shared": rule.shared,
                "policy": self.policy_header(rule.policy),
            })
        };
        render(
            template,
            &json!({
                "base": base,
                "folder": base.trim_end_matches('/'),
                "host": self.host(),
                "root": self.folder.display().to_string(),
                "policy": hosting::page_policy(self.policy),
                "revalidate": Caching::Revalidate.header(),
                "security_headers": SECURITY_HEADERS,
                "rules": RULES.iter().map(rule).collect::<Vec<_>>(),
            }),
        )
    }

    /// The response headers policies for `CloudFront`, by file name.
    pub(super) fn cloudfront(&self) -> [(&'static str, String); 2] {
        let frame = hosting::frame_policy(self.policy, self.url);
        [
            ("cloudfront-headers.json", cloudfront_headers("finews", &hosting::page_policy(self.policy))),
            ("cloudfront-embed-headers.json", cloudfront_headers("finews-embed", &frame)),
        ]
    }
}

/// The paths of [`Files::Hashed`] as a regular expression.
fn hashed_pattern() -> String {
    let names = bundle::Folder::ALL.map(bundle::Folder::name).join("|");
    let (parts, extensions) = (PROGRAM_PARTS.join("|"), PROGRAM_EXTENSIONS.join("|"));
    format!(
        r"({PROGRAM_FOLDER}/({parts})-[0-9a-f]+\.({extensions})|bundle/({names})/[^/]+|widget-[0-9a-f]+\.js)"
    )
}

/// A response headers policy of `CloudFront`: <https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_ResponseHeadersPolicyConfig.html>
fn cloudfront_headers(name: &str, policy: &str) -> String {
    let config = json!({
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_files_keep_to_the_site_s_folder() {
        let base = Base::new("/finews/");
        let context = HostContext {
            url: "https://name.example/finews",
            base: &base,
            folder: Path::new("/srv/site"),
            policy: "default-src 'none'",
            program: vec!["assets/viewer-0123456789abcdef.js".into(), "widget-0123456789abcdef.js".into()],
        };
        let headers = context.headers_file(false).unwrap();
        assert!(
            headers.starts_with(
                "/finews/*\n  Content-Security-Policy: default-src 'none'; frame-ancestors 'self'\n"
            ),
            "{headers}"
        );
        assert!(
            headers.contains("/finews/widget-0123456789abcdef.js\n  Cache-Control: public, max-age=31536000, immutable\n  Access-Control-Allow-Origin: *\n")
        );
        assert!(
            headers.contains("/finews/assets/viewer-0123456789abcdef.js\n  Cache-Control: public, max-age")
        );
        assert!(!headers.contains("/assets/*"), "a publisher's own files are not cached forever: {headers}");
        let mut paths: Vec<&str> = headers.lines().filter(|line| line.starts_with('/')).collect();
        paths.sort_unstable();
        assert!(paths.windows(2).all(|pair| pair[0] != pair[1]), "a path has one rule: {paths:?}");
        assert!(
            headers
                .contains("/finews/bundle/shards/*\n  Cache-Control: public, max-age=31536000, immutable\n")
        );
        assert!(
            context
                .redirects_file()
                .unwrap()
                .ends_with("/finews/bundle/search/* /finews/404.html 404\n/finews/* /finews/404.html 200\n")
        );
        assert_eq!(context.host(), Some("name.example"));
    }
}
