//! Handles a prerendered page: it stays unchanged until the reader moves on.
//!
//! Nothing is hydrated. Articles and lists need only the listeners on the document. On the home page, a
//! component replaces the link to older stories when the link is clicked, or when the reader returns to days
//! that they had opened, provided that the page shows the manifest's newest stories.
//!
//! There is one exception: a list that the service worker delivered from its cache, because the network was
//! slow, is read again and replaced.

use std::rc::Rc;

use bundle::address::Address;
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, MouseEvent, RequestCache};

use super::document;
use super::router::{Navigation, restore_position};
use super::viewer::Viewer;
use crate::components::erased::Erase as _;
use crate::routes::Older;
use crate::state::remote::{OlderStories, Part};
use crate::state::site::SiteContext;

/// Keeps the page, and reads the manifest in the background.
pub(super) fn stay(viewer: &Rc<Viewer>, navigation: Navigation) {
    if navigation.memory.y > 0 {
        document::lay_out_fully();
    }
    // A reader who has already scrolled keeps their position.
    if window().scroll_y().unwrap_or_default() == 0.0 {
        restore_position(&navigation, true);
    }
    spawn_local(connect(viewer.clone(), navigation));
}

/// Reads the manifest again if it could not be read before.
pub(super) fn resume(viewer: &Rc<Viewer>) {
    if viewer.site.with_untracked(Option::is_none)
        && let Some(navigation) = viewer.navigation()
    {
        spawn_local(connect(viewer.clone(), navigation));
    }
}

/// Reads the manifest and connects the page to it. Without a manifest, the page and its links still work.
async fn connect(viewer: Rc<Viewer>, navigation: Navigation) {
    if viewer.is_loading_manifest.replace(true) {
        return;
    }
    let site = viewer.load_manifest(RequestCache::Default).await;
    viewer.is_loading_manifest.set(false);
    let Ok(site) = site else { return };
    // A list from the cache, served because the network was slow, may have grown. (Articles rarely change,
    // and the home page is compared with the manifest below.)
    let may_be_old = document::was_cached() && !viewer.news.is_offline.get_untracked();
    if may_be_old && matches!(navigation.address, Address::List { .. }) && viewer.is_current(&navigation) {
        return viewer.open(viewer.router().repeat(navigation));
    }
    if navigation.address == Address::Home && viewer.is_current(&navigation) {
        connect_home(&viewer, site, navigation).await;
    }
    viewer.run_idle_work().await;
}

/// Connects the home page: if it shows the manifest's newest stories, its link can load older ones in place;
/// otherwise the newer stories are announced.
async fn connect_home(viewer: &Rc<Viewer>, site: SiteContext, navigation: Navigation) {
    let shown = document::hrefs(".newest .title a");
    let newest: Vec<String> = site.manifest.newest.iter().map(|headline| site.story(headline)).collect();
    if newest != shown {
        // Zero if the page is newer than the manifest.
        let count = newest.iter().take_while(|href| !shown.contains(href)).count();
        return viewer.news.announce(site, count);
    }
    let older = OlderStories::new();
    if navigation.memory.batches == 0 {
        return show_older_on_click(viewer, site, older);
    }
    viewer.load_batches(&site, &older, &navigation).await;
    if viewer.is_current(&navigation) {
        viewer.remember_batches(&older);
        mount_older(viewer, site, older);
        request_animation_frame(move || restore_position(&navigation, true));
    }
}

/// Keeps the prerendered link to older stories until the first click.
fn show_older_on_click(viewer: &Rc<Viewer>, site: SiteContext, older: OlderStories) {
    let Some(link) = document::query(".older-stories .more a") else { return };
    let viewer = viewer.clone();
    let click = move |event: MouseEvent| {
        if !document::is_modified(&event) {
            event.prevent_default();
            mount_older(&viewer, site.clone(), older.clone());
            spawn_local(viewer.clone().load_part(Part::Older(older.clone())));
        }
    };
    document::listen(&link, "click", click);
}

/// Replaces the prerendered link with the component. If the link had the focus, the component's link gets it.
fn mount_older(viewer: &Viewer, site: SiteContext, older: OlderStories) {
    let Some(prerendered) = document::query(".older-stories") else { return };
    let Some(column) = prerendered.parent_element().and_then(|column| column.dyn_into::<HtmlElement>().ok())
    else {
        return;
    };
    let Some(last) = site.manifest.newest.last().cloned() else { return };
    let had_focus = document().active_element().is_some_and(|active| prerendered.contains(Some(&active)));
    prerendered.remove();
    let mounted = mount_to(column, move || {
        provide_context(site);
        view! { <Older last older/> }.erase()
    });
    viewer.mounted.replace(Some(mounted));
    if had_focus {
        document::focus(".older-stories .more a");
    }
}
