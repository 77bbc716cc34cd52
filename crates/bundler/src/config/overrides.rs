//! `finews.toml`: what a publisher says about a site.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use bundle::Settings;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::Deserialize;

use super::read_if_exists;

/// `finews.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Overrides {
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) lang: Option<String>,
    pub(super) timezone: Option<String>,
    pub(super) url: Option<String>,
    pub(super) future: Option<bool>,
    pub(super) author: Option<String>,
    pub(super) permalink: Option<String>,
    pub(super) markdown: Option<MarkdownName>,
    pub(super) settings: SettingsOverrides,
    pub(super) categories: BTreeMap<String, String>,
    pub(super) files: FilesOverrides,
    pub(super) pictures: PicturesOverrides,
    pub(super) menu: Option<MenuOverrides>,
    pub(super) search: SearchOverrides,
}

/// `[search]`: whether there is full-text search.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SearchOverrides {
    pub(super) enabled: bool,
}

impl Default for SearchOverrides {
    fn default() -> Self {
        Self { enabled: true }
    }
}

/// `[menu]`: what the menu has after the lists.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MenuOverrides {
    pub(super) pages: Vec<MenuSetting>,
}

/// An entry of the menu.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum MenuSetting {
    /// The file or the address of a page.
    Page(String),
    /// A link to any place.
    Link { title: String, url: String },
}

/// `[files]`: what is published beside stories.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct FilesOverrides {
    pub(super) include: Vec<String>,
}

/// `[pictures]`: which smaller copies of pictures are made.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct PicturesOverrides {
    widths: Vec<u32>,
}

impl PicturesOverrides {
    /// The widths, smallest first.
    pub(super) fn sorted_widths(mut self) -> Result<Vec<u32>> {
        if let Some(width) = self.widths.iter().find(|width| !PICTURE_WIDTHS.contains(width)) {
            let (smallest, largest) = (PICTURE_WIDTHS.start(), PICTURE_WIDTHS.end());
            bail!("[pictures] widths: {width} is not a number of pixels from {smallest} to {largest}");
        }
        self.widths.sort_unstable();
        self.widths.dedup();
        if self.widths.len() > MAX_PICTURE_WIDTHS {
            bail!(
                "[pictures] widths: there are more than {MAX_PICTURE_WIDTHS}; each is a copy of each picture"
            );
        }
        Ok(self.widths)
    }
}

/// The widths in pixels that copies of pictures may have.
const PICTURE_WIDTHS: std::ops::RangeInclusive<u32> = 50..=4000;
/// The largest number of copies of a picture.
const MAX_PICTURE_WIDTHS: usize = 6;

/// `markdown`: the dialect's name.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum MarkdownName {
    Kramdown,
    CommonMark,
}

/// `[settings]`: the bundle's settings, but an unknown key is an error, so that a typo is noticed.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SettingsOverrides {
    quote: Option<String>,
    chart: Option<String>,
    intraday: Option<String>,
    chart_size: Option<(u32, u32)>,
    poll: Option<u32>,
    accent: Option<(String, String)>,
}

impl SettingsOverrides {
    pub(super) fn with_defaults(self, defaults: Settings) -> Settings {
        Settings {
            quote: self.quote.unwrap_or(defaults.quote),
            chart: self.chart.unwrap_or(defaults.chart),
            intraday: self.intraday.unwrap_or(defaults.intraday),
            chart_size: self.chart_size.unwrap_or(defaults.chart_size),
            poll: self.poll.unwrap_or(defaults.poll),
            accent: self.accent.unwrap_or(defaults.accent),
            permalink: defaults.permalink,
        }
    }
}

pub(super) fn read_overrides(root: &Path) -> Result<Overrides> {
    let path = root.join("finews.toml");
    let Some(text) = read_if_exists(&path)? else { return Ok(Overrides::default()) };
    toml::from_str(&text).with_context(|| format!("{}", path.display()))
}

/// Patterns of paths from the root, in which `*` does not stand for slashes and `**` does.
pub(super) fn globs(patterns: &[String]) -> Result<GlobSet> {
    let mut globs = GlobSetBuilder::new();
    for pattern in patterns {
        globs.add(GlobBuilder::new(pattern.trim_start_matches('/')).literal_separator(true).build()?);
    }
    Ok(globs.build()?)
}

pub(super) fn check_settings(settings: &Settings) -> Result<()> {
    for address in [&settings.quote, &settings.chart, &settings.intraday] {
        if !Settings::is_address_template(address) {
            bail!("“{address}” is not an http(s) address with {{secid}} in it");
        }
    }
    for colour in [&settings.accent.0, &settings.accent.1] {
        let hex = colour
            .strip_prefix('#')
            .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
        if !colour.is_empty() && !hex {
            bail!("accent “{colour}” is not a colour such as #b3261e");
        }
    }
    Ok(())
}
