//! Headlines: a row, and rows by day.

use bundle::Headline;
use bundle::address::Address;
use bundle::{Label, ListKind};
use leptos::prelude::*;

use crate::edition::Edition;
use crate::state::archive::by_day;
use crate::state::format::clock;

/// Rows under a heading for each day where days have several, else each row with its date.
pub fn headlines(edition: &Edition, rows: &[Headline]) -> AnyView {
    let days = by_day(rows);
    if rows.len() >= days.len() * 2 {
        return days.iter().map(|(date, rows)| day(edition, edition.language.day(*date), Some(Address::Day(*date)), rows)).collect_view().into_any();
    }
    let rows = rows.iter().map(|headline| row(edition, headline, true)).collect_view();
    view! { <ol class="headlines dated">{rows}</ol> }.into_any()
}

/// The rows of a day under its name.
pub fn day(edition: &Edition, title: String, address: Option<Address>, rows: &[Headline]) -> AnyView {
    let rows = rows.iter().map(|headline| row(edition, headline, false)).collect_view();
    let title = match address {
        Some(address) => view! { <a href=edition.href(&address)>{title}</a> }.into_any(),
        None => title.into_any(),
    };
    view! {
        <section class="day">
            <h2>{title}</h2>
            <ol class="headlines">{rows}</ol>
        </section>
    }
    .into_any()
}

/// A row: the time in the margin, the title, the beginning of the words, then category and securities.
pub fn row(edition: &Edition, headline: &Headline, dated: bool) -> AnyView {
    let this_year = edition.manifest.newest.first().map(|newest| newest.time.date().year());
    let margin = if dated { edition.language.short(headline.time, this_year) } else { clock(headline.time) };
    let category = headline.category.as_ref().map(|category| list_link(edition, ListKind::Category, category, "category"));
    let securities = headline.securities.iter().map(|security| list_link(edition, ListKind::Quote, security, "security")).collect_view();
    let meta = (category.is_some() || !headline.securities.is_empty()).then(|| view! { <p class="meta">{category}{securities}</p> });
    view! {
        <li class="headline">
            <time datetime=headline.time.to_string()>{margin}</time>
            <h3><a href=edition.href(&headline.address())>{headline.title.clone()}</a></h3>
            {(!headline.summary.is_empty()).then(|| view! { <p class="summary">{headline.summary.clone()}</p> })}
            {meta}
        </li>
    }
    .into_any()
}

/// A link to a list by its name.
pub fn list_link(edition: &Edition, kind: ListKind, label: &Label, class: &'static str) -> AnyView {
    view! { <a class=class href=edition.href(&Address::list(kind, &label.key))>{label.title.clone()}</a> }.into_any()
}
