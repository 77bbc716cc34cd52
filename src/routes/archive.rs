//! `/archive/`, `/archive/:year/:month`, `/archive/:year/:month/:day`: the years, a calendar, a day.

use bundle::address::Address;
use bundle::archive::DayPage;
use bundle::{Date, Month, MonthRef};

use super::{keep, page_head};
use crate::components::calendar;
use crate::components::element::{Element, el};
use crate::components::headline::{Show, row};
use crate::edition::Edition;

pub(super) fn years(edition: &Edition) -> Element {
    let count = edition.language.stories(edition.manifest.counts.articles);
    el("div").add(page_head(edition.words().archive, count)).add_all(calendar::years(edition))
}

pub(super) fn month(edition: &Edition, first: Date, month: &Month) -> Element {
    let here = first.year_month();
    let months = &edition.manifest.index.months;
    let link = |month: Option<&MonthRef>, rel: &'static str| {
        let first = month?.first()?;
        Some(button(edition, &Address::Month(first), rel, edition.language.month(first)))
    };
    let earlier = link(months.iter().rev().find(|month| month.month < here), "prev");
    let later = link(months.iter().find(|month| month.month > here), "next");
    let count = month.days.iter().map(|day| day.list.count).sum();
    let pager = el("nav").class("more").attr("aria-label", edition.words().calendar).add_all(earlier).add_all(later);
    el("div")
        .add(page_head(&edition.language.month(first), edition.language.stories(count)).add(keep(edition)))
        .add(calendar::calendar(edition, first, month))
        .add(pager)
}

pub(super) fn day(edition: &Edition, day: &DayPage) -> Element {
    let words = edition.words();
    let link = |date: Option<Date>, rel: &'static str, word: &str| {
        date.map(|date| button(edition, &Address::day(date), rel, format!("{word} · {}", edition.language.date(date))))
    };
    let month = el("a").attr("href", edition.href(&Address::Month(day.date))).add(words.calendar);
    let head = page_head(&edition.language.day(day.date), edition.language.stories(day.count)).add(el("p").class("count").add(month));
    let rows = day.rows.iter().map(|headline| row(edition, headline, Show { date: false, category: true, heading: "h2" }));
    let stories = if day.count == 0 { el("p").class("empty").add(words.no_stories) } else { el("ol").class("headlines").add_all(rows) };
    let page = |before, rel, word: &str| button(edition, &Address::Day { date: day.date, before }, rel, word.to_owned());
    let newest = (!day.newest).then(|| page(None, "first", words.to_newest));
    let older = day.older.clone().map(|key| page(Some(key), "next", words.older));
    // A day of several pages leads through these first, then to the days beside it.
    let pager = (newest.is_some() || older.is_some()).then(|| el("nav").class("more").attr("aria-label", words.older).add_all(newest).add_all(older));
    let earlier = link(day.earlier, "prev", words.earlier_day);
    let later = link(day.later, "next", words.later_day);
    el("div").add(head).add(stories).add_all(pager).add(el("nav").class("more").attr("aria-label", words.archive).add_all(earlier).add_all(later))
}

fn button(edition: &Edition, address: &Address, rel: &'static str, text: String) -> Element {
    el("a").class("button").attr("rel", rel).attr("href", edition.href(address)).add(text)
}
