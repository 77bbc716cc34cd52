//! Charts of securities: images of another host, each with the word that it shows today's market.

use bundle::ListKind;
use bundle::address::Address;
use leptos::prelude::*;

use crate::edition::{Edition, Period};

/// A chart with its caption and a switch of period. `at_once` loads it now, else when it is about to be seen.
pub fn figure(edition: &Edition, secid: &str, name: &str, at_once: bool) -> AnyView {
    let words = edition.words();
    let period = RwSignal::new(Period::Day);
    let failed = RwSignal::new(false);
    let switch = Period::ALL.map(|choice| {
        let choose = move |_| {
            failed.set(false);
            period.set(choice);
        };
        view! { <button type="button" aria-pressed=move || (period.get() == choice).to_string() on:click=choose>{choice.name(words)}</button> }
    });
    let (width, height) = edition.manifest.settings.chart_size;
    let picture = {
        let (edition, secid, name) = (edition.clone(), secid.to_owned(), name.to_owned());
        move || {
            if failed.get() {
                return view! { <p class="chart-failed" role="status">{words.chart_failed}</p> }.into_any();
            }
            let period = period.get();
            let alt = format!("{name} {} {}", period.name(words), words.chart);
            let src = edition.chart(&secid, period);
            let loading = if at_once { "eager" } else { "lazy" };
            view! {
                <img class="chart" data-secid=secid.clone() loading=loading decoding="async" referrerpolicy="no-referrer"
                    width=width height=height alt=alt src=src on:error=move |_| failed.set(true)/>
            }
            .into_any()
        }
    };
    let title = {
        let page = edition.href(&Address::list(ListKind::Quote, secid));
        view! { <a href=page>{name.to_owned()}</a> }
    };
    view! {
        <figure class="chart-figure">
            <figcaption>
                <span class="chart-name">{title}" "<span class="secid">{secid.to_owned()}</span></span>
                <span class="periods" role="group" aria-label=words.period>{switch.into_iter().collect_view()}</span>
            </figcaption>
            <div class="chart-box">{picture}</div>
            <p class="chart-note">{words.chart_of_today}</p>
        </figure>
    }
    .into_any()
}

/// A chart in running text: the image alone.
pub fn image(edition: &Edition, secid: &str, name: &str) -> AnyView {
    let words = edition.words();
    let alt = format!("{name} {} {} · {}", Period::Day.name(words), words.chart, words.chart_of_today);
    let (width, height) = edition.manifest.settings.chart_size;
    view! {
        <img class="chart" data-secid=secid.to_owned() loading="lazy" decoding="async" referrerpolicy="no-referrer"
            width=width height=height alt=alt src=edition.chart(secid, Period::Day)/>
    }
    .into_any()
}
