//! `/`: the newest headlines by day, the largest categories, older stories on demand.

use bundle::address::Address;
use bundle::{Block, Date, Headline, ListKind};
use reactive_graph::prelude::*;
use wasm_bindgen::JsCast as _;

use super::{Ask, Blocks, Later, More, failed, hidden_heading, reason};
use crate::components::element::{Element, el, live};
use crate::components::headline::{Show, count, day, row};
use crate::components::skeleton::bone;
use crate::edition::Edition;
use crate::state::rows::by_day;

pub(super) fn home(edition: &Edition, later: &Later) -> Element {
    let words = edition.words();
    let newest = &edition.manifest.newest;
    let last = newest.last().map(|headline| headline.time.date());
    let days = by_day(newest);
    let days = days.iter().map(|(date, rows)| day(edition, edition.language.day(*date), &Address::day(*date), rows, true));
    let older = {
        let (edition, older) = (edition.clone(), later.older.clone());
        move || {
            let days = older.get();
            el("div").class("older").add_all(days.iter().enumerate().map(|(at, rows)| older_day(&edition, rows, last.filter(|_| at == 0))))
        }
    };
    let blocks = {
        let (edition, front, ask) = (edition.clone(), later.front.clone(), later.ask.clone());
        move || {
            let blocks = el("div").class("blocks-column");
            match front.get() {
                Blocks::Come(found) => blocks.add_all(found.iter().map(|found| block(&edition, found))),
                Blocks::Failed(failure) => blocks.add(failed(words, failure, &ask, Ask::Front)),
                Blocks::Standing => blocks,
                Blocks::Coming => blocks.add_all((0..6).map(|_| bone("bone block-shape"))),
            }
        }
    };
    let newest = el("div")
        .class("newest")
        .add(hidden_heading(words.newest))
        .add_all(days)
        .add_all(last.is_none().then(|| el("p").class("empty").add(words.empty_list)))
        .add(live(older))
        .add_all(last.into_iter().flat_map(|last| more(edition, last, later)));
    el("div").class("front").add(newest).add(el("aside").class("blocks").attr("aria-label", words.categories).add(live(blocks)))
}

/// A day's older stories; what goes on with the day above has no heading of its own.
fn older_day(edition: &Edition, rows: &[Headline], goes_on: Option<Date>) -> Element {
    match rows.first().map(|headline| headline.time.date()) {
        Some(date) if goes_on != Some(date) => day(edition, edition.language.day(date), &Address::day(date), rows, true),
        _ => {
            el("ol").class("headlines goes-on").add_all(rows.iter().map(|headline| row(edition, headline, Show { date: false, category: true, heading: "h3" })))
        }
    }
}

/// The way to older stories: in place where the program runs, to the day's page where it does not.
fn more(edition: &Edition, last: Date, later: &Later) -> [Element; 2] {
    let words = edition.words();
    let href = edition.href(&Address::day(last));
    let (more, ask) = (later.more.clone(), later.ask.clone());
    let state = more.clone();
    let click = move |event: web_sys::Event| {
        let plain = event.dyn_ref::<web_sys::MouseEvent>().is_none_or(|event| !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()));
        if plain {
            event.prevent_default();
            ask(Ask::More);
        }
    };
    let failure = later.more.clone();
    let reason = move || match failure.get() {
        More::Failed(failure) => reason(words, failure),
        _ => el("div"),
    };
    let word = move || match more.get() {
        More::None => el("span").class("end").add(words.no_more),
        More::Coming => el("span").add(words.loading),
        More::Failed(_) => el("span").add(words.retry),
        More::Some => el("span").add(words.older),
    };
    let button =
        el("a").attr("href", href).live_attr("class", move || Some(if state.get() == More::None { "end" } else { "button" }.to_owned())).on("click", click);
    [el("div").add(live(reason)), el("p").class("more").add(button.add(live(word)))]
}

fn block(edition: &Edition, block: &Block) -> Element {
    let href = edition.href(&Address::list(ListKind::Category, &block.category.key));
    let title = el("a").attr("href", href).add(block.category.title.clone());
    let rows = block.rows.iter().map(|headline| el("li").add(el("a").attr("href", edition.href(&headline.address())).add(headline.title.clone())));
    let head = el("h2").add(title).add(count(edition.language.stories(block.category.count)));
    el("section").class("block").add(head).add(el("ul").add_all(rows))
}
