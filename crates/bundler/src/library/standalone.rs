//! Standalone pages: files that are no posts, and that their publisher means as pages of the site, such as `about.md`.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use anyhow::Result;
use bundle::address::Address;
use bundle::{Article, Label, ListKind};
use percent_encoding::utf8_percent_encode;
use posts::{NamedFile, Post, Warning, WarningKind};
use rayon::prelude::*;

use super::resolve::Resolved;
use super::surroundings::page_address;
use super::walk::{is_in_posts, is_markdown};
use super::{Library, read_file, read_post};
use crate::config::{Config, MenuSetting};
use crate::jekyll::PostKind;
use crate::kind::SiteKind;
use crate::pages::own_paths::is_own_file;
use crate::paths::file;

/// A standalone page of a folder.
pub(crate) struct Standalone {
    /// The path of its file.
    pub(crate) source: Box<str>,
    /// The path of its address, percent-encoded.
    pub(crate) path: String,
    /// Old addresses.
    aliases: Vec<String>,
    pub(crate) page: Article,
    /// The first words, for search engines.
    pub(crate) excerpt: String,
    /// The files that it names.
    pub(crate) files: Vec<NamedFile>,
    /// The addresses within the site that it links to and that are no files.
    pub(crate) links: Vec<String>,
    /// Whether its front matter keeps it out of menus.
    is_out_of_menus: bool,
    /// Its place in menus: smaller numbers come first.
    order: Option<f64>,
    /// A fingerprint of the words in it that are kept back; 0 if there are none.
    kept_back_words: u64,
    /// Whether it lists stories, beside its own words.
    lists_stories: bool,
    /// What could not be read as written.
    warnings: Vec<Warning>,
}

/// The standalone pages of a folder.
#[derive(Default)]
pub(crate) struct StandalonePages {
    /// The published pages except the home page, sorted by the paths of their files.
    pub(crate) pages: Vec<Standalone>,
    /// The page whose words stand above the lists of the home page.
    pub(crate) home: Option<Standalone>,
    /// Pages that their front matter keeps back.
    kept_back: Vec<Standalone>,
    /// Files that only list stories, which is left to the site's own lists.
    pub(crate) lists: Vec<String>,
    /// Files whose titles are those of sections.
    sections: Vec<String>,
    /// Files without words of their own.
    pub(crate) empty: Vec<String>,
    /// Files that are neither posts nor pages.
    pub(crate) others: Vec<String>,
    /// HTML that Jekyll copies as it is.
    pub(crate) html: Vec<String>,
    /// What the menu has after the lists: paths from the site's root or http(s) addresses as keys, and names.
    pub(crate) menu: Vec<Label>,
    pub(crate) warnings: Vec<(PathBuf, Warning)>,
}

/// What a file is that may be a page.
enum Found {
    Page(Box<Standalone>),
    KeptBack(Box<Standalone>),
    List,
    Empty,
    Other,
    Html,
    /// A file that is published as it is.
    File,
}

impl StandalonePages {
    /// Reads all pages.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub(crate) fn read(library: &Library<'_>, resolved: &Resolved, config: &Config) -> Result<Self> {
        let undated = library.stories.iter().filter(|story| story.is_page()).map(|story| &story.path);
        let mut sources: Vec<&str> = undated.chain(&library.files.pages).map(|path| &**path).collect();
        sources.sort_unstable();
        let found: Result<Vec<(&str, Found)>> =
            sources.into_par_iter().map(|source| Ok((source, read(source, library, config)?))).collect();
        let mut pages = Self::default();
        for (source, found) in found? {
            if config.kind.is_section(source) && !matches!(found, Found::KeptBack(_)) {
                pages.sections.push(source.to_owned());
            }
            match found {
                Found::Page(page) => pages.pages.push(*page),
                Found::KeptBack(page) => pages.kept_back.push(*page),
                Found::List => pages.lists.push(source.to_owned()),
                Found::Empty => pages.empty.push(source.to_owned()),
                Found::Other => pages.others.push(source.to_owned()),
                Found::Html => pages.html.push(source.to_owned()),
                Found::File => {}
            }
        }
        pages.resolve(library, resolved);
        pages.add_menu(config);
        Ok(pages)
    }

    /// Takes out the home page, and pages whose addresses are already those of something else.
    fn resolve(&mut self, library: &Library<'_>, resolved: &Resolved) {
        if self.pages.is_empty() {
            return;
        }
        let published = || library.stories.iter().filter(|story| story.published);
        let categories: HashSet<&str> = published()
            .flat_map(|story| &story.categories)
            .map(|id| library.labels.get(resolved.category(*id)).key.as_str())
            .collect();
        let lookups: HashSet<&str> = resolved.addresses.lookups.iter().map(|(key, _)| &**key).collect();
        let owner = |address: &Address| match address {
            Address::List { id, .. } if id.kind == ListKind::Category => {
                categories.contains(id.key.as_str()).then_some("a category")
            }
            Address::Path(_) => None,
            Address::Article { date, slug, .. } => {
                let is_story = published().any(|story| *story.slug == **slug && story.time.date() == *date);
                is_story.then_some("a story")
            }
            _ => Some("the site itself"),
        };
        let mut taken: HashSet<String> = HashSet::from([NOT_FOUND.to_owned()]);
        for mut page in std::mem::take(&mut self.pages) {
            let address = Address::parse(&page.path, "");
            if address == Address::Home {
                if self.home.is_none() {
                    page.page.title.clear();
                    self.home = Some(page);
                }
                continue;
            }
            let key = address.key();
            let other = if lookups.contains(key.as_str()) { Some("a story") } else { owner(&address) };
            let other = other.or_else(|| match (taken.contains(&key), key.as_str()) {
                _ if is_own_file(&page.path) => Some("the site itself"),
                (true, NOT_FOUND) => Some("the site itself"),
                (true, _) => Some("another page"),
                _ => None,
            });
            if other.is_some() && page.lists_stories {
                self.lists.push(page.source.to_string());
                continue;
            }
            if let Some(other) = other {
                let message = format!(
                    "the page is left out, because its address {} is that of {other}; give it another one with “permalink”",
                    page.path
                );
                let warning = Warning { line: 1, kind: WarningKind::Address, message };
                self.warnings.push((library.files.file(&page.source), warning));
                continue;
            }
            if file(&Address::Path(page.path.clone())).is_none() {
                let message = format!(
                    "no file may have the address {} on every host, so the page has no file of its own; the viewer shows it",
                    page.path
                );
                page.warnings.push(Warning { line: 1, kind: WarningKind::Address, message });
            }
            taken.insert(key);
            page.aliases.retain(|alias| {
                let address = Address::parse(alias, "");
                let key = address.key();
                owner(&address).is_none() && !lookups.contains(key.as_str()) && taken.insert(key)
            });
            self.pages.push(page);
        }
        for page in self.pages.iter_mut().chain(&mut self.home) {
            let warnings = std::mem::take(&mut page.warnings);
            let file = library.files.file(&page.source);
            self.warnings.extend(warnings.into_iter().map(|warning| (file.clone(), warning)));
        }
        self.warnings.sort_by(|(a, x), (b, y)| (a, x.line).cmp(&(b, y.line)));
    }

    /// Makes the menu: what finews.toml says, or else the pages at the top level.
    fn add_menu(&mut self, config: &Config) {
        let entry = |page: &Standalone| Label { key: page.path.clone(), title: page.page.title.clone() };
        let Some(settings) = &config.menu else {
            let is_top = |page: &&Standalone| {
                !page.is_out_of_menus
                    && !page.source.starts_with('_')
                    && page.path.trim_matches('/').split('/').count() == 1
            };
            let mut top: Vec<&Standalone> = self.pages.iter().filter(is_top).collect();
            top.sort_by(|a, b| by_order(a, b));
            self.menu = top.into_iter().take(MAX_MENU).map(entry).collect();
            return;
        };
        for setting in settings {
            match setting {
                MenuSetting::Link { title, url } => {
                    self.menu.push(Label { key: url.clone(), title: title.clone() });
                }
                MenuSetting::Page(name) => {
                    let key = Address::parse(&format!("/{}", name.trim_start_matches('/')), "").key();
                    let is_meant = |page: &&Standalone| {
                        *page.source == *name.trim_start_matches('/')
                            || Address::parse(&page.path, "").key() == key
                    };
                    if let Some(page) = self.pages.iter().find(is_meant) {
                        self.menu.push(entry(page));
                    } else {
                        let message = format!(
                            "[menu] names “{name}”, which is neither the file nor the address of a page; it is left out"
                        );
                        let warning = Warning { line: 1, kind: WarningKind::Address, message };
                        self.warnings.push((config.root.join("finews.toml"), warning));
                    }
                }
            }
        }
    }

    /// All published pages, the home page among them.
    pub(crate) fn published(&self) -> impl Iterator<Item = &Standalone> {
        self.pages.iter().chain(&self.home)
    }

    /// The files that only pages name that are kept back.
    pub(crate) fn kept_back_files(&self) -> impl Iterator<Item = &NamedFile> {
        self.kept_back.iter().flat_map(|page| &page.files)
    }

    /// The keys of all addresses that open a page, old ones among them, each with the page.
    pub(crate) fn addresses(&self) -> BTreeMap<String, &Standalone> {
        let key = |path: &str| Address::parse(path, "").key();
        let old = self.pages.iter().flat_map(|page| page.aliases.iter().map(move |alias| (key(alias), page)));
        self.pages.iter().map(|page| (key(&page.path), page)).chain(old).collect()
    }

    /// The published files, with fingerprints of the words in them that are kept back.
    pub(crate) fn published_words(&self) -> BTreeMap<String, u64> {
        let sections = self.sections.iter().map(|source| (source.clone(), 0));
        let pages = self.published().map(|page| (page.source.to_string(), page.kept_back_words));
        sections.chain(pages).collect()
    }

    /// The kept-back files.
    pub(crate) fn kept_back_sources(&self) -> impl Iterator<Item = &str> {
        self.kept_back.iter().map(|page| &*page.source)
    }
}

/// The key of the address of the page that hosts show instead of others.
const NOT_FOUND: &str = "/404";

/// How many entries a menu has that the publisher does not set.
const MAX_MENU: usize = 8;

fn by_order(a: &Standalone, b: &Standalone) -> Ordering {
    match (a.order, b.order) {
        (Some(x), Some(y)) => x.total_cmp(&y),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
    .then_with(|| a.source.cmp(&b.source))
}

/// Reads a file that may be a page.
fn read(source: &str, library: &Library<'_>, config: &Config) -> Result<Found> {
    let is_html = !is_markdown(source);
    if !library.files.is_inside(source) {
        return Ok(Found::Other);
    }
    let bytes = read_file(&library.files, source)?;
    let text = posts::decode(&bytes);
    let first = text.lines().next().unwrap_or_default().trim_end();
    let has_front_matter = matches!(first, "---" | "+++");
    let needs_front_matter = is_html || config.kind == SiteKind::Jekyll;
    if is_in_posts(source)
        || (needs_front_matter && !has_front_matter)
        || (!has_front_matter && is_about_the_folder(source))
    {
        let is_told = !is_html || config.kind == SiteKind::Jekyll;
        return Ok(match is_html {
            // It is published as it is.
            true if config.included_files.is_match(source) => Found::File,
            true if is_told => Found::Html,
            true => Found::Empty,
            false => Found::Other,
        });
    }
    let kind = config.collection(source).map_or(PostKind::Page, PostKind::Collection);
    let post = read_post(Some(&library.files), source, kind, &bytes, config);
    // Its title and date are no story's, and a page needs no front matter.
    let is_told = |warning: &Warning| match warning.kind {
        WarningKind::Title | WarningKind::Date => false,
        WarningKind::FrontMatter => has_front_matter,
        _ => true,
    };
    let warnings = post.warnings.iter().filter(|warning| is_told(warning)).cloned().collect();
    let is_shown = post.visibility.is_shown(config.now, config.future);
    let lists_stories = lists_stories(&text) || config.kind.is_section(source);
    let page = Standalone { lists_stories, warnings, ..Standalone::of(source, post, config) };
    // The words around the lists of an HTML home page are part of its design.
    let is_design = lists_stories && is_html && Address::parse(&page.path, "") == Address::Home;
    Ok(if !is_shown {
        Found::KeptBack(Box::new(page))
    } else if has_words(&page.page.body, lists_stories) && !is_design {
        Found::Page(Box::new(page))
    } else if lists_stories {
        Found::List
    } else {
        Found::Empty
    })
}

/// Where the first tag of a template is.
fn tag_in(text: &str) -> Option<usize> {
    ["{%", "{{"].iter().filter_map(|sign| text.find(sign)).min()
}

/// Whether a body has words. On a page that lists stories, headings are those of the lists, and tags may be left.
fn has_words(body: &str, lists_stories: bool) -> bool {
    let mut left = String::new();
    let mut rest = body;
    while let Some(at) = tag_in(rest).filter(|_| lists_stories) {
        left.push_str(&rest[..at]);
        let tag = &rest[at..];
        let end = if tag.starts_with("{%") { "%}" } else { "}}" };
        rest = tag.find(end).map_or("", |length| &tag[length + 2..]);
    }
    left.push_str(rest);
    left.lines()
        .any(|line| !(lists_stories && line.starts_with('#')) && line.chars().any(char::is_alphanumeric))
}

/// Whether a template lists stories.
fn lists_stories(text: &str) -> bool {
    ["site.", "paginator", "collections."].iter().any(|name| text.contains(name)) && text.contains("{%")
}

/// Whether a file's name says that it is about the folder and not part of the site, as in jekyll-optional-front-matter.
fn is_about_the_folder(path: &str) -> bool {
    const NAMES: [&str; 12] = [
        "readme",
        "license",
        "licence",
        "copying",
        "code_of_conduct",
        "contributing",
        "issue_template",
        "pull_request_template",
        "changelog",
        "history",
        "security",
        "authors",
    ];
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.split('.').next().unwrap_or_default().to_lowercase();
    NAMES.contains(&stem.as_str())
}

impl Standalone {
    /// The page of a file that was read as a post.
    fn of(source: &str, post: Post, config: &Config) -> Self {
        let permalink = config.kind.page_permalink(source, &post, &config.jekyll);
        let article = post.article;
        let has_title = post.warnings.iter().all(|warning| warning.kind != WarningKind::Title);
        let (title, body) = if has_title {
            (article.title, article.body)
        } else {
            match first_heading(&article.body) {
                Some((title, body)) => (title, body.to_owned()),
                None => (title_of(source), article.body),
            }
        };
        let encode = |path: &str| utf8_percent_encode(path, posts::NEVER_IN_URLS).to_string();
        let aliases = post.aliases.iter().map(|alias| format!("/{}", encode(alias.trim_start_matches('/'))));
        let lang = if article.lang == config.site.lang { String::new() } else { article.lang };
        Self {
            source: source.into(),
            path: encode(&page_address(source, &permalink, config)),
            aliases: aliases.collect(),
            page: Article { title, lang, securities: article.securities, body, ..Article::default() },
            excerpt: post.excerpt,
            files: post.files,
            links: post.links,
            is_out_of_menus: post.menu.is_excluded,
            order: post.menu.order.parse().ok(),
            kept_back_words: post.visibility.kept_back_words,
            lists_stories: false,
            warnings: Vec::new(),
        }
    }
}

/// The words of the heading with which a body begins, if they are plain, and the rest of the body.
fn first_heading(body: &str) -> Option<(String, &str)> {
    let (line, rest) = body.split_once('\n').unwrap_or((body, ""));
    let words = line.strip_prefix("# ")?;
    let words = words.split_once(" {#").map_or(words, |(words, _)| words);
    let is_plain = !words.contains(['*', '_', '`', '[', '<', '\\', '&', '!']);
    is_plain.then(|| (words.to_owned(), rest.trim_start_matches('\n')))
}

/// A title from the name of a page's file, or of its folder.
fn title_of(source: &str) -> String {
    let path = source.rsplit_once('.').map_or(source, |(stem, _)| stem);
    let path = path.strip_suffix("/index").unwrap_or(path);
    let name = path.rsplit('/').next().unwrap_or_default().replace(['-', '_'], " ");
    let mut chars = name.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_without_a_title_has_that_of_its_heading_or_its_file() {
        assert_eq!(
            first_heading("# About us {#about-us}\n\nWords\n"),
            Some(("About us".to_owned(), "Words\n"))
        );
        assert_eq!(first_heading("Words\n"), None);
        assert_eq!(first_heading("# *About*\n"), None);
        assert_eq!(title_of("pages/about-the_harbour.md"), "About the harbour");
        assert_eq!(title_of("help/index.md"), "Help");
    }

    #[test]
    fn headings_and_tags_of_lists_are_no_words() {
        assert!(!has_words("## Posts\n\n---\n", true) && has_words("## Posts\n\nwords\n", true));
        assert!(has_words("## Call 555\n", false) && !has_words("---\n", false));
        assert!(!has_words("{% for t in site.tags %}\n- {{ t }}\n{% endfor %}\n", true));
        assert!(lists_stories("{% for post in site.posts %}{% endfor %}") && !lists_stories("site.posts"));
    }
}
