//! Headlines: a row, and rows by day.

use bundle::address::Address;
use bundle::{Headline, Label, ListKind};

use super::element::{Element, Node, el};
use crate::edition::Edition;
use crate::state::format::clock;
use crate::state::rows::by_day;

/// What a row shows besides the title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Show {
    /// The date in the margin, rather than the time.
    pub date: bool,
    /// The category; of no use in a category's own list.
    pub category: bool,
    /// The titles' level: `h3` below a day's heading, `h2` where the page's own is the next above.
    pub heading: &'static str,
}

/// Rows under a heading for each day where days have several, else each row with its date.
pub fn headlines(edition: &Edition, rows: &[Headline], category: bool) -> Vec<Element> {
    let days = by_day(rows);
    if rows.len() >= days.len() * 2 {
        return days.iter().map(|(date, rows)| day(edition, edition.language.day(*date), &Address::day(*date), rows, category)).collect();
    }
    let rows = rows.iter().map(|headline| row(edition, headline, Show { date: true, category, heading: "h2" }));
    vec![el("ol").class("headlines dated").add_all(rows)]
}

/// The rows of a day under its name.
pub fn day(edition: &Edition, title: String, address: &Address, rows: &[Headline], category: bool) -> Element {
    let title = el("a").attr("href", edition.href(address)).add(title);
    let rows = rows.iter().map(|headline| row(edition, headline, Show { date: false, category, heading: "h3" }));
    el("section").class("day").add(el("h2").add(title)).add(el("ol").class("headlines").add_all(rows))
}

/// A row: the time in the margin, the title, the beginning of the words, then category and securities.
pub fn row(edition: &Edition, headline: &Headline, show: Show) -> Element {
    let this_year = edition.manifest.newest.first().map(|newest| newest.time.date().year());
    let margin = if show.date { edition.language.short(headline.time, this_year) } else { clock(headline.time) };
    let category = headline.category.as_ref().filter(|_| show.category).map(|category| list_link(edition, ListKind::Category, category, "category"));
    let securities = headline.securities.iter().map(|security| list_link(edition, ListKind::Quote, security, "security"));
    let meta: Vec<Element> = category.into_iter().chain(securities).collect();
    let title = el("a").attr("href", edition.href(&headline.address())).add(headline.title.clone());
    el("li")
        .class("headline")
        .add(el("time").attr("datetime", headline.time.to_string()).add(margin))
        .add(el(show.heading).class("title").add(title))
        .add_all((!headline.summary.is_empty()).then(|| el("p").class("summary").add(headline.summary.clone())))
        .add_all((!meta.is_empty()).then(|| el("p").class("meta").add_all(meta)))
}

/// A link to a list by its name.
pub fn list_link(edition: &Edition, kind: ListKind, label: &Label, class: &'static str) -> Element {
    el("a").class(class).attr("href", edition.href(&Address::list(kind, &label.key))).add(label.title.clone())
}

/// A list's length, small beside its name.
pub fn count(text: impl Into<Node>) -> Element {
    el("span").class("count").add(text)
}
