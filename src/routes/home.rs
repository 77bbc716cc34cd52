//! `/`: the newest headlines by day, the largest categories, older stories on demand.

use bundle::address::Address;
use bundle::{Block, Headline, ListKind};
use leptos::prelude::*;

use super::{Later, More};
use crate::components::headline::{day, row};
use crate::edition::Edition;
use crate::state::archive::by_day;

pub(super) fn home(edition: &Edition, later: &Later) -> AnyView {
    let words = edition.words();
    let newest = &edition.manifest.newest;
    let days = by_day(newest).iter().map(|(date, rows)| day(edition, edition.language.day(*date), Some(Address::Day(*date)), rows)).collect_view();
    let last = newest.last().map(|headline| headline.time.date());
    let older = {
        let (edition, older) = (edition.clone(), later.older);
        move || {
            let edition = edition.clone();
            view! { <For each=move || older.get().into_iter().enumerate() key=|(at, _)| *at children=move |(at, rows)| older_day(&edition, &rows, last.filter(|_| at == 0))/> }
        }
    };
    let blocks = {
        let (edition, front) = (edition.clone(), later.front);
        move || match front.get() {
            Some(front) => front.blocks.iter().map(|found| block(&edition, found)).collect_view().into_any(),
            None => (0..6).map(|_| view! { <div class="block-shape bone">{""}</div> }).collect_view().into_any(),
        }
    };
    let empty = newest.is_empty().then(|| view! { <p class="empty">{words.empty_list}</p> });
    view! {
        <div class="front">
            <div class="newest">
                <h1 class="visually-hidden" tabindex="-1">{words.newest}</h1>
                {days}{empty}{older}{more(edition, later)}
            </div>
            <aside class="blocks" aria-label=words.categories>{blocks}</aside>
        </div>
    }
    .into_any()
}

/// A day's older stories; what goes on with the day above has no heading of its own.
fn older_day(edition: &Edition, rows: &[Headline], goes_on: Option<bundle::Date>) -> AnyView {
    let Some(date) = rows.first().map(|headline| headline.time.date()) else { return ().into_any() };
    if goes_on == Some(date) {
        let rows = rows.iter().map(|headline| row(edition, headline, false)).collect_view();
        return view! { <ol class="headlines">{rows}</ol> }.into_any();
    }
    day(edition, edition.language.day(date), Some(Address::Day(date)), rows)
}

/// The way to older stories: in place where the program runs, to the day's page where it does not.
fn more(edition: &Edition, later: &Later) -> AnyView {
    let words = edition.words();
    let Some(last) = edition.manifest.newest.last() else { return ().into_any() };
    let href = edition.href(&Address::Day(last.time.date()));
    let (more, ask) = (later.more, later.ask_more);
    let click = move |event: leptos::ev::MouseEvent| {
        if !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) {
            event.prevent_default();
            ask.run(());
        }
    };
    move_on(more, words.older, words.loading, words.retry, words.no_more, href, click)
}

fn move_on(
    more: RwSignal<More>,
    ask: &'static str,
    coming: &'static str,
    failed: &'static str,
    none: &'static str,
    href: String,
    click: impl Fn(leptos::ev::MouseEvent) + Clone + Send + 'static,
) -> AnyView {
    view! {
        <p class="more">
            {move || {
                if more.get() == More::None {
                    return view! { <span class="end">{none}</span> }.into_any();
                }
                let word = move || match more.get() {
                    More::Coming => coming,
                    More::Failed => failed,
                    More::Some | More::None => ask,
                };
                view! { <a class="button" href=href.clone() on:click=click.clone()>{word}</a> }.into_any()
            }}
        </p>
    }
    .into_any()
}

fn block(edition: &Edition, block: &Block) -> AnyView {
    let href = edition.href(&Address::list(ListKind::Category, &block.category.key));
    let rows = block.rows.iter().map(|headline| view! { <li><a href=edition.href(&headline.address())>{headline.title.clone()}</a></li> }).collect_view();
    view! {
        <section class="block">
            <h2><a href=href>{block.category.title.clone()}</a><span class="count">{edition.language.stories(block.category.count)}</span></h2>
            <ul>{rows}</ul>
        </section>
    }
    .into_any()
}
