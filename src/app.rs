//! The program in the browser: what it knows, and how a visit becomes a page.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use bundle::address::{Address, Base};
use bundle::archive::{Archive, Failure};
use bundle::{Headline, ListId, ListKind, Manifest};
use leptos_dom::helpers::{document, request_animation_frame, set_interval, set_timeout, window};
use reactive_graph::effect::RenderEffect;
use reactive_graph::prelude::*;
use reactive_graph::signal::ArcRwSignal;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::RequestCache;

use crate::edition::{Edition, Nameplate};
use crate::fetch::Host;
use crate::router::{self, Router, Visit};
use crate::routes::{self, Ask, Blocks, Later, More, Names};
use crate::shell::{colour, shell};
use crate::state::language::Language;
use crate::state::page::{self, Outliner as _, Page};
use crate::{charts, keep};

/// What the main part of the window shows.
#[derive(Clone)]
pub(crate) enum Shown {
    /// The page as it was rendered ahead; the home page comes alive with a manifest that has the same stories.
    Standing(Option<(Edition, Later)>),
    /// The shape of a page that comes.
    Coming(Address),
    /// A page.
    Page(Edition, Address, Rc<Page>, Later),
    /// Why a page does not come.
    Failed(Failure),
}

/// The program: one for the life of the page.
pub(crate) struct App {
    pub(crate) host: Host,
    /// What the page says of the site.
    pub(crate) plate: Nameplate,
    /// What the last manifest opened.
    pub(crate) edition: ArcRwSignal<Option<Edition>>,
    /// A newer manifest, and how many stories it has that the window has not shown.
    pub(crate) fresh: ArcRwSignal<Option<(Edition, usize)>>,
    /// Whether what is read is what was kept, for the network does not answer.
    pub(crate) is_offline: ArcRwSignal<bool>,
    /// Whether a newer program waits to take over.
    pub(crate) has_update: ArcRwSignal<bool>,
    pub(crate) shown: ArcRwSignal<Shown>,
    pub(crate) here: ArcRwSignal<Address>,
    router: RefCell<Option<Rc<Router>>>,
    visit: RefCell<Option<Visit>>,
    /// Counts visits, so that what an older one fetched is dropped.
    turn: Cell<u32>,
    /// The last visit whose page is shown.
    arrived: Cell<u32>,
    is_refreshed: Cell<bool>,
    /// The manifest is on its way to a page that was rendered ahead.
    is_attending: Cell<bool>,
    /// How many looks for news have failed, one after the other.
    failed_looks: Cell<u32>,
    /// How many looks to leave out before the next.
    rest: Cell<u32>,
}

/// How long the old page stays while the new one comes, before its shape is shown.
const PATIENCE: Duration = Duration::from_millis(150);

/// The longest rest after looks that failed is this power of two of turns: with a look every minute, a quarter of an hour.
const REST: u32 = 4;

/// Starts the program in the page's `#app`, where the page may stand that was rendered ahead.
pub fn start() {
    // The only one that starts anything.
    drop(any_spawner::Executor::init_wasm_bindgen());
    let base = Base::new(&base_path());
    let html = document().document_element();
    let lang = html.as_ref().and_then(|html| html.get_attribute("lang")).unwrap_or_default();
    let title = text_of(".site-title").unwrap_or_else(|| document().title());
    let plate = Nameplate { base: Arc::new(base.clone()), language: Language::of_site(&lang), title, motto: text_of(".motto").unwrap_or_default() };
    let Some(root) = document().get_element_by_id("app") else { return };
    let standing = root.first_element_child().and_then(|window| window.get_attribute("data-page"));
    let app = Rc::new(App {
        host: Host { base: base.clone() },
        plate,
        edition: ArcRwSignal::new(None),
        fresh: ArcRwSignal::new(None),
        is_offline: ArcRwSignal::new(false),
        has_update: ArcRwSignal::new(false),
        shown: ArcRwSignal::new(Shown::Standing(None)),
        here: ArcRwSignal::new(Address::Home),
        router: RefCell::new(None),
        visit: RefCell::new(None),
        turn: Cell::new(0),
        arrived: Cell::new(0),
        is_refreshed: Cell::new(false),
        is_attending: Cell::new(false),
        failed_looks: Cell::new(0),
        rest: Cell::new(0),
    });
    let visited = app.clone();
    // A host may answer an address with another's page, such as the one without its query.
    let standing = RefCell::new(standing);
    let router = Router::start(base, move |visit| match standing.take() {
        Some(page) if page == visit.address.to_string() => visited.clone().take_over(visit),
        _ => visited.clone().open(visit),
    });
    app.router.replace(Some(router));
    shell(&app).standing().mount(&root);
    charts::start(app.plate.language);
    keep::start(&app);
    app.poll();
    app.await_network();
}

/// Lays out all of a page that was rendered ahead, and not only what is seen (`style/headline.css`).
fn lay_out_whole() {
    if let Ok(Some(window)) = document().query_selector("[data-page]") {
        drop(window.remove_attribute("data-page"));
    }
}

/// Where links lead.
fn hrefs(selector: &str) -> Vec<String> {
    let Ok(links) = document().query_selector_all(selector) else { return Vec::new() };
    let href = |at| links.item(at).and_then(|link| link.dyn_ref::<web_sys::Element>()?.get_attribute("href"));
    (0..links.length()).filter_map(href).collect()
}

/// The folder the site stands in: the page's `base`.
fn base_path() -> String {
    let uri = document().base_uri().ok().flatten().unwrap_or_default();
    let path = uri.splitn(4, '/').nth(3).unwrap_or_default();
    format!("/{}", path.split(['?', '#']).next().unwrap_or_default())
}

fn text_of(selector: &str) -> Option<String> {
    document().query_selector(selector).ok().flatten().and_then(|element| element.text_content())
}

impl App {
    /// Opens the page of a visit.
    fn open(self: Rc<Self>, visit: Visit) {
        let turn = self.turn.get() + 1;
        self.turn.set(turn);
        let first = self.visit.replace(Some(visit.clone())).is_none();
        self.here.set(visit.address.clone());
        // A newer edition is taken when the reader moves, never while they read.
        if visit.by_link
            && let Some((edition, _)) = self.fresh.get_untracked()
        {
            self.adopt(edition);
        }
        lay_out_whole();
        if first {
            self.shown.set(Shown::Coming(visit.address.clone()));
        } else {
            let (app, address) = (self.clone(), visit.address.clone());
            set_timeout(move || app.impatient(turn, address), PATIENCE);
        }
        spawn_local(async move {
            let read = self.read(&visit.address).await;
            let next = match read {
                Ok((edition, page)) => {
                    let later = self.later();
                    if matches!(page, Page::Home) {
                        // What the reader had opened is there again before the page is, so that the scroll finds its place.
                        for _ in 0..visit.memory.days {
                            if self.turn.get() != turn || later.more.get_untracked() != More::Some {
                                break;
                            }
                            self.more(&edition, &later).await;
                        }
                    }
                    Ok((edition, Rc::new(page), later))
                }
                Err(failure) => Err(failure),
            };
            // The reader may have gone on meanwhile; then this is of no interest any more.
            if self.turn.get() != turn {
                return;
            }
            self.arrived.set(turn);
            match next {
                Ok((edition, page, later)) => {
                    self.remember_days(&later);
                    document().set_title(&routes::title(&edition, &page));
                    self.shown.set(Shown::Page(edition.clone(), visit.address.clone(), page.clone(), later.clone()));
                    let app = self.clone();
                    spawn_local(async move { app.after(edition, &page, later).await });
                }
                Err(failure) => self.shown.set(Shown::Failed(failure)),
            }
            request_animation_frame(move || router::settle(&visit, first));
        });
    }

    /// Takes over a page that was rendered ahead: it stays as it is, and what it needs of the bundle comes when it is painted.
    fn take_over(self: Rc<Self>, visit: Visit) {
        self.turn.set(1);
        self.arrived.set(1);
        self.here.set(visit.address.clone());
        self.visit.replace(Some(visit.clone()));
        if visit.memory.y > 0 {
            lay_out_whole();
        }
        // A reader who has begun to scroll knows better.
        if window().scroll_y().unwrap_or_default() == 0.0 {
            router::settle(&visit, true);
        }
        spawn_local(self.attend(visit));
    }

    /// Learns of the bundle what a page needs that was rendered ahead.
    async fn attend(self: Rc<Self>, visit: Visit) {
        if self.is_attending.replace(true) {
            return;
        }
        let manifest = self.host.manifest(RequestCache::Default).await;
        self.is_attending.set(false);
        // Without a manifest the page can be read all the same, and its links followed.
        let Ok(manifest) = manifest else { return };
        let is_offline = manifest.1;
        let edition = self.take(manifest);
        // A list that was at hand while the network was slow may have grown since. (A story seldom changes, and the home page looks
        // for itself.)
        let was_kept = document().document_element().is_some_and(|html| html.has_attribute("data-kept"));
        if was_kept && !is_offline && matches!(visit.address, Address::List { .. }) && self.turn.get() == 1 {
            return self.open(visit);
        }
        if visit.address == Address::Home && self.turn.get() == 1 {
            self.clone().take_over_home(edition, visit.memory.days).await;
        }
        self.quiet().await;
    }

    /// Makes the home page as it stands the page of a manifest, if it shows the same stories; else what is newer is news.
    async fn take_over_home(self: Rc<Self>, edition: Edition, days: usize) {
        let newest = &edition.manifest.newest;
        let shown = hrefs(".newest .day .title a");
        let hrefs: Vec<String> = newest.iter().map(|headline| edition.href(&headline.address())).collect();
        if hrefs != shown {
            // None where the page is the newer one.
            let count = hrefs.iter().take_while(|href| !shown.contains(href)).count();
            return self.fresh.set(Some((edition, count)));
        }
        let later = self.later();
        later.front.set(Blocks::Standing);
        for _ in 0..days {
            if later.more.get_untracked() != More::Some {
                break;
            }
            self.more(&edition, &later).await;
        }
        if self.turn.get() == 1 {
            self.remember_days(&later);
            self.shown.set(Shown::Standing(Some((edition, later))));
            if days > 0 {
                let visit = self.visit.borrow().clone();
                request_animation_frame(move || visit.iter().for_each(|visit| router::settle(visit, true)));
            }
        }
    }

    fn impatient(&self, turn: u32, address: Address) {
        if self.turn.get() == turn && self.arrived.get() != turn {
            self.shown.set(Shown::Coming(address));
        }
    }

    /// What a page may ask for once it is painted.
    fn later(self: &Rc<Self>) -> Later {
        let app = self.clone();
        Later::new(Rc::new(move |ask| app.clone().answer(ask)))
    }

    /// Reads the page of an address. A file that is gone means a newer deploy, so the manifest is read again, once.
    async fn read(&self, address: &Address) -> Result<(Edition, Page), Failure> {
        let edition = self.edition_at_hand().await?;
        let archive = Archive { source: &self.host, index: &edition.manifest.index };
        match page::read(archive, address).await {
            Err(Failure::Gone) => {
                let edition = self.take(self.host.manifest(RequestCache::Reload).await?);
                let archive = Archive { source: &self.host, index: &edition.manifest.index };
                let page = page::read(archive, address).await?;
                Ok((edition, page))
            }
            read => read.map(|page| (edition.clone(), page)),
        }
    }

    /// The edition that counts; the first is read now where the page was rendered ahead and its manifest has not come yet.
    pub(crate) async fn edition_at_hand(&self) -> Result<Edition, Failure> {
        if let Some(edition) = self.edition.get_untracked() {
            return Ok(edition);
        }
        Ok(self.take(self.host.manifest(RequestCache::Default).await?))
    }

    /// Takes a manifest for the one that counts, be it one that was kept.
    fn take(&self, (manifest, is_kept): (Manifest, bool)) -> Edition {
        self.set_offline(is_kept);
        let edition = Edition::new(manifest, self.host.base.clone());
        self.adopt(edition.clone());
        edition
    }

    fn set_offline(&self, is_offline: bool) {
        // What is set is made anew.
        if self.is_offline.get_untracked() != is_offline {
            self.is_offline.set(is_offline);
        }
    }

    fn adopt(&self, edition: Edition) {
        colour(&edition);
        // Whatever news were found before are in it, or were of an older manifest.
        if self.fresh.with_untracked(Option::is_some) {
            self.fresh.set(None);
        }
        self.edition.set(Some(edition));
    }

    /// What comes once the page is painted.
    async fn after(&self, edition: Edition, page: &Page, later: Later) {
        let archive = Archive { source: &self.host, index: &edition.manifest.index };
        match page {
            Page::Home => {
                self.front(&edition, &later).await;
                // The index of the newest stories' month: opening one of them is then a single fetch.
                if let Some(newest) = edition.manifest.newest.first() {
                    drop(archive.month(newest.time.date()).await);
                }
            }
            Page::List(list) => {
                if let Some(newest) = list.rows.first() {
                    drop(archive.month(newest.time.date()).await);
                }
            }
            Page::Article(article, _) => {
                if let Some(category) = article.categories.first() {
                    let id = ListId::new(ListKind::Category, category.key.clone());
                    later.neighbours.set(archive.neighbours(&id, &article.key()).await.ok());
                }
            }
            _ => {}
        }
        self.quiet().await;
    }

    /// The first page is quiet: what an article needs comes before the reader clicks, and what is kept for reading without the network
    /// is brought up to the manifest.
    async fn quiet(&self) {
        self.host.expect_outline();
        let edition = self.edition.get_untracked().filter(|_| !self.is_refreshed.replace(true));
        if let Some(edition) = edition {
            keep::refresh(self, &edition.manifest).await;
        }
    }

    fn answer(self: Rc<Self>, ask: Ask) {
        // The edition of now rather than the page's: what was asked for may have failed because that one's files are gone.
        let (Shown::Page(_, _, _, later) | Shown::Standing(Some((_, later))), Some(edition)) = (self.shown.get_untracked(), self.edition.get_untracked())
        else {
            return;
        };
        spawn_local(async move {
            match ask {
                Ask::More if later.more.get_untracked() == More::Coming => {}
                Ask::More => {
                    self.more(&edition, &later).await;
                    self.remember_days(&later);
                }
                Ask::Front => self.front(&edition, &later).await,
                Ask::Names(kind) if matches!(later.names.get_untracked(), Names::Some | Names::Failed(_)) => {
                    later.names.set(Names::Coming);
                    let archive = Archive { source: &self.host, index: &edition.manifest.index };
                    let names = archive.names(kind, true).await;
                    later.names.set(match names {
                        Ok(names) => Names::All(names),
                        Err(failure) => {
                            self.renew_after(failure).await;
                            Names::Failed(failure)
                        }
                    });
                }
                Ask::Names(_) => {}
            }
        });
    }

    fn remember_days(&self, later: &Later) {
        if let Some(router) = &*self.router.borrow() {
            router.remember_days(later.older.with_untracked(Vec::len));
        }
    }

    /// Files that are gone mean a newer deploy: what is asked for again is then found by its manifest.
    async fn renew_after(&self, failure: Failure) {
        if failure == Failure::Gone
            && let Ok(manifest) = self.host.manifest(RequestCache::Reload).await
        {
            self.take(manifest);
        }
    }

    async fn front(&self, edition: &Edition, later: &Later) {
        let archive = Archive { source: &self.host, index: &edition.manifest.index };
        later.front.set(Blocks::Coming);
        match archive.front().await {
            Ok(front) => later.front.set(Blocks::Come(front.blocks)),
            Err(failure) => {
                self.renew_after(failure).await;
                later.front.set(Blocks::Failed(failure));
            }
        }
    }

    /// Adds the next day of stories older than all that the home page shows.
    async fn more(&self, edition: &Edition, later: &Later) {
        later.more.set(More::Coming);
        let archive = Archive { source: &self.host, index: &edition.manifest.index };
        let last = later.older.with_untracked(|older| older.last().and_then(|day| day.last().cloned()));
        let Some(last) = last.or_else(|| edition.manifest.newest.last().cloned()) else { return later.more.set(More::None) };
        let mut date = Some(last.time.date());
        while let Some(day) = date {
            let page = match archive.day(day, Some(&last.key())).await {
                Ok(page) => page,
                Err(failure) => {
                    self.renew_after(failure).await;
                    return later.more.set(More::Failed(failure));
                }
            };
            if !page.rows.is_empty() {
                later.older.update(|older| older.push(page.rows));
                return later.more.set(More::Some);
            }
            date = page.earlier;
        }
        later.more.set(More::None);
    }

    /// Looks for news as often as the site says, while the window is seen.
    fn poll(self: &Rc<Self>) {
        let app = self.clone();
        // It lives as long as the page.
        std::mem::forget(RenderEffect::new(move |polling: Option<bool>| {
            let seconds = app.edition.with(|edition| edition.as_ref().map(|edition| edition.manifest.settings.poll)).unwrap_or(0);
            if polling == Some(true) || seconds == 0 {
                return polling.unwrap_or(false);
            }
            let app = app.clone();
            let look = move || {
                let rest = app.rest.get();
                if rest > 0 {
                    app.rest.set(rest - 1);
                } else if document().visibility_state() == web_sys::VisibilityState::Visible {
                    app.clone().look();
                }
            };
            set_interval(look, Duration::from_secs(u64::from(seconds)));
            true
        }));
    }

    /// When the network is back, what did not come is asked for again, and news are looked for at the next turn.
    fn await_network(self: &Rc<Self>) {
        let app = self.clone();
        let back = Closure::<dyn Fn()>::new(move || {
            app.rest.set(0);
            // Whatever the failure is called: some browsers take half a file for a whole one that is damaged.
            match app.shown.get_untracked() {
                Shown::Failed(Failure::Newer(_)) => {}
                Shown::Failed(_) => app.clone().retry(),
                Shown::Page(_, _, page, later) => app.retry_parts(&page, &later),
                Shown::Standing(Some((_, later))) => app.retry_parts(&Page::Home, &later),
                Shown::Standing(None) if app.edition.with_untracked(Option::is_none) => {
                    let visit = app.visit.borrow().clone();
                    if let Some(visit) = visit {
                        spawn_local(app.clone().attend(visit));
                    }
                }
                _ => {}
            }
        });
        drop(window().add_event_listener_with_callback("online", back.as_ref().unchecked_ref()));
        // The page is the program's whole life.
        back.forget();
    }

    /// Asks again for the parts of a page that did not come.
    fn retry_parts(self: &Rc<Self>, page: &Page, later: &Later) {
        if matches!(later.front.get_untracked(), Blocks::Failed(_)) {
            self.clone().answer(Ask::Front);
        }
        if matches!(later.more.get_untracked(), More::Failed(_)) {
            self.clone().answer(Ask::More);
        }
        if let Page::Names(kind, _) = page
            && matches!(later.names.get_untracked(), Names::Failed(_))
        {
            self.clone().answer(Ask::Names(*kind));
        }
    }

    fn look(self: Rc<Self>) {
        spawn_local(async move {
            // News that cannot be had now are looked for again, each time later; the page says nothing.
            let manifest = self.host.manifest(RequestCache::NoCache).await;
            let failed = if manifest.is_ok() { 0 } else { (self.failed_looks.get() + 1).min(REST) };
            self.failed_looks.set(failed);
            self.rest.set((1 << failed) - 1);
            let Ok((manifest, is_kept)) = manifest else { return };
            let Some(edition) = self.edition.get_untracked() else { return };
            self.set_offline(is_kept);
            let newer = Edition::new(manifest, self.host.base.clone());
            if newer.manifest == edition.manifest {
                return self.fresh.set(None);
            }
            let manifest = &newer.manifest;
            let newest = edition.manifest.newest.first().map(Headline::key);
            let count = manifest.newest.iter().filter(|row| Some(row.key()) > newest).count();
            // What is read from now on is read by this one; without the network, too, if the month is at hand.
            if let Some(newest) = manifest.newest.first() {
                drop(Archive { source: &self.host, index: &manifest.index }.month(newest.time.date()).await);
            }
            keep::refresh(&self, manifest).await;
            self.fresh.set(Some((newer, count)));
        });
    }

    /// Shows the news that a newer manifest has: on the home page, at its top.
    pub(crate) fn show_fresh(self: Rc<Self>) {
        if let Some(router) = &*self.router.borrow() {
            router.go(&Address::Home);
        }
    }

    pub(crate) fn retry(self: Rc<Self>) {
        let visit = self.visit.borrow().clone();
        let Some(visit) = visit else { return };
        self.shown.set(Shown::Coming(visit.address.clone()));
        self.open(visit);
    }
}
