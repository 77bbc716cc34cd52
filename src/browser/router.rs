//! Links, history and scrolling: the page behaves like the web it stands in for.
//!
//! Clicks on our own links change the address without a load. Every entry of history has a number; what a
//! reader had there (how far down, how many older stories) is kept by it, and in the session's storage when
//! the page is left.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use bundle::{Base, address::Address};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{HtmlAnchorElement, MouseEvent, ScrollRestoration};

use super::document::{focus, is_modified, listen};

/// A change of address.
#[derive(Debug, Clone)]
pub(super) struct Navigation {
    /// Tells it from all others.
    pub(super) id: u32,
    pub(super) address: Address,
    /// The part of the page named behind the hash.
    pub(super) fragment: String,
    /// Whether the reader went there by a link, rather than back, forward or anew.
    pub(super) by_link: bool,
    /// What the reader had there before.
    pub(super) memory: Memory,
}

/// What is kept of a page when it is left.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Memory {
    /// How far it was scrolled, in CSS pixels.
    pub(super) y: i32,
    /// How many days of older stories the home page showed.
    pub(super) days: usize,
}

/// The router of the one page there is.
pub(super) struct Router {
    base: Base,
    entry: Cell<u32>,
    /// By the numbers of their entries, in no order.
    memories: RefCell<Vec<(u32, Memory)>>,
    days: Cell<usize>,
    /// How many navigations there were.
    navigations: Cell<u32>,
    navigate: Box<dyn Fn(Navigation)>,
}

impl Router {
    /// Starts routing; `navigate` is called for every change of address, and once for the first.
    pub(super) fn start(base: Base, navigate: impl Fn(Navigation) + 'static) -> Rc<Self> {
        let router = Rc::new(Self {
            base,
            entry: Cell::new(0),
            memories: RefCell::default(),
            days: Cell::new(0),
            navigations: Cell::new(0),
            navigate: Box::new(navigate),
        });
        drop(history().set_scroll_restoration(ScrollRestoration::Manual));
        let entry = state_entry();
        router.entry.set(entry.unwrap_or(0));
        if entry.is_some() {
            router.memories.replace(read_left());
        }
        let memory = router.memory();
        drop(history().replace_state_with_url(&JsValue::from(router.entry.get()), "", None));
        let on_click = router.clone();
        listen(&document(), "click", move |event: MouseEvent| on_click.click(&event));
        let on_pop = router.clone();
        listen(&window(), "popstate", move |_: web_sys::Event| on_pop.pop());
        let on_leave = router.clone();
        listen(&window(), "pagehide", move |_: web_sys::Event| on_leave.leave());
        router.call(false, memory);
        router
    }

    /// Remembers how many days of older stories the page shows.
    pub(super) fn remember_days(&self, days: usize) {
        self.days.set(days);
    }

    fn leave(&self) {
        self.keep(self.entry.get());
        write_left(&self.memories.borrow());
    }

    /// Keeps what the reader has, for an entry of history.
    fn keep(&self, entry: u32) {
        let mut memories = self.memories.borrow_mut();
        memories.retain(|(kept, _)| *kept != entry);
        memories.push((entry, self.here()));
    }

    /// What was kept for the entry that is shown.
    fn memory(&self) -> Memory {
        self.memories
            .borrow()
            .iter()
            .find(|(entry, _)| *entry == self.entry.get())
            .map_or_else(Memory::default, |(_, memory)| *memory)
    }

    fn here(&self) -> Memory {
        Memory { y: scroll_y(), days: self.days.get() }
    }

    fn call(&self, by_link: bool, memory: Memory) {
        self.days.set(0);
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

    /// The same way once more.
    pub(super) fn again(&self, navigation: Navigation) -> Navigation {
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
        let location = window().location();
        if !anchor.target().is_empty()
            || anchor.has_attribute("download")
            || Ok(anchor.origin()) != location.origin()
        {
            return;
        }
        let same_page =
            Ok(anchor.pathname()) == location.pathname() && Ok(anchor.search()) == location.search();
        if same_page && !anchor.hash().is_empty() {
            return;
        }
        // What is not ours (a feed, a picture) the browser opens as ever.
        if !self.base.strip(&anchor.pathname()).is_some_and(is_page) {
            return;
        }
        event.prevent_default();
        self.follow(&anchor.href(), same_page);
    }

    /// Goes to a place on the site, as by a link.
    pub(super) fn go(&self, address: &Address) {
        let href = self.base.href(address);
        let location = window().location();
        let here =
            format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
        self.follow(&href, href == here);
    }

    fn follow(&self, href: &str, same_page: bool) {
        self.keep(self.entry.get());
        if same_page {
            return self.call(true, Memory::default());
        }
        self.entry.set(self.entry.get() + 1);
        let pushed = history().push_state_with_url(&JsValue::from(self.entry.get()), "", Some(href));
        if pushed.is_err() {
            drop(window().location().assign(href));
            return;
        }
        self.call(true, Memory::default());
    }

    fn pop(&self) {
        let left = self.entry.get();
        self.keep(left);
        // A change of the hash alone has an entry without a number: it is of the page that is shown.
        self.entry.set(state_entry().unwrap_or(left));
        let memory = self.memory();
        self.call(false, memory);
    }
}

/// Whether a path of the site is a page of ours. A file of its own (`/feed.xml`) looks like a category
/// without its slash.
fn is_page(path: &str) -> bool {
    let name = path.trim_start_matches('/');
    let is_file = name.contains('.') && !name.contains('/');
    !is_file && Address::parse(path, "") != Address::Unknown
}

/// The number of the entry of history that is shown.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the number is one of ours")]
fn state_entry() -> Option<u32> {
    Some(history().state().ok()?.as_f64()? as u32)
}

const LEFT: &str = "finews-left";

/// Where the pages of this session were left, for a reload or a way back from another site: `ENTRY Y DAYS`
/// each.
fn read_left() -> Vec<(u32, Memory)> {
    let text = window()
        .session_storage()
        .ok()
        .flatten()
        .and_then(|storage| storage.get_item(LEFT).ok().flatten())
        .unwrap_or_default();
    let read = |line: &str| {
        let mut numbers = line.split(' ').map(|number| number.parse::<i32>().ok());
        let mut number = || numbers.next().flatten();
        Some((
            u32::try_from(number()?).ok()?,
            Memory { y: number()?, days: usize::try_from(number()?).ok()? },
        ))
    };
    text.split(',').filter_map(read).collect()
}

fn write_left(memories: &[(u32, Memory)]) {
    let text = memories
        .iter()
        .map(|(entry, memory)| format!("{entry} {} {}", memory.y, memory.days))
        .collect::<Vec<_>>()
        .join(",");
    // A browser that keeps nothing opens the page at its top.
    if let Ok(Some(storage)) = window().session_storage() {
        drop(storage.set_item(LEFT, &text));
    }
}

#[allow(clippy::cast_possible_truncation, reason = "no page is two thousand million pixels long")]
fn scroll_y() -> i32 {
    window().scroll_y().unwrap_or(0.0) as i32
}

fn history() -> web_sys::History {
    #[allow(clippy::expect_used, reason = "a window without history is no browser")]
    window().history().expect("windows have a history")
}

/// After a page is shown: to the place the reader had, the part that was named, or the top; and the focus to
/// its heading.
pub(super) fn restore_position(navigation: &Navigation, is_first: bool) {
    let named = (!navigation.fragment.is_empty())
        .then(|| document().get_element_by_id(&navigation.fragment))
        .flatten();
    match named {
        Some(element) if navigation.memory.y == 0 => element.scroll_into_view(),
        _ if is_first && navigation.memory.y == 0 => {}
        _ => window().scroll_to_with_x_and_y(0.0, f64::from(navigation.memory.y)),
    }
    if !is_first {
        focus("main h1");
    }
}
