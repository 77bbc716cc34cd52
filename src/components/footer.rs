//! The foot of every page: whose it is, and how much there is.

use super::element::{Element, el};
use crate::edition::Edition;

/// The footer.
pub fn footer(edition: &Edition) -> Element {
    let text = format!("{} · {}", edition.manifest.site.title, edition.language.stories(edition.manifest.counts.articles));
    el("footer").class("footer").add(el("p").add(text))
}
