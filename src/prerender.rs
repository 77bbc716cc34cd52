//! Renders pages to HTML with the viewer's components, so that they can be read before the program starts,
//! and without it.

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

/// Renders the page of an address. The program recognises the page by its attribute `data-page`.
pub fn page(
    site: &SiteContext,
    header: &SiteHeader,
    address: &Address,
    content: Page,
    preloaded: Preloaded,
) -> String {
    let shown = Shown::Page(Box::new(OpenPage {
        site: site.clone(),
        address: address.clone(),
        here: site.href(address),
        content: Arc::new(content),
        preloaded,
    }));
    render_in_frame(header.clone(), address.clone(), Some(address.to_string()), shown)
}

/// Renders the shell: a loading page, which hosts serve for addresses that have no prerendered page.
pub fn shell(header: SiteHeader) -> String {
    // No section is current, because any page may follow.
    render_in_frame(header, Address::Unknown, None, Shown::Loading(Address::Unknown))
}

/// Renders only a body. `securities` names the securities in its charts.
pub fn body(site: &SiteContext, ops: Vec<MarkdownOp>, securities: Vec<Label>) -> String {
    body_at(site, ops, securities, String::new())
}

/// Renders only a body, as it stands on the page `here`.
pub fn body_at(site: &SiteContext, ops: Vec<MarkdownOp>, securities: Vec<Label>, here: String) -> String {
    let site = site.clone();
    render_to_html(move || {
        provide_context(site);
        view! { <Body ops securities here/> }.erase()
    })
}

fn render_in_frame(header: SiteHeader, here: Address, prerendered: Option<String>, shown: Shown) -> String {
    render_to_html(move || {
        let language = header.language;
        // Never called, because rendered HTML handles no clicks.
        let retry = UnsyncCallback::new(|()| {});
        let main = view! { <Outlet shown=ArcRwSignal::new(Some(shown)) language retry/> }.erase();
        view! { <Frame header here prerendered main=Some(main)/> }.erase()
    })
}

fn render_to_html(view: impl FnOnce() -> Erased) -> String {
    // Leptos writes empty comments for hydration, which the viewer does not use. `<` is escaped in text and
    // attributes, so every `<!>` is such a comment.
    Owner::new().with(|| view().to_html()).replace("<!>", "")
}
