//! Renders pages as HTML with the viewer's components, for readers before and without the program.

use std::sync::Arc;

use bundle::Label;
use bundle::address::Address;
use leptos::prelude::*;
use markdown::MarkdownOp;

use crate::app::{Frame, Outlet, Shown};
use crate::components::body::Body;
use crate::components::erased::{Erase as _, Erased};
use crate::routes::OpenPage;
pub use crate::routes::Preloaded;
use crate::state::page::Page;
use crate::state::site::{SiteContext, SiteHeader};

/// Renders the page of an address. Its `data-page` tells the program which page it is.
pub fn page(site: &SiteContext, address: &Address, content: Page, preloaded: Preloaded) -> String {
    let shown = Shown::Page(Box::new(OpenPage {
        site: site.clone(),
        address: address.clone(),
        content: Arc::new(content),
        preloaded,
    }));
    window(site.header(), address.clone(), Some(address.to_string()), shown)
}

/// Renders a loading page, which hosts answer with for addresses without a page of their own.
pub fn shell(header: SiteHeader) -> String {
    // No section is current, because any page may follow.
    window(header, Address::Unknown, None, Shown::Loading(Address::Unknown))
}

/// Renders only a body. `securities` names the securities in its charts.
pub fn body(site: &SiteContext, ops: Vec<MarkdownOp>, securities: Vec<Label>) -> String {
    let site = site.clone();
    print(move || {
        provide_context(site);
        view! { <Body ops securities/> }.erase()
    })
}

fn window(header: SiteHeader, here: Address, prerendered: Option<String>, shown: Shown) -> String {
    print(move || {
        let language = header.language;
        // There are no clicks here.
        let retry = UnsyncCallback::new(|()| {});
        let main = view! { <Outlet shown=ArcRwSignal::new(Some(shown)) language retry/> }.erase();
        view! { <Frame header here prerendered main=Some(main)/> }.erase()
    })
}

fn print(view: impl FnOnce() -> Erased) -> String {
    // Leptos writes empty comments for hydration, which the viewer does not use. `<` is escaped in text and
    // attributes, so these are all there are.
    Owner::new().with(|| view().to_html()).replace("<!>", "")
}
