//! Polls for a newer manifest, and shows notices: new stories, a newer program, no network.

use std::rc::Rc;
use std::time::Duration;

use bundle::Headline;
use bundle::address::Address;
use leptos::mount::mount_to;
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::{RequestCache, VisibilityState};

use super::document;
use super::page;
use super::viewer::Viewer;
use crate::components::erased::{Erase as _, Erased};
use crate::components::notice::Notice;
use crate::state::language::Language;
use crate::state::news::News;
use crate::state::site::SiteContext;

/// Starts polling, and shows notices.
pub(super) fn start(viewer: &Rc<Viewer>) {
    start_polling(viewer.clone());
    let take_update = UnsyncCallback::new(|()| page::take_update());
    let navigator = viewer.clone();
    // The new stories are at the top of the home page.
    let show = UnsyncCallback::new(move |()| navigator.router().go(&Address::Home));
    let (news, site, language) = (viewer.news.clone(), viewer.site.clone(), viewer.header.language);
    let News { newer, is_offline, has_update, .. } = news;
    // The notices live as long as the page, not as long as one run of the effect.
    let owner = Owner::current().unwrap_or_default();
    // Nothing is mounted before there is a notice, so that a prerendered page stays unchanged.
    Effect::new(move |is_mounted: Option<bool>| {
        let has_notice = has_update.get() || is_offline.get() || newer.with(Option::is_some);
        if is_mounted == Some(true) || !has_notice {
            return is_mounted == Some(true);
        }
        let Some(area) = document::query(".notices").and_then(document::html_element) else { return false };
        let (newer, is_offline, has_update, site) =
            (newer.clone(), is_offline.clone(), has_update.clone(), site.clone());
        owner.with(|| {
            mount_to(
                area,
                move || view! { <Notices newer is_offline has_update site language show update=take_update/> },
            )
            .forget();
        });
        true
    });
}

/// The most important notice, if there is one.
#[component]
fn Notices(
    newer: ArcRwSignal<Option<(SiteContext, usize)>>,
    is_offline: ArcRwSignal<bool>,
    has_update: ArcRwSignal<bool>,
    site: ArcRwSignal<Option<SiteContext>>,
    language: Language,
    show: UnsyncCallback<()>,
    update: UnsyncCallback<()>,
) -> Erased {
    let words = language.words();
    let notice = move || {
        if has_update.get() {
            return Some(
                view! { <Notice text=words.new_version.to_owned() action=Some((words.update, update))/> }
                    .erase(),
            );
        }
        if is_offline.get() {
            let newest = site.with(|site| site.as_ref()?.manifest.newest.first().map(|newest| newest.time));
            let until = newest.map(|time| language.short_date(time, None)).unwrap_or_default();
            return Some(view! { <Notice text=format!("{} {until}", words.offline_until)/> }.erase());
        }
        let count = newer.with(|newer| newer.as_ref().map_or(0, |(_, count)| *count));
        (count > 0).then(|| {
            view! { <Notice text=language.new_stories(count) action=Some((words.show_new, show))/> }.erase()
        })
    };
    notice.erase()
}

/// Polls at the site's interval while the window is visible, and less often after failures.
fn start_polling(viewer: Rc<Viewer>) {
    Effect::new(move |is_polling: Option<bool>| {
        let seconds = viewer.site.with(|site| site.as_ref().map_or(0, |site| site.manifest.settings.poll));
        if is_polling == Some(true) || seconds == 0 {
            return is_polling == Some(true);
        }
        let viewer = viewer.clone();
        let tick = move || {
            if !viewer.news.skip_tick() && document().visibility_state() == VisibilityState::Visible {
                spawn_local(poll(viewer.clone()));
            }
        };
        set_interval(tick, Duration::from_secs(u64::from(seconds)));
        true
    });
}

/// Checks for a newer manifest. If it cannot be read, the page does not change.
async fn poll(viewer: Rc<Viewer>) {
    let manifest = viewer.host.manifest(RequestCache::NoCache).await;
    viewer.news.record_poll(manifest.is_err());
    let (Ok((manifest, is_cached)), Some(site)) = (manifest, viewer.site.get_untracked()) else { return };
    viewer.news.set_offline(is_cached);
    let newer = viewer.site_of(manifest);
    if newer.manifest == site.manifest {
        return viewer.news.clear_newer();
    }
    let newest = site.manifest.newest.first().map(Headline::key);
    let count = newer.manifest.newest.iter().filter(|row| Some(row.key()) > newest).count();
    // The next pages are read with this manifest. If the network is down by then, its newest month is already
    // cached.
    viewer.prefetch_month(&newer, newer.manifest.newest.first()).await;
    viewer.refresh_saved(&newer).await;
    viewer.news.announce(newer, count);
}
