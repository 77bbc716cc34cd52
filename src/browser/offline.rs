//! Offline reading: saves a month or a list, and offers a newer version of the program.

use std::rc::Rc;

use bundle::address::Address;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Element;

use super::viewer::Viewer;
use super::{document, page};
use crate::state::site::SiteContext;

/// Listens for clicks on the save button, and for a newer version of the program.
pub(super) fn start(viewer: &Rc<Viewer>) {
    let viewer_for_clicks = viewer.clone();
    document::listen_for("button.keep", "click", move |button| {
        spawn_local(viewer_for_clicks.clone().save_page(button));
    });
    let has_update = viewer.news.has_update.clone();
    page::on_update(move || has_update.set(true));
}

impl Viewer {
    async fn save_page(self: Rc<Self>, button: Element) {
        let words = self.header.language.words();
        let set_text = |text: &str| button.set_text_content(Some(text));
        drop(button.set_attribute("disabled", ""));
        set_text(words.saving);
        let address = self.here.get_untracked();
        let urls = match self.current_site().await {
            Ok(site) => self.urls(&site, &address).await,
            Err(_) => None,
        };
        if let Some(urls) = urls
            && page::save(&urls, false).await
        {
            set_text(words.saved);
            self.remember_saved(&address.to_string());
        } else {
            set_text(words.save_failed);
            drop(button.remove_attribute("disabled"));
        }
    }

    /// The URLs of the files that a page and its stories are read from.
    async fn urls(&self, site: &SiteContext, address: &Address) -> Option<Vec<String>> {
        let paths = self.archive(site).file_paths(address).await.ok()?;
        Some(paths.iter().map(|path| self.host.base.path_href(path)).collect())
    }

    /// The storage key of the list of saved pages. It contains the base, because an origin may have several
    /// sites. (It keeps the name that it had in earlier versions, so that readers' saved pages stay.)
    fn storage_key(&self) -> String {
        format!("finews-kept{}", self.host.base.as_str())
    }

    /// The addresses of the saved pages, one per line.
    fn saved_pages(&self) -> String {
        storage().and_then(|storage| storage.get_item(&self.storage_key()).ok().flatten()).unwrap_or_default()
    }

    fn remember_saved(&self, address: &str) {
        let pages = self.saved_pages();
        if !pages.lines().any(|line| line == address)
            && let Some(storage) = storage()
        {
            drop(storage.set_item(&self.storage_key(), &format!("{pages}{address}\n")));
        }
    }

    /// Saves the files that the saved pages need with the manifest of `site`, and deletes those that they no
    /// longer need.
    pub(super) async fn refresh_saved(&self, site: &SiteContext) {
        let (mut all_urls, mut is_complete) = (Vec::new(), true);
        for address in self.saved_pages().lines() {
            match self.urls(site, &Address::parse(address, "")).await {
                Some(urls) => all_urls.extend(urls),
                // Try again next time, and delete nothing until then.
                None => is_complete = false,
            }
        }
        if !all_urls.is_empty() {
            page::save(&all_urls, is_complete).await;
        }
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
