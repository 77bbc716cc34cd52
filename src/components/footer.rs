//! The foot of every page: whose it is, and how to put its news on another page.
//!
//! It does not say how many stories there are: every prerendered page would change with every build.

use leptos::prelude::*;

use super::erased::{Erase as _, Erased};
use crate::state::site::SiteHeader;

/// The footer.
#[component]
pub(crate) fn Footer(header: SiteHeader) -> Erased {
    let embed = header.base.own("/embed/examples/");
    view! {
        <footer class="footer">
            <p>
                <span>{header.title}</span>
                <a href=embed>{header.language.words().embed}</a>
            </p>
        </footer>
    }
    .erase()
}
