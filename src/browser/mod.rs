//! The program in the browser: everything that uses the page, its history, its storage or the network.

mod charts;
mod document;
mod fetch;
mod frame;
mod loaders;
mod navigation;
mod news;
mod offline;
mod page;
mod prerendered;
mod router;
mod search;
mod theme;
mod viewer;

use any_spawner::Executor;
use bundle::address::Address;
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{HtmlElement, RequestCache};

use self::fetch::Host;
use self::viewer::Viewer;
use crate::app::Frame;
use crate::state::site::{SiteContext, SiteHeader};

/// Starts the program in the page's `#app`, which may hold a prerendered page or a skeleton, or be empty.
pub fn start() {
    // Fails only if an executor is already set, and nothing else sets one.
    drop(Executor::init_wasm_bindgen());
    let Some(root) = document::element("app") else { return };
    // Everything below lives as long as the page.
    let owner = Owner::new();
    owner.set();
    std::mem::forget(owner);
    match root.first_element_child() {
        Some(window) => run(document::header(), None, window.get_attribute("data-page")),
        None => spawn_local(start_in_empty_page(root)),
    }
}

/// Starts the program in an empty `#app`: the header comes from the manifest.
async fn start_in_empty_page(root: HtmlElement) {
    let mut header = document::header();
    let host = Host { base: (*header.base).clone() };
    let read = host
        .manifest(RequestCache::Default)
        .await
        .ok()
        .map(|(manifest, is_cached)| (SiteContext::new(manifest, host.base), is_cached));
    if let Some((site, _)) = &read {
        header = site.header();
        document::set_lang(&site.manifest.site.lang);
    }
    let frame_header = header.clone();
    mount_to(root, move || view! { <Frame header=frame_header here=Address::Unknown/> }).forget();
    run(header, read, None);
}

/// Runs the program. `read` is the site and whether its manifest came from a cache, if it has been read
/// already; `prerendered` is the address of the prerendered page, if there is one.
fn run(header: SiteHeader, read: Option<(SiteContext, bool)>, prerendered: Option<String>) {
    let viewer = Viewer::new(header);
    if let Some((site, is_cached)) = read {
        viewer.news.set_offline(is_cached);
        viewer.set_site(site);
    }
    provide_context(viewer.loader());
    viewer.start_router(prerendered);
    frame::start(&viewer);
    theme::start(viewer.header.language);
    charts::start(viewer.header.language);
    offline::start(&viewer);
    news::start(&viewer);
    viewer.retry_when_online();
}
