//! The names of all categories, tags or securities.

use std::sync::Arc;

use bundle::address::Address;
use bundle::{ListKind, NamedList, lower};
use leptos::prelude::*;

use super::erased::{Erase as _, Erased};
use super::headline::Count;
use crate::state::format::number;
use crate::state::site::use_site;

/// The largest number of names shown at once. Readers seldom scan more, and find the others with the filter.
const MAX_SHOWN: usize = 500;

/// The names that contain `text`, or whose keys do, the one with the most stories first. `total` counts all
/// names, shown or not.
#[component]
pub(crate) fn Names(kind: ListKind, names: Arc<Vec<NamedList>>, total: usize, text: String) -> Erased {
    let site = use_site();
    let query = lower(text.trim());
    let matches = |name: &&NamedList| {
        query.is_empty() || lower(&name.title).contains(&query) || lower(&name.key).contains(&query)
    };
    let found: Vec<Erased> = names
        .iter()
        .filter(matches)
        .take(MAX_SHOWN)
        .map(|name| view! { <Name kind name=name.clone()/> }.erase())
        .collect();
    if found.is_empty() {
        return view! { <p class="empty">{site.words().no_match}</p> }.erase();
    }
    let hidden = if query.is_empty() { total.saturating_sub(found.len()) } else { 0 };
    view! {
        <div>
            <ul class="names">{found}</ul>
            {(hidden > 0).then(|| view! { <p class="empty">{site.language.more_names(hidden)}</p> }.erase())}
        </div>
    }
    .erase()
}

#[component]
fn Name(kind: ListKind, name: NamedList) -> Erased {
    let href = use_site().href(&Address::list(kind, &name.key));
    let secid = (kind == ListKind::Quote).then(|| view! { <span class="secid">{name.key}</span> }.erase());
    view! {
        <li>
            <a href=href>
                <span class="name">{name.title}</span>
                {secid}
                <Count text=number(name.count)/>
            </a>
        </li>
    }
    .erase()
}
