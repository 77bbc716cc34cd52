//! `/`: the newest headlines by day, older stories on demand, and the largest categories.

use std::sync::Arc;

use bundle::address::Address;
use bundle::{Article, Block as CategoryBlock, Headline, ListKind};
use leptos::prelude::*;
use markdown::MarkdownOp;

use crate::components::body::Body;
use crate::components::erased::{Erase as _, Erased};
use crate::components::headline::{Count, Headlines, RowOptions, rows};
use crate::components::page_head::HiddenHeading;
use crate::components::remote::{Failed, RemoteView};
use crate::components::skeleton::bones;
use crate::state::remote::{OlderStories, Part, Remote, use_loader};
use crate::state::site::use_site;

#[component]
pub(super) fn Home(
    words: Option<(Arc<Article>, Vec<MarkdownOp>)>,
    here: String,
    front: Remote<Vec<CategoryBlock>>,
    older: OlderStories,
) -> Erased {
    let home_words = words.map(|(page, ops)| {
        view! {
            <div class="home-words body">
                <Body ops securities=page.securities.clone() here/>
            </div>
        }
        .erase()
    });
    let site = use_site();
    let words = site.words();
    let newest = &site.manifest.newest;
    let headlines =
        (!newest.is_empty()).then(|| view! { <Headlines headlines=newest.clone() category=true/> }.erase());
    let empty = newest.is_empty().then(|| view! { <p class="empty">{words.empty_list}</p> }.erase());
    let older = newest
        .last()
        .filter(|_| newest.len() < site.manifest.counts.articles)
        .map(|last| view! { <Older last=last.clone() older/> }.erase());
    let front = ArcRwSignal::new(front);
    let load = use_loader(Part::Front(front.clone()));
    load.run(());
    let shapes = || bones("bone block-shape", 6).erase();
    let blocks = |blocks: Vec<CategoryBlock>| {
        blocks.into_iter().map(|block| view! { <Block block/> }.erase()).collect::<Vec<_>>().erase()
    };
    view! {
        {home_words}
        <div class="front">
            <div class="newest">
                <HiddenHeading title=words.newest/>
                {headlines}
                {empty}
                {older}
            </div>
            <aside class="blocks" aria-label=words.categories>
                <div class="blocks-column">
                    <RemoteView words value=front load idle=shapes loading=shapes ready=blocks/>
                </div>
            </aside>
        </div>
    }
    .erase()
}

/// Older stories, which continue after `last`, and the link to more of them. The program loads them in place;
/// without it, the link opens the page of the day of `last`.
#[component]
pub fn Older(last: Headline, older: OlderStories) -> Erased {
    let site = use_site();
    let words = site.words();
    let date = last.time.date();
    let load = use_loader(Part::Older(older.clone()));
    let OlderStories { batches, next } = older;
    let batches = move || {
        let batches = batches.get();
        // More stories of the day of `last`, whose heading is already above, follow without a heading.
        let batch = |headlines: Vec<Headline>| {
            match headlines.first().map(|headline| headline.time.date()) {
                Some(first) if first != date => view! { <Headlines headlines category=true/> }.erase(),
                _ => view! { <ol class="headlines goes-on">{rows(headlines, RowOptions { date: false, category: true, heading: "h3" })}</ol> }.erase(),
            }
        };
        batches.into_iter().map(batch).collect::<Vec<_>>()
    };
    let (next_for_reason, next_for_class) = (next.clone(), next.clone());
    let reason = move || match next_for_reason.get() {
        Remote::Failed(failure) => Some(view! { <Failed words failure/> }.erase()),
        _ => None,
    };
    let class = move || {
        if next_for_class.with(|next| matches!(next, Remote::Ready(()))) { "end" } else { "button" }
    };
    let word = move || match next.get() {
        Remote::Ready(()) => view! { <span class="end">{words.no_more}</span> }.erase(),
        Remote::Loading => view! { <span>{words.loading}</span> }.erase(),
        Remote::Failed(_) => view! { <span>{words.retry}</span> }.erase(),
        Remote::Idle => view! { <span>{words.older}</span> }.erase(),
    };
    let click = move |event: leptos::ev::MouseEvent| {
        if !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) {
            event.prevent_default();
            load.run(());
        }
    };
    view! {
        <div class="older-stories">
            <div class="older">{batches}</div>
            <div>{reason}</div>
            <p class="more">
                <a href=site.href(&Address::day(date)) class=class on:click=click>{word}</a>
            </p>
        </div>
    }
    .erase()
}

/// A category and its newest stories.
#[component]
fn Block(block: CategoryBlock) -> Erased {
    let site = use_site();
    let CategoryBlock { category, rows } = block;
    let href = site.href(&Address::list(ListKind::Category, &category.key));
    let row = |headline: Headline| {
        let href = site.story(&headline);
        view! { <li><a href=href>{headline.title}</a></li> }.erase()
    };
    view! {
        <section class="block">
            <h2>
                <a href=href>{category.title}</a>
                <Count text=site.language.stories(category.count)/>
            </h2>
            <ul>{rows.into_iter().map(row).collect::<Vec<_>>()}</ul>
        </section>
    }
    .erase()
}
