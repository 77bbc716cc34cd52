//! The site that views are part of.

use std::sync::Arc;

use bundle::address::Address;
use bundle::{Base, Counts, Headline, Label, Manifest, Settings};
use leptos::prelude::*;

use super::language::{Language, Words};

/// A site: its manifest, its folder on the host, and its interface language. Views get it as a context. Cheap
/// to clone.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteContext {
    /// The manifest.
    pub manifest: Arc<Manifest>,
    /// The site's folder on its host.
    pub base: Arc<Base>,
    /// The interface's language.
    pub language: Language,
}

impl SiteContext {
    /// Makes the context of a manifest.
    pub fn new(mut manifest: Manifest, base: Base) -> Self {
        manifest.settings = manifest.settings.with_valid_addresses();
        Self {
            language: Language::of_site(&manifest.site.lang),
            manifest: Arc::new(manifest),
            base: Arc::new(base),
        }
    }

    /// The interface's words.
    pub const fn words(&self) -> &'static Words {
        self.language.words()
    }

    /// The `href` of an address.
    pub fn href(&self, address: &Address) -> String {
        self.base.href(address)
    }

    /// The `href` of a story.
    pub fn story(&self, headline: &Headline) -> String {
        self.href(&headline.address(&self.manifest.settings.permalink))
    }

    /// The header for the frame.
    pub fn header(&self) -> SiteHeader {
        let site = &self.manifest.site;
        SiteHeader {
            base: self.base.clone(),
            language: self.language,
            title: site.title.clone(),
            description: site.description.clone(),
            counts: Some(self.manifest.counts),
            menu: Vec::new(),
            has_search: !self.manifest.index.search.is_empty(),
        }
    }

    /// The address of a security's quote page.
    pub fn quote_page(&self, secid: &str) -> String {
        Settings::fill(&self.manifest.settings.quote, secid, "")
    }

    /// The address of a chart image.
    pub fn chart(&self, secid: &str, period: Period) -> String {
        let settings = &self.manifest.settings;
        let (template, period) = match period {
            Period::Intraday => (&settings.intraday, ""),
            Period::Day => (&settings.chart, "D"),
            Period::Week => (&settings.chart, "W"),
            Period::Month => (&settings.chart, "M"),
        };
        Settings::fill(template, secid, period)
    }
}

/// Returns the site of the view that is being built.
///
/// # Panics
/// Panics if no site is provided. `routes::Page` provides it, and so does other code that shows only a part
/// of a page.
#[allow(clippy::expect_used, reason = "a view without a site is a bug")]
pub(crate) fn use_site() -> SiteContext {
    use_context().expect("a page provides its site")
}

/// What the frame shows of the site; known before a manifest is read.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteHeader {
    /// The site's folder on its host.
    pub base: Arc<Base>,
    /// The interface's language.
    pub language: Language,
    /// The site's title.
    pub title: String,
    /// A sentence below the title; may be empty.
    pub description: String,
    /// How many lists the site has; `None` if that is not known.
    pub counts: Option<Counts>,
    /// What the menu has after the lists: the `href`s as keys, and the names to show. The builder knows it; the program
    /// keeps the masthead that the builder has made.
    pub menu: Vec<Label>,
    /// Whether the site has full-text search, as far as it is known.
    pub has_search: bool,
}

/// The period of a chart: what one candle covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// Today's prices as a line, without candles.
    Intraday,
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
}

impl Period {
    /// All periods, shortest first.
    pub const ALL: [Self; 4] = [Self::Intraday, Self::Day, Self::Week, Self::Month];

    /// The period's name.
    pub const fn name(self, words: &Words) -> &'static str {
        match self {
            Self::Intraday => words.intraday,
            Self::Day => words.day,
            Self::Week => words.week,
            Self::Month => words.month,
        }
    }
}
