//! `/category/`, `/tag/`, `/quote/`: all names, found by typing.

use bundle::{ListKind, NamedList};
use leptos::prelude::*;

use super::{Later, names_title};
use crate::components::names;
use crate::edition::Edition;
use crate::state::format::number;

pub(super) fn names(edition: &Edition, kind: ListKind, first: &[NamedList], all: bool, later: &Later) -> AnyView {
    let words = edition.words();
    let counts = edition.manifest.counts;
    let total = match kind {
        ListKind::Category => counts.categories,
        ListKind::Tag => counts.tags,
        ListKind::Quote => counts.securities,
    };
    let text = RwSignal::new(String::new());
    let ask = later.ask_names;
    let typed = move |event| {
        if !all {
            ask.run(());
        }
        text.set(event_target_value(&event));
    };
    let found = {
        let (edition, first, rest) = (edition.clone(), first.to_vec(), later.names);
        move || rest.with(|rest| names::names(&edition, kind, rest.as_ref().unwrap_or(&first), &text.get()))
    };
    view! {
        <header class="page-head">
            <h1 tabindex="-1">{names_title(kind, edition)}</h1>
            <p class="count">{number(total)}</p>
        </header>
        <input type="search" class="filter" aria-label=words.filter placeholder=words.filter on:input=typed autocomplete="off"/>
        <div aria-live="polite">{found}</div>
    }
    .into_any()
}
