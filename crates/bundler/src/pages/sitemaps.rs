//! Sitemaps (<https://www.sitemaps.org/protocol.html>): an index, one for the pages that lead, one a month for stories, and one of
//! the newest news (<https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap>).

use anyhow::Result;
use bundle::{Site, Time};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::feeds::plain;

/// How many addresses a sitemap may have.
pub(crate) const ADDRESSES: usize = 50_000;
/// How many a news sitemap may have.
pub(crate) const NEWS: usize = 1000;
/// How long something is news, in seconds.
pub(crate) const NEWS_SECONDS: i64 = 2 * 86_400;

const SITEMAP: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
const NEWS_SITEMAP: &str = "http://www.google.com/schemas/sitemap-news/0.9";

/// An address, and when it last changed, where that is told.
pub(crate) type Place = (String, Option<Time>);

/// The index of sitemaps.
pub(crate) fn index(places: &[Place]) -> Result<String> {
    document("sitemapindex", &[("xmlns", SITEMAP)], |writer| {
        places.iter().try_for_each(|place| element(writer, "sitemap", place, |_| Ok(())))
    })
}

/// A sitemap.
pub(crate) fn sitemap(places: &[Place]) -> Result<String> {
    document("urlset", &[("xmlns", SITEMAP)], |writer| {
        places.iter().try_for_each(|place| element(writer, "url", place, |_| Ok(())))
    })
}

/// A sitemap of news, with their titles.
pub(crate) fn news(site: &Site, stories: &[(String, Time, String)]) -> Result<String> {
    // The language as the protocol wants it: of two letters, but for Chinese.
    let language = match site.lang.to_lowercase().as_str() {
        "zh-tw" | "zh-hk" | "zh-hant" => "zh-tw".to_owned(),
        lang if lang.starts_with("zh") => "zh-cn".to_owned(),
        lang => lang.split('-').next().unwrap_or_default().to_owned(),
    };
    document("urlset", &[("xmlns", SITEMAP), ("xmlns:news", NEWS_SITEMAP)], |writer| {
        stories.iter().try_for_each(|(url, time, title)| {
            element(writer, "url", &(url.clone(), None), |writer| {
                writer.create_element("news:news").write_inner_content(|writer| {
                    writer.create_element("news:publication").write_inner_content(|writer| {
                        text(writer, "news:name", &site.title)?;
                        text(writer, "news:language", &language)
                    })?;
                    text(writer, "news:publication_date", &time.to_string())?;
                    text(writer, "news:title", title)
                })?;
                Ok(())
            })
        })
    })
}

type Xml = Writer<Vec<u8>>;

fn document(
    name: &str,
    attributes: &[(&str, &str)],
    content: impl FnOnce(&mut Xml) -> std::io::Result<()>,
) -> Result<String> {
    let mut writer = Writer::new(Vec::new());
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    writer.create_element(name).with_attributes(attributes.iter().copied()).write_inner_content(content)?;
    Ok(String::from_utf8(writer.into_inner())?)
}

fn element(
    writer: &mut Xml,
    name: &str,
    (url, changed): &Place,
    more: impl FnOnce(&mut Xml) -> std::io::Result<()>,
) -> std::io::Result<()> {
    writer.create_element(name).write_inner_content(|writer| {
        text(writer, "loc", url)?;
        if let Some(time) = changed {
            text(writer, "lastmod", &time.to_string())?;
        }
        more(writer)
    })?;
    Ok(())
}

fn text(writer: &mut Xml, name: &str, text: &str) -> std::io::Result<()> {
    writer.create_element(name).write_text_content(BytesText::new(&plain(text)))?;
    Ok(())
}
