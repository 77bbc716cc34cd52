//! What views need to know of the site they are part of.

use std::sync::Arc;

use bundle::Manifest;
use bundle::{Base, address::Address};
use leptos::prelude::*;

use super::language::{Language, Words};

/// A manifest, the folder the site stands in, and the language it speaks: the one context that views are made
/// in. Cheap to clone.
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
    /// The site of a manifest.
    pub fn new(mut manifest: Manifest, base: Base) -> Self {
        manifest.settings = manifest.settings.checked();
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

    /// What to write into a link to a place on the site.
    pub fn href(&self, address: &Address) -> String {
        self.base.href(address)
    }

    /// What the frame around its pages says of the site.
    pub fn header(&self) -> SiteHeader {
        let site = &self.manifest.site;
        SiteHeader {
            base: self.base.clone(),
            language: self.language,
            title: site.title.clone(),
            description: site.description.clone(),
        }
    }

    /// The address of a security's quote page.
    pub fn quote_page(&self, secid: &str) -> String {
        self.manifest.settings.quote.replace("{secid}", secid)
    }

    /// The address of a chart image.
    pub fn chart(&self, secid: &str, period: Period) -> String {
        let settings = &self.manifest.settings;
        match period {
            Period::Intraday => settings.intraday.replace("{secid}", secid),
            Period::Day => settings.chart.replace("{secid}", secid).replace("{period}", "D"),
            Period::Week => settings.chart.replace("{secid}", secid).replace("{period}", "W"),
            Period::Month => settings.chart.replace("{secid}", secid).replace("{period}", "M"),
        }
    }
}

/// The site that the view being made is part of.
///
/// # Panics
/// Panics outside of a page: `routes::Page` provides it.
#[allow(clippy::expect_used, reason = "a view of no site is a mistake of ours")]
pub(crate) fn use_site() -> SiteContext {
    use_context().expect("a page provides its site")
}

/// What the frame around a page says of the site, before a manifest is read.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteHeader {
    /// The site's folder on its host.
    pub base: Arc<Base>,
    /// The interface's language.
    pub language: Language,
    /// The site's name.
    pub title: String,
    /// A sentence below it; may be empty.
    pub description: String,
}

/// What a candle of a chart stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// No candles: the course of today.
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

    /// Its name.
    pub const fn name(self, words: &Words) -> &'static str {
        match self {
            Self::Intraday => words.intraday,
            Self::Day => words.day,
            Self::Week => words.week,
            Self::Month => words.month,
        }
    }
}
