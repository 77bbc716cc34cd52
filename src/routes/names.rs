//! `/category/`, `/tag/`, `/quote/`: all names, with a filter.

use std::sync::Arc;

use bundle::{ListKind, NamedList};
use leptos::prelude::*;

use super::titles::names_title;
use crate::components::erased::{Erase as _, Erased};
use crate::components::names::Names;
use crate::components::page_head::PageHead;
use crate::components::remote::RemoteView;
use crate::state::format::number;
use crate::state::remote::{Part, Remote, use_loader};
use crate::state::site::use_site;

/// All names of a kind. `first` contains those with the most stories; the rest load when the reader types.
#[component]
pub(super) fn NamesPage(kind: ListKind, first: Vec<NamedList>) -> Erased {
    let site = use_site();
    let words = site.words();
    let total = site.manifest.counts.lists(kind);
    let text = ArcRwSignal::new(String::new());
    let all_names = ArcRwSignal::new(Remote::Idle);
    let load = use_loader(Part::Names(kind, all_names.clone()));
    let (is_complete, typed, state) = (first.len() >= total, text.clone(), all_names.clone());
    let on_input = move |event| {
        if !is_complete && state.with_untracked(|state| matches!(state, Remote::Idle | Remote::Failed(_))) {
            load.run(());
        }
        typed.set(event_target_value(&event));
    };
    let first = Arc::new(first);
    let matching =
        move |names: Arc<Vec<NamedList>>| view! { <Names kind names total text=text.get()/> }.erase();
    let idle = {
        let matching = matching.clone();
        move || matching(first.clone())
    };
    // While the other names load, there is no result yet, because one of them may match even if none of the
    // first ones does.
    let pending = || view! { <p class="empty">{words.loading}</p> }.erase();
    view! {
        <div>
            <PageHead title=names_title(kind, &site).to_owned() count=number(total)/>
            <input class="filter" type="search" aria-label=words.filter placeholder=words.filter autocomplete="off" on:input=on_input/>
            <div aria-live="polite">
                <RemoteView words value=all_names load idle loading=pending ready=matching/>
            </div>
        </div>
    }
    .erase()
}
