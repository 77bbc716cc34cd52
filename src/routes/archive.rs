//! `/archive/`, `/archive/:year/:month`, `/archive/:year/:month/:day`: the years, a calendar, a day.

use bundle::address::Address;
use bundle::{Date, Month};
use leptos::prelude::*;

use crate::components::{calendar, headline};
use crate::edition::Edition;
use crate::state::archive::DayPage;

pub(super) fn years(edition: &Edition) -> AnyView {
    view! {
        <header class="page-head">
            <h1 tabindex="-1">{edition.words().archive}</h1>
            <p class="count">{edition.language.stories(edition.manifest.counts.articles)}</p>
        </header>
        {calendar::years(edition)}
    }
    .into_any()
}

pub(super) fn month(edition: &Edition, first: Date, month: &Month) -> AnyView {
    let months = &edition.manifest.months;
    let here = first.year_month();
    let neighbour = |found: Option<&bundle::MonthRef>, rel: &'static str| {
        let first: Date = format!("{}-01", found?.month).parse().ok()?;
        Some(view! { <a class="button" rel=rel href=edition.href(&Address::Month(first))>{edition.language.month(first)}</a> })
    };
    let count = month.days.iter().map(|day| day.list.count).sum();
    view! {
        <header class="page-head">
            <h1 tabindex="-1">{edition.language.month(first)}</h1>
            <p class="count">{edition.language.stories(count)}</p>
        </header>
        {calendar::calendar(edition, first, month)}
        <nav class="more" aria-label=edition.words().calendar>
            {neighbour(months.iter().rev().find(|month| month.month < here), "prev")}
            {neighbour(months.iter().find(|month| month.month > here), "next")}
        </nav>
    }
    .into_any()
}

pub(super) fn day(edition: &Edition, day: &DayPage) -> AnyView {
    let words = edition.words();
    let link = |date: Option<Date>, rel: &'static str, word: &'static str| {
        date.map(|date| view! { <a class="button" rel=rel href=edition.href(&Address::Day(date))>{word}" · "{edition.language.date(date)}</a> })
    };
    let rows = day.rows.iter().map(|headline| headline::row(edition, headline, false)).collect_view();
    let empty = day.rows.is_empty().then(|| view! { <p class="empty">{words.no_stories}</p> });
    let month = edition.href(&Address::Month(day.date));
    view! {
        <header class="page-head">
            <h1 tabindex="-1">{edition.language.day(day.date)}</h1>
            <p class="count">{edition.language.stories(day.rows.len())}" · "<a href=month>{words.calendar}</a></p>
        </header>
        <ol class="headlines">{rows}</ol>
        {empty}
        <nav class="more" aria-label=words.archive>{link(day.earlier, "prev", words.earlier_day)}{link(day.later, "next", words.later_day)}</nav>
    }
    .into_any()
}
