//! The frame that all pages share, and the outlet inside it that shows the current page.

#![allow(unreachable_pub, reason = "`#[component]` generates a public struct of props for each component")]
#![allow(clippy::needless_pass_by_value, reason = "a component owns its props")]

use bundle::address::Address;
use leptos::prelude::*;

use crate::components::erased::{Erase as _, Erased};
use crate::components::footer::Footer;
use crate::components::masthead::Masthead;
use crate::components::message::FailureMessage;
use crate::components::notice::NoticeArea;
use crate::components::skeleton::Skeleton;
use crate::routes::{OpenPage, Page};
use crate::state::language::Language;
use crate::state::site::SiteHeader;

/// The id of the `<main>` element.
const CONTENT: &str = "content";

/// The whole window: skip link, masthead, notice area, page and footer.
///
/// It is made once, by the builder, or by the program if `#app` is empty, and then stays. Later,
/// `browser::frame` updates the current section and the skip link's target, `browser::theme` the name of the
/// theme, and `browser::news` the notices.
#[component]
pub(crate) fn Frame(
    header: SiteHeader,
    /// The address of the page.
    here: Address,
    /// If the page is prerendered, its address, by which the program recognises the page.
    #[prop(optional_no_strip)]
    prerendered: Option<String>,
    /// The page.
    #[prop(optional_no_strip)]
    main: Option<Erased>,
) -> Erased {
    let words = header.language.words();
    view! {
        <div data-page=prerendered>
            <a class="skip" href=skip_href(&header.base.href(&here))>{words.skip}</a>
            <Masthead header=header.clone() here/>
            <NoticeArea/>
            <main id=CONTENT>{main}</main>
            <Footer header/>
        </div>
    }
    .erase()
}

/// The target of the skip link. It needs the page's path, because a bare fragment would be resolved against
/// the page's `base`.
pub(crate) fn skip_href(path: &str) -> String {
    format!("{path}#{CONTENT}")
}

/// The content of the outlet.
#[derive(Clone)]
pub(crate) enum Shown {
    /// The skeleton of the page at an address, while it loads.
    Loading(Address),
    /// A page.
    Page(Box<OpenPage>),
    /// The reason why a page cannot be shown.
    #[cfg_attr(not(target_arch = "wasm32"), expect(dead_code, reason = "only the browser fetches"))]
    Failed(archive::Failure),
}

/// Shows a page, its skeleton while it loads, or why it cannot be shown.
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
