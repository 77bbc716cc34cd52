//! Makes charts interactive: the period buttons, and a message where an image fails to load.
//!
//! It listens on the document, so that prerendered charts and charts built by the program behave alike.

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlImageElement};

use super::document::{listen_for, query_all};
use crate::state::language::Language;

/// Starts listening, and checks the charts that are already on the page.
pub(super) fn start(language: Language) {
    let text = language.words().chart_failed;
    listen_for(".periods button", "click", |button| show_period(&button).unwrap_or_default());
    listen_for(".chart-box img", "error", move |picture| show_failure(&picture, text).unwrap_or_default());
    for picture in query_all(".chart-box img") {
        let has_failed = picture
            .dyn_ref::<HtmlImageElement>()
            .is_some_and(|picture| picture.complete() && picture.natural_width() == 0);
        if has_failed {
            show_failure(&picture, text);
        }
    }
}

/// Shows the chart for a button's period.
fn show_period(button: &Element) -> Option<()> {
    let figure = button.closest(".chart-figure").ok()??;
    let picture = figure.query_selector(".chart-box img").ok()??;
    if let Ok(Some(before)) = figure.query_selector(".periods [aria-pressed=true]") {
        drop(before.set_attribute("aria-pressed", "false"));
    }
    drop(button.set_attribute("aria-pressed", "true"));
    if let Ok(Some(message)) = figure.query_selector(".chart-failed") {
        message.remove();
    }
    drop(picture.remove_attribute("hidden"));
    drop(picture.set_attribute("alt", &button.get_attribute("data-alt")?));
    drop(picture.set_attribute("src", &button.get_attribute("data-src")?));
    Some(())
}

/// Hides a chart that failed to load, and shows a message with `text` in its place.
fn show_failure(picture: &Element, text: &str) -> Option<()> {
    let chart_box = picture.closest(".chart-box").ok()??;
    if picture.has_attribute("hidden") {
        return None;
    }
    drop(picture.set_attribute("hidden", ""));
    let message = document().create_element("p").ok()?;
    message.set_class_name("chart-failed");
    drop(message.set_attribute("role", "status"));
    message.set_text_content(Some(text));
    drop(chart_box.append_child(&message));
    Some(())
}
