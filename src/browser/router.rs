//! Client-side routing: links, history and scroll positions behave as they do on a site of ordinary pages.
//!
//! Clicks on links within the site change the address without a page load. Every history entry that the
//! router makes has a number, under which it remembers the reader's position; the positions go to session
//! storage when the page is left.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bundle::Base;
use bundle::address::{Address, decode};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlAnchorElement, MouseEvent, ScrollRestoration};

use super::document::{focus, here, is_modified, listen};

/// A change of the address.
#[derive(Debug, Clone)]
pub(super) struct Navigation {
    /// A number unique to this navigation.
    pub(super) id: u32,
    pub(super) address: Address,
    /// The fragment of the address, without `#`.
    pub(super) fragment: String,
    /// Whether the reader followed a link within the site, rather than opening or reloading it, or going back
    /// or forward.
    pub(super) by_link: bool,
    /// The position remembered for this history entry.
    pub(super) memory: Memory,
}

/// The reader's position on a page that they have left.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Memory {
    /// The scroll position in CSS pixels.
    pub(super) y: i32,
    /// How many batches of older stories the home page showed.
    pub(super) batches: usize,
}

/// The router.
pub(super) struct Router {
    base: Base,
    entry: Cell<u32>,
    /// The remembered positions, each with the number of its history entry, in no particular order.
    memories: RefCell<Vec<(u32, Memory)>>,
    batches: Cell<usize>,
    /// The number of navigations so far.
    navigations: Cell<u32>,
    navigate: Box<dyn Fn(Navigation)>,
}

impl Router {
    /// Starts routing. Calls `navigate` for the current address and then for every change.
    pub(super) fn start(base: Base, navigate: impl Fn(Navigation) + 'static) -> Rc<Self> {
        let router = Rc::new(Self {
            base,
            entry: Cell::new(0),
            memories: RefCell::default(),
            batches: Cell::new(0),
            navigations: Cell::new(0),
            navigate: Box::new(navigate),
        });
        drop(history().set_scroll_restoration(ScrollRestoration::Manual));
        let entry = state_entry();
        router.entry.set(entry.unwrap_or(0));
        if entry.is_some() {
            router.memories.replace(load_memories());
        }
        let memory = router.memory();
        drop(history().replace_state_with_url(&JsValue::from(router.entry.get()), "", None));
        let click_router = router.clone();
        listen(&document(), "click", move |event: MouseEvent| click_router.click(&event));
        let pop_router = router.clone();
        listen(&window(), "popstate", move |_: web_sys::Event| pop_router.pop());
        let leave_router = router.clone();
        listen(&window(), "pagehide", move |_: web_sys::Event| leave_router.store_positions());
        router.navigate_here(false, memory);
        router
    }

    /// Notes how many batches of older stories the page shows.
    pub(super) fn remember_batches(&self, batches: usize) {
        self.batches.set(batches);
    }

    fn store_positions(&self) {
        self.remember(self.entry.get());
        save_memories(&self.memories.borrow());
    }

    /// Remembers the reader's position for a history entry.
    fn remember(&self, entry: u32) {
        let mut memories = self.memories.borrow_mut();
        memories.retain(|(remembered, _)| *remembered != entry);
        memories.push((entry, self.position()));
    }

    /// The position remembered for the current entry.
    fn memory(&self) -> Memory {
        self.memories
            .borrow()
            .iter()
            .find(|(entry, _)| *entry == self.entry.get())
            .map_or_else(Memory::default, |(_, memory)| *memory)
    }

    fn position(&self) -> Memory {
        Memory { y: scroll_y(), batches: self.batches.get() }
    }

    fn navigate_here(&self, by_link: bool, memory: Memory) {
        self.batches.set(0);
        let location = window().location();
        let path = location.pathname().unwrap_or_default();
        let query = location.search().unwrap_or_default();
        let address = self
            .base
            .strip(&path)
            .map_or(Address::Unknown, |path| Address::parse(path, query.trim_start_matches('?')));
        let fragment = location.hash().unwrap_or_default().trim_start_matches('#').to_owned();
        let navigation = Navigation { id: self.next_id(), address, fragment, by_link, memory };
        (self.navigate)(navigation);
    }

    fn next_id(&self) -> u32 {
        self.navigations.set(self.navigations.get() + 1);
        self.navigations.get()
    }

    /// Repeats a navigation under a new id.
    pub(super) fn repeat(&self, navigation: Navigation) -> Navigation {
        Navigation { id: self.next_id(), ..navigation }
    }

    fn click(&self, event: &MouseEvent) {
        if event.button() != 0 || is_modified(event) || event.default_prevented() {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let Some(anchor) = target
            .and_then(|target| target.closest("a[href]").ok().flatten())
            .and_then(|anchor| anchor.dyn_into::<HtmlAnchorElement>().ok())
        else {
            return;
        };
        if !anchor.target().is_empty()
            || anchor.has_attribute("download")
            || Ok(anchor.origin()) != window().location().origin()
        {
            return;
        }
        let same_page = anchor.pathname() + &anchor.search() == here();
        if same_page && !anchor.hash().is_empty() {
            return;
        }
        // The browser loads other files of the host (a feed, a picture).
        if !self.base.strip(&anchor.pathname()).is_some_and(is_page) {
            return;
        }
        event.prevent_default();
        self.follow(&anchor.href(), same_page);
    }

    /// Navigates to an address as if by a link.
    pub(super) fn go(&self, address: &Address) {
        let href = self.base.href(address);
        self.follow(&href, href == here());
    }

    fn follow(&self, href: &str, same_page: bool) {
        self.remember(self.entry.get());
        if same_page {
            return self.navigate_here(true, Memory::default());
        }
        self.entry.set(self.entry.get() + 1);
        let pushed = history().push_state_with_url(&JsValue::from(self.entry.get()), "", Some(href));
        if pushed.is_err() {
            drop(window().location().assign(href));
            return;
        }
        self.navigate_here(true, Memory::default());
    }

    fn pop(&self) {
        let left = self.entry.get();
        self.remember(left);
        // A fragment link makes an entry without a number; it belongs to the same page.
        self.entry.set(state_entry().unwrap_or(left));
        let memory = self.memory();
        self.navigate_here(false, memory);
    }
}

/// Whether a path is one of the viewer's pages. [`Address::parse`] alone would take a file (`/feed.xml`,
/// `/papers/a.pdf`) for a category or a story whose final slash is missing.
fn is_page(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    let address = Address::parse(path, "");
    let may_be_file = path.matches('/').count() < 2 || matches!(address, Address::Path(_));
    let is_file = may_be_file && name.contains('.') && !name.ends_with(".html");
    !is_file && address != Address::Unknown
}

/// The number of the current history entry.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the router wrote the number itself"
)]
fn state_entry() -> Option<u32> {
    Some(history().state().ok()?.as_f64()? as u32)
}

const STORAGE_KEY: &str = "finews-left";

/// Loads the remembered positions of this session, for a reload or a return from another site. They are
/// stored as `ENTRY Y DAYS`, separated by commas.
fn load_memories() -> Vec<(u32, Memory)> {
    let text = window()
        .session_storage()
        .ok()
        .flatten()
        .and_then(|storage| storage.get_item(STORAGE_KEY).ok().flatten())
        .unwrap_or_default();
    let read = |line: &str| {
        let mut numbers = line.split(' ').map(|number| number.parse::<i32>().ok());
        let mut number = || numbers.next().flatten();
        Some((
            u32::try_from(number()?).ok()?,
            Memory { y: number()?, batches: usize::try_from(number()?).ok()? },
        ))
    };
    text.split(',').filter_map(read).collect()
}

fn save_memories(memories: &[(u32, Memory)]) {
    let text = memories
        .iter()
        .map(|(entry, memory)| format!("{entry} {} {}", memory.y, memory.batches))
        .collect::<Vec<_>>()
        .join(",");
    // Without storage, a reloaded page opens at its top.
    if let Ok(Some(storage)) = window().session_storage() {
        drop(storage.set_item(STORAGE_KEY, &text));
    }
}

#[allow(clippy::cast_possible_truncation, reason = "no page is two billion pixels long")]
fn scroll_y() -> i32 {
    window().scroll_y().unwrap_or(0.0) as i32
}

fn history() -> web_sys::History {
    #[allow(clippy::expect_used, reason = "every browser window has a history")]
    window().history().expect("windows have a history")
}

/// Scrolls a newly shown page to the remembered position, its fragment or its top, and focuses its heading.
///
/// The first page keeps the focus, and without a remembered position or a fragment also its scroll position.
pub(super) fn restore_position(navigation: &Navigation, is_first: bool) {
    let fragment = decode(&navigation.fragment);
    let fragment_target = (!fragment.is_empty()).then(|| document().get_element_by_id(&fragment)).flatten();
    match fragment_target {
        Some(element) if navigation.memory.y == 0 => element.scroll_into_view(),
        _ if is_first && navigation.memory.y == 0 => {}
        _ => window().scroll_to_with_x_and_y(0.0, f64::from(navigation.memory.y)),
    }
    if !is_first {
        focus("main h1");
    }
}
