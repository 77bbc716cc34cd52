//! Sitemaps (<https://www.sitemaps.org/protocol.html>): an index, one sitemap of the main pages, one for the stories of each
//! month, and one of the latest news (<https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap>).

use anyhow::Result;
use bundle::Site;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::feeds::xml_text;

/// The largest number of entries in a sitemap.
pub(crate) const MAX_ENTRIES: usize = 50_000;
/// The largest number of entries in a news sitemap.
pub(crate) const MAX_NEWS: usize = 1000;
/// How long a story belongs in a news sitemap, in seconds.
pub(crate) const NEWS_SECONDS: i64 = 2 * 86_400;

const SITEMAP: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
const NEWS_SITEMAP: &str = "http://www.google.com/schemas/sitemap-news/0.9";

/// A URL, and the time or date to write as `lastmod`, if any: when an article was published or updated.
pub(crate) type Entry = (String, Option<String>);

/// Renders the index of sitemaps.
pub(crate) fn index(entries: &[Entry]) -> Result<String> {
    document("sitemapindex", &[("xmlns", SITEMAP)], |writer| {
        entries.iter().try_for_each(|entry| write_element(writer, "sitemap", entry, |_| Ok(())))
    })
}

/// Renders a sitemap.
pub(crate) fn sitemap(entries: &[Entry]) -> Result<String> {
    document("urlset", &[("xmlns", SITEMAP)], |writer| {
        entries.iter().try_for_each(|entry| write_element(writer, "url", entry, |_| Ok(())))
    })
}

/// Renders a sitemap of news: URLs, publication times or dates, and titles.
pub(crate) fn news(site: &Site, stories: &[(String, String, String)]) -> Result<String> {
    // The protocol requires language codes of two or three letters, except for Chinese.
    let language = match site.lang.to_lowercase().as_str() {
        "zh-tw" | "zh-hk" | "zh-hant" => "zh-tw".to_owned(),
        lang if lang.starts_with("zh") => "zh-cn".to_owned(),
        lang => lang.split('-').next().unwrap_or_default().to_owned(),
    };
    document("urlset", &[("xmlns", SITEMAP), ("xmlns:news", NEWS_SITEMAP)], |writer| {
        stories.iter().try_for_each(|(url, time, title)| {
            write_element(writer, "url", &(url.clone(), None), |writer| {
                writer.create_element("news:news").write_inner_content(|writer| {
                    writer.create_element("news:publication").write_inner_content(|writer| {
                        write_text(writer, "news:name", &site.title)?;
                        write_text(writer, "news:language", &language)
                    })?;
                    write_text(writer, "news:publication_date", time)?;
                    write_text(writer, "news:title", title)
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

fn write_element(
    writer: &mut Xml,
    name: &str,
    (url, modified): &Entry,
    more: impl FnOnce(&mut Xml) -> std::io::Result<()>,
) -> std::io::Result<()> {
    writer.create_element(name).write_inner_content(|writer| {
        write_text(writer, "loc", url)?;
        if let Some(time) = modified {
            write_text(writer, "lastmod", time)?;
        }
        more(writer)
    })?;
    Ok(())
}

fn write_text(writer: &mut Xml, name: &str, text: &str) -> std::io::Result<()> {
    writer.create_element(name).write_text_content(BytesText::new(&xml_text(text)))?;
    Ok(())
}
