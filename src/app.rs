//! The frame around every page, and the outlet that shows the page in it.

#![allow(unreachable_pub, reason = "`#[component]` makes public props of every component")]
#![allow(clippy::needless_pass_by_value, reason = "a component owns its props")]

use bundle::address::Address;
use leptos::prelude::*;

use crate::components::erased::{Erase as _, Erased};
use crate::components::footer::Footer;
use crate::components::masthead::Masthead;
use crate::components::message::FailureMessage;
use crate::components::notice::NoticePlace;
use crate::components::skeleton::Skeleton;
use crate::routes::{OpenPage, Page};
use crate::state::language::Language;
use crate::state::site::SiteHeader;

/// The id of the main part.
const CONTENT: &str = "content";

/// Everything in the window: the way past the masthead, the masthead, a place for notices, the page, the
/// footer.
///
/// It is made once: printed by the builder, or made by the program where nothing was printed. It stays;
/// `browser::frame` tells it where the reader is.
#[component]
pub(crate) fn Frame(
    header: SiteHeader,
    /// The address of the page in it.
    here: Address,
    /// The address again, where that page is printed: by it the program knows what it finds.
    #[prop(optional_no_strip)]
    prerendered: Option<String>,
    /// The page.
    #[prop(optional_no_strip)]
    main: Option<Erased>,
) -> Erased {
    let words = header.language.words();
    view! {
        <div data-page=prerendered>
            <a class="skip" href=skip_href(&header, &here)>{words.skip}</a>
            <Masthead header=header.clone() here/>
            <NoticePlace/>
            <main id=CONTENT>{main}</main>
            <Footer header/>
        </div>
    }
    .erase()
}

/// Where the way past the masthead leads. In full: the hash alone would mean a part of the folder that the
/// page's `base` names.
pub(crate) fn skip_href(header: &SiteHeader, here: &Address) -> String {
    format!("{}#{CONTENT}", header.base.href(here))
}

/// What the main part of the window shows.
#[derive(Clone)]
pub(crate) enum Shown {
    /// The shape of the page of an address, which is on its way.
    Loading(Address),
    /// A page.
    Page(Box<OpenPage>),
    /// Why a page cannot be shown.
    #[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "natively nothing is fetched"))]
    Failed(archive::Failure),
}

/// Shows the page that the reader went to; its shape while it is on its way; or why it cannot be shown.
#[component]
pub(crate) fn Outlet(
    shown: ArcRwSignal<Option<Shown>>,
    language: Language,
    retry: UnsyncCallback<()>,
) -> Erased {
    let words = language.words();
    let view = move |shown| match shown {
        Shown::Loading(address) => view! { <Skeleton words address/> }.erase(),
        Shown::Page(page) => view! { <Page page=*page/> }.erase(),
        Shown::Failed(failure) => view! { <FailureMessage words failure retry/> }.erase(),
    };
    (move || shown.get().map(view)).erase()
}
