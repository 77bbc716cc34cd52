//! `/category/`, `/tag/`, `/quote/`: all names, found by typing.

use bundle::{ListKind, NamedList};
use reactive_graph::prelude::*;
use reactive_graph::signal::ArcRwSignal;
use wasm_bindgen::JsCast as _;

use super::{Ask, Later, Names, failed, names_title, page_head};
use crate::components::element::{Element, el, live};
use crate::components::names;
use crate::edition::Edition;
use crate::state::format::number;

pub(super) fn names(edition: &Edition, kind: ListKind, first: &[NamedList], total: usize, later: &Later) -> Element {
    let words = edition.words();
    let text = ArcRwSignal::new(String::new());
    let (ask, all) = (later.ask.clone(), first.len() >= total);
    let asking = ask.clone();
    let typing = text.clone();
    let typed = move |event: web_sys::Event| {
        if !all {
            asking(Ask::Names(kind));
        }
        if let Some(input) = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok()) {
            typing.set(input.value());
        }
    };
    let found = {
        let (edition, first, rest) = (edition.clone(), first.to_vec(), later.names.clone());
        move || {
            let page = el("div");
            rest.with(|rest| match rest {
                Names::All(rest) => page.add(names::names(&edition, kind, rest, total, &text.get())),
                Names::Some => page.add(names::names(&edition, kind, &first, total, &text.get())),
                // Among the first names only: that none of them matches does not mean that none does.
                Names::Coming => page.add(el("p").class("empty").add(words.loading)),
                Names::Failed(failure) => page.add(failed(words, *failure, &ask, Ask::Names(kind))),
            })
        }
    };
    let filter = el("input")
        .class("filter")
        .attr("type", "search")
        .attr("aria-label", words.filter)
        .attr("placeholder", words.filter)
        .attr("autocomplete", "off")
        .on("input", typed);
    el("div").add(page_head(names_title(kind, edition), number(total))).add(filter).add(el("div").attr("aria-live", "polite").add(live(found)))
}
