//! Feeds of the newest stories, for the site and its categories: Atom (RFC 4287) and JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>).

use anyhow::{Context as _, Result};
use atom_syndication::{Category, Entry, Feed, FixedDateTime, Generator, Link, Person, Text};
use bundle::{Headline, Site};
use serde_json::{Value, json};

/// The largest number of stories in a feed.
pub(crate) const MAX_STORIES: usize = 50;

/// The content of a feed.
pub(crate) struct FeedContent<'a> {
    pub(crate) site: &'a Site,
    /// The site's title; in a category's feed, after the category's title.
    pub(crate) title: String,
    /// The URL of the page with the same stories.
    pub(crate) page: String,
    /// The URL of the feed, without the extension.
    pub(crate) feed: String,
    /// The stories, newest first; at least one.
    pub(crate) rows: Vec<Headline>,
}

impl FeedContent<'_> {
    fn url(&self, headline: &Headline) -> String {
        format!("{}{}", self.site.url, headline.address())
    }

    /// Renders Atom. The feed's time is that of its newest story, so it does not depend on the clock.
    ///
    /// # Errors
    /// Fails if a time is not valid in Atom.
    pub(crate) fn atom(&self) -> Result<String> {
        let person = |name: &str| Person { name: name.to_owned(), ..Person::default() };
        let entry = |headline: &Headline| -> Result<Entry> {
            let url = self.url(headline);
            let labels = headline.category.iter().chain(&headline.securities);
            Ok(Entry {
                title: Text::plain(xml_text(&headline.title)),
                id: url.clone(),
                updated: time(headline)?,
                published: Some(time(headline)?),
                links: vec![link("alternate", url, "text/html")],
                categories: labels
                    .map(|label| Category {
                        term: xml_text(&label.key),
                        label: Some(xml_text(&label.title)),
                        ..Category::default()
                    })
                    .collect(),
                summary: (!headline.summary.is_empty()).then(|| Text::plain(xml_text(&headline.summary))),
                ..Entry::default()
            })
        };
        let newest = self.rows.first().context("a feed needs at least one story")?;
        let feed = Feed {
            title: Text::plain(self.title.as_str()),
            id: self.page.clone(),
            updated: time(newest)?,
            authors: vec![person(&self.site.title)],
            links: vec![
                link("alternate", self.page.clone(), "text/html"),
                link("self", format!("{}.xml", self.feed), "application/atom+xml"),
            ],
            subtitle: (!self.site.description.is_empty())
                .then(|| Text::plain(self.site.description.as_str())),
            generator: Some(Generator { value: "finews".to_owned(), ..Generator::default() }),
            lang: Some(self.site.lang.clone()),
            entries: self.rows.iter().map(entry).collect::<Result<_>>()?,
            ..Feed::default()
        };
        Ok(feed.to_string())
    }

    /// Renders JSON Feed.
    pub(crate) fn json(&self) -> String {
        let item = |headline: &Headline| {
            let url = self.url(headline);
            let text = if headline.summary.is_empty() { &headline.title } else { &headline.summary };
            let tags: Vec<&str> = headline
                .category
                .iter()
                .chain(&headline.securities)
                .map(|label| label.title.as_str())
                .collect();
            json!({
                "id": url,
                "url": url,
                "title": headline.title,
                "content_text": text,
                "date_published": headline.time.to_string(),
                "tags": tags,
            })
        };
        let feed = json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title,
            "home_page_url": self.page,
            "feed_url": format!("{}.json", self.feed),
            "description": self.site.description,
            "language": self.site.lang,
            "authors": [{ "name": self.site.title }],
            "items": self.rows.iter().map(item).collect::<Vec<Value>>(),
        });
        feed.to_string()
    }
}

/// Removes the characters that XML cannot represent (<https://www.w3.org/TR/xml/#charsets>).
pub(crate) fn xml_text(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)).collect()
}

fn link(rel: &str, href: String, mime: &str) -> Link {
    Link { rel: rel.to_owned(), href, mime_type: Some(mime.to_owned()), ..Link::default() }
}

fn time(headline: &Headline) -> Result<FixedDateTime> {
    let text = headline.time.to_string();
    FixedDateTime::parse_from_rfc3339(&text).map_err(|error| anyhow::anyhow!("“{text}”: {error}"))
}
