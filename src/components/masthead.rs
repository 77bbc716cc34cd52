//! The masthead: the site's title, its sections, and the theme button.

use bundle::address::Address;
use bundle::{Base, Label, ListKind};
use leptos::prelude::*;

use super::erased::{Erase as _, Erased};
use super::search_form::SearchForm;
use crate::state::site::SiteHeader;

/// The masthead of a page. `browser::theme` handles the theme button.
#[component]
pub(crate) fn Masthead(header: SiteHeader, here: Address) -> Erased {
    let words = header.language.words();
    let sections = [
        (words.home, Address::Home),
        (words.categories, Address::Names(ListKind::Category)),
        (words.securities, Address::Names(ListKind::Quote)),
        (words.tags, Address::Names(ListKind::Tag)),
        (words.archive, Address::Archive),
    ];
    let current_section = section(&here);
    let is_empty = |address: &Address| match (address, header.counts) {
        (Address::Names(kind), Some(counts)) => counts.lists(*kind) == 0,
        _ => false,
    };
    let base = header.base.clone();
    let lists = sections.into_iter().filter(|(_, address)| !is_empty(address)).map(|(name, address)| {
        (name.to_owned(), base.href(&address), current_section.as_ref() == Some(&address))
    });
    let menu = header.menu.into_iter().map(|Label { key: href, title }| {
        let is_here = is_same_page(&base, &href, &here);
        (title, href, is_here)
    });
    let entry = |(name, href, is_current): (String, String, bool)| {
        let current = is_current.then_some("page");
        view! { <li><a href=href aria-current=current>{name}</a></li> }.erase()
    };
    let sections: Vec<Erased> = lists.chain(menu).map(entry).collect();
    // The program never makes a masthead of a site that it has read, so that it need not know this part.
    let search = (cfg!(not(target_arch = "wasm32")) && header.has_search).then(|| {
        let href = header.base.href(&Address::Search);
        view! {
            <a class="to-search" href=href.clone()>{words.search}</a>
            <SearchForm words action=href/>
        }
        .erase()
    });
    let description = (!header.description.is_empty())
        .then(|| view! { <p class="motto">{header.description.clone()}</p> }.erase());
    view! {
        <header class="masthead">
            <div class="site-header">
                <p class="site-title">
                    <a href=header.base.href(&Address::Home)>{header.title}</a>
                </p>
                {description}
            </div>
            <nav class="sections" aria-label=words.site_menu>
                <ul>{sections}</ul>
                {search}
                <button class="theme" type="button">
                    <span class="visually-hidden">{words.theme}" "</span>
                    <span>{words.theme_auto}</span>
                </button>
            </nav>
        </header>
    }
    .erase()
}

/// Whether a link leads to the page of an address.
pub(crate) fn is_same_page(base: &Base, href: &str, here: &Address) -> bool {
    base.strip(href).is_some_and(|path| Address::parse(path, "").key() == here.key())
}

/// Returns the section that an address belongs to, or `None`.
pub(crate) fn section(address: &Address) -> Option<Address> {
    match address {
        Address::Home => Some(Address::Home),
        Address::List { id, .. } => Some(Address::Names(id.kind)),
        Address::Names(kind) => Some(Address::Names(*kind)),
        Address::Archive | Address::Month(_) | Address::Day { .. } => Some(Address::Archive),
        Address::Article { .. } | Address::Path(_) | Address::Search | Address::Unknown => None,
    }
}
