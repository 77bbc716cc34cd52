//! The program in the browser: all that touches the page, its history, its storage and the network.

mod charts;
mod document;
mod fetch;
mod frame;
mod loaders;
mod navigation;
mod news;
mod offline;
mod prerendered;
mod reader;
mod router;
mod theme;

use any_spawner::Executor;
use bundle::address::Address;
use leptos::mount::mount_to;
use leptos::prelude::*;

use self::reader::Reader;
use crate::app::Frame;

/// Starts the program in the page's `#app`, where a page or the shape of one may stand that was printed.
pub fn start() {
    // It is the only one that starts anything.
    drop(Executor::init_wasm_bindgen());
    let Some(root) = document::element("app") else { return };
    // All that follows lives as long as the page.
    let owner = Owner::new();
    owner.set();
    std::mem::forget(owner);
    let header = document::header();
    if root.first_element_child().is_none() {
        let header = header.clone();
        mount_to(root.clone(), move || view! { <Frame header here=Address::Unknown/> }).forget();
    }
    let reader = Reader::new(header);
    provide_context(reader.loader());
    let prerendered = root.first_element_child().and_then(|window| window.get_attribute("data-page"));
    reader.start_router(prerendered);
    frame::start(&reader);
    theme::start(reader.header.language);
    charts::start(reader.header.language);
    offline::start(&reader);
    news::start(&reader);
    reader.retry_when_online();
}
