//! The field for full-text search.

use leptos::prelude::*;

use super::erased::{Erase as _, Erased};
use crate::state::language::Words;

/// A form that opens the search page at `action`. The browser itself sends it.
#[component]
pub(crate) fn SearchForm(words: &'static Words, action: String) -> Erased {
    view! {
        <form class="search" role="search" action=action>
            <input type="search" name="q" aria-label=words.search placeholder=words.search autocomplete="off"/>
        </form>
    }
    .erase()
}
