//! Reading without the network: keeping a month or a category, and the offer of a newer program.

use std::rc::Rc;

use bundle::Manifest;
use bundle::address::Address;
use bundle::archive::Archive;
use leptos_dom::helpers::{document, window};
use reactive_graph::prelude::*;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

use crate::app::App;
use crate::charts::listen;
use crate::fetch;

/// Listens for the button that keeps what a page shows, and for the offer of a newer program.
pub(crate) fn start(app: &Rc<App>) {
    let here = app.clone();
    listen("click", false, move |target| {
        if let Ok(Some(button)) = target.closest("button.keep") {
            spawn_local(here.clone().keep_here(button));
        }
    });
    // It may have been offered before we listened.
    if js_sys::Reflect::has(&js_sys::global(), &JsValue::from_str("finewsUpdate")).unwrap_or_default() {
        app.has_update.set(true);
    }
    let has_update = app.has_update.clone();
    let offered = Closure::<dyn Fn()>::new(move || has_update.set(true));
    drop(document().add_event_listener_with_callback("finews-update", offered.as_ref().unchecked_ref()));
    // The page is the program's whole life.
    offered.forget();
}

impl App {
    async fn keep_here(self: Rc<Self>, button: Element) {
        let words = self.plate.language.words();
        let say = |word: &str| button.set_text_content(Some(word));
        drop(button.set_attribute("disabled", ""));
        say(words.keeping);
        let address = self.here.get_untracked();
        let urls = match self.edition_at_hand().await {
            Ok(edition) => self.urls(&edition.manifest, &address).await,
            Err(_) => None,
        };
        if let Some(urls) = urls
            && fetch::keep(&urls, false).await
        {
            say(words.kept);
            self.remember(&address.to_string());
        } else {
            say(words.keep_failed);
            drop(button.remove_attribute("disabled"));
        }
    }

    /// What a page and its stories are read from.
    async fn urls(&self, manifest: &Manifest, address: &Address) -> Option<Vec<String>> {
        let paths = Archive { source: &self.host, index: &manifest.index }.files(address).await.ok()?;
        Some(paths.iter().map(|path| self.host.base.own(path)).collect())
    }

    /// Where the addresses of what is kept are remembered, a line each. An origin may have several sites.
    fn storage_key(&self) -> String {
        format!("finews-kept{}", self.host.base.as_str())
    }

    fn remembered(&self) -> String {
        storage().and_then(|storage| storage.get_item(&self.storage_key()).ok().flatten()).unwrap_or_default()
    }

    fn remember(&self, address: &str) {
        let there = self.remembered();
        if !there.lines().any(|line| line == address)
            && let Some(storage) = storage()
        {
            drop(storage.set_item(&self.storage_key(), &format!("{there}{address}\n")));
        }
    }
}

/// Keeps anew what the reader wants kept, as far as a manifest has it otherwise, and lets go of what is out of use.
pub(crate) async fn refresh(app: &App, manifest: &Manifest) {
    let (mut all, mut is_whole) = (Vec::new(), true);
    for address in app.remembered().lines() {
        match app.urls(manifest, &Address::parse(address, "")).await {
            Some(urls) => all.extend(urls),
            // What cannot be had now is kept the next time.
            None => is_whole = false,
        }
    }
    if !all.is_empty() {
        fetch::keep(&all, is_whole).await;
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
