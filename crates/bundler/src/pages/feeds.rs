//! Feeds of the newest stories, for the site and its categories: Atom (RFC 4287) and JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>).

use anyhow::{Context as _, Result};
use atom_syndication::{Category, Entry, Feed, FixedDateTime, Generator, Link, Person, Text};
use bundle::{Headline, Site};
use serde_json::{Value, json};

use super::head::absolute;
use crate::library::story::Rare;

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
    /// The bundle's `permalink`.
    pub(crate) permalink: &'a str,
    /// The author of stories that name none; empty if unknown.
    pub(crate) author: &'a str,
    /// The stories, newest first; at least one.
    pub(crate) entries: Vec<(Headline, Option<&'a Rare>)>,
}

impl FeedContent<'_> {
    fn url(&self, headline: &Headline) -> String {
        format!("{}{}", self.site.url, headline.address(self.permalink))
    }

    /// Renders Atom. The feed's time is that of its newest story, so it does not depend on the clock.
    ///
    /// # Errors
    /// Fails if a time is not valid in Atom.
    pub(crate) fn atom(&self) -> Result<String> {
        let person = |name: &str| Person { name: xml_text(name), ..Person::default() };
        let entry = |(headline, rare): &(Headline, Option<&Rare>)| -> Result<Entry> {
            let url = self.url(headline);
            let labels = headline.category.iter().chain(&headline.securities);
            let published = time(&headline.datetime())?;
            let updated = rare.map(|rare| rare.updated.as_str()).filter(|updated| !updated.is_empty());
            let image = rare.and_then(|rare| absolute(&rare.image, &self.site.url));
            let lang =
                rare.map(|rare| rare.lang.clone()).filter(|lang| !lang.is_empty() && *lang != self.site.lang);
            Ok(Entry {
                title: Text { lang: lang.clone(), ..Text::plain(xml_text(&headline.title)) },
                id: url.clone(),
                updated: updated.map_or(Ok(published), time)?,
                published: Some(published),
                authors: rare.iter().flat_map(|rare| &rare.authors).map(|name| person(name)).collect(),
                links: std::iter::once(link("alternate", url, "text/html"))
                    .chain(image.map(|image| Link { mime_type: None, ..link("enclosure", image, "") }))
                    .collect(),
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
        let (newest, _) = self.entries.first().context("a feed needs at least one story")?;
        let author = if self.author.is_empty() { &self.site.title } else { self.author };
        let feed = Feed {
            title: Text::plain(self.title.as_str()),
            id: self.page.clone(),
            updated: time(&newest.datetime())?,
            authors: vec![person(author)],
            links: vec![
                link("alternate", self.page.clone(), "text/html"),
                link("self", format!("{}.xml", self.feed), "application/atom+xml"),
            ],
            subtitle: (!self.site.description.is_empty())
                .then(|| Text::plain(self.site.description.as_str())),
            generator: Some(Generator { value: "finews".to_owned(), ..Generator::default() }),
            lang: Some(self.site.lang.clone()),
            entries: self.entries.iter().map(entry).collect::<Result<_>>()?,
            ..Feed::default()
        };
        Ok(feed.to_string())
    }

    /// Renders JSON Feed.
    pub(crate) fn json(&self) -> String {
        let item = |(headline, rare): &(Headline, Option<&Rare>)| {
            let url = self.url(headline);
            let text = if headline.summary.is_empty() { &headline.title } else { &headline.summary };
            let tags: Vec<&str> = headline
                .category
                .iter()
                .chain(&headline.securities)
                .map(|label| label.title.as_str())
                .collect();
            let mut item = json!({
                "id": url,
                "url": url,
                "title": headline.title,
                "content_text": text,
                "date_published": rfc3339(&headline.datetime()),
                "tags": tags,
            });
            if let Some(rare) = rare {
                if !rare.updated.is_empty() {
                    item["date_modified"] = rfc3339(&rare.updated).into();
                }
                if !rare.authors.is_empty() {
                    item["authors"] = rare.authors.iter().map(|name| json!({ "name": name })).collect();
                }
                if !rare.lang.is_empty() && rare.lang != self.site.lang {
                    item["language"] = rare.lang.as_str().into();
                }
                if let Some(image) = absolute(&rare.image, &self.site.url) {
                    item["image"] = image.into();
                }
            }
            item
        };
        let author = if self.author.is_empty() { &self.site.title } else { self.author };
        let feed = json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": self.title,
            "home_page_url": self.page,
            "feed_url": format!("{}.json", self.feed),
            "description": self.site.description,
            "language": self.site.lang,
            "authors": [{ "name": author }],
            "items": self.entries.iter().map(item).collect::<Vec<Value>>(),
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

/// A time as feeds want it. They cannot tell only a date, so a date becomes noon in UTC, which has that date almost
/// everywhere on earth.
fn rfc3339(datetime: &str) -> String {
    if datetime.contains('T') { datetime.to_owned() } else { format!("{datetime}T12:00:00Z") }
}

fn time(datetime: &str) -> Result<FixedDateTime> {
    let text = rfc3339(datetime);
    FixedDateTime::parse_from_rfc3339(&text).map_err(|error| anyhow::anyhow!("“{text}”: {error}"))
}
