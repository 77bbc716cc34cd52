//! The foot of every page: how much there is, and by whose clock.

use leptos::prelude::*;

use crate::edition::Edition;

/// The footer.
pub fn footer(edition: &Edition) -> AnyView {
    let site = &edition.manifest.site;
    let count = edition.language.stories(edition.manifest.counts.articles);
    view! { <p>{site.title.clone()}" · "{count}</p> }.into_any()
}
