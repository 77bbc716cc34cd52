//! What stands around every page: the way past the masthead, the masthead, the word of news, the footer.

use bundle::address::Address;
use reactive_graph::prelude::*;
use reactive_graph::signal::ArcRwSignal;

use super::element::{Element, el, live};
use super::footer::footer;
use super::masthead::{Theme, masthead};
use crate::edition::Nameplate;

/// Everything in the window. `here` is the address being shown, by `main`.
pub fn frame(
    plate: &Nameplate,
    here: &ArcRwSignal<Address>,
    theme: &ArcRwSignal<Theme>,
    notice: impl Fn() -> Element + 'static,
    main: impl Fn() -> Element + 'static,
) -> Element {
    // In full: the hash alone would mean a part of the folder that the page's `base` names.
    let (base, at) = (plate.base.clone(), here.clone());
    let content = move || Some(format!("{}#{CONTENT}", base.href(&at.get())));
    el("div")
        .add(el("a").class("skip").live_attr("href", content).add(plate.language.words().skip))
        .add(masthead(plate, here, theme))
        .add(live(notice))
        .add(el("main").attr("id", CONTENT).add(live(main)))
        .add(footer(plate))
}

const CONTENT: &str = "content";

/// No word of news.
pub fn no_notice() -> Element {
    el("p").attr("hidden", "")
}
