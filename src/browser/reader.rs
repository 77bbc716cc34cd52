//! What the program knows, and how it reads the archive.

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use archive::{Archive, Failure};
use bundle::Manifest;
use bundle::address::Address;
use futures::future::AbortHandle;
use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use web_sys::RequestCache;

use super::document;
use super::fetch::Host;
use super::router::{Navigation, Router};
use crate::app::{Outlet, Shown};
use crate::components::erased::{Erase as _, Mounted};
use crate::state::news::News;
use crate::state::site::{SiteContext, SiteHeader};

/// What the program knows: one for the life of the page.
pub(super) struct Reader {
    pub(super) host: Host,
    pub(super) header: SiteHeader,
    /// The site by the manifest that counts; none before the first has come.
    pub(super) site: ArcRwSignal<Option<SiteContext>>,
    /// The address of the page that the reader went to.
    pub(super) here: ArcRwSignal<Address>,
    /// What is mounted in a page that was prerendered, until that gives way.
    pub(super) mounted: RefCell<Option<UnmountHandle<Mounted>>>,
    /// What the outlet shows; none while the page stands that was prerendered.
    pub(super) shown: ArcRwSignal<Option<Shown>>,
    pub(super) news: News,
    /// Fires when the network is back.
    pub(super) online: ArcTrigger,
    /// The way to the page that the reader went to.
    pub(super) current: RefCell<Option<Current>>,
    /// The last navigation whose page is shown.
    pub(super) shown_id: Cell<u32>,
    pub(super) router: OnceCell<Rc<Router>>,
    /// Whether a prerendered page waits for its manifest.
    pub(super) is_loading_manifest: Cell<bool>,
    /// Whether what is kept for reading offline was brought up to date.
    pub(super) is_refreshed: Cell<bool>,
}

/// A navigation under way, or the one whose page is shown.
pub(super) struct Current {
    pub(super) navigation: Navigation,
    /// Ends what is still read for it, if anything was.
    pub(super) reading: Option<AbortHandle>,
}

impl Reader {
    /// A program that knows nothing yet.
    pub(super) fn new(header: SiteHeader) -> Rc<Self> {
        Rc::new(Self {
            host: Host { base: (*header.base).clone() },
            header,
            site: ArcRwSignal::new(None),
            here: ArcRwSignal::new(Address::Unknown),
            mounted: RefCell::new(None),
            shown: ArcRwSignal::new(None),
            news: News::default(),
            online: ArcTrigger::new(),
            current: RefCell::new(None),
            shown_id: Cell::new(0),
            router: OnceCell::new(),
            is_loading_manifest: Cell::new(false),
            is_refreshed: Cell::new(false),
        })
    }

    /// Shows something in the main part of the window.
    pub(super) fn show(self: &Rc<Self>, shown: Shown) {
        let is_first = self.shown.with_untracked(Option::is_none);
        self.shown.set(Some(shown));
        if !is_first {
            return;
        }
        // What was printed there gives way, and what was mounted in it.
        self.mounted.take();
        let Some(main) = document::empty_main() else { return };
        let (shown, reader, language) = (self.shown.clone(), self.clone(), self.header.language);
        let retry = UnsyncCallback::new(move |()| reader.retry());
        mount_to(main, move || view! { <Outlet shown language retry/> }.erase()).forget();
    }

    /// The archive that a site's manifest opens.
    pub(super) fn archive<'a>(&'a self, site: &'a SiteContext) -> Archive<'a, Host> {
        Archive::new(&self.host, &site.manifest.index)
    }

    /// The site at hand; its manifest is read now where the page was prerendered and it has not come yet.
    ///
    /// # Errors
    /// Fails if the manifest cannot be read.
    pub(super) async fn site_at_hand(&self) -> Result<SiteContext, Failure> {
        match self.site.get_untracked() {
            Some(site) => Ok(site),
            None => self.load_manifest(RequestCache::Default).await,
        }
    }

    /// Reads the manifest, which counts from then on, be it one that was kept for reading offline.
    ///
    /// # Errors
    /// Fails if it cannot be read.
    pub(super) async fn load_manifest(&self, cache: RequestCache) -> Result<SiteContext, Failure> {
        let (manifest, is_kept) = self.host.manifest(cache).await?;
        self.news.set_offline(is_kept);
        let site = self.site_of(manifest);
        self.adopt(site.clone());
        Ok(site)
    }

    pub(super) fn site_of(&self, manifest: Manifest) -> SiteContext {
        SiteContext::new(manifest, self.host.base.clone())
    }

    /// Lets a site count.
    pub(super) fn adopt(&self, site: SiteContext) {
        document::colour(&site);
        // Whatever news were found before are in it, or were of an older manifest.
        self.news.forget();
        self.site.set(Some(site));
    }

    /// Reads the manifest again after a file was gone, which means a newer deploy: what is asked for again is
    /// then found.
    pub(super) async fn renew_after(&self, failure: Failure) {
        if failure == Failure::Gone {
            // If this fails, the next request fails too, and says why.
            drop(self.load_manifest(RequestCache::Reload).await);
        }
    }

    pub(super) fn router(&self) -> &Router {
        #[allow(clippy::expect_used, reason = "it is started before anything can happen")]
        self.router.get().expect("the router has started")
    }
}
