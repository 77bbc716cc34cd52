//! Reading without the network: keeping a month or a category, and the offer of a newer program.

use std::rc::Rc;

use bundle::address::Address;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::Element;

use super::reader::Reader;
use super::{document, page};
use crate::state::site::SiteContext;

/// Listens for the button that keeps what a page shows, and for the offer of a newer program.
pub(super) fn start(reader: &Rc<Reader>) {
    let keeping = reader.clone();
    document::listen_for("button.keep", "click", move |button| {
        spawn_local(keeping.clone().keep_here(button));
    });
    let has_update = reader.news.has_update.clone();
    page::on_update(move || has_update.set(true));
}

impl Reader {
    async fn keep_here(self: Rc<Self>, button: Element) {
        let words = self.header.language.words();
        let say = |word: &str| button.set_text_content(Some(word));
        drop(button.set_attribute("disabled", ""));
        say(words.keeping);
        let address = self.here.get_untracked();
        let urls = match self.site_at_hand().await {
            Ok(site) => self.urls(&site, &address).await,
            Err(_) => None,
        };
        if let Some(urls) = urls
            && page::save(&urls, false).await
        {
            say(words.kept);
            self.remember(&address.to_string());
        } else {
            say(words.keep_failed);
            drop(button.remove_attribute("disabled"));
        }
    }

    /// What a page and its stories are read from.
    async fn urls(&self, site: &SiteContext, address: &Address) -> Option<Vec<String>> {
        let paths = self.archive(site).files(address).await.ok()?;
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

    /// Keeps anew what the reader wants kept, as far as a manifest has it otherwise, and lets go of what is
    /// out of use.
    pub(super) async fn refresh_kept(&self, site: &SiteContext) {
        let (mut all, mut is_whole) = (Vec::new(), true);
        for address in self.remembered().lines() {
            match self.urls(site, &Address::parse(address, "")).await {
                Some(urls) => all.extend(urls),
                // What cannot be read now is kept the next time.
                None => is_whole = false,
            }
        }
        if !all.is_empty() {
            page::save(&all, is_whole).await;
        }
    }
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}
