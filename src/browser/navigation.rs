//! Navigations: from the click until the page is shown, or another navigation replaces it.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use archive::Failure;
use bundle::address::Address;
use futures::future::{AbortHandle, Abortable};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{Event, RequestCache};

use super::router::{Navigation, Router, restore_position};
use super::viewer::{CurrentNavigation, Viewer};
use super::{document, prerendered, search};
use crate::app::Shown;
use crate::routes::{self, OpenPage, Preloaded};
use crate::state::page::{self, MarkdownParser as _, Page};
use crate::state::remote::{OlderStories, Remote};
use crate::state::site::SiteContext;

/// How long the old page stays before a skeleton replaces it.
const SKELETON_DELAY: Duration = Duration::from_millis(150);

impl Viewer {
    /// Starts routing. `prerendered` is the address of the prerendered page, if there is one.
    pub(super) fn start_router(self: &Rc<Self>, prerendered: Option<String>) {
        let (viewer, prerendered) = (self.clone(), Cell::new(prerendered));
        let navigate = move |navigation: Navigation| match prerendered.take() {
            // A host may answer with the page of another address, such as the one without the query.
            Some(address) if Address::parse(&address, "").key() == navigation.address.key() => {
                viewer.stay(navigation);
            }
            _ => viewer.open(navigation),
        };
        let router = Router::start(self.host.base.clone(), navigate);
        // Fails only if the router is already set; this runs once.
        drop(self.router.set(router));
    }

    /// The current navigation.
    pub(super) fn navigation(&self) -> Option<Navigation> {
        self.current.borrow().as_ref().map(|current| current.navigation.clone())
    }

    pub(super) fn is_current(&self, navigation: &Navigation) -> bool {
        self.current.borrow().as_ref().is_some_and(|current| current.navigation.id == navigation.id)
    }

    /// Makes a navigation the current one and aborts the one before. Returns whether it is the first.
    fn begin(&self, navigation: &Navigation, abort_handle: Option<AbortHandle>) -> bool {
        self.here.set(navigation.address.clone());
        self.search.take();
        let current = CurrentNavigation { navigation: navigation.clone(), abort_handle };
        let before = self.current.replace(Some(current));
        let is_first = before.is_none();
        before.and_then(|before| before.abort_handle).inspect(AbortHandle::abort);
        is_first
    }

    /// Keeps the prerendered page.
    fn stay(self: &Rc<Self>, navigation: Navigation) {
        self.begin(&navigation, None);
        if document::query("main article").is_some() {
            // The address alone may also be that of a list.
            self.here.set(Address::Path(navigation.address.path()));
        }
        self.shown_id.set(navigation.id);
        search::open(self, navigation.clone());
        prerendered::stay(self, navigation);
    }

    /// Opens the page of a navigation.
    pub(super) fn open(self: &Rc<Self>, navigation: Navigation) {
        let (abort_handle, registration) = AbortHandle::new_pair();
        let is_first = self.begin(&navigation, Some(abort_handle));
        // A newer manifest that was announced takes effect when the reader follows a link, not while they
        // read.
        if navigation.by_link
            && let Some(site) = self.news.newer_site()
        {
            self.set_site(site);
        }
        document::lay_out_fully();
        if is_first {
            self.show(Shown::Loading(navigation.address.clone()));
        } else {
            self.show_skeleton_if_slow(navigation.clone());
        }
        let opening = Abortable::new(self.clone().read_and_show(navigation, is_first), registration);
        spawn_local(async move {
            // If the next navigation has aborted this one, there is nothing to show.
            let _ = opening.await;
        });
    }

    fn show_skeleton_if_slow(self: &Rc<Self>, navigation: Navigation) {
        let viewer = self.clone();
        let show = move || {
            if viewer.is_current(&navigation) && viewer.shown_id.get() != navigation.id {
                viewer.show(Shown::Loading(navigation.address));
            }
        };
        set_timeout(show, SKELETON_DELAY);
    }

    async fn read_and_show(self: Rc<Self>, navigation: Navigation, is_first: bool) {
        let shown = match self.read(&navigation.address).await {
            // The host may have a page of its own there.
            Ok((_, Page::NotFound)) if navigation.by_link => {
                drop(window().location().reload());
                return;
            }
            Ok((site, content)) => {
                let older = OlderStories::new();
                if matches!(content, Page::Article(..)) {
                    // The address alone may also be that of a list.
                    self.here.set(Address::Path(navigation.address.path()));
                }
                if matches!(content, Page::Home(_)) {
                    // The stories that the reader had loaded are loaded first, so that the scroll position
                    // exists.
                    self.load_batches(&site, &older, &navigation).await;
                    self.remember_batches(&older);
                }
                document().set_title(&routes::title(&site, &content));
                let content = Arc::new(content);
                self.prefetch_after(&site, content.clone());
                let preloaded = Preloaded { older, ..Preloaded::default() };
                Shown::Page(Box::new(OpenPage {
                    site,
                    address: navigation.address.clone(),
                    here: window().location().pathname().unwrap_or_default(),
                    content,
                    preloaded,
                }))
            }
            Err(failure) => Shown::Failed(failure),
        };
        self.shown_id.set(navigation.id);
        self.show(shown);
        request_animation_frame(move || {
            // The reader may have left the page before it was painted.
            if self.is_current(&navigation) {
                restore_position(&navigation, is_first);
                search::open(&self, navigation);
            }
        });
    }

    /// Reads the page of an address. If a file is gone, the site has been deployed again, so the manifest is
    /// read once more.
    async fn read(&self, address: &Address) -> Result<(SiteContext, Page), Failure> {
        let site = self.current_site().await?;
        match page::read(self.archive(&site), address).await {
            Err(Failure::Gone) => {
                let site = self.load_manifest(RequestCache::Reload).await?;
                let page = page::read(self.archive(&site), address).await?;
                Ok((site, page))
            }
            read => read.map(|page| (site.clone(), page)),
        }
    }

    /// Loads as many batches of older stories as the reader had loaded before.
    pub(super) async fn load_batches(
        &self,
        site: &SiteContext,
        older: &OlderStories,
        navigation: &Navigation,
    ) {
        for _ in 0..navigation.memory.batches {
            if older.next.get_untracked() != Remote::Idle || !self.is_current(navigation) {
                return;
            }
            self.load_older(site, older).await;
        }
    }

    pub(super) fn remember_batches(&self, older: &OlderStories) {
        self.router().remember_batches(older.batches.with_untracked(Vec::len));
    }

    /// Prefetches the month of the first story on a list's page, so that opening that story needs a single
    /// request. Then runs the idle work, unless a part of the page does so when it is loaded.
    fn prefetch_after(self: &Rc<Self>, site: &SiteContext, content: Arc<Page>) {
        let (viewer, site) = (self.clone(), site.clone());
        spawn_local(async move {
            match &*content {
                // The loaders of their parts run the idle work (`loaders`).
                Page::Home(_) => return,
                Page::Article(article, _) if !article.is_standalone() => return,
                Page::List(list) => viewer.prefetch_month(&site, list.rows.first()).await,
                _ => {}
            }
            viewer.run_idle_work().await;
        });
    }

    /// Runs when a page has loaded: preloads the Markdown program before the reader clicks, and, the first
    /// time, updates the files saved for offline reading.
    pub(super) async fn run_idle_work(&self) {
        self.host.preload_parser();
        let site = self.site.get_untracked().filter(|_| !self.is_refreshed.replace(true));
        if let Some(site) = site {
            self.refresh_saved(&site).await;
        }
    }

    /// Repeats the current navigation.
    pub(super) fn retry(self: &Rc<Self>) {
        // A newer format needs a newer program.
        if let Some(Shown::Failed(Failure::Newer(_))) = self.shown.get_untracked() {
            drop(window().location().reload());
            return;
        }
        if let Some(navigation) = self.navigation() {
            self.show(Shown::Loading(navigation.address.clone()));
            self.open(self.router().repeat(navigation));
        }
    }

    /// Retries what failed as soon as the network is back.
    pub(super) fn retry_when_online(self: &Rc<Self>) {
        let viewer = self.clone();
        let on_online = move |_: Event| {
            viewer.news.poll_soon();
            match viewer.shown.get_untracked() {
                Some(Shown::Failed(Failure::Newer(_))) => {}
                // Any other failure is retried, because some browsers report an interrupted download as a
                // damaged file.
                Some(Shown::Failed(_)) => viewer.retry(),
                Some(_) => viewer.online.notify(),
                None => {
                    viewer.online.notify();
                    prerendered::resume(&viewer);
                }
            }
        };
        document::listen(&window(), "online", on_online);
    }
}
