//! Headlines: single rows, and rows grouped by day.

use bundle::address::Address;
use bundle::{Date, Headline, Label, ListKind};
use leptos::html::custom;
use leptos::prelude::*;

use super::erased::{Erase as _, Erased};
use super::picture::{Picture, small_picture};
use crate::state::format::clock;
use crate::state::rows::by_day;
use crate::state::site::use_site;

/// What a row shows besides its title, and the element of the title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RowOptions {
    /// The date instead of the time.
    pub(crate) date: bool,
    /// The category, which is left out in a category's own list.
    pub(crate) category: bool,
    /// The heading element of the titles: `h3` below a day's heading, otherwise `h2`.
    pub(crate) heading: &'static str,
}

/// Rows grouped by day. The rows of days with one story show their dates instead.
#[component]
pub(crate) fn Headlines(headlines: Vec<Headline>, category: bool) -> Erased {
    let (mut groups, mut single) = (Vec::new(), Vec::new());
    let push_dated = |groups: &mut Vec<Erased>, single: &mut Vec<Headline>| {
        if !single.is_empty() {
            let options = RowOptions { date: true, category, heading: "h2" };
            let rows = rows(std::mem::take(single), options);
            groups.push(view! { <ol class="headlines dated">{rows}</ol> }.erase());
        }
    };
    for (date, mut headlines) in by_day(&headlines) {
        if headlines.len() == 1 {
            single.append(&mut headlines);
        } else {
            push_dated(&mut groups, &mut single);
            groups.push(view! { <Day date headlines category/> }.erase());
        }
    }
    push_dated(&mut groups, &mut single);
    groups.erase()
}

/// A day's rows below its date.
#[component]
fn Day(date: Date, headlines: Vec<Headline>, category: bool) -> Erased {
    let site = use_site();
    view! {
        <section class="day">
            <h2>
                <a href=site.href(&Address::day(date))>{site.language.day(date)}</a>
            </h2>
            <ol class="headlines">{rows(headlines, RowOptions { date: false, category, heading: "h3" })}</ol>
        </section>
    }
    .erase()
}

/// Makes a row of each headline.
pub(crate) fn rows(headlines: Vec<Headline>, options: RowOptions) -> Vec<Erased> {
    headlines.into_iter().map(|headline| view! { <Row headline options/> }.erase()).collect()
}

/// A row: time, title, summary, then category and securities.
#[component]
fn Row(headline: Headline, options: RowOptions) -> Erased {
    let site = use_site();
    let newest_year = site.manifest.newest.first().map(|newest| newest.time.date().year());
    let datetime = headline.datetime();
    // A heading above has the date.
    let date_or_time = if headline.date_only && !options.date {
        String::new()
    } else if options.date {
        site.language.short_date(headline.time, newest_year)
    } else {
        clock(headline.time)
    };
    let href = site.story(&headline);
    let category = headline
        .category
        .filter(|_| options.category)
        .map(|label| view! { <ListLink kind=ListKind::Category label class="category"/> }.erase());
    let securities = headline
        .securities
        .into_iter()
        .map(|label| view! { <ListLink kind=ListKind::Quote label class="security"/> }.erase());
    let meta: Vec<Erased> = category.into_iter().chain(securities).collect();
    let summary =
        (!headline.summary.is_empty()).then(|| view! { <p class="summary">{headline.summary}</p> }.erase());
    let picture = small_picture(&site, &headline.image)
        .map(|src| view! { <Picture src alt=String::new() title=None/> }.erase());
    let title = view! { <a href=href>{headline.title}</a> }.erase();
    view! {
        <li class="headline">
            <time datetime=datetime>{date_or_time}</time>
            {custom(options.heading).attr("class", "title").child(title)}
            {summary}
            {picture}
            {(!meta.is_empty()).then(|| view! { <p class="meta">{meta}</p> }.erase())}
        </li>
    }
    .erase()
}

/// A link to a list, with the list's name as its text.
#[component]
pub(crate) fn ListLink(kind: ListKind, label: Label, class: &'static str) -> Erased {
    let href = use_site().href(&Address::list(kind, &label.key));
    view! { <a class=class href=href>{label.title}</a> }.erase()
}

/// The number of stories, shown next to a name.
#[component]
pub(crate) fn Count(text: String) -> Erased {
    view! { <span class="count">{text}</span> }.erase()
}
