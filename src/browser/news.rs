//! News: looking for a newer manifest, and the notices of it, of a newer program and of a network that does
//! not answer.

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
use super::reader::Reader;
use crate::components::erased::{Erase as _, Erased};
use crate::components::notice::Notice;
use crate::state::language::Language;
use crate::state::news::News;
use crate::state::site::SiteContext;

/// Looks for news as often as the site says, and shows notices.
pub(super) fn start(reader: &Rc<Reader>) {
    poll(reader.clone());
    let (shown, updated) = (reader.clone(), UnsyncCallback::new(|()| page::take_update()));
    // On the home page, at its top.
    let show = UnsyncCallback::new(move |()| shown.router().go(&Address::Home));
    let (news, site, language) = (reader.news.clone(), reader.site.clone(), reader.header.language);
    let News { newer, is_offline, has_update, .. } = news;
    // What is mounted lives as long as the page, and not as long as one run of the effect.
    let owner = Owner::current().unwrap_or_default();
    // Not before there is something to say, so that a prerendered page is left as it is.
    Effect::new(move |is_mounted: Option<bool>| {
        let has_notice = has_update.get() || is_offline.get() || newer.with(Option::is_some);
        if is_mounted == Some(true) || !has_notice {
            return is_mounted == Some(true);
        }
        let Some(place) = document::query(".notices").and_then(document::html) else { return false };
        let (newer, is_offline, has_update, site) =
            (newer.clone(), is_offline.clone(), has_update.clone(), site.clone());
        owner.with(|| {
            mount_to(
                place,
                move || view! { <Notices newer is_offline has_update site language show update=updated/> },
            )
            .forget();
        });
        true
    });
}

/// The notice that matters most, if there is one.
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
            let until = newest.map(|time| language.short(time, None)).unwrap_or_default();
            return Some(view! { <Notice text=format!("{} {until}", words.offline_until)/> }.erase());
        }
        let count = newer.with(|newer| newer.as_ref().map_or(0, |(_, count)| *count));
        (count > 0).then(|| {
            view! { <Notice text=language.new_stories(count) action=Some((words.show_new, show))/> }.erase()
        })
    };
    notice.erase()
}

/// Looks for news as often as the site says, while the window is seen.
fn poll(reader: Rc<Reader>) {
    Effect::new(move |is_polling: Option<bool>| {
        let seconds = reader.site.with(|site| site.as_ref().map_or(0, |site| site.manifest.settings.poll));
        if is_polling == Some(true) || seconds == 0 {
            return is_polling == Some(true);
        }
        let reader = reader.clone();
        let turn = move || {
            if !reader.news.is_pausing() && document().visibility_state() == VisibilityState::Visible {
                spawn_local(look(reader.clone()));
            }
        };
        set_interval(turn, Duration::from_secs(u64::from(seconds)));
        true
    });
}

/// Looks for a newer manifest. If it cannot be read, the page says nothing.
async fn look(reader: Rc<Reader>) {
    let manifest = reader.host.manifest(RequestCache::NoCache).await;
    reader.news.note_look(manifest.is_err());
    let (Ok((manifest, is_kept)), Some(site)) = (manifest, reader.site.get_untracked()) else { return };
    reader.news.set_offline(is_kept);
    let newer = reader.site_of(manifest);
    if newer.manifest == site.manifest {
        return reader.news.forget();
    }
    let newest = site.manifest.newest.first().map(Headline::key);
    let count = newer.manifest.newest.iter().filter(|row| Some(row.key()) > newest).count();
    // What is read from now on is read by this one; without the network, too, if the month is at hand.
    reader.load_month_of(&newer, newer.manifest.newest.first()).await;
    reader.refresh_kept(&newer).await;
    reader.news.announce(newer, count);
}
