//! Skeletons: the shape of a page while it loads.

use bundle::address::Address;
use leptos::prelude::*;

use super::erased::{Erase as _, Erased};
use crate::state::language::Words;

/// The skeleton of the page at an address.
#[component]
pub(crate) fn Skeleton(words: &'static Words, address: Address) -> Erased {
    let (class, lines) = if matches!(address, Address::Article { .. }) {
        ("skeleton story-shape", 6)
    } else {
        ("skeleton", 8)
    };
    view! {
        <section class=class aria-busy="true">
            <p class="visually-hidden" role="status">{words.loading}</p>
            <Bone class="bone bone-title"/>
            {bones("bone", lines)}
        </section>
    }
    .erase()
}

/// Bars in place of text.
pub(crate) fn bones(class: &'static str, count: usize) -> Vec<Erased> {
    (0..count).map(|_| view! { <Bone class/> }.erase()).collect()
}

#[component]
fn Bone(class: &'static str) -> Erased {
    view! { <div class=class></div> }.erase()
}
