//! The program in the browser: all that touches the page, its history, its storage and the network.

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
mod reader;
mod router;
mod theme;

use any_spawner::Executor;
use bundle::address::Address;
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{HtmlElement, RequestCache};

use self::fetch::Host;
use self::reader::Reader;
use crate::app::Frame;
use crate::state::site::{SiteContext, SiteHeader};

/// Starts the program in the page's `#app`, where a page or the shape of one may stand that was printed.
pub fn start() {
    // It is the only one that starts anything.
    drop(Executor::init_wasm_bindgen());
    let Some(root) = document::element("app") else { return };
    // All that follows lives as long as the page.
    let owner = Owner::new();
    owner.set();
    std::mem::forget(owner);
    match root.first_element_child() {
        Some(window) => run(document::header(), None, window.get_attribute("data-page")),
        None => spawn_local(start_alone(root)),
    }
}

/// Starts the program where nothing was printed: the manifest says what the frame says of the site.
async fn start_alone(root: HtmlElement) {
    let mut header = document::header();
    let host = Host { base: (*header.base).clone() };
    let read = host
        .manifest(RequestCache::Default)
        .await
        .ok()
        .map(|(manifest, is_kept)| (SiteContext::new(manifest, host.base), is_kept));
    if let Some((site, _)) = &read {
        header = site.header();
        document::set_lang(&site.manifest.site.lang);
    }
    let shown = header.clone();
    mount_to(root, move || view! { <Frame header=shown here=Address::Unknown/> }).forget();
    run(header, read, None);
}

/// Runs the program. `read` is the site by its manifest and whether that was kept, if it was read already;
/// `prerendered` the address of the page that stands in the window, if one does.
fn run(header: SiteHeader, read: Option<(SiteContext, bool)>, prerendered: Option<String>) {
    let reader = Reader::new(header);
    if let Some((site, is_kept)) = read {
        reader.news.set_offline(is_kept);
        reader.adopt(site);
    }
    provide_context(reader.loader());
    reader.start_router(prerendered);
    frame::start(&reader);
    theme::start(reader.header.language);
    charts::start(reader.header.language);
    offline::start(&reader);
    news::start(&reader);
    reader.retry_when_online();
}
