//! All names of a kind of list, with counts.

use bundle::address::Address;
use bundle::{ListKind, NamedList};
use leptos::prelude::*;

use crate::edition::Edition;
use crate::state::format::number;

/// How many names are shown at once: what a reader will scan; typing finds the others.
const SHOWN: usize = 500;

/// The names that hold `text`, most stories first.
pub fn names(edition: &Edition, kind: ListKind, names: &[NamedList], text: &str) -> AnyView {
    let wanted = text.trim().to_lowercase();
    let matches = |name: &&NamedList| wanted.is_empty() || name.title.to_lowercase().contains(&wanted) || name.key.to_lowercase().contains(&wanted);
    let found: Vec<_> = names
        .iter()
        .filter(matches)
        .take(SHOWN)
        .map(|name| {
            let href = edition.href(&Address::list(kind, &name.key));
            let key = (kind == ListKind::Quote).then(|| view! { <span class="secid">{name.key.clone()}</span> });
            view! { <li><a href=href><span class="name">{name.title.clone()}</span>{key}<span class="count">{number(name.count)}</span></a></li> }
        })
        .collect();
    if found.is_empty() {
        return view! { <p class="empty">{edition.words().no_match}</p> }.into_any();
    }
    view! { <ul class="names">{found}</ul> }.into_any()
}
