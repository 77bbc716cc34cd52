//! Pages as HTML, by the same components: what stands in the window before the program runs, and where none
//! does.

use std::sync::Arc;

use bundle::Label;
use bundle::address::Address;
use leptos::prelude::*;

use crate::app::{Frame, Outlet, Shown};
use crate::components::body::Body;
use crate::components::erased::{Erase as _, Erased};
pub use crate::routes::Known;
use crate::routes::OpenPage;
use crate::state::page::Page;
use crate::state::site::{SiteContext, SiteHeader};

/// Everything in the window at an address. The program knows by `data-page` what it finds.
pub fn page(site: &SiteContext, address: &Address, content: Page, known: Known) -> String {
    let shown = Shown::Page(Box::new(OpenPage {
        site: site.clone(),
        address: address.clone(),
        content: Arc::new(content),
        known,
    }));
    window(site.header(), address.clone(), Some(address.to_string()), shown)
}

/// The window while its page is on its way: what a host answers where it has no page.
pub fn shell(header: SiteHeader) -> String {
    // No section is chosen, for any may come.
    window(header, Address::Unknown, None, Shown::Loading(Address::Unknown))
}

/// A body alone; `securities` names what its charts show.
pub fn body(site: &SiteContext, outline: Vec<String>, securities: Vec<Label>) -> String {
    let site = site.clone();
    print(move || {
        provide_context(site);
        view! { <Body outline securities/> }.erase()
    })
}

fn window(header: SiteHeader, here: Address, prerendered: Option<String>, shown: Shown) -> String {
    print(move || {
        let language = header.language;
        // Nobody presses a button here.
        let retry = UnsyncCallback::new(|()| {});
        let main = view! { <Outlet shown=ArcRwSignal::new(Some(shown)) language retry/> }.erase();
        view! { <Frame header here prerendered main=Some(main)/> }.erase()
    })
}

fn print(view: impl FnOnce() -> Erased) -> String {
    // Leptos leaves empty comments for a program that would take the elements over one by one. In text and
    // attributes `<` is escaped.
    Owner::new().with(|| view().to_html()).replace("<!>", "")
}
