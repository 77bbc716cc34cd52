//! Reading without the network: keeping a month or a category, and the offer of a newer program.

use std::rc::Rc;

use bundle::address::Address;
use leptos_dom::helpers::{document, window};
use reactive_graph::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

use crate::app::App;
use crate::charts::listen;
use crate::fetch;
use crate::state::archive::Archive;

/// Listens for the button that keeps what a page shows, and for the offer of a newer program.
pub(crate) fn start(app: &Rc<App>) {
    let here = app.clone();
    listen("click", false, move |target| {
        if let Ok(Some(button)) = target.closest("button.keep") {
            spawn_local(here.clone().keep_here(button));
        }
    });
    let has_update = app.has_update.clone();
    let offered = Closure::<dyn Fn()>::new(move || has_update.set(true));
    drop(document().add_event_listener_with_callback("finews-update", offered.as_ref().unchecked_ref()));
    // The page is the program's whole life.
    offered.forget();
}

impl App {
    async fn keep_here(self: Rc<Self>, button: Element) {
        let words = self.plate.language.words();
        let (address, Some(edition)) = (self.here.get_untracked(), self.edition.get_untracked()) else { return };
        let say = |word: &str| button.set_text_content(Some(word));
        drop(button.set_attribute("disabled", ""));
        say(words.keeping);
        if self.keep(&edition.manifest, &address).await {
            say(words.kept);
            remember(&address.to_string());
        } else {
            say(words.keep_failed);
            drop(button.remove_attribute("disabled"));
        }
    }

    async fn keep(&self, manifest: &bundle::Manifest, address: &Address) -> bool {
        match (Archive { source: &self.host, manifest }).files(address).await {
            Ok(paths) => fetch::keep(&paths.iter().map(|path| self.host.base.own(path)).collect::<Vec<_>>()).await,
            Err(_) => false,
        }
    }
}

/// Keeps anew what the reader wants kept, as far as it has changed.
pub(crate) async fn refresh(app: &App) {
    let Some(edition) = app.edition.get_untracked() else { return };
    for address in remembered().lines() {
        // What cannot be had now is kept the next time.
        app.keep(&edition.manifest, &Address::parse(address, "")).await;
    }
}

const KEPT: &str = "finews-kept";

/// The addresses of what is kept, a line each.
fn remembered() -> String {
    window().local_storage().ok().flatten().and_then(|storage| storage.get_item(KEPT).ok().flatten()).unwrap_or_default()
}

fn remember(address: &str) {
    let there = remembered();
    if !there.lines().any(|line| line == address)
        && let Ok(Some(storage)) = window().local_storage()
    {
        drop(storage.set_item(KEPT, &format!("{there}{address}\n")));
    }
}
