//! What stands around every page: the masthead, the word of news, the footer; and light or dark.

use std::rc::Rc;

use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use crate::app::{App, Shown};
use crate::components::element::{Element, el, live};
use crate::components::footer::footer;
use crate::components::masthead::{Theme, masthead, nameplate_alone};
use crate::components::message;
use crate::components::skeleton::skeleton;
use crate::edition::Edition;
use crate::routes;
use crate::state::archive::Failure;

/// Everything in the window.
pub(crate) fn shell(app: &Rc<App>) -> Element {
    let words = app.language.words();
    let theme = RwSignal::new(stored_theme());
    Effect::new(move |_| wear(theme.get()));
    let (edition, here, shown, fresh, language) = (app.edition, app.here, app.shown, app.fresh, app.language);
    // Views must be able to change threads, though a browser has but one.
    let app = StoredValue::new_local(app.clone());
    let head = move || match edition.get() {
        Some(edition) => masthead(&edition, here.into(), theme),
        None => app.with_value(|app| nameplate_alone(&app.host.base, &app.nameplate.0, &app.nameplate.1)),
    };
    let main = move || match shown.get() {
        Shown::Coming(address) => skeleton(words, &address),
        Shown::Page(edition, address, page, later) => routes::page(&edition, &address, &page, &later),
        Shown::Failed(Failure::Newer(format)) => message::failure(words, &Failure::Newer(format), || drop(window().location().reload())),
        Shown::Failed(failure) => message::failure(words, &failure, move || app.get_value().retry()),
    };
    let notice = move || match fresh.get() {
        Some((_, count)) if count > 0 => {
            let button = el("button").attr("type", "button").on("click", move |_| app.get_value().show_fresh()).add(words.show_new);
            el("p").class("notice").attr("role", "status").add(el("span").add(language.new_stories(count))).add(button)
        }
        _ => el("p").attr("hidden", ""),
    };
    let foot = move || edition.get().map_or_else(|| el("footer").class("footer"), |edition| footer(&edition));
    el("div")
        .add(el("a").class("skip").attr("href", "#content").add(words.skip))
        .add(live(head))
        .add(live(notice))
        .add(el("main").attr("id", "content").add(live(main)))
        .add(live(foot))
}

const THEME: &str = "finews-theme";

fn stored_theme() -> Theme {
    let word = window().local_storage().ok().flatten().and_then(|storage| storage.get_item(THEME).ok().flatten());
    word.map_or(Theme::Auto, |word| Theme::of_word(&word))
}

fn wear(theme: Theme) {
    if let Some(html) = document().document_element() {
        drop(match theme {
            Theme::Auto => html.remove_attribute("data-theme"),
            theme => html.set_attribute("data-theme", theme.word()),
        });
    }
    // A browser that keeps nothing forgets the choice; that is its reader's wish.
    if let Ok(Some(storage)) = window().local_storage() {
        drop(storage.set_item(THEME, theme.word()));
    }
}

/// The publisher's colour, where there is one.
pub(crate) fn colour(edition: &Edition) {
    let (day, night) = &edition.manifest.settings.accent;
    let Some(html) = document().document_element().and_then(|html| html.dyn_into::<web_sys::HtmlElement>().ok()) else { return };
    for (name, value) in [("--accent-day", day), ("--accent-night", night)] {
        if !value.is_empty() {
            drop(html.style().set_property(name, value));
        }
    }
}
