//! Writes the files whose paths contain no hash, except the manifest: prerendered pages, feeds, sitemaps, the
//! host's files and others.
//!
//! A prerendered page is complete without the program. For an address that has no prerendered page, hosts
//! answer with 404.html, and the program shows the page. A page is rendered again only when something it
//! shows has changed.

mod context;
mod document;
mod embed;
mod feeds;
mod head;
mod listings;
pub(crate) mod own_paths;
mod plan;
mod render;
mod sitemaps;

use std::fs;

use anyhow::Result;
use rayon::prelude::*;

pub(crate) use self::context::PageContext;
pub(crate) use self::plan::Options;
use self::plan::Planned;
use crate::digest::digest;
use crate::pictures::smaller_copy;
use crate::program;
use crate::progress::progress;
use crate::site::Site;

/// Writes all files whose paths contain no hash, except the manifest.
///
/// # Errors
/// Fails if a file cannot be written, or if a post cannot be read again.
pub(crate) fn write(pages: &PageContext<'_>, site: &mut Site, options: &Options) -> Result<()> {
    let planned = pages.plan(site, options)?;
    site.record_pages(planned.iter().map(|(path, _)| path.as_str()), options.precompress)?;
    let site = &*site;
    let bar = progress(planned.len(), "rendering pages");
    planned.par_iter().try_for_each(|(path, page)| {
        bar.inc(1);
        put(pages, site, path, page)
    })?;
    bar.finish_and_clear();
    Ok(())
}

/// Writes a file unless its inputs are unchanged.
fn put(pages: &PageContext<'_>, site: &Site, path: &str, page: &Planned<'_>) -> Result<()> {
    let (config, document) = (pages.config, &pages.document);
    match page {
        Planned::Home => site.write_page(path, pages.home_digest(), || pages.home(site)),
        Planned::Category(list) => {
            site.write_page(path, pages.category_digest(list), || pages.category(site, list))
        }
        Planned::Standalone(page) => {
            site.write_page(path, pages.standalone_digest(page), || pages.standalone(page))
        }
        Planned::Article(rank) => site.write_page(path, pages.article_digest(*rank), || pages.article(*rank)),
        Planned::Search => site.write_page_bytes(path, &pages.search()?),
        Planned::Shell => site.write_page_bytes(path, pages.shell.as_bytes()),
        Planned::Worker => site.write_page_bytes(path, program::worker(&pages.shell)?.as_bytes()),
        Planned::Frame(newest) => {
            let newest = if *newest { pages.manifest.newest.as_slice() } else { &[] };
            site.write_page_bytes(path, embed::frame(config, document, newest)?.as_bytes())
        }
        Planned::Examples => site.write_page_bytes(
            path,
            embed::examples(config, document, pages.categories_with_pages())?.as_bytes(),
        ),
        Planned::Oembed(list) => site.write_page_bytes(path, embed::oembed(config, *list)?.as_bytes()),
        Planned::Atom(list) => {
            let digest = pages.feed_digest("atom", *list);
            site.write_page(path, digest, || Ok(pages.feed(*list).atom()?.into_bytes()))
        }
        Planned::JsonFeed(list) => {
            let digest = pages.feed_digest("json", *list);
            site.write_page(path, digest, || Ok(pages.feed(*list).json().into_bytes()))
        }
        Planned::Sitemap(ranks) => site.write_page(path, pages.sitemap_digest(ranks), || {
            Ok(sitemaps::sitemap(&pages.sitemap_entries(ranks))?.into_bytes())
        }),
        Planned::Text(text) => site.write_page_bytes(path, text.as_bytes()),
        Planned::Public(bytes) => site.write_page_bytes(path, bytes),
        Planned::Copy(source, stamp) => site.copy_file(path, stamp.digest(), &config.root.join(source)),
        Planned::SmallerCopy(source, stamp, width) => {
            let digest = digest(&[&stamp.digest()[..], &width.to_le_bytes()].concat());
            site.write_if_made(path, digest, || {
                // One that cannot be read is told where it is copied as it is.
                let picture = fs::read(config.root.join(source)).ok();
                Ok(picture.map(|picture| smaller_copy(picture, *width)))
            })
        }
    }
}
