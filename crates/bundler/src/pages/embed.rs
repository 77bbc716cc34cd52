//! The widget's pages: one for an iframe, one to try its options, and the answers to oEmbed requests
//! (<https://oembed.com/>).

use anyhow::Result;
use bundle::address::Address;
use bundle::{Headline, ListKind};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};
use viewer::state::language::Language;

use super::document::{Document, with_accent};
use crate::compile::catalog_list::CatalogList;
use crate::config::Config;
use crate::paths::file;
use crate::templates::render;

/// The default width and height of the frame in CSS pixels: enough for five headlines of two lines.
const SIZE: (u32, u32) = (480, 420);
/// How many headlines the frame shows without scripts.
const HEADLINES: usize = 10;

/// Renders the page for an iframe. Without scripts it shows the newest headlines, or a link to the site if
/// `newest` is empty.
///
/// # Errors
/// Fails if a template is wrong.
pub(super) fn frame(config: &Config, document: &Document<'_>, newest: &[Headline]) -> Result<String> {
    let site = &config.site;
    let permalink = &config.settings.permalink;
    let style = with_accent(document.program.embed.style, config);
    let mut links: Vec<Value> = newest
        .iter()
        .take(HEADLINES)
        .map(|row| json!({ "href": config.base.href(&row.address(permalink)), "title": row.title, "story": true }))
        .collect();
    if links.is_empty() {
        links.push(json!({ "href": config.base.href(&Address::Home), "title": site.title, "story": false }));
    }
    render(
        "frame.html",
        &json!({
            "site": { "title": site.title, "lang": site.lang },
            "policy": hosting::sandboxed_policy(&document.policy_with(&style)?, &site.url),
            "base_href": "",
            "script": document.program.embed.script,
            "style": style,
            "links": links,
        }),
    )
}

/// The words of the examples page.
fn words(language: Language) -> Result<Value> {
    let mut words: Value = serde_json::from_str(language.json())?;
    Ok(words["examples"].take())
}

/// Renders the page on which a reader chooses the widget's options, sees the result and copies the code.
///
/// # Errors
/// Fails if a template is wrong.
pub(super) fn examples(
    config: &Config,
    document: &Document<'_>,
    categories: &[&CatalogList],
) -> Result<String> {
    let (site, program) = (&config.site, &document.program);
    let style = with_accent(program.examples.style, config);
    let named = |list: &&CatalogList| json!({ "key": list.id.key, "title": list.title });
    render(
        "examples.html",
        &json!({
            "site": { "title": site.title, "lang": site.lang },
            "words": words(Language::of_site(&site.lang))?,
            "policy": document.policy_with(&style)?,
            "base_href": config.base.as_str(),
            "categories": categories.iter().map(named).collect::<Vec<_>>(),
            "script": program.examples.script,
            "pinned": program.widget,
            "integrity": program.widget_integrity(),
            "style": style,
        }),
    )
}

/// Renders the oEmbed 1.0 answer for the home page or for a category's page.
///
/// # Errors
/// Fails if a template is wrong.
pub(super) fn oembed(config: &Config, category: Option<&CatalogList>) -> Result<String> {
    let site = &config.site;
    let title =
        category.map_or_else(|| site.title.clone(), |list| format!("{} · {}", list.title, site.title));
    let query = category.map_or_else(String::new, |list| {
        format!("?category={}", utf8_percent_encode(&list.id.key, NON_ALPHANUMERIC))
    });
    let (width, height) = SIZE;
    let frame = render(
        "oembed.html",
        &json!({ "src": format!("{}/embed/{query}", site.url), "title": title, "width": width, "height": height }),
    )?;
    let answer = json!({
        "version": "1.0",
        "type": "rich",
        "title": title,
        "provider_name": site.title,
        "provider_url": format!("{}/", site.url),
        "cache_age": 3600,
        "html": frame.trim_end(),
        "width": width,
        "height": height,
    });
    Ok(format!("{answer:#}\n"))
}

/// Returns an oEmbed answer's path, relative to the site's root. Returns `None` if the category's key cannot
/// be a file name.
pub(super) fn oembed_path(category: Option<&CatalogList>) -> Option<String> {
    match category {
        None => Some("embed/oembed.json".to_owned()),
        Some(list) => {
            let page = file(&Address::list(ListKind::Category, &list.id.key))?;
            Some(format!("embed/oembed/{}.json", page.trim_end_matches("/index.html")))
        }
    }
}
