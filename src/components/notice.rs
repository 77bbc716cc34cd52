//! Notices above a page: new stories, a newer program, no network.

use leptos::prelude::*;

use super::erased::{Erase as _, Erased};

/// The area in which notices appear.
#[component]
pub(crate) fn NoticeArea() -> Erased {
    view! { <div class="notices" role="status"></div> }.erase()
}

/// A notice, with a button if the reader can do something.
#[cfg(target_arch = "wasm32")]
#[component]
pub(crate) fn Notice(
    text: String,
    #[prop(optional_no_strip)] action: Option<(&'static str, UnsyncCallback<()>)>,
) -> Erased {
    let button = action.map(|(word, act)| {
        view! { <button type="button" on:click=move |_| act.run(())>{word}</button> }.erase()
    });
    view! {
        <p class="notice">
            <span>{text}</span>
            {button}
        </p>
    }
    .erase()
}
