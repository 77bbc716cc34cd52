//! Feeds: Atom (RFC 4287) and JSON Feed 1.1 (<https://www.jsonfeed.org/version/1.1/>) of the newest stories, of the site or a category.

use anyhow::{Context as _, Result};
use atom_syndication::{Category, Entry, Feed, FixedDateTime, Generator, Link, Person, Text};
use bundle::{Headline, Site};
use serde_json::{Value, json};

/// How many stories a feed has at most.
pub(crate) const STORIES: usize = 50;

/// What a feed is of.
pub(crate) struct Source<'a> {
    pub(crate) site: &'a Site,
    /// The site's name, or a category's with it.
    pub(crate) title: String,
    /// The page of the same stories.
    pub(crate) page: String,
    /// Where the feed is, without the extension.
    pub(crate) feed: String,
    /// The stories, newest first, at least one.
    pub(crate) rows: Vec<Headline>,
}

impl Source<'_> {
    fn url(&self, headline: &Headline) -> String {
        format!("{}{}", self.site.url, headline.address())
    }

    /// As Atom. Whatever time it is now does not count: the feed is as old as its newest story.
    ///
    /// # Errors
    /// Where a time is none that Atom knows.
    pub(crate) fn atom(&self) -> Result<String> {
        let person = |name: &str| Person { name: name.to_owned(), ..Person::default() };
        let entry = |headline: &Headline| -> Result<Entry> {
            let url = self.url(headline);
            let labels = headline.category.iter().chain(&headline.securities);
            Ok(Entry {
                title: Text::plain(plain(&headline.title)),
                id: url.clone(),
                updated: time(headline)?,
                published: Some(time(headline)?),
                links: vec![link("alternate", url, "text/html")],
                categories: labels
                    .map(|label| Category {
                        term: plain(&label.key),
                        label: Some(plain(&label.title)),
                        ..Category::default()
                    })
                    .collect(),
                summary: (!headline.summary.is_empty()).then(|| Text::plain(plain(&headline.summary))),
                ..Entry::default()
            })
        };
        let newest = self.rows.first().context("a feed has a story")?;
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

    /// As JSON Feed.
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

/// Text without the characters that XML has no form for (<https://www.w3.org/TR/xml/#charsets>), which a post may hold.
pub(crate) fn plain(text: &str) -> String {
    text.chars().filter(|c| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..)).collect()
}

fn link(rel: &str, href: String, mime: &str) -> Link {
    Link { rel: rel.to_owned(), href, mime_type: Some(mime.to_owned()), ..Link::default() }
}

fn time(headline: &Headline) -> Result<FixedDateTime> {
    let text = headline.time.to_string();
    FixedDateTime::parse_from_rfc3339(&text).map_err(|error| anyhow::anyhow!("“{text}”: {error}"))
}
