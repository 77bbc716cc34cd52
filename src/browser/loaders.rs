//! Loads the parts of a page that come after the page itself.

use std::rc::Rc;
use std::sync::Arc;

use archive::Failure;
use bundle::{Headline, ListId, ListKind};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::viewer::Viewer;
use crate::state::remote::{Loader, OlderStories, Part, Remote};
use crate::state::site::SiteContext;

/// How many older stories are loaded at once, if days have few.
const MIN_OLDER: usize = 20;

impl Viewer {
    /// The loader that views use.
    pub(super) fn loader(self: &Rc<Self>) -> Loader {
        let viewer = self.clone();
        Loader::new(move |part| spawn_local(viewer.clone().load_part(part)), self.online.clone())
    }

    pub(super) async fn load_part(self: Rc<Self>, part: Part) {
        // Uses the current site, not the page's, because this may be a retry after a failure: the page's
        // files may be gone.
        let Some(site) = self.site.get_untracked() else { return };
        let archive = self.archive(&site);
        match part {
            Part::Front(blocks) => {
                self.load(&blocks, async { archive.front().await.map(|front| front.blocks) }).await;
                self.prefetch_month(&site, site.manifest.newest.first()).await;
            }
            Part::Older(older) => {
                if older.next.get_untracked() != Remote::Loading {
                    self.load_older(&site, &older).await;
                    self.remember_batches(&older);
                }
                return;
            }
            Part::Neighbours(article, stories) => {
                if let Some(category) = article.categories.first() {
                    let id = ListId::new(ListKind::Category, category.key.clone());
                    stories.set(Remote::from_result(archive.neighbours(&id, &article.key()).await));
                }
            }
            Part::Names(kind, names) => {
                return self.load(&names, async { archive.names(kind, true).await.map(Arc::new) }).await;
            }
        }
        self.run_idle_work().await;
    }

    /// Reads a value into a signal.
    async fn load<T: Send + Sync + 'static>(
        &self,
        value: &ArcRwSignal<Remote<T>>,
        reading: impl Future<Output = Result<T, Failure>>,
    ) {
        value.set(Remote::Loading);
        let read = reading.await;
        if let Err(failure) = read {
            self.reload_manifest_if_gone(failure).await;
        }
        value.set(Remote::from_result(read));
    }

    /// Adds stories older than those that the home page shows: the rest of the last day, or as many further days as
    /// have a number of stories.
    pub(super) async fn load_older(&self, site: &SiteContext, older: &OlderStories) {
        older.next.set(Remote::Loading);
        let last =
            older.batches.with_untracked(|batches| batches.last().and_then(|batch| batch.last().cloned()));
        let Some(last) = last.or_else(|| site.manifest.newest.last().cloned()) else {
            return older.next.set(Remote::Ready(()));
        };
        let mut date = Some(last.time.date());
        let mut rows = Vec::new();
        while let Some(day) = date {
            let page = match self.archive(site).day(day, Some(&last.key())).await {
                Ok(page) => page,
                Err(failure) => {
                    self.reload_manifest_if_gone(failure).await;
                    return older.next.set(Remote::Failed(failure));
                }
            };
            rows.extend(page.rows);
            date = page.earlier;
            let is_rest = day == last.time.date() && !rows.is_empty();
            if is_rest || page.older.is_some() || rows.len() >= MIN_OLDER {
                break;
            }
        }
        if rows.is_empty() {
            return older.next.set(Remote::Ready(()));
        }
        older.batches.update(|batches| batches.push(rows));
        older.next.set(Remote::Idle);
    }

    /// Fetches the index of a story's month, so that opening a story of that month needs a single request.
    pub(super) async fn prefetch_month(&self, site: &SiteContext, headline: Option<&Headline>) {
        if let Some(headline) = headline {
            // If this fails, the index is requested again when it is needed.
            drop(self.archive(site).month(headline.time.date()).await);
        }
    }
}
