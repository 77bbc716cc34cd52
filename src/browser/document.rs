//! The page's document: finds and changes elements, and adds event listeners.

use std::sync::Arc;

use bundle::Base;
use leptos::prelude::*;
use wasm_bindgen::convert::FromWasmAbi;
use wasm_bindgen::prelude::*;
use web_sys::{AddEventListenerOptions, Element, Event, EventTarget, HtmlElement, MouseEvent};

use crate::state::language::Language;
use crate::state::site::{SiteContext, SiteHeader};

/// Finds an element by its id.
pub(super) fn element(id: &str) -> Option<HtmlElement> {
    document().get_element_by_id(id).and_then(html_element)
}

pub(super) fn html_element(element: Element) -> Option<HtmlElement> {
    element.dyn_into().ok()
}

/// The first element that matches a selector.
pub(super) fn query(selector: &str) -> Option<Element> {
    document().query_selector(selector).ok().flatten()
}

/// All elements that match a selector.
pub(super) fn query_all(selector: &str) -> Vec<Element> {
    let Ok(found) = document().query_selector_all(selector) else { return Vec::new() };
    (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok()).collect()
}

/// The `href`s of the links that match a selector.
pub(super) fn hrefs(selector: &str) -> Vec<String> {
    query_all(selector).iter().filter_map(|link| link.get_attribute("href")).collect()
}

/// Focuses an element without scrolling.
pub(super) fn focus(selector: &str) {
    if let Some(element) = query(selector).and_then(html_element) {
        let options = web_sys::FocusOptions::new();
        options.set_prevent_scroll(true);
        drop(element.focus_with_options(&options));
    }
}

/// Reads the site's header from the document: the base, language, title and description, as far as the
/// document has them.
pub(super) fn header() -> SiteHeader {
    let lang = document().document_element().and_then(|html| html.get_attribute("lang")).unwrap_or_default();
    let text = |selector| query(selector).and_then(|element| element.text_content());
    SiteHeader {
        base: Arc::new(Base::new(&base_path())),
        language: Language::of_site(&lang),
        title: text(".site-title").unwrap_or_else(|| document().title()),
        description: text(".motto").unwrap_or_default(),
        counts: None,
        menu: Vec::new(),
        has_search: false,
    }
}

/// Sets the document's language.
pub(super) fn set_lang(lang: &str) {
    if let Some(html) = document().document_element() {
        drop(html.set_attribute("lang", lang));
    }
}

/// The site's folder: the path of the page's `base`.
fn base_path() -> String {
    let uri = document().base_uri().ok().flatten().unwrap_or_default();
    let path = uri.splitn(4, '/').nth(3).unwrap_or_default();
    format!("/{}", path.split(['?', '#']).next().unwrap_or_default())
}

/// Whether the service worker answered with a cached page (`web/start`), which may be out of date.
pub(super) fn was_cached() -> bool {
    document().document_element().is_some_and(|html| html.has_attribute("data-kept"))
}

/// The address in the browser's bar: its path and query.
pub(super) fn here() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

/// Lays out a whole prerendered page, including the parts that `style/headline.css` skips while off screen.
pub(super) fn lay_out_fully() {
    if let Some(window) = query("[data-page]") {
        drop(window.remove_attribute("data-page"));
    }
}

/// Applies the publisher's accent colour, if there is one.
pub(super) fn apply_accent(site: &SiteContext) {
    let (day, night) = &site.manifest.settings.accent;
    let Some(html) = document().document_element().and_then(html_element) else { return };
    for (name, value) in [("--accent-day", day), ("--accent-night", night)] {
        if !value.is_empty() {
            drop(html.style().set_property(name, value));
        }
    }
}

/// Removes everything from `<main>` and returns it.
pub(super) fn clear_main() -> Option<HtmlElement> {
    let main = query("main").and_then(html_element)?;
    main.replace_children_with_node_0();
    Some(main)
}

/// Whether a modifier key asks the browser to do something else with a link, such as open it in a new tab.
pub(super) fn is_modified(event: &MouseEvent) -> bool {
    event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()
}

/// Calls `act` for every event of a type on a target, for the life of the page.
pub(super) fn listen<E: FromWasmAbi + 'static>(target: &EventTarget, name: &str, act: impl Fn(E) + 'static) {
    let listener = Closure::<dyn Fn(E)>::new(act);
    drop(target.add_event_listener_with_callback(name, listener.as_ref().unchecked_ref()));
    listener.forget();
}

/// Calls `act` with the element that matches a selector for every event of a type on it or its descendants.
///
/// The listener is on the document, so it also covers elements that are added later.
pub(super) fn listen_for(selector: &'static str, name: &str, act: impl Fn(Element) + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if let Some(element) = target.and_then(|target| target.closest(selector).ok().flatten()) {
            act(element);
        }
    });
    let options = AddEventListenerOptions::new();
    // Some events, such as an image's `error`, do not bubble.
    options.set_capture(true);
    let callback = listener.as_ref().unchecked_ref();
    drop(
        document().add_event_listener_with_callback_and_add_event_listener_options(name, callback, &options),
    );
    listener.forget();
}
