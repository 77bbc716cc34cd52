//! Fills index.html for each page: its head, and its element `#app`, which contains the frame and the page.

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
    /// The style sheet for the first paint.
    style: String,
    policy: String,
    /// Whether the host redirects an address that ends in `.html` to the address without this ending.
    pub(crate) strips_html: bool,
}

impl<'a> Document<'a> {
    /// Checks and prepares index.html.
    ///
    /// # Errors
    /// Fails if the command was compiled without the viewer, or if index.html lacks a part that pages need.
    pub(crate) fn new(config: &'a Config, host: Option<Host>) -> Result<Self> {
        let program = program::program()?;
        let html = program.document;
        for begin in LINES {
            html.lines()
                .find(|line| line.starts_with(begin))
                .with_context(|| format!("index.html has no line that begins with {begin}"))?;
        }
        let policy = between(html, "<meta http-equiv=\"Content-Security-Policy\" content=\"", "\"")?;
        let style = with_accent(between(html, "<style>", "</style>")?, config);
        let policy = with_style_hash(policy, &style)?;
        Ok(Self { config, program, style, policy, strips_html: host.is_some_and(Host::strips_html) })
    }

    /// Makes the document of a prerendered page.
    ///
    /// # Errors
    /// Fails if a template is wrong.
    pub(crate) fn page(&self, head: &Head<'_>, window: &str) -> Result<String> {
        let url = self.url(head.address);
        let description = head.html(&self.config.site, url.as_deref())?;
        Ok(self.fill(head.title, &description, Some(window), ""))
    }

    /// Makes the document for addresses without a page of their own.
    pub(crate) fn shell(&self, header: &SiteHeader) -> String {
        self.fill(&header.title, "", None, &prerender::shell(header.clone()))
    }

    /// Fills index.html with the content of a prerendered page or, if `page` is `None`, with `shell`.
    ///
    /// A prerendered page is readable without the program, so the script comes after the page's content,
    /// without preloads. With the shell, the script and its preloads come first.
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
                    // The script comes after the content, so that the script does not delay the content.
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

    /// The web app manifest, with which a browser installs the site: <https://www.w3.org/TR/appmanifest/>
    pub(crate) fn web_app_manifest(&self) -> String {
        let site = &self.config.site;
        let icon = |file: &str, sizes: &str, kind: &str| json!({ "src": file, "sizes": sizes, "type": kind, "purpose": "any maskable" });
        // The light theme's colour.
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

    /// The absolute URL of an address, if the site's own address is known.
    pub(crate) fn url(&self, address: &Address) -> Option<String> {
        let url = &self.config.site.url;
        let path = address.to_string();
        let path = if self.strips_html { path.trim_end_matches(".html") } else { &path };
        (!url.is_empty()).then(|| format!("{url}{path}"))
    }

    /// The content security policy of the pages.
    pub(crate) fn policy(&self) -> &str {
        &self.policy
    }

    /// The policy for a page with another style sheet.
    ///
    /// # Errors
    /// Fails if the policy in index.html has no hash of a style sheet.
    pub(super) fn policy_with(&self, style: &str) -> Result<String> {
        with_style_hash(&self.policy, style)
    }
}

// The beginnings of the lines of index.html that are replaced, moved or left out.
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

/// Returns the text between `begin` and `end`.
fn between<'t>(text: &'t str, begin: &str, end: &str) -> Result<&'t str> {
    let found = text.split_once(begin).and_then(|(_, rest)| rest.split_once(end));
    Ok(found.with_context(|| format!("index.html has no {begin}"))?.0)
}

/// Adds the site's accent colour to a style sheet.
pub(super) fn with_accent(style: &str, config: &Config) -> String {
    let (day, night) = &config.settings.accent;
    let colour = |name: &str, value: &str| {
        if value.is_empty() { String::new() } else { format!("--accent-{name}:{value};") }
    };
    let colours = [colour("day", day), colour("night", night)].concat();
    if colours.is_empty() { style.to_owned() } else { format!("{style}:root{{{colours}}}") }
}

/// Replaces the hash of the style sheet in a content security policy.
fn with_style_hash(policy: &str, style: &str) -> Result<String> {
    let (before, rest) =
        policy.split_once("'sha256-").context("the policy in index.html has no hash of a style sheet")?;
    let (_, after) = rest.split_once('\'').context("the hash in the policy of index.html has no end")?;
    Ok(format!("{before}'sha256-{}'{after}", BASE64_STANDARD.encode(Sha256::digest(style))))
}
