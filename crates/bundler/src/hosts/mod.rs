//! Static hosts: what each reads beside the site's own files, what it answers, and what it takes at most.

pub(crate) mod configuration;
pub(crate) mod limits;
mod place;

use anyhow::Result;
use clap::ValueEnum;

pub(crate) use self::place::Place;

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

impl Host {
    /// Whether it answers all addresses of the site with 200, also those that have no file.
    pub(crate) const fn answers_all(self) -> bool {
        matches!(self, Self::Netlify | Self::Nginx | Self::Caddy)
    }

    /// The files it reads in the site, by their paths.
    ///
    /// # Errors
    /// Fails if a template is wrong.
    pub(crate) fn files(self, place: &Place<'_>) -> Result<Vec<(&'static str, String)>> {
        Ok(match self {
            // Without it Jekyll takes the site for one of its own.
            Self::GithubPages => vec![(".nojekyll", String::new())],
            Self::Cloudflare => vec![("_headers", place.headers_file(true)?)],
            Self::Netlify => {
                vec![("_headers", place.headers_file(false)?), ("_redirects", place.redirects_file()?)]
            }
            Self::S3 | Self::Nginx | Self::Caddy => Vec::new(),
        })
    }

    /// The files it reads that stand beside the site, for they are nobody's to fetch: what their names end in,
    /// and what is in them.
    ///
    /// # Errors
    /// Fails if a template is wrong.
    pub(crate) fn configuration(self, place: &Place<'_>) -> Result<Vec<(&'static str, String)>> {
        Ok(match self {
            Self::Nginx => vec![("nginx.conf", place.nginx()?)],
            Self::Caddy => vec![("Caddyfile", place.caddyfile()?)],
            Self::S3 => place.cloudfront().into(),
            Self::GithubPages | Self::Cloudflare | Self::Netlify => Vec::new(),
        })
    }

    /// Whether it takes `.html` off addresses, by a redirect.
    pub(crate) const fn strips_html(self) -> bool {
        matches!(self, Self::Cloudflare)
    }
}
