//! Opens the program of search on its page, and shows the headlines that it finds.

use std::rc::Rc;

use bundle::{Document, Headline};
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

use super::document;
use super::page;
use super::router::Navigation;
use super::viewer::Viewer;
use crate::app::Shown;
use crate::components::erased::Erase as _;
use crate::components::headline::{self, RowOptions};
use crate::state::site::SiteContext;

/// The search that is open, until the reader leaves its page.
pub(super) struct OpenSearch {
    /// Leaves the page.
    stop: js_sys::Function,
    _show: Closure<dyn Fn(HtmlElement, String, u32)>,
}

impl Drop for OpenSearch {
    fn drop(&mut self) {
        drop(self.stop.call0(&JsValue::NULL));
    }
}

/// Opens the program of search if the page of a navigation is its page.
pub(super) fn open(viewer: &Rc<Viewer>, navigation: Navigation) {
    let Some(root) = document::query(".search-page").and_then(document::html_element) else { return };
    let viewer = viewer.clone();
    spawn_local(async move {
        let Ok(site) = viewer.current_site().await else { return };
        let router = viewer.clone();
        let show = Closure::new(move |element, json: String, batches: u32| {
            router.router().remember_batches(batches as usize);
            show_headlines(site.clone(), element, &json);
        });
        let memory = navigation.memory;
        let batches = u32::try_from(memory.batches).unwrap_or(0);
        match page::open_search(&root, show.as_ref(), batches, memory.y).await {
            Ok(stop) if viewer.is_current(&navigation) => {
                viewer.search.replace(Some(OpenSearch { stop, _show: show }));
            }
            Ok(stop) => drop(stop.call0(&JsValue::NULL)),
            Err(failure) if viewer.is_current(&navigation) => viewer.show(Shown::Failed(failure)),
            Err(_) => {}
        }
    });
}

/// Shows headlines, an array of rows as JSON, in an element.
fn show_headlines(site: SiteContext, element: HtmlElement, json: &str) {
    let rows = Document::parse(json.as_bytes()).and_then(|rows| rows.at::<Vec<Headline>>(&[]));
    let Ok(Some(headlines)) = rows else { return };
    mount_to(element, move || {
        provide_context(site);
        headline::rows(headlines, RowOptions { date: true, category: true, heading: "h2" }).erase()
    })
    .forget();
}
