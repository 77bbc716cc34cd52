//! The pages, one a file: views of what an address shows.

#![allow(unreachable_pub, reason = "`#[component]` makes public props of every component")]
#![allow(clippy::needless_pass_by_value, reason = "a component owns its props")]

mod archive;
mod article;
mod home;
mod list;
mod names;
mod titles;

use std::sync::Arc;

use ::archive::Neighbours;
use bundle::Block;
use bundle::address::Address;
use leptos::prelude::*;

#[cfg(target_arch = "wasm32")]
pub(crate) use self::home::Older;
pub use self::titles::title;
use crate::components::erased::{Erase as _, Erased};
use crate::components::message::NotFound;
use crate::state::page::Page as Content;
use crate::state::remote::{OlderStories, Remote};
use crate::state::site::SiteContext;

/// A page to show.
#[derive(Clone)]
pub struct OpenPage {
    /// The site as it was when the page was read.
    pub site: SiteContext,
    /// The page's address.
    pub address: Address,
    /// What stands there.
    pub content: Arc<Content>,
    /// What is known already of what comes later.
    pub known: Known,
}

/// What a page shows beside its content, where it is known when the page is made.
#[derive(Debug, Clone)]
pub struct Known {
    /// The categories of the home page.
    pub front: Remote<Vec<Block>>,
    /// The older stories that the home page had when the reader left it.
    pub older: OlderStories,
    /// The stories next to an article.
    pub neighbours: Remote<Neighbours>,
}

impl Default for Known {
    fn default() -> Self {
        Self { front: Remote::Idle, older: OlderStories::new(), neighbours: Remote::Idle }
    }
}

/// The page of an address: which view shows which content.
#[component]
pub(crate) fn Page(page: OpenPage) -> Erased {
    let OpenPage { site, address, content, known } = page;
    provide_context(site);
    match &*content {
        Content::Home => view! { <home::Home front=known.front older=known.older/> }.erase(),
        Content::List(list) => view! { <list::List list=list.clone()/> }.erase(),
        Content::Article(article, outline) => view! { <article::Article article=article.clone() outline=outline.clone() neighbours=known.neighbours/> }.erase(),
        Content::Names(kind, names) => view! { <names::NamesPage kind=*kind first=names.clone()/> }.erase(),
        Content::Archive => view! { <archive::ArchivePage/> }.erase(),
        Content::Month(first, month) => view! { <archive::MonthPage first=*first month=month.clone()/> }.erase(),
        Content::Day(day) => view! { <archive::DayPage day=day.clone()/> }.erase(),
        Content::NotFound => view! { <NotFound address/> }.erase(),
    }
}
