//! The reader's way to a page: from the click until it is shown, or another way is taken.

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

use super::reader::{Current, Reader};
use super::router::{Navigation, Router, restore_position};
use super::{document, prerendered};
use crate::app::Shown;
use crate::routes::{self, Known, OpenPage};
use crate::state::page::{self, MarkdownReader as _, Page};
use crate::state::remote::{OlderStories, Remote};
use crate::state::site::SiteContext;

/// How long the old page stays while the new one is on its way, before its shape is shown.
const PATIENCE: Duration = Duration::from_millis(150);

impl Reader {
    /// Starts routing. `prerendered` is the address of the page that stands there, if one does.
    pub(super) fn start_router(self: &Rc<Self>, prerendered: Option<String>) {
        let (reader, prerendered) = (self.clone(), Cell::new(prerendered));
        let navigate = move |navigation: Navigation| match prerendered.take() {
            // A host may answer an address with another's page, such as the one without its query.
            Some(address) if address == navigation.address.to_string() => reader.stay(navigation),
            _ => reader.open(navigation),
        };
        let router = Router::start(self.host.base.clone(), navigate);
        // It is started once.
        drop(self.router.set(router));
    }

    /// The navigation whose page the reader wants.
    pub(super) fn navigation(&self) -> Option<Navigation> {
        self.current.borrow().as_ref().map(|current| current.navigation.clone())
    }

    pub(super) fn is_current(&self, navigation: &Navigation) -> bool {
        self.current.borrow().as_ref().is_some_and(|current| current.navigation.id == navigation.id)
    }

    /// Makes a navigation the current one, and ends what is read for the one before it. Returns whether there
    /// was none.
    fn begin(&self, navigation: &Navigation, reading: Option<AbortHandle>) -> bool {
        self.here.set(navigation.address.clone());
        let before = self.current.replace(Some(Current { navigation: navigation.clone(), reading }));
        let is_first = before.is_none();
        before.and_then(|before| before.reading).inspect(AbortHandle::abort);
        is_first
    }

    /// Stays on the page that was prerendered.
    fn stay(self: &Rc<Self>, navigation: Navigation) {
        self.begin(&navigation, None);
        self.shown_id.set(navigation.id);
        prerendered::stay(self, navigation);
    }

    /// Opens the page of a navigation.
    pub(super) fn open(self: &Rc<Self>, navigation: Navigation) {
        let (reading, registration) = AbortHandle::new_pair();
        let is_first = self.begin(&navigation, Some(reading));
        // A newer manifest is taken when the reader moves, never while they read.
        if navigation.by_link
            && let Some(site) = self.news.newer_site()
        {
            self.adopt(site);
        }
        document::lay_out_whole();
        if is_first {
            self.show(Shown::Loading(navigation.address.clone()));
        } else {
            self.show_skeleton_if_slow(navigation.clone());
        }
        let opening = Abortable::new(self.clone().read_and_show(navigation, is_first), registration);
        spawn_local(async move {
            // Ended by the next navigation it has nothing to show.
            let _ = opening.await;
        });
    }

    fn show_skeleton_if_slow(self: &Rc<Self>, navigation: Navigation) {
        let reader = self.clone();
        let look = move || {
            if reader.is_current(&navigation) && reader.shown_id.get() != navigation.id {
                reader.show(Shown::Loading(navigation.address));
            }
        };
        set_timeout(look, PATIENCE);
    }

    async fn read_and_show(self: Rc<Self>, navigation: Navigation, is_first: bool) {
        let shown = match self.read(&navigation.address).await {
            Ok((site, content)) => {
                let older = OlderStories::new();
                if content == Page::Home {
                    // What the reader had opened is there again before the page is, so that the scroll finds
                    // its place.
                    self.load_days(&site, &older, &navigation).await;
                    self.remember_days(&older);
                }
                document().set_title(&routes::title(&site, &content));
                let content = Arc::new(content);
                self.after(&site, content.clone());
                let known = Known { older, ..Known::default() };
                Shown::Page(Box::new(OpenPage { site, address: navigation.address.clone(), content, known }))
            }
            Err(failure) => Shown::Failed(failure),
        };
        self.shown_id.set(navigation.id);
        self.show(shown);
        request_animation_frame(move || restore_position(&navigation, is_first));
    }

    /// Reads the page of an address. A file that is gone means a newer deploy, so the manifest is read again,
    /// once.
    async fn read(&self, address: &Address) -> Result<(SiteContext, Page), Failure> {
        let site = self.site_at_hand().await?;
        match page::read(self.archive(&site), address).await {
            Err(Failure::Gone) => {
                let site = self.load_manifest(RequestCache::Reload).await?;
                let page = page::read(self.archive(&site), address).await?;
                Ok((site, page))
            }
            read => read.map(|page| (site.clone(), page)),
        }
    }

    /// Loads days of older stories for a navigation back to them, as many as the reader had opened.
    pub(super) async fn load_days(&self, site: &SiteContext, older: &OlderStories, navigation: &Navigation) {
        for _ in 0..navigation.memory.days {
            if older.next.get_untracked() != Remote::Idle || !self.is_current(navigation) {
                return;
            }
            self.load_older(site, older).await;
        }
    }

    pub(super) fn remember_days(&self, older: &OlderStories) {
        self.router().remember_days(older.days.with_untracked(Vec::len));
    }

    /// For pages that load no part of their own: reads the month of the newest story, so that opening it is a
    /// single fetch.
    fn after(self: &Rc<Self>, site: &SiteContext, content: Arc<Page>) {
        let (reader, site) = (self.clone(), site.clone());
        spawn_local(async move {
            match &*content {
                // They go on by themselves (`loaders`).
                Page::Home | Page::Article(..) => return,
                Page::List(list) => reader.load_month_of(&site, list.rows.first()).await,
                _ => {}
            }
            reader.load_what_is_next().await;
        });
    }

    /// The page is quiet: what an article needs comes before the reader clicks, and what is kept for reading
    /// offline is brought up to date.
    pub(super) async fn load_what_is_next(&self) {
        self.host.expect_markdown();
        let site = self.site.get_untracked().filter(|_| !self.is_refreshed.replace(true));
        if let Some(site) = site {
            self.refresh_kept(&site).await;
        }
    }

    /// Goes the same way again.
    pub(super) fn retry(self: &Rc<Self>) {
        // A newer format needs a newer program.
        if let Some(Shown::Failed(Failure::Newer(_))) = self.shown.get_untracked() {
            drop(window().location().reload());
            return;
        }
        if let Some(navigation) = self.navigation() {
            self.show(Shown::Loading(navigation.address.clone()));
            self.open(self.router().again(navigation));
        }
    }

    /// When the network is back, what could not be read is asked for again.
    pub(super) fn retry_when_online(self: &Rc<Self>) {
        let reader = self.clone();
        let back = move |_: Event| {
            reader.news.look_soon();
            match reader.shown.get_untracked() {
                Some(Shown::Failed(Failure::Newer(_))) => {}
                // Whatever the failure is called: some browsers take half a file for a whole one that is
                // damaged.
                Some(Shown::Failed(_)) => reader.retry(),
                Some(_) => reader.online.notify(),
                None => {
                    reader.online.notify();
                    prerendered::resume(&reader);
                }
            }
        };
        document::listen(&window(), "online", back);
    }
}
