//! The footer: the site's name, and a link to the widget's examples page.
//!
//! It does not show how many stories the site has, because each new story would then change every prerendered
//! page.

use leptos::prelude::*;

use super::erased::{Erase as _, Erased};
use crate::state::site::SiteHeader;

/// The footer.
#[component]
pub(crate) fn Footer(header: SiteHeader) -> Erased {
    let embed = header.base.path_href("/embed/examples/");
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
