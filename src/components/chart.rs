//! Charts of securities: images of another host, each with the word that it shows today's market.

use bundle::ListKind;
use bundle::address::Address;
use leptos::prelude::*;

use super::erased::{Erase as _, Erased};
use crate::state::site::{Period, use_site};

/// A chart with its caption and a switch of period. `at_once` loads it now, else when it is about to be seen.
///
/// A button bears its picture's address, so that the switch needs nothing but the page (`browser::charts`).
#[component]
pub(crate) fn ChartFigure(secid: String, name: String, at_once: bool) -> Erased {
    let site = use_site();
    let words = site.words();
    let alt = |period: Period| format!("{name} {} {}", period.name(words), words.chart);
    let switch = Period::ALL.map(|period| {
        let pressed = if period == Period::Day { "true" } else { "false" };
        let (src, alt) = (site.chart(&secid, period), alt(period));
        view! { <button type="button" aria-pressed=pressed data-src=src data-alt=alt>{period.name(words)}</button> }.erase()
    });
    let page = site.href(&Address::list(ListKind::Quote, &secid));
    let picture = view! { <Picture secid=secid.clone() alt=alt(Period::Day) at_once/> }.erase();
    view! {
        <figure class="chart-figure">
            <figcaption>
                <span class="chart-name">
                    <a href=page>{name}</a>
                    " "
                    <span class="secid">{secid}</span>
                </span>
                <span class="periods" role="group" aria-label=words.period>{Vec::from(switch)}</span>
            </figcaption>
            <div class="chart-box">{picture}</div>
            <p class="chart-note">{words.chart_of_today}</p>
        </figure>
    }
    .erase()
}

/// A chart in running text: the image alone.
#[component]
pub(crate) fn ChartImage(secid: String, name: String) -> Erased {
    let words = use_site().words();
    let alt = format!("{name} {} {} · {}", Period::Day.name(words), words.chart, words.chart_of_today);
    view! { <Picture secid alt at_once=false/> }.erase()
}

#[component]
fn Picture(secid: String, alt: String, at_once: bool) -> Erased {
    let site = use_site();
    let (width, height) = site.manifest.settings.chart_size;
    let src = site.chart(&secid, Period::Day);
    // The source comes last: a browser begins to load when it is set, and lazily only if told so before.
    view! {
        <img
            class="chart"
            data-secid=secid
            alt=alt
            width=width.to_string()
            height=height.to_string()
            loading=if at_once { "eager" } else { "lazy" }
            decoding="async"
            referrerpolicy="no-referrer"
            src=src
        />
    }
    .erase()
}
