//! What stands in a page's place while it comes: its shape, without words.

use bundle::address::Address;

use super::element::{Element, el};
use crate::state::language::Words;

/// The shape of the page at an address.
pub fn skeleton(words: &'static Words, address: &Address) -> Element {
    let (class, lines) = if matches!(address, Address::Article { .. }) { ("skeleton story-shape", 6) } else { ("skeleton", 8) };
    // No `div`, as pages are: what stands in its place is not taken over.
    el("section")
        .class(class)
        .attr("aria-busy", "true")
        .add(el("p").class("visually-hidden").attr("role", "status").add(words.loading))
        .add(bone("bone bone-title"))
        .add_all((0..lines).map(|_| bone("bone")))
}

/// A bar in the place of words.
pub fn bone(class: &'static str) -> Element {
    el("div").class(class)
}
