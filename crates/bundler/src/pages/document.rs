//! The HTML document around a page: its policy, its styles, what it says of itself to others, and how the program comes.
use anyhow::Result;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bundle::Article;
use bundle::address::Address;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use viewer::ahead;
use viewer::edition::Nameplate;

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
    /// Where the command was compiled without the viewer.
    pub(crate) fn new(config: &'a Config, host: Option<Host>) -> Result<Self> {
        let program = program::program()?;
        let style = coloured(&program.critical, config);
        let policy = policy(&style);
        Ok(Self { config, program, style, policy, strips_html: host.is_some_and(Host::strips_html) })
    }

    /// The document of a page that stands in the window.
    pub(crate) fn page(&self, head: &Head<'_>, window: &str) -> String {
        let mut html = self.begin(head.title);
        self.describe(head, &mut html);
        html.push_str("</head>\n<body>\n<div id=\"app\">");
        html.push_str(window);
        // Behind what is to be read, so that nothing stands in its way.
        html.push_str("</div>\n");
        html.push_str(&format!("<script type=\"module\" src=\"assets/{}\"></script>\n</body>\n</html>\n", self.program.script));
        html
    }

    /// The document for every address that has no page.
    pub(crate) fn shell(&self, plate: &Nameplate) -> String {
        let mut html = self.begin(&plate.title);
        // There is nothing to be read before the program has come.
        for (file, kind) in [("bundle/manifest.json", ""), (&format!("assets/{}", self.program.wasm), " type=\"application/wasm\"")] {
            html.push_str(&format!("<link rel=\"preload\" href=\"{file}\" as=\"fetch\"{kind} crossorigin>\n"));
        }
        html.push_str(&format!("<script type=\"module\" src=\"assets/{}\"></script>\n</head>\n<body>\n", self.program.script));
        html.push_str("<noscript><p class=\"message\">阅读本页需要启用 JavaScript。This page needs JavaScript.</p></noscript>\n<div id=\"app\">");
        html.push_str(&ahead::shell(plate));
        // Seen where nothing has come for a while; the program takes it away.
        html.push_str(&format!("</div>\n<p class=\"late\" role=\"status\">{}</p>\n</body>\n</html>\n", escape(plate.language.words().late)));
        html
    }

    fn begin(&self, title: &str) -> String {
        let Program { icon, touch_icon, .. } = &self.program;
        let (opening, style, version) = (opening(self.config, &self.policy, true, title), &self.style, env!("CARGO_PKG_VERSION"));
        format!(
            "{opening}<meta name=\"generator\" content=\"finews {version}\">
<meta name=\"theme-color\" content=\"{PAPER}\" media=\"(prefers-color-scheme: light)\">
<meta name=\"theme-color\" content=\"{NIGHT}\" media=\"(prefers-color-scheme: dark)\">
<style>{style}</style>
<link rel=\"icon\" type=\"image/svg+xml\" href=\"assets/{icon}\">
<link rel=\"apple-touch-icon\" href=\"assets/{touch_icon}\">
<link rel=\"manifest\" href=\"app.webmanifest\">
"
        )
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
            html.push_str(&format!("<link rel=\"alternate\" type=\"application/json+oembed\" title=\"{title}\" href=\"{url}\">\n"));
        }
        if let Some(url) = &url {
            let url = escape(url);
            html.push_str(&format!("<link rel=\"canonical\" href=\"{url}\">\n"));
            for lang in [site.lang.as_str(), "x-default"] {
                html.push_str(&format!("<link rel=\"alternate\" hreflang=\"{}\" href=\"{url}\">\n", escape(lang)));
            }
        }
        if !site.url.is_empty() {
            let own = head.feed.iter().map(|(title, folder)| (format!("{title} · {}", site.title), folder.as_str()));
            for (title, folder) in own.chain([(site.title.clone(), "")]) {
                for (kind, extension) in [("atom+xml", "xml"), ("feed+json", "json")] {
                    let (title, folder) = (escape(&title), escape(folder));
                    html.push_str(&format!("<link rel=\"alternate\" type=\"application/{kind}\" title=\"{title}\" href=\"{folder}feed.{extension}\">\n"));
                }
            }
        }
        if let Some(story) = &head.story {
            // A block of data, not a script: no policy is asked. `<` would end it.
            let data = self.structured(story, head.description, url.as_deref()).to_string().replace('<', "\\u003c");
            html.push_str(&format!("<script type=\"application/ld+json\">{data}</script>\n"));
        }
    }

    /// What a browser needs to put the site among a device's programs: <https://www.w3.org/TR/appmanifest/>
    pub(crate) fn web_app_manifest(&self) -> String {
        let (site, program) = (&self.config.site, &self.program);
        let icon = |file: &str, sizes: &str, kind: &str| json!({ "src": format!("assets/{file}"), "sizes": sizes, "type": kind, "purpose": "any maskable" });
        let manifest = json!({
            "name": site.title,
            "short_name": site.title,
            "description": site.description,
            "lang": site.lang,
            "start_url": "./",
            "scope": "./",
            "display": "standalone",
            "background_color": PAPER,
            "theme_color": PAPER,
            "icons": [icon(&program.icon, "any", "image/svg+xml"), icon(&program.large_icon, "512x512", "image/png")],
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
        let optional = [("description", Some(description)), ("articleSection", story.section.as_deref()), ("mainEntityOfPage", url)];
        for (name, value) in optional.into_iter().filter_map(|(name, value)| Some((name, value.filter(|value| !value.is_empty())?))) {
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
}

/// The paper of `style/tokens.css`, by day and by night.
const PAPER: &str = "#fbfaf6";
const NIGHT: &str = "#15171a";

/// How every document of a site begins; with a `base`, relative addresses are from the site's root.
pub(super) fn opening(config: &Config, policy: &str, base: bool, title: &str) -> String {
    let base = if base { format!("<base href=\"{}\">\n", escape(config.base.as_str())) } else { String::new() };
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
    let colour = |name: &str, value: &str| if value.is_empty() { String::new() } else { format!("--accent-{name}:{value};") };
    let colours = [colour("day", day), colour("night", night)].concat();
    if colours.is_empty() { style.to_owned() } else { format!("{style}:root{{{colours}}}") }
}

/// The content security policy: nothing but our own files, pictures of stories, and the one style sheet that stands in the page.
pub(super) fn policy(style: &str) -> String {
    let style = BASE64_STANDARD.encode(Sha256::digest(style));
    [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        &format!("style-src 'self' 'sha256-{style}'"),
        "img-src 'self' https: http:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'self'",
        "form-action 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types finews",
    ]
    .join("; ")
}

/// Text as it stands in HTML, between elements or in an attribute.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
