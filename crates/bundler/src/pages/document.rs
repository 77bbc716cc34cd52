//! The HTML document around a page: index.html, filled with what the page says of itself to others and what
//! stands in its window.

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bundle::Article;
use bundle::address::Address;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use viewer::prerender;
use viewer::state::language::Language;
use viewer::state::site::SiteHeader;

use crate::config::Config;
use crate::hosts::Host;
use crate::program::{self, Program};

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

/// What a page says of itself.
pub(crate) struct Head<'a> {
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    pub(crate) address: &'a Address,
    /// Of an article's page.
    pub(crate) story: Option<Story>,
    /// Of a category's page: its name, and the folder of its feeds.
    pub(crate) feed: Option<(String, String)>,
    /// The path of what is answered to who asks by oEmbed how to show the page on another.
    pub(crate) oembed: Option<String>,
}

/// What an article's page says of its story.
pub(crate) struct Story {
    headline: String,
    published: String,
    section: Option<String>,
    source: String,
}

impl Story {
    pub(crate) fn of(article: &Article) -> Self {
        Self {
            headline: article.title.clone(),
            published: article.time.to_string(),
            section: article.categories.first().map(|category| category.title.clone()),
            source: article.source.clone(),
        }
    }
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
    pub(crate) fn page(&self, head: &Head<'_>, window: &str) -> String {
        let mut description = String::new();
        self.describe(head, &mut description);
        self.fill(head.title, &description, Some(window), "")
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

    fn describe(&self, head: &Head<'_>, html: &mut String) {
        let site = &self.config.site;
        let mut meta = |attribute: &str, name: &str, content: &str| {
            if !content.is_empty() {
                html.push_str(&format!("<meta {attribute}=\"{name}\" content=\"{}\">\n", escape(content)));
            }
        };
        let headline = head.story.as_ref().map_or(head.title, |story| &story.headline);
        let url = self.url(head.address);
        meta("name", "description", head.description);
        meta("property", "og:type", if head.story.is_some() { "article" } else { "website" });
        meta("property", "og:site_name", &site.title);
        meta("property", "og:title", headline);
        meta("property", "og:description", head.description);
        meta("property", "og:locale", &site.lang.replace('-', "_"));
        meta("property", "og:url", url.as_deref().unwrap_or_default());
        if let Some(story) = &head.story {
            meta("property", "article:published_time", &story.published);
            meta("property", "article:section", story.section.as_deref().unwrap_or_default());
        }
        if let Some(oembed) = head.oembed.as_ref().filter(|_| !site.url.is_empty()) {
            let (url, title) = (escape(&format!("{}/{oembed}", site.url)), escape(head.title));
            html.push_str(&format!(
                "<link rel=\"alternate\" type=\"application/json+oembed\" title=\"{title}\" href=\"{url}\">\n"
            ));
        }
        if let Some(url) = &url {
            let url = escape(url);
            html.push_str(&format!("<link rel=\"canonical\" href=\"{url}\">\n"));
            for lang in [site.lang.as_str(), "x-default"] {
                html.push_str(&format!(
                    "<link rel=\"alternate\" hreflang=\"{}\" href=\"{url}\">\n",
                    escape(lang)
                ));
            }
        }
        if !site.url.is_empty() {
            let own = head
                .feed
                .iter()
                .map(|(title, folder)| (format!("{title} · {}", site.title), folder.as_str()));
            for (title, folder) in own.chain([(site.title.clone(), "")]) {
                for (kind, extension) in [("atom+xml", "xml"), ("feed+json", "json")] {
                    let (title, folder) = (escape(&title), escape(folder));
                    html.push_str(&format!("<link rel=\"alternate\" type=\"application/{kind}\" title=\"{title}\" href=\"{folder}feed.{extension}\">\n"));
                }
            }
        }
        if let Some(story) = &head.story {
            // A block of data, not a script: no policy is asked. `<` would end it.
            let data =
                self.structured(story, head.description, url.as_deref()).to_string().replace('<', "\\u003c");
            html.push_str(&format!("<script type=\"application/ld+json\">{data}</script>\n"));
        }
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

    /// The story in the terms of <https://schema.org/NewsArticle>.
    fn structured(&self, story: &Story, description: &str, url: Option<&str>) -> Value {
        let site = &self.config.site;
        let mut data = json!({
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": story.headline,
            "datePublished": story.published,
            "inLanguage": site.lang,
            "isAccessibleForFree": true,
            "publisher": { "@type": "Organization", "name": site.title },
            "author": { "@type": "Organization", "name": if story.source.is_empty() { &site.title } else { &story.source } },
        });
        let optional = [
            ("description", Some(description)),
            ("articleSection", story.section.as_deref()),
            ("mainEntityOfPage", url),
        ];
        for (name, value) in optional
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?)))
        {
            data[name] = value.into();
        }
        data
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

/// How the widget's own pages begin; with a `base`, relative addresses are from the site's root.
pub(super) fn opening(config: &Config, policy: &str, base: bool, title: &str) -> String {
    let base =
        if base { format!("<base href=\"{}\">\n", escape(config.base.as_str())) } else { String::new() };
    let (lang, policy, title) = (escape(&config.site.lang), escape(policy), escape(title));
    format!(
        "<!DOCTYPE html>
<html lang=\"{lang}\">
<head>
<meta charset=\"utf-8\">
<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">
{base}<title>{title}</title>
<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">
<meta name=\"color-scheme\" content=\"light dark\">
<meta name=\"referrer\" content=\"no-referrer\">
"
    )
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

/// Text as it stands in HTML, between elements or in an attribute.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
