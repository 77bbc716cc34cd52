//! A month as a calendar, and the years with their months.

use bundle::address::Address;
use bundle::{Date, Month, MonthRef};

use super::element::{Element, el};
use super::headline::count;
use crate::edition::Edition;
use crate::state::format::number;

/// A month: every day that has stories is a link with their count.
pub fn calendar(edition: &Edition, first: Date, month: &Month) -> Element {
    let words = edition.words();
    let head = words.weekdays().map(|day| el("th").attr("scope", "col").add(day));
    let before = usize::from(first.weekday());
    let days = (0..i64::from(first.month_length())).map(|day| Some(first.plus(day)));
    let cells: Vec<Option<Date>> = std::iter::repeat_n(None, before).chain(days).collect();
    let weeks = cells.chunks(7).map(|week| el("tr").add_all((0..7).map(|at| day(edition, month, week.get(at).copied().flatten()))));
    el("table")
        .class("calendar")
        .add(el("caption").class("visually-hidden").add(words.calendar_hint))
        .add(el("thead").add(el("tr").add_all(head)))
        .add(el("tbody").add_all(weeks))
}

fn day(edition: &Edition, month: &Month, date: Option<Date>) -> Element {
    let Some(date) = date else { return el("td") };
    let day_number = el("span").class("number").add(date.day().to_string());
    let Some(day) = month.day(date) else { return el("td").add(day_number) };
    let label = format!("{} · {}", edition.language.date(date), edition.language.stories(day.list.count));
    let link = el("a").attr("href", edition.href(&Address::day(date))).attr("aria-label", label).add(day_number).add(count(number(day.list.count)));
    el("td").add(link)
}

/// The years, newest first, each with its months and their counts.
pub fn years(edition: &Edition) -> Vec<Element> {
    let month = |(first, month): &(Date, &MonthRef)| {
        let name = el("span").class("name").add(edition.language.month_alone(*first));
        let link = el("a").attr("href", edition.href(&Address::Month(*first))).add(name).add(count(number(month.count)));
        el("li").add(link)
    };
    let year = |months: &[(Date, &MonthRef)]| {
        let title = el("h2").add(edition.language.year(months[0].0.year()));
        el("section").class("year").add(title).add(el("ul").class("names").add_all(months.iter().map(month)))
    };
    let months: Vec<(Date, &MonthRef)> = edition.manifest.index.months.iter().filter_map(|month| Some((month.first()?, month))).collect();
    months.chunk_by(|a, b| a.0.year() == b.0.year()).rev().map(year).collect()
}
