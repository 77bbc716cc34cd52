//! Headings and buttons of pages.

use leptos::prelude::*;

use super::erased::{Erase as _, Erased};
use crate::state::language::Words;

/// A page's heading and count.
#[component]
pub(crate) fn PageHead(
    title: String,
    count: String,
    #[prop(optional_no_strip)] more: Option<Erased>,
) -> Erased {
    view! {
        <header class="page-head">
            <h1 tabindex="-1">{title}</h1>
            <p class="count">{count}</p>
            {more}
        </header>
    }
    .erase()
}

/// A heading that only screen readers present.
#[component]
pub(crate) fn HiddenHeading(title: &'static str) -> Erased {
    view! { <h1 class="visually-hidden" tabindex="-1">{title}</h1> }.erase()
}

/// A button that saves the page for offline reading (`browser::offline`).
#[component]
pub(crate) fn SaveButton(words: &'static Words) -> Erased {
    view! { <button class="keep" type="button">{words.save}</button> }.erase()
}

/// A link that looks like a button. `rel` is the HTML attribute.
#[component]
pub(crate) fn ButtonLink(href: String, rel: &'static str, text: String) -> Erased {
    view! { <a class="button" rel=rel href=href>{text}</a> }.erase()
}
