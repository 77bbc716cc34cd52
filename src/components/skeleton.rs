//! What stands in a page's place while it comes: its shape, without words.

use bundle::address::Address;
use leptos::prelude::*;

use crate::state::language::Words;

/// The shape of the page at an address.
pub fn skeleton(words: &'static Words, address: &Address) -> AnyView {
    let story = matches!(address, Address::Article { .. });
    let rows = (0..if story { 6 } else { 8 }).map(|_| view! { <div class="bone">{""}</div> }).collect_view();
    view! {
        <div class=if story { "skeleton story-shape" } else { "skeleton list-shape" } aria-busy="true">
            <p class="visually-hidden" role="status">{words.loading}</p>
            <div class="bone bone-title">{""}</div>
            {rows}
        </div>
    }
    .into_any()
}
