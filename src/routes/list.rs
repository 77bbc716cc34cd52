//! `/:category/`, `/tag/:tag`, `/quote/:secid`: a page of a list.

use archive::ListPage;
use bundle::ListKind;
use bundle::address::Address;
use leptos::prelude::*;

use crate::components::body::QuoteLink;
use crate::components::chart::ChartFigure;
use crate::components::erased::{Erase as _, Erased};
use crate::components::headline::Headlines;
use crate::components::page_head::{ButtonLink, PageHead, SaveButton};
use crate::state::site::use_site;

#[component]
pub(super) fn List(list: ListPage) -> Erased {
    let site = use_site();
    let words = site.words();
    let (is_category, is_security) = (list.id.kind == ListKind::Category, list.id.kind == ListKind::Quote);
    let save = (list.newest && !list.rows.is_empty()).then(|| view! { <SaveButton words/> }.erase());
    let link = |before, rel, word: &str| {
        let href = site.href(&Address::List { id: list.id.clone(), before });
        view! { <ButtonLink href rel text=word.to_owned()/> }.erase()
    };
    let newest = (!list.newest).then(|| link(None, "first", words.to_newest));
    let older = match list.older {
        Some(key) => link(Some(key), "next", words.older),
        None => view! { <span class="end">{if list.rows.is_empty() { words.empty_list } else { words.no_more }}</span> }.erase(),
    };
    view! {
        <div class="list">
            <PageHead title=list.title.clone() count=site.language.stories(list.count) more=save/>
            {is_security.then(|| view! { <Security secid=list.id.key.clone() name=list.title names=list.names is_newest=list.newest/> })}
            <Headlines headlines=list.rows category=!is_category/>
            <nav class="more" aria-label=words.older>{newest}{older}</nav>
        </div>
    }
    .erase()
}

/// The head of a security's list: its other names, its id, the link to its page at an exchange and, on the
/// newest page of the list, its chart.
#[component]
fn Security(secid: String, name: String, names: Vec<String>, is_newest: bool) -> Erased {
    let words = use_site().words();
    let names = (!names.is_empty()).then(|| view! { <p class="names-too">{names.join(" · ")}</p> }.erase());
    let links = view! {
        <p class="security-links">
            <span class="secid">{secid.clone()}</span>
            <QuoteLink secid=secid.clone() text=words.quote_page/>
        </p>
    };
    let chart = is_newest.then(|| view! { <ChartFigure secid name at_once=true/> }.erase());
    [names, Some(links.erase()), chart].into_iter().flatten().collect::<Vec<_>>().erase()
}
