//! The light or dark theme, remembered in the browser.

use leptos::prelude::*;

use super::document;
use crate::state::language::Language;
use crate::state::theme::Theme;

const KEY: &str = "finews-theme";

/// Applies the reader's theme, and switches to the next one when the masthead's button is pressed.
pub(super) fn start(language: Language) {
    let theme = ArcRwSignal::new(stored_theme());
    let chosen = theme.clone();
    document::listen_for(".theme", "click", move |_| chosen.update(|theme| *theme = theme.next()));
    Effect::new(move |_| {
        apply_and_store(theme.get());
        let name = theme.get().name(language.words());
        if let Some(label) = document::query(".theme span:last-child")
            .filter(|label| label.text_content().as_deref() != Some(name))
        {
            label.set_text_content(Some(name));
        }
    });
}

fn stored_theme() -> Theme {
    let value =
        window().local_storage().ok().flatten().and_then(|storage| storage.get_item(KEY).ok().flatten());
    value.map_or(Theme::Auto, |value| Theme::parse(&value))
}

fn apply_and_store(theme: Theme) {
    if let Some(html) = document().document_element() {
        drop(match theme {
            Theme::Auto => html.remove_attribute("data-theme"),
            theme => html.set_attribute("data-theme", theme.value()),
        });
    }
    // Without storage the choice lasts until the page is left.
    if let Ok(Some(storage)) = window().local_storage() {
        drop(storage.set_item(KEY, theme.value()));
    }
}
