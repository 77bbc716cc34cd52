//! `/archive/`, `/archive/:year/:month`, `/archive/:year/:month/:day`: the years, a month's calendar, a day.

use ::archive::DayPage as DayContent;
use bundle::address::Address;
use bundle::{Date, Month, MonthRef};
use leptos::prelude::*;

use crate::components::calendar::{Calendar, Years};
use crate::components::erased::{Erase as _, Erased};
use crate::components::headline::{RowOptions, rows};
use crate::components::page_head::{ButtonLink, PageHead, SaveButton};
use crate::state::site::use_site;

#[component]
pub(super) fn ArchivePage() -> Erased {
    let site = use_site();
    let count = site.language.stories(site.manifest.counts.articles);
    view! {
        <div>
            <PageHead title=site.words().archive.to_owned() count/>
            <Years/>
        </div>
    }
    .erase()
}

#[component]
pub(super) fn MonthPage(first: Date, month: Month) -> Erased {
    let site = use_site();
    let (words, language) = (site.words(), site.language);
    let here = first.year_month();
    let months = &site.manifest.index.months;
    let link = |month: Option<&MonthRef>, rel: &'static str| {
        let first = month?.first_day()?;
        Some(
            view! { <ButtonLink href=site.href(&Address::Month(first)) rel text=language.month(first)/> }
                .erase(),
        )
    };
    let earlier = link(months.iter().rev().find(|month| month.month < here), "prev");
    let later = link(months.iter().find(|month| month.month > here), "next");
    let count = language.stories(month.days.iter().map(|day| day.list.count).sum());
    let save = view! { <SaveButton words/> }.erase();
    view! {
        <div>
            <PageHead title=language.month(first) count more=Some(save)/>
            <Calendar first month/>
            <nav class="more" aria-label=words.calendar>{earlier}{later}</nav>
        </div>
    }
    .erase()
}

#[component]
pub(super) fn DayPage(day: DayContent) -> Erased {
    let site = use_site();
    let (words, language) = (site.words(), site.language);
    let month = view! {
        <p class="count">
            <a href=site.href(&Address::Month(day.date))>{words.calendar}</a>
        </p>
    };
    let stories = if day.count == 0 {
        view! { <p class="empty">{words.no_stories}</p> }.erase()
    } else {
        view! { <ol class="headlines">{rows(day.rows, RowOptions { date: false, category: true, heading: "h2" })}</ol> }.erase()
    };
    let page = |before, rel, word: &str| {
        let href = site.href(&Address::Day { date: day.date, before });
        view! { <ButtonLink href rel text=word.to_owned()/> }.erase()
    };
    let newest = (!day.newest).then(|| page(None, "first", words.to_newest));
    let older = day.older.map(|key| page(Some(key), "next", words.older));
    // Links through the pages of a day come before the links to other days.
    let pager = (newest.is_some() || older.is_some())
        .then(|| view! { <nav class="more" aria-label=words.older>{newest}{older}</nav> }.erase());
    let link = |date: Option<Date>, rel: &'static str, word: &str| {
        let date = date?;
        Some(view! { <ButtonLink href=site.href(&Address::day(date)) rel text=format!("{word} · {}", language.date(date))/> }.erase())
    };
    let earlier = link(day.earlier, "prev", words.earlier_day);
    let later = link(day.later, "next", words.later_day);
    view! {
        <div>
            <PageHead title=language.day(day.date) count=language.stories(day.count) more=Some(month.erase())/>
            {stories}
            {pager}
            <nav class="more" aria-label=words.archive>{earlier}{later}</nav>
        </div>
    }
    .erase()
}
