//! Charts of securities: images from another host, with the note that they show today's market.

use bundle::ListKind;
use bundle::address::Address;
use leptos::prelude::*;

use super::erased::{Erase as _, Erased};
use crate::state::site::{Period, use_site};

/// A chart with a caption and period buttons. With `at_once` the image loads immediately, otherwise shortly
/// before it is visible.
///
/// Each button carries the address and the alternative text of its period's image, so `browser::charts` needs
/// no other data.
#[component]
pub(crate) fn ChartFigure(secid: String, name: String, at_once: bool) -> Erased {
    let site = use_site();
    let words = site.words();
    let alt = |period: Period| format!("{name} {} {}", period.name(words), words.chart);
    let buttons = Period::ALL.map(|period| {
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
                <span class="periods" role="group" aria-label=words.period>{Vec::from(buttons)}</span>
            </figcaption>
            <div class="chart-box">{picture}</div>
            <p class="chart-note">{words.chart_of_today}</p>
        </figure>
    }
    .erase()
}

/// A chart in running text: only the image.
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
    // `src` comes last, because setting it starts loading, which is lazy only if `loading` is already set.
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
