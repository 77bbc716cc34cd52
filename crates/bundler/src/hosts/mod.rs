//! Static hosts: their configuration files and their limits.

pub(crate) mod configuration;
mod context;
pub(crate) mod limits;

use anyhow::Result;
use clap::ValueEnum;

pub(crate) use self::context::HostContext;

/// A host for which a site is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Host {
    GithubPages,
    Cloudflare,
    Netlify,
    S3,
    Nginx,
    Caddy,
}

impl Host {
    /// Whether the host answers with 200, instead of 404, at addresses of the site that have no file.
    pub(crate) const fn falls_back_with_ok(self) -> bool {
        matches!(self, Self::Netlify | Self::Nginx | Self::Caddy)
    }

    /// The configuration files that the host reads from the site, by path.
    ///
    /// # Errors
    /// Fails if a template is wrong.
    pub(crate) fn files(self, context: &HostContext<'_>) -> Result<Vec<(&'static str, String)>> {
        Ok(match self {
            // Without this file GitHub would run Jekyll on the site.
            Self::GithubPages => vec![(".nojekyll", String::new())],
            Self::Cloudflare => vec![("_headers", context.headers_file(true)?)],
            Self::Netlify => {
                vec![("_headers", context.headers_file(false)?), ("_redirects", context.redirects_file()?)]
            }
            Self::S3 | Self::Nginx | Self::Caddy => Vec::new(),
        })
    }

    /// The configuration files that belong beside the site, because they must not be public. Each comes with
    /// the ending of its name.
    ///
    /// # Errors
    /// Fails if a template is wrong.
    pub(crate) fn configuration(self, context: &HostContext<'_>) -> Result<Vec<(&'static str, String)>> {
        Ok(match self {
            Self::Nginx => vec![("nginx.conf", context.nginx()?)],
            Self::Caddy => vec![("Caddyfile", context.caddyfile()?)],
            Self::S3 => context.cloudfront().into(),
            Self::GithubPages | Self::Cloudflare | Self::Netlify => Vec::new(),
        })
    }

    /// Whether the host sends parts of files as they are, when they are requested.
    pub(crate) const fn sends_ranges(self) -> bool {
        // Cloudflare Pages answers with the whole file. GitHub Pages and Netlify may compress a part, so that it is not the
        // part of the file any more (https://github.com/protomaps/PMTiles/issues/584).
        matches!(self, Self::S3 | Self::Nginx | Self::Caddy)
    }

    /// Whether the host redirects addresses that end in `.html` to addresses without this ending.
    pub(crate) const fn strips_html(self) -> bool {
        matches!(self, Self::Cloudflare)
    }
}
