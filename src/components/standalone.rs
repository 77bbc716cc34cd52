//! Standalone pages.

use bundle::StandalonePage as Content;
use leptos::prelude::*;

use super::body::Body;
use super::erased::{Erase as _, Erased};
use crate::state::page::Standalone;

/// A standalone page at the path `here`.
#[component]
pub(crate) fn StandalonePage(standalone: Standalone, here: String) -> Erased {
    let (title, lang) = (standalone.page.title.clone(), lang(&standalone.page));
    view! {
        <article class="story" lang=lang>
            <header>
                <h1 tabindex="-1">{title}</h1>
            </header>
            <StandaloneBody standalone here/>
        </article>
    }
    .erase()
}

/// The words of a site above the lists of its home page.
#[component]
pub(crate) fn HomeWords(standalone: Standalone, here: String) -> Erased {
    let lang = lang(&standalone.page);
    view! {
        <section class="story home-words" lang=lang>
            <StandaloneBody standalone here/>
        </section>
    }
    .erase()
}

#[component]
fn StandaloneBody(standalone: Standalone, here: String) -> Erased {
    let Standalone { page, ops } = standalone;
    view! {
        <div class="body">
            <Body ops securities=page.securities.clone() here/>
        </div>
    }
    .erase()
}

fn lang(page: &Content) -> Option<String> {
    (!page.lang.is_empty()).then(|| page.lang.clone())
}
