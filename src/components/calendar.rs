//! A month as a calendar, and the years with their months.

use std::collections::BTreeMap;

use bundle::address::Address;
use bundle::{Date, Month};
use leptos::prelude::*;

use crate::edition::Edition;
use crate::state::format::number;

/// A month: every day that has stories is a link with their count.
pub fn calendar(edition: &Edition, first: Date, month: &Month) -> AnyView {
    let words = edition.words();
    let head = words.weekdays().map(|day| view! { <th scope="col">{day}</th> });
    let before = usize::from(first.weekday());
    let cells: Vec<Option<Date>> = std::iter::repeat_n(None, before).chain((0..i64::from(first.month_length())).map(|day| Some(first.plus(day)))).collect();
    let weeks = cells
        .chunks(7)
        .map(|week| {
            let days = (0..7).map(|at| day(edition, month, week.get(at).copied().flatten())).collect_view();
            view! { <tr>{days}</tr> }
        })
        .collect_view();
    view! {
        <table class="calendar">
            <caption class="visually-hidden">{words.calendar_hint}</caption>
            <thead><tr>{head.into_iter().collect_view()}</tr></thead>
            <tbody>{weeks}</tbody>
        </table>
    }
    .into_any()
}

fn day(edition: &Edition, month: &Month, date: Option<Date>) -> AnyView {
    let Some(date) = date else { return view! { <td>{""}</td> }.into_any() };
    let number_of_day = view! { <span class="number">{date.day()}</span> };
    match month.day(date) {
        Some(day) => {
            let label = format!("{} · {}", edition.language.date(date), edition.language.stories(day.list.count));
            view! { <td><a href=edition.href(&Address::Day(date)) aria-label=label>{number_of_day}<span class="count">{number(day.list.count)}</span></a></td> }
                .into_any()
        }
        None => view! { <td>{number_of_day}</td> }.into_any(),
    }
}

/// The years, newest first, each with its months and their counts.
pub fn years(edition: &Edition) -> AnyView {
    let mut years: BTreeMap<i32, Vec<(Date, usize)>> = BTreeMap::new();
    for month in &edition.manifest.months {
        if let Ok(first) = format!("{}-01", month.month).parse::<Date>() {
            years.entry(first.year()).or_default().push((first, month.count));
        }
    }
    years
        .into_iter()
        .rev()
        .map(|(year, months)| {
            let months = months
                .into_iter()
                .map(|(first, count)| {
                    view! { <li><a href=edition.href(&Address::Month(first))><span class="name">{edition.language.month_alone(first)}</span><span class="count">{number(count)}</span></a></li> }
                })
                .collect_view();
            view! { <section class="year"><h2>{edition.language.year(year)}</h2><ul class="names">{months}</ul></section> }
        })
        .collect_view()
        .into_any()
}
