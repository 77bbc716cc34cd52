//! Charts come alive: the switch of period, and a word where a picture fails.
//!
//! By listening at the document, so that a figure is the same whether the program built it or it was rendered ahead.

use leptos_dom::helpers::document;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;
use web_sys::{AddEventListenerOptions, Element, Event, HtmlImageElement};

use crate::state::language::Language;

/// Starts listening, and looks at the charts that stand in the page.
pub(crate) fn start(language: Language) {
    let failed = language.words().chart_failed;
    listen("click", false, |target| choose(&target).unwrap_or_default());
    // Errors of pictures do not bubble.
    listen("error", true, move |target| fail(&target, failed).unwrap_or_default());
    let Ok(there) = document().query_selector_all(".chart-box img") else { return };
    for at in 0..there.length() {
        let picture = there.item(at).and_then(|node| node.dyn_into::<HtmlImageElement>().ok());
        if let Some(picture) = picture.filter(|picture| picture.complete() && picture.natural_width() == 0) {
            fail(&picture, failed);
        }
    }
}

/// Calls `act` with what an event of the document hit.
pub(crate) fn listen(event: &str, capture: bool, act: impl Fn(Element) + 'static) {
    let listener = Closure::<dyn Fn(Event)>::new(move |event: Event| {
        if let Some(target) = event.target().and_then(|target| target.dyn_into::<Element>().ok()) {
            act(target);
        }
    });
    let options = AddEventListenerOptions::new();
    options.set_capture(capture);
    drop(document().add_event_listener_with_callback_and_add_event_listener_options(event, listener.as_ref().unchecked_ref(), &options));
    // The page is the program's whole life.
    listener.forget();
}

/// Shows the period of the button that was pressed.
fn choose(target: &Element) -> Option<()> {
    let button = target.closest(".periods button").ok()??;
    let figure = button.closest(".chart-figure").ok()??;
    let picture = figure.query_selector(".chart-box img").ok()??;
    if let Ok(Some(before)) = figure.query_selector(".periods [aria-pressed=true]") {
        drop(before.set_attribute("aria-pressed", "false"));
    }
    drop(button.set_attribute("aria-pressed", "true"));
    if let Ok(Some(word)) = figure.query_selector(".chart-failed") {
        word.remove();
    }
    drop(picture.remove_attribute("hidden"));
    drop(picture.set_attribute("alt", &button.get_attribute("data-alt")?));
    drop(picture.set_attribute("src", &button.get_attribute("data-src")?));
    Some(())
}

/// Says that a chart cannot be shown, in its place.
fn fail(picture: &Element, failed: &str) -> Option<()> {
    let there = picture.closest(".chart-box").ok()??;
    if picture.has_attribute("hidden") {
        return None;
    }
    drop(picture.set_attribute("hidden", ""));
    let word = document().create_element("p").ok()?;
    word.set_class_name("chart-failed");
    drop(word.set_attribute("role", "status"));
    word.set_text_content(Some(failed));
    drop(there.append_child(&word));
    Some(())
}
