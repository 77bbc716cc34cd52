//! The viewer's state, and its access to the archive.

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
use super::search::OpenSearch;
use crate::app::{Outlet, Shown};
use crate::components::erased::{Erase as _, Mounted};
use crate::state::news::News;
use crate::state::site::{SiteContext, SiteHeader};

/// The viewer. There is one, which lives as long as the browser's document.
pub(super) struct Viewer {
    pub(super) host: Host,
    pub(super) header: SiteHeader,
    /// The site of the current manifest; `None` until the first one is read.
    pub(super) site: ArcRwSignal<Option<SiteContext>>,
    /// The address of the current navigation.
    pub(super) here: ArcRwSignal<Address>,
    /// The component mounted in a prerendered page, until the page is replaced.
    pub(super) mounted: RefCell<Option<UnmountHandle<Mounted>>>,
    /// What the outlet shows; `None` while the prerendered page stays.
    pub(super) shown: ArcRwSignal<Option<Shown>>,
    pub(super) news: News,
    /// Fires when the network is back.
    pub(super) online: ArcTrigger,
    /// The current navigation.
    pub(super) current: RefCell<Option<CurrentNavigation>>,
    /// The id of the last navigation whose page, or whose failure, has been shown.
    pub(super) shown_id: Cell<u32>,
    pub(super) router: OnceCell<Rc<Router>>,
    /// The search that is open.
    pub(super) search: RefCell<Option<OpenSearch>>,
    /// Whether a prerendered page is waiting for its manifest.
    pub(super) is_loading_manifest: Cell<bool>,
    /// Whether the files saved for offline reading have been refreshed.
    pub(super) is_refreshed: Cell<bool>,
}

/// The current navigation, and what can abort it.
pub(super) struct CurrentNavigation {
    pub(super) navigation: Navigation,
    /// Aborts the reading of its page.
    pub(super) abort_handle: Option<AbortHandle>,
}

impl Viewer {
    /// A viewer that has read nothing yet.
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
            search: RefCell::new(None),
            is_loading_manifest: Cell::new(false),
            is_refreshed: Cell::new(false),
        })
    }

    /// Shows something in `<main>`.
    pub(super) fn show(self: &Rc<Self>, shown: Shown) {
        let is_first = self.shown.with_untracked(Option::is_none);
        self.shown.set(Some(shown));
        if !is_first {
            return;
        }
        // Unmounts the component in the prerendered page, then removes the page itself.
        self.mounted.take();
        let Some(main) = document::clear_main() else { return };
        let (shown, viewer, language) = (self.shown.clone(), self.clone(), self.header.language);
        let retry = UnsyncCallback::new(move |()| viewer.retry());
        mount_to(main, move || view! { <Outlet shown language retry/> }.erase()).forget();
    }

    /// Opens a site's archive.
    pub(super) fn archive<'a>(&'a self, site: &'a SiteContext) -> Archive<'a, Host> {
        Archive::new(&self.host, &site.manifest.index)
    }

    /// Returns the current site. On a prerendered page the manifest may have to be read first.
    ///
    /// # Errors
    /// Fails if the manifest cannot be read.
    pub(super) async fn current_site(&self) -> Result<SiteContext, Failure> {
        match self.site.get_untracked() {
            Some(site) => Ok(site),
            None => self.load_manifest(RequestCache::Default).await,
        }
    }

    /// Reads the manifest, possibly from the cache when offline, and makes its site the current one.
    ///
    /// # Errors
    /// Fails if the manifest cannot be read.
    pub(super) async fn load_manifest(&self, cache: RequestCache) -> Result<SiteContext, Failure> {
        let (manifest, is_cached) = self.host.manifest(cache).await?;
        self.news.set_offline(is_cached);
        let site = self.site_of(manifest);
        self.set_site(site.clone());
        Ok(site)
    }

    pub(super) fn site_of(&self, manifest: Manifest) -> SiteContext {
        SiteContext::new(manifest, self.host.base.clone())
    }

    /// Makes a site the current one.
    pub(super) fn set_site(&self, site: SiteContext) {
        document::apply_accent(&site);
        // If a newer manifest was announced, it is now the current one, or is already outdated.
        self.news.clear_newer();
        self.site.set(Some(site));
    }

    /// Reads the manifest again if a file was gone, because then the site has been deployed again.
    pub(super) async fn reload_manifest_if_gone(&self, failure: Failure) {
        if failure == Failure::Gone {
            // If this fails, the next request fails too and reports it.
            drop(self.load_manifest(RequestCache::Reload).await);
        }
    }

    pub(super) fn router(&self) -> &Router {
        #[allow(clippy::expect_used, reason = "it is set before any event can arrive")]
        self.router.get().expect("the router has started")
    }
}
