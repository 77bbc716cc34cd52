//! The HTML document around a page: index.html, filled with what the page says of itself to others and what
//! stands in its window.

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bundle::address::Address;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use viewer::prerender;
use viewer::state::language::Language;
use viewer::state::site::SiteHeader;

use super::head::Head;
use crate::config::Config;
use crate::hosts::Host;
use crate::program::{self, Program};
use crate::templates::escape;

/// What all documents of a site share.
pub(crate) struct Document<'a> {
    config: &'a Config,
    pub(super) program: Program,
    /// The style sheet of the first paint.
    style: String,
    policy: String,
    /// Whether the host takes `.html` off addresses.
    pub(crate) strips_html: bool,
}

impl<'a> Document<'a> {
    /// # Errors
    /// Fails if the command was compiled without the viewer.
    pub(crate) fn new(config: &'a Config, host: Option<Host>) -> Result<Self> {
        let program = program::program()?;
        let html = program.document;
        for begin in LINES {
            html.lines()
                .find(|line| line.starts_with(begin))
                .with_context(|| format!("index.html has no line that begins with {begin}"))?;
        }
        let policy = between(html, "<meta http-equiv=\"Content-Security-Policy\" content=\"", "\"")?;
        let style = coloured(between(html, "<style>", "</style>")?, config);
        let policy = policy_of(policy, &style)?;
        Ok(Self { config, program, style, policy, strips_html: host.is_some_and(Host::strips_html) })
    }

    /// The document of a page that stands in the window.
    ///
    /// # Errors
    /// Fails if a template is wrong.
    pub(crate) fn page(&self, head: &Head<'_>, window: &str) -> Result<String> {
        let url = self.url(head.address);
        let description = head.html(&self.config.site, url.as_deref())?;
        Ok(self.fill(head.title, &description, Some(window), ""))
    }

    /// The document for every address that has no page.
    pub(crate) fn shell(&self, header: &SiteHeader) -> String {
        self.fill(&header.title, "", None, &prerender::shell(header.clone()))
    }

    /// index.html of this site. With `page`, a page's window, the script comes after it, because the page can
    /// be read without the program. Without one the window is `shell`, and the script and its preloads
    /// come first.
    fn fill(&self, title: &str, description: &str, page: Option<&str>, shell: &str) -> String {
        let (site, version) = (&self.config.site, env!("CARGO_PKG_VERSION"));
        let late = Language::of_site(&site.lang).words().late;
        let script = self.program.document.lines().find(|line| line.starts_with(SCRIPT)).unwrap_or_default();
        let mut html = String::with_capacity(
            self.program.document.len() + description.len() + page.unwrap_or(shell).len(),
        );
        for line in self.program.document.lines().filter(|line| !line.trim().is_empty()) {
            let begins = |begin| line.starts_with(begin);
            let filled = if begins(HTML) {
                format!("<html lang=\"{}\">", escape(&site.lang))
            } else if begins(POLICY) {
                format!("<meta http-equiv=\"Content-Security-Policy\" content=\"{}\">", escape(&self.policy))
            } else if begins(BASE) {
                format!("<base href=\"{}\">", escape(self.config.base.as_str()))
            } else if begins(TITLE) {
                format!("<title>{}</title>", escape(title))
            } else if begins(STYLE) {
                format!("<style>{}</style>", self.style)
            } else if begins(HEAD_ENDS) {
                format!(
                    "<link rel=\"manifest\" href=\"app.webmanifest\">\n<meta name=\"generator\" content=\"finews {version}\">\n{description}</head>"
                )
            } else if begins(WINDOW) {
                match page {
                    // Behind what is to be read, so that nothing stands in its way.
                    Some(window) => format!("<div id=\"app\">{window}</div>\n{script}"),
                    None => format!("<div id=\"app\">{shell}</div>"),
                }
            } else if begins(LATE) && page.is_none() {
                format!("<p class=\"late\" role=\"status\">{}</p>", escape(late))
            } else if page.is_some() && [SCRIPT, PRELOAD, NO_SCRIPT, LATE].into_iter().any(begins) {
                continue;
            } else {
                line.to_owned()
            };
            html.push_str(&filled);
            html.push('\n');
        }
        html
    }

    /// What a browser needs to put the site among a device's programs: <https://www.w3.org/TR/appmanifest/>
    pub(crate) fn web_app_manifest(&self) -> String {
        let site = &self.config.site;
        let icon = |file: &str, sizes: &str, kind: &str| json!({ "src": file, "sizes": sizes, "type": kind, "purpose": "any maskable" });
        // Of the page by day.
        let paper =
            between(self.program.document, "<meta name=\"theme-color\" content=\"", "\"").unwrap_or_default();
        let manifest = json!({
            "name": site.title,
            "short_name": site.title,
            "description": site.description,
            "lang": site.lang,
            "start_url": "./",
            "scope": "./",
            "display": "standalone",
            "background_color": paper,
            "theme_color": paper,
            "icons": [icon("icon.svg", "any", "image/svg+xml"), icon("icon-512.png", "512x512", "image/png")],
        });
        format!("{manifest:#}\n")
    }

    /// Where an address is found, if it is known where the site stands.
    pub(crate) fn url(&self, address: &Address) -> Option<String> {
        let url = &self.config.site.url;
        let path = address.to_string();
        let path = if self.strips_html { path.trim_end_matches(".html") } else { &path };
        (!url.is_empty()).then(|| format!("{url}{path}"))
    }

    /// What the pages may do.
    pub(crate) fn policy(&self) -> &str {
        &self.policy
    }

    /// What a page may do that has another style sheet.
    ///
    /// # Errors
    /// Fails if the policy of index.html has no place for a style sheet.
    pub(super) fn policy_with(&self, style: &str) -> Result<String> {
        policy_of(&self.policy, style)
    }
}

// What the lines of index.html begin with that differ from page to page.
const HTML: &str = "<html ";
const POLICY: &str = "<meta http-equiv=\"Content-Security-Policy\"";
const BASE: &str = "<base ";
const TITLE: &str = "<title>";
const STYLE: &str = "<style>";
const PRELOAD: &str = "<link rel=\"preload\"";
const SCRIPT: &str = "<script type=\"module\"";
const HEAD_ENDS: &str = "</head>";
const NO_SCRIPT: &str = "<noscript>";
const WINDOW: &str = "<div id=\"app\">";
const LATE: &str = "<p class=\"late\"";
const LINES: [&str; 11] =
    [HTML, POLICY, BASE, TITLE, STYLE, PRELOAD, SCRIPT, HEAD_ENDS, NO_SCRIPT, WINDOW, LATE];

/// What stands between two texts.
fn between<'t>(text: &'t str, begin: &str, end: &str) -> Result<&'t str> {
    let found = text.split_once(begin).and_then(|(_, rest)| rest.split_once(end));
    Ok(found.with_context(|| format!("index.html has no {begin}"))?.0)
}

/// A style sheet with the site's own colour.
pub(super) fn coloured(style: &str, config: &Config) -> String {
    let (day, night) = &config.settings.accent;
    let colour = |name: &str, value: &str| {
        if value.is_empty() { String::new() } else { format!("--accent-{name}:{value};") }
    };
    let colours = [colour("day", day), colour("night", night)].concat();
    if colours.is_empty() { style.to_owned() } else { format!("{style}:root{{{colours}}}") }
}

/// A content security policy that allows this style sheet in place of its own.
fn policy_of(policy: &str, style: &str) -> Result<String> {
    let (before, rest) =
        policy.split_once("'sha256-").context("the policy has no place for a style sheet")?;
    let (_, after) = rest.split_once('\'').context("the hash in the policy does not end")?;
    Ok(format!("{before}'sha256-{}'{after}", BASE64_STANDARD.encode(Sha256::digest(style))))
}
