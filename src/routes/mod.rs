//! The pages, one module for each group of routes, and their titles.

#![allow(unreachable_pub, reason = "`#[component]` generates a public struct of props for each component")]
#![allow(clippy::needless_pass_by_value, reason = "a component owns its props")]

mod archive;
mod article;
mod home;
mod list;
mod names;
mod search;
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

/// A page with everything it shows.
#[derive(Clone)]
pub struct OpenPage {
    /// The site when the page was read.
    pub site: SiteContext,
    /// The page's address.
    pub address: Address,
    /// The page's path on its host, for links within it.
    pub here: String,
    /// The page's content.
    pub content: Arc<Content>,
    /// The parts that are already loaded.
    pub preloaded: Preloaded,
}

/// The parts of a page that are already loaded when the page is made.
#[derive(Debug, Clone)]
pub struct Preloaded {
    /// The categories of the home page.
    pub front: Remote<Vec<Block>>,
    /// The days of older stories on the home page.
    pub older: OlderStories,
    /// The stories next to an article.
    pub neighbours: Remote<Neighbours>,
}

impl Default for Preloaded {
    fn default() -> Self {
        Self { front: Remote::Idle, older: OlderStories::new(), neighbours: Remote::Idle }
    }
}

/// Shows the content of a page in its view.
#[component]
pub(crate) fn Page(page: OpenPage) -> Erased {
    let OpenPage { site, address, here, content, preloaded } = page;
    provide_context(site);
    match &*content {
        Content::Home(words) => view! { <home::Home words=words.clone() here front=preloaded.front older=preloaded.older/> }.erase(),
        Content::List(list) => view! { <list::List list=list.clone()/> }.erase(),
        Content::Article(article, ops) => view! { <article::Article article=article.clone() ops=ops.clone() here neighbours=preloaded.neighbours/> }.erase(),
        Content::Names(kind, names) => view! { <names::NamesPage kind=*kind first=names.clone()/> }.erase(),
        Content::Archive => view! { <archive::ArchivePage/> }.erase(),
        Content::Search => view! { <search::SearchPage/> }.erase(),
        Content::Month(first, month) => view! { <archive::MonthPage first=*first month=month.clone()/> }.erase(),
        Content::Day(day) => view! { <archive::DayPage day=day.clone()/> }.erase(),
        Content::NotFound => view! { <NotFound address/> }.erase(),
    }
}
