//! Values that load after the page, and how views request them.

use std::sync::Arc;

use archive::{Failure, Neighbours};
use bundle::{Article, Block, Headline, ListKind, NamedList};
use leptos::prelude::*;

/// A value that loads after the page.
#[derive(Debug, Clone, PartialEq)]
pub enum Remote<T> {
    /// Not requested yet.
    Idle,
    /// Requested.
    Loading,
    /// Loaded.
    Ready(T),
    /// Failed; requesting it again may help.
    Failed(Failure),
}

impl<T> Remote<T> {
    /// Whether loading has failed.
    pub const fn has_failed(&self) -> bool {
        matches!(self, Self::Failed(_))
    }

    /// The state for the result of loading.
    pub fn from_result(result: Result<T, Failure>) -> Self {
        match result {
            Ok(value) => Self::Ready(value),
            Err(failure) => Self::Failed(failure),
        }
    }
}

/// The stories that follow the newest ones on the home page, in batches as they were loaded.
#[derive(Debug, Clone)]
pub struct OlderStories {
    /// The batches loaded so far, newest first: stories of one day or several, or a part of a day with very many.
    pub batches: ArcRwSignal<Vec<Vec<Headline>>>,
    /// The state of the next batch: `Idle` if there may be one, `Ready` if there is none.
    pub next: ArcRwSignal<Remote<()>>,
}

impl OlderStories {
    /// No batches yet.
    pub fn new() -> Self {
        Self { batches: ArcRwSignal::new(Vec::new()), next: ArcRwSignal::new(Remote::Idle) }
    }
}

impl Default for OlderStories {
    fn default() -> Self {
        Self::new()
    }
}

/// A part of a page that loads after it, and the signal for its value.
#[derive(Debug, Clone)]
pub enum Part {
    /// The categories of the home page.
    Front(ArcRwSignal<Remote<Vec<Block>>>),
    /// The next batch of older stories.
    Older(OlderStories),
    /// The stories next to an article.
    Neighbours(Arc<Article>, ArcRwSignal<Remote<Neighbours>>),
    /// All names of a kind of list.
    Names(ListKind, ArcRwSignal<Remote<Arc<Vec<NamedList>>>>),
}

/// Loads the parts of a page. The program provides a loader as a context; natively there is none, and pages
/// are rendered with only their preloaded parts.
#[derive(Clone)]
pub(crate) struct Loader {
    load: UnsyncCallback<Part>,
    /// Fires when the network is back.
    online: ArcTrigger,
}

impl Loader {
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn new(load: impl Fn(Part) + 'static, online: ArcTrigger) -> Self {
        Self { load: UnsyncCallback::new(load), online }
    }
}

/// Loads a part of the page that is being built.
pub(crate) fn load(part: Part) {
    if let Some(Loader { load, .. }) = use_context() {
        load.run(part);
    }
}

/// Returns a callback that loads a part of the page that is being built. A part that failed is loaded again
/// when the network is back.
pub(crate) fn use_loader(part: Part) -> UnsyncCallback<()> {
    let Some(Loader { load, online }) = use_context() else { return UnsyncCallback::new(|()| {}) };
    let retried_part = part.clone();
    Effect::new(move |has_run: Option<()>| {
        online.track();
        if has_run.is_some() && retried_part.has_failed() {
            load.run(retried_part.clone());
        }
    });
    UnsyncCallback::new(move |()| load.run(part.clone()))
}

impl Part {
    fn has_failed(&self) -> bool {
        match self {
            Self::Front(front) => front.with_untracked(Remote::has_failed),
            Self::Older(older) => older.next.with_untracked(Remote::has_failed),
            Self::Neighbours(..) => false,
            Self::Names(_, names) => names.with_untracked(Remote::has_failed),
        }
    }
}
