//! Pages rendered ahead, by the same components: what stands in the window before the program runs, and where none does.

use std::rc::Rc;

use bundle::Block;
use bundle::address::Address;
use bundle::archive::Neighbours;
use reactive_graph::prelude::*;
use reactive_graph::signal::ArcRwSignal;

use crate::components::element::Element;
use crate::components::frame::{frame, no_notice};
use crate::components::masthead::Theme;
use crate::components::skeleton::skeleton;
use crate::edition::{Edition, Nameplate};
use crate::routes::{self, Blocks, Later};
use crate::state::page::Page;

/// What a page in the browser learns after it is painted.
#[derive(Debug, Default)]
pub struct Known {
    /// The categories of the home page.
    pub front: Vec<Block>,
    /// The stories next to an article.
    pub neighbours: Neighbours,
}

/// Everything in the window at an address, as HTML. The program knows by `data-page` what it finds.
pub fn page(edition: &Edition, address: &Address, page: Page, known: Known) -> String {
    let Known { front, neighbours } = known;
    let later = Later::new(Rc::new(|_| {}));
    later.front.set(Blocks::Come(front));
    later.neighbours.set(Some(neighbours));
    let (view, at) = (edition.clone(), address.clone());
    let main = move || routes::page(&view, &at, &page, &later);
    window(&edition.nameplate(), address, main).attr("data-page", address.to_string()).to_html()
}

/// The window while its page comes, as HTML: what a host answers where it has no page.
pub fn shell(plate: &Nameplate) -> String {
    let words = plate.language.words();
    // No section is chosen, for any may come.
    window(plate, &Address::Unknown, move || skeleton(words, &Address::Unknown)).to_html()
}

fn window(plate: &Nameplate, address: &Address, main: impl Fn() -> Element + 'static) -> Element {
    frame(plate, &ArcRwSignal::new(address.clone()), &ArcRwSignal::new(Theme::Auto), no_notice, main)
}
