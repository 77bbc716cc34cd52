//! `/:category/`, `/tag/:tag`, `/quote/:secid`: a page of a list.

use bundle::ListKind;
use bundle::address::Address;
use leptos::prelude::*;

use crate::components::{chart, headline};
use crate::edition::Edition;
use crate::state::archive::ListPage;

pub(super) fn list(edition: &Edition, list: &ListPage) -> AnyView {
    let words = edition.words();
    let security = (list.id.kind == ListKind::Quote).then(|| {
        let (secid, href) = (list.id.key.as_str(), edition.quote_page(&list.id.key));
        view! {
            <p class="security-links"><span class="secid">{secid.to_owned()}</span>" "
                <a class="quote" data-secid=secid.to_owned() href=href target="_blank" rel="noopener noreferrer">{words.quote_page}</a></p>
            {list.newest.then(|| chart::figure(edition, secid, &list.title, true))}
        }
    });
    let newest = (!list.newest).then(|| {
        let href = edition.href(&Address::List { id: list.id.clone(), before: None });
        view! { <a class="button" rel="first" href=href>{words.to_newest}</a> }
    });
    let older = match &list.older {
        Some(key) => {
            let href = edition.href(&Address::List { id: list.id.clone(), before: Some(key.clone()) });
            view! { <a class="button" rel="next" href=href>{words.older}</a> }.into_any()
        }
        None => view! { <span class="end">{if list.rows.is_empty() { words.empty_list } else { words.no_more }}</span> }.into_any(),
    };
    view! {
        <header class="page-head">
            <h1 tabindex="-1">{list.title.clone()}</h1>
            <p class="count">{edition.language.stories(list.count)}</p>
        </header>
        {security}
        {headline::headlines(edition, &list.rows)}
        <nav class="more" aria-label=words.older>{newest}{older}</nav>
    }
    .into_any()
}
