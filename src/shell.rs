//! What the window shows around and in place of a page; and light or dark.

use std::rc::Rc;

use bundle::address::Address;
use bundle::archive::Failure;
use leptos_dom::helpers::{document, window};
use reactive_graph::effect::RenderEffect;
use reactive_graph::prelude::*;
use reactive_graph::signal::ArcRwSignal;
use wasm_bindgen::JsCast as _;

use crate::app::{App, Shown};
use crate::components::element::{Element, el};
use crate::components::frame::{frame, no_notice};
use crate::components::masthead::Theme;
use crate::components::message;
use crate::components::skeleton::skeleton;
use crate::edition::Edition;
use crate::fetch::finews_update;
use crate::routes;
use crate::state::page::Page;

/// Everything in the window.
pub(crate) fn shell(app: &Rc<App>) -> Element {
    let words = app.plate.language.words();
    let theme = ArcRwSignal::new(stored_theme());
    let worn = theme.clone();
    // It lives as long as the page.
    std::mem::forget(RenderEffect::new(move |_| wear(worn.get())));
    let (shown, fresh, language) = (app.shown.clone(), app.fresh.clone(), app.plate.language);
    let (has_update, is_offline, edition) = (app.has_update.clone(), app.is_offline.clone(), app.edition.clone());
    let (of_main, of_notice) = (app.clone(), app.clone());
    let main = move || match shown.get() {
        Shown::Standing(None) => el("div").standing(),
        Shown::Standing(Some((edition, later))) => routes::page(&edition, &Address::Home, &Page::Home, &later).standing(),
        Shown::Coming(address) => skeleton(words, &address),
        Shown::Page(edition, address, page, later) => routes::page(&edition, &address, &page, &later),
        Shown::Failed(Failure::Newer(format)) => message::failure(words, Failure::Newer(format), || drop(window().location().reload())),
        Shown::Failed(failure) => {
            let app = of_main.clone();
            message::failure(words, failure, move || app.clone().retry())
        }
    };
    let notice = move || {
        if has_update.get() {
            let button = el("button").attr("type", "button").on("click", |_| drop(finews_update())).add(words.update);
            return notice(words.new_version.to_owned()).add(button);
        }
        if is_offline.get() {
            let newest = edition.with(|edition| edition.as_ref()?.manifest.newest.first().map(|newest| newest.time));
            let until = newest.map(|time| language.short(time, None)).unwrap_or_default();
            return notice(format!("{} {until}", words.offline_until));
        }
        match fresh.get() {
            Some((_, count)) if count > 0 => {
                let app = of_notice.clone();
                let button = el("button").attr("type", "button").on("click", move |_| app.clone().show_fresh()).add(words.show_new);
                notice(language.new_stories(count)).add(button)
            }
            _ => no_notice(),
        }
    };
    frame(&app.plate, &app.here, &theme, notice, main)
}

fn notice(text: String) -> Element {
    el("p").class("notice").attr("role", "status").add(el("span").add(text))
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
