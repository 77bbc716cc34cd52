//! `/search/`: full-text search. Its own program (`web/search`) shows what is found.

use bundle::address::Address;
use leptos::prelude::*;

use crate::components::erased::{Erase as _, Erased};
use crate::components::page_head::PageHead;
use crate::components::search_form::SearchForm;
use crate::state::site::use_site;

#[component]
pub(super) fn SearchPage() -> Erased {
    let site = use_site();
    let words = site.words();
    // In the browser, the program of search has a form.
    let form = cfg!(not(target_arch = "wasm32"))
        .then(|| view! { <SearchForm words action=site.href(&Address::Search)/> });
    view! {
        <div class="search-page">
            <PageHead title=words.search.to_owned() count=String::new()/>
            {form}
        </div>
    }
    .erase()
}
