//! A page that was prerendered: it stays as it was printed until the reader moves on, and what is alive in it
//! joins it in its place.
//!
//! Nothing is hydrated. An article and a list need nothing of the program but what listens at the document;
//! the home page's way to older stories comes alive when it is used, if the manifest has the stories that the
//! page shows.

use std::rc::Rc;

use bundle::address::Address;
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlElement, MouseEvent, RequestCache};

use super::document;
use super::reader::Reader;
use super::router::{Navigation, restore_position};
use crate::components::erased::Erase as _;
use crate::routes::Older;
use crate::state::remote::{OlderStories, Part};
use crate::state::site::SiteContext;

/// Stays on the page; its manifest is read behind its back.
pub(super) fn stay(reader: &Rc<Reader>, navigation: Navigation) {
    if navigation.memory.y > 0 {
        document::lay_out_whole();
    }
    // A reader who has begun to scroll knows better.
    if window().scroll_y().unwrap_or_default() == 0.0 {
        restore_position(&navigation, true);
    }
    spawn_local(join(reader.clone(), navigation));
}

/// Reads the manifest again if it could not be read before.
pub(super) fn resume(reader: &Rc<Reader>) {
    if reader.site.with_untracked(Option::is_none)
        && let Some(navigation) = reader.navigation()
    {
        spawn_local(join(reader.clone(), navigation));
    }
}

/// Joins the page to the bundle by its manifest. Without one it can be read all the same, and its links
/// followed.
async fn join(reader: Rc<Reader>, navigation: Navigation) {
    if reader.is_loading_manifest.replace(true) {
        return;
    }
    let site = reader.load_manifest(RequestCache::Default).await;
    reader.is_loading_manifest.set(false);
    let Ok(site) = site else { return };
    // A list that was at hand while the network was slow may have grown since. (A story seldom changes, and
    // the home page looks for itself.)
    let may_be_old = document::was_kept() && !reader.news.is_offline.get_untracked();
    if may_be_old && matches!(navigation.address, Address::List { .. }) && reader.is_current(&navigation) {
        return reader.open(reader.router().again(navigation));
    }
    if navigation.address == Address::Home && reader.is_current(&navigation) {
        join_home(&reader, site, navigation).await;
    }
    reader.load_what_is_next().await;
}

/// The home page goes on with older stories if it shows the newest of the manifest; else what is newer is
/// news.
async fn join_home(reader: &Rc<Reader>, site: SiteContext, navigation: Navigation) {
    let shown = document::hrefs(".newest .day .title a");
    let newest: Vec<String> =
        site.manifest.newest.iter().map(|headline| site.href(&headline.address())).collect();
    if newest != shown {
        // None where the page is the newer one.
        let count = newest.iter().take_while(|href| !shown.contains(href)).count();
        return reader.news.announce(site, count);
    }
    let older = OlderStories::new();
    if navigation.memory.days == 0 {
        return show_older_when_asked(reader, site, older);
    }
    reader.load_days(&site, &older, &navigation).await;
    if reader.is_current(&navigation) {
        reader.remember_days(&older);
        mount_older(reader, site, older);
        request_animation_frame(move || restore_position(&navigation, true));
    }
}

/// Until the first click the printed link to older stories stays.
fn show_older_when_asked(reader: &Rc<Reader>, site: SiteContext, older: OlderStories) {
    let Some(link) = document::query(".older-stories .more a") else { return };
    let reader = reader.clone();
    let click = move |event: MouseEvent| {
        if !document::is_modified(&event) {
            event.prevent_default();
            mount_older(&reader, site.clone(), older.clone());
            spawn_local(reader.clone().load_part(Part::Older(older.clone())));
        }
    };
    document::listen(&link, "click", click);
}

/// Puts the living part of the home page in the place of the printed one. The focus stays on the link.
fn mount_older(reader: &Reader, site: SiteContext, older: OlderStories) {
    let Some(printed) = document::query(".older-stories") else { return };
    let Some(column) = printed.parent_element().and_then(|column| column.dyn_into::<HtmlElement>().ok())
    else {
        return;
    };
    let Some(last) = site.manifest.newest.last().cloned() else { return };
    let had_focus = document().active_element().is_some_and(|active| printed.contains(Some(&active)));
    printed.remove();
    let mounted = mount_to(column, move || {
        provide_context(site);
        view! { <Older last older/> }.erase()
    });
    reader.mounted.replace(Some(mounted));
    if had_focus {
        document::focus(".older-stories .more a");
    }
}
