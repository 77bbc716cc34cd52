//! A page's metadata in `<head>`, for search engines, feed readers and link previews.

use anyhow::Result;
use bundle::address::Address;
use bundle::{Article, Site};
use serde::Serialize;
use serde_json::{Value, json};

use crate::templates::render;

/// The metadata of a page.
pub(crate) struct Head<'a> {
    pub(crate) title: &'a str,
    pub(crate) description: &'a str,
    pub(crate) address: &'a Address,
    /// The article's metadata, on an article's page.
    pub(crate) story: Option<ArticleMetadata>,
    /// The category's title and the folder of its feeds, on a category's page.
    pub(crate) feed: Option<(String, String)>,
    /// The path of the page's oEmbed answer.
    pub(crate) oembed: Option<String>,
    /// The URL of the search page, on pages that tell of search.
    pub(crate) search: Option<String>,
}

/// Describes full-text search to browsers, which offer it in their address bars:
/// <https://github.com/dewitt/opensearch/blob/master/opensearch-1-1-draft-6.md>
///
/// # Errors
/// Fails if the template is wrong.
pub(super) fn open_search(site: &Site, url: &str) -> Result<String> {
    // A short name has at most 16 characters.
    let short: String = site.title.chars().take(16).collect();
    render("opensearch.xml", &json!({ "site": site, "short": short, "url": url }))
}

/// The metadata of an article.
#[derive(Serialize)]
pub(crate) struct ArticleMetadata {
    headline: String,
    published: String,
    updated: String,
    authors: Vec<String>,
    lang: String,
    /// The URL of its picture.
    image: String,
    section: Option<String>,
    source: String,
}

impl ArticleMetadata {
    /// The metadata of an article on a site at `url`, with the site's default author.
    pub(crate) fn of(article: &Article, url: &str, author: &str) -> Self {
        let author = Some(author.to_owned()).filter(|author| !author.is_empty() && article.source.is_empty());
        Self {
            headline: article.title.clone(),
            published: article.datetime(),
            updated: article.updated.clone(),
            authors: if article.authors.is_empty() {
                author.into_iter().collect()
            } else {
                article.authors.clone()
            },
            lang: article.lang.clone(),
            image: absolute(&article.image, url).unwrap_or_default(),
            section: article.categories.first().map(|category| category.title.clone()),
            source: article.source.clone(),
        }
    }

    /// The article's language.
    fn lang_on<'a>(&'a self, site: &'a Site) -> &'a String {
        if self.lang.is_empty() { &site.lang } else { &self.lang }
    }
}

/// The URL of an address in a body. Returns `None` if it is a path and the site's URL is unknown.
pub(crate) fn absolute(address: &str, site_url: &str) -> Option<String> {
    if address.is_empty() || (address.starts_with('/') && site_url.is_empty()) {
        return None;
    }
    Some(if address.starts_with('/') { format!("{site_url}{address}") } else { address.to_owned() })
}

/// The site with its search page as <https://schema.org/SearchAction>.
fn search_action(site: &Site, search: &str) -> Value {
    json!({
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": site.title,
        "url": format!("{}/", site.url),
        "potentialAction": {
            "@type": "SearchAction",
            "target": { "@type": "EntryPoint", "urlTemplate": format!("{search}?q={{search_term_string}}") },
            "query-input": "required name=search_term_string",
        },
    })
}

impl Head<'_> {
    /// Renders the elements. `url` is the page's URL, if known.
    ///
    /// # Errors
    /// Fails if the template is wrong.
    pub(super) fn html(&self, site: &Site, url: Option<&str>) -> Result<String> {
        let mut feeds = Vec::new();
        if !site.url.is_empty() {
            let own = self
                .feed
                .iter()
                .map(|(title, folder)| (format!("{title} · {}", site.title), folder.as_str()));
            feeds.extend(
                own.chain([(site.title.clone(), "")])
                    .map(|(title, folder)| json!({ "title": title, "folder": folder })),
            );
        }
        let oembed = self.oembed.as_ref().filter(|_| !site.url.is_empty());
        // This is a data block, not a script, so no policy applies to it. A `<` is escaped, because it could
        // end the block.
        let data = match (&self.story, &self.search) {
            (Some(story), _) => Some(self.structured_data(story, site, url)),
            (None, Some(search)) => Some(search_action(site, search)),
            (None, None) => None,
        };
        let data = data.map(|data| data.to_string().replace('<', "\\u003c"));
        let lang = self.story.as_ref().map_or(&site.lang, |story| story.lang_on(site));
        let html = render(
            "head.html",
            &json!({
                "site": { "title": site.title },
                "lang": lang,
                "title": self.title,
                "headline": self.story.as_ref().map_or(self.title, |story| &story.headline),
                "description": self.description,
                "locale": lang.replace('-', "_"),
                "story": self.story,
                "url": url,
                // What a query finds is no page of its own.
                "noindex": *self.address == Address::Search,
                "oembed": oembed.map(|path| format!("{}/{path}", site.url)),
                "feeds": feeds,
                "search": self.search.is_some(),
                "data": data,
            }),
        )?;
        Ok(html.trim_start().to_owned())
    }

    /// The article as <https://schema.org/NewsArticle>.
    fn structured_data(&self, story: &ArticleMetadata, site: &Site, url: Option<&str>) -> Value {
        let organization = if story.source.is_empty() { &site.title } else { &story.source };
        let authors: Vec<Value> =
            story.authors.iter().map(|name| json!({ "@type": "Person", "name": name })).collect();
        let author = match authors.as_slice() {
            [] => json!({ "@type": "Organization", "name": organization }),
            [author] => author.clone(),
            authors => json!(authors),
        };
        let mut data = json!({
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": story.headline,
            "datePublished": story.published,
            "inLanguage": story.lang_on(site),
            "isAccessibleForFree": true,
            "publisher": { "@type": "Organization", "name": site.title },
            "author": author,
        });
        let optional = [
            ("description", Some(self.description)),
            ("articleSection", story.section.as_deref()),
            ("dateModified", Some(story.updated.as_str())),
            ("image", Some(story.image.as_str())),
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
}
