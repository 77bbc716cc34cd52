//! A month as a calendar, and the years with their months.

use bundle::address::Address;
use bundle::{Date, Month, MonthRef};
use leptos::prelude::*;

use super::erased::{Erase as _, Erased};
use super::headline::Count;
use crate::state::format::number;
use crate::state::site::use_site;

/// A month's calendar, in which each day that has stories is a link that shows how many.
#[component]
pub(crate) fn Calendar(first: Date, month: Month) -> Erased {
    let words = use_site().words();
    let head = words.weekdays().map(|day| view! { <th scope="col">{day}</th> }.erase());
    let blank_cells = usize::from(first.weekday());
    let days = (0..i64::from(first.month_length())).map(|day| Some(first.plus(day)));
    let cells: Vec<Option<Date>> = std::iter::repeat_n(None, blank_cells).chain(days).collect();
    let week = |week: &[Option<Date>]| {
        let cell = |at: usize| {
            let date = week.get(at).copied().flatten();
            let count = date.and_then(|date| month.day(date)).map(|day| day.list.count);
            view! { <Cell date count/> }.erase()
        };
        view! { <tr>{(0..7).map(cell).collect::<Vec<_>>()}</tr> }.erase()
    };
    view! {
        <table class="calendar">
            <caption class="visually-hidden">{words.calendar_hint}</caption>
            <thead>
                <tr>{Vec::from(head)}</tr>
            </thead>
            <tbody>{cells.chunks(7).map(week).collect::<Vec<_>>()}</tbody>
        </table>
    }
    .erase()
}

/// A day of the month, or an empty cell before the first day or after the last one. `count` is the number of
/// stories on that day, if there are any.
#[component]
fn Cell(date: Option<Date>, count: Option<usize>) -> Erased {
    let site = use_site();
    let Some(date) = date else { return view! { <td></td> }.erase() };
    let day = view! { <span class="number">{date.day().to_string()}</span> }.erase();
    let Some(count) = count else { return view! { <td>{day}</td> }.erase() };
    let label = format!("{} · {}", site.language.date(date), site.language.stories(count));
    view! {
        <td>
            <a href=site.href(&Address::day(date)) aria-label=label>
                {day}
                <Count text=number(count)/>
            </a>
        </td>
    }
    .erase()
}

/// The years, newest first, each with its months and their numbers of stories.
#[component]
pub(crate) fn Years() -> Erased {
    let site = use_site();
    let year = |months: &[(Date, &MonthRef)]| {
        let title = site.language.year(months[0].0.year());
        let months: Vec<Erased> = months
            .iter()
            .map(|(first, month)| view! { <MonthLink first=*first count=month.count/> }.erase())
            .collect();
        view! {
            <section class="year">
                <h2>{title}</h2>
                <ul class="names">{months}</ul>
            </section>
        }
        .erase()
    };
    let months: Vec<(Date, &MonthRef)> =
        site.manifest.index.months.iter().filter_map(|month| Some((month.first_day()?, month))).collect();
    months.chunk_by(|a, b| a.0.year() == b.0.year()).rev().map(year).collect::<Vec<_>>().erase()
}

#[component]
fn MonthLink(first: Date, count: usize) -> Erased {
    let site = use_site();
    view! {
        <li>
            <a href=site.href(&Address::Month(first))>
                <span class="name">{site.language.month_alone(first)}</span>
                <Count text=number(count)/>
            </a>
        </li>
    }
    .erase()
}
