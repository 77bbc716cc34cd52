//! The pages, one a file: views of what an address shows.

mod archive;
mod article;
mod home;
mod list;
mod names;

use std::rc::Rc;

use bundle::address::Address;
use bundle::archive::{Failure, Neighbours};
use bundle::{Block, Headline, ListKind, NamedList};
use reactive_graph::signal::ArcRwSignal;

use crate::components::element::{Element, el};
use crate::components::message;
use crate::edition::Edition;
use crate::state::language::Words;
use crate::state::page::Page;

/// What a page learns after it is painted, and how it asks. Natively all of it stays as it is.
#[derive(Clone)]
pub struct Later {
    /// The categories of the home page.
    pub front: ArcRwSignal<Blocks>,
    /// Stories older than the newest, asked for on the home page, a day at a time.
    pub older: ArcRwSignal<Vec<Vec<Headline>>>,
    /// How the next older stories fare.
    pub more: ArcRwSignal<More>,
    /// The stories next to an article.
    pub neighbours: ArcRwSignal<Option<Neighbours>>,
    /// All names of a kind, once a reader types.
    pub names: ArcRwSignal<Names>,
    /// Asks for something.
    pub ask: Asking,
}

/// Asks for something.
pub type Asking = Rc<dyn Fn(Ask)>;

/// What a page can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ask {
    /// A day of older stories.
    More,
    /// The categories of the home page, again.
    Front,
    /// All names of a kind.
    Names(ListKind),
}

/// How the categories of the home page fare.
#[derive(Debug, Clone, PartialEq)]
pub enum Blocks {
    /// They stand in the page as it was rendered ahead.
    Standing,
    /// They are on their way.
    Coming,
    /// They could not be had; asking again may help.
    Failed(Failure),
    /// They are there.
    Come(Vec<Block>),
}

/// How the next older stories of the home page fare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum More {
    /// There may be some.
    Some,
    /// They are on their way.
    Coming,
    /// They could not be had; asking again may help.
    Failed(Failure),
    /// There are none.
    None,
}

/// How the names beyond the first file of them fare.
#[derive(Debug, Clone, PartialEq)]
pub enum Names {
    /// Nobody asked for them.
    Some,
    /// They are on their way.
    Coming,
    /// They could not be had; asking again may help.
    Failed(Failure),
    /// They are all there.
    All(Vec<NamedList>),
}

impl Later {
    /// Nothing known yet.
    pub fn new(ask: Asking) -> Self {
        Self {
            front: ArcRwSignal::new(Blocks::Coming),
            older: ArcRwSignal::new(Vec::new()),
            more: ArcRwSignal::new(More::Some),
            neighbours: ArcRwSignal::new(None),
            names: ArcRwSignal::new(Names::Some),
            ask,
        }
    }
}

/// The view of a page.
pub fn page(edition: &Edition, address: &Address, page: &Page, later: &Later) -> Element {
    match page {
        Page::Home => home::home(edition, later),
        Page::List(list) => list::list(edition, list),
        Page::Article(article, outline) => article::article(edition, article, outline, later),
        Page::Names(kind, names) => names::names(edition, *kind, names, names_count(*kind, edition), later),
        Page::Archive => archive::years(edition),
        Page::Month(first, month) => archive::month(edition, *first, month),
        Page::Day(day) => archive::day(edition, day),
        Page::NotFound => message::not_found(edition, address),
    }
}

/// The title of a page, for the window and for history.
pub fn title(edition: &Edition, page: &Page) -> String {
    let (site, words, language) = (&edition.manifest.site.title, edition.words(), edition.language);
    let own = match page {
        Page::Home => return site.clone(),
        Page::List(list) => list.title.clone(),
        Page::Article(article, _) => article.title.clone(),
        Page::Names(kind, _) => names_title(*kind, edition).to_owned(),
        Page::Archive => words.archive.to_owned(),
        Page::Month(first, _) => language.month(*first),
        Page::Day(day) => language.date(day.date),
        Page::NotFound => words.not_found.to_owned(),
    };
    format!("{own} · {site}")
}

fn names_title(kind: ListKind, edition: &Edition) -> &'static str {
    let words = edition.words();
    match kind {
        ListKind::Category => words.categories,
        ListKind::Tag => words.tags,
        ListKind::Quote => words.securities,
    }
}

/// How many names of a kind there are.
fn names_count(kind: ListKind, edition: &Edition) -> usize {
    let counts = edition.manifest.counts;
    match kind {
        ListKind::Category => counts.categories,
        ListKind::Tag => counts.tags,
        ListKind::Quote => counts.securities,
    }
}

/// A page's heading, and how much there is.
fn page_head(title: &str, count: String) -> Element {
    el("header").class("page-head").add(el("h1").attr("tabindex", "-1").add(title)).add(el("p").class("count").add(count))
}

/// A button that keeps what the page shows for reading without the network (`crate::keep`).
fn keep(edition: &Edition) -> Element {
    el("button").class("keep").attr("type", "button").add(edition.words().keep)
}

/// A heading for those who hear the page.
fn hidden_heading(title: &str) -> Element {
    el("h1").class("visually-hidden").attr("tabindex", "-1").add(title)
}

/// Why a part of a page is not there.
fn reason(words: &'static Words, failure: Failure) -> Element {
    let (title, why) = (message::title(words, failure), message::why(words, failure));
    el("div").class("failed").attr("role", "alert").add(el("p").class("empty").add(title)).add(el("p").class("why").add(why))
}

/// The same, and the way to ask for it again.
fn failed(words: &'static Words, failure: Failure, ask: &Asking, what: Ask) -> Element {
    let ask = ask.clone();
    let button = el("button").class("retry").attr("type", "button").on("click", move |_| ask(what)).add(words.retry);
    reason(words, failure).add(button)
}
