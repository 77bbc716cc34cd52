//! Links within the site, and those that lead nowhere.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::PathBuf;

use bundle::ListKind;
use bundle::address::{Address, decode};
use posts::{Warning, WarningKind};

use crate::compile::catalog::Catalog;
use crate::compile::files::PublishedFile;

/// What links within the site can lead to.
pub(crate) struct Links<'a> {
    catalog: &'a Catalog<'a>,
    files: &'a BTreeMap<&'a str, PublishedFile>,
    /// The keys of the addresses of stories, pages, categories and tags.
    keys: HashSet<String>,
    /// The days and slugs of stories.
    stories: HashSet<(i64, &'a str)>,
}

/// Files that the site has beside its pages.
const OWN_FILES: [&str; 5] = ["feed.json", "feed.xml", "robots.txt", "sitemap.xml", "widget.js"];

impl<'a> Links<'a> {
    pub(crate) fn new(catalog: &'a Catalog<'a>, files: &'a BTreeMap<&'a str, PublishedFile>) -> Self {
        let mut keys: HashSet<String> =
            catalog.lookups().into_iter().map(|(key, ..)| key.to_owned()).collect();
        let mut stories = HashSet::new();
        for rank in 0..catalog.count() {
            keys.insert(catalog.address(rank).key());
            stories.insert((catalog.time(rank).date().days(), catalog.slug(rank)));
        }
        keys.extend(catalog.lists().map(|(kind, key)| Address::list(kind, key).key()));
        keys.extend(catalog.standalone.addresses().into_keys());
        Self { catalog, files, keys, stories }
    }

    /// The links that lead nowhere, by the files that contain them.
    pub(crate) fn broken(&self) -> Vec<(PathBuf, Warning)> {
        let addresses = self.catalog.addresses_by_source();
        let of_stories = self
            .catalog
            .links()
            .filter_map(|(source, links)| Some((source, addresses.get(source)?.as_str(), links)));
        let pages = self.catalog.standalone.published();
        let of_pages = pages.map(|page| (&*page.source, page.path.as_str(), page.links.as_slice()));
        let mut broken = Vec::new();
        for (source, address, links) in of_stories.chain(of_pages) {
            let nowhere: Vec<&String> =
                links.iter().filter(|link| !self.leads_somewhere(link, address)).collect();
            if nowhere.is_empty() {
                continue;
            }
            let file = self.catalog.file(source);
            let bytes = fs::read(&file).unwrap_or_default();
            let text = posts::decode(&bytes);
            for link in nowhere {
                let line = text.find(link.as_str()).map_or(1, |at| 1 + text[..at].matches('\n').count());
                let message = format!("“{link}” leads to no story, page or file of the site");
                broken.push((file.clone(), Warning { line, kind: WarningKind::Link, message }));
            }
        }
        broken.sort_by(|(a, x), (b, y)| (a, x.line).cmp(&(b, y.line)));
        broken
    }

    /// Whether a link on the page of an address leads to something.
    fn leads_somewhere(&self, link: &str, here: &str) -> bool {
        let link = link.split(['?', '#']).next().unwrap_or_default();
        let path = joined(here, link);
        let base = self.catalog.base();
        let candidates = [Some(path.as_str()), base.strip(&path)];
        candidates.into_iter().flatten().any(|path| {
            let address = Address::parse(path, "");
            let file = decode(path.trim_start_matches('/'));
            let is_story = |date: bundle::Date, slug: &str| {
                [0, -1, 1].iter().any(|off| self.stories.contains(&(date.days() + off, slug)))
            };
            self.keys.contains(&address.key())
                || self.files.contains_key(file.as_str())
                || OWN_FILES.iter().any(|own| file == *own || file.ends_with(&format!("/{own}")))
                || match &address {
                    Address::Home
                    | Address::Names(_)
                    | Address::Archive
                    | Address::Month(_)
                    | Address::Day { .. } => true,
                    Address::List { id, .. } => id.kind == ListKind::Quote,
                    Address::Article { date, slug, .. } => is_story(*date, slug),
                    Address::Search => self.catalog.config.has_search,
                    Address::Path(_) | Address::Unknown => false,
                }
        })
    }
}

/// The path to which a link on the page of a path leads.
fn joined(here: &str, link: &str) -> String {
    if link.starts_with('/') {
        return link.to_owned();
    }
    if link.is_empty() {
        return here.to_owned();
    }
    let folder = here.rfind('/').map_or("", |at| &here[..at]);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let is_folder = link.ends_with('/');
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    format!("/{}{}", parts.join("/"), if is_folder { "/" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_relative_to_the_address_of_its_page() {
        for (here, link, expected) in [
            ("/a/b.html", "c.html", "/a/c.html"),
            ("/a/b/", "c/", "/a/b/c/"),
            ("/a/b/", "../c", "/a/c"),
            ("/a/b.html", "/c", "/c"),
            ("/a/b.html", "", "/a/b.html"),
            ("/a.html", "../../c", "/c"),
        ] {
            assert_eq!(joined(here, link), expected, "{here} {link}");
        }
    }
}
