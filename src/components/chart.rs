//! Charts of securities: images of another host, each with the word that it shows today's market.

use bundle::ListKind;
use bundle::address::Address;

use super::element::{Element, el};
use crate::edition::{Edition, Period};

/// A chart with its caption and a switch of period. `at_once` loads it now, else when it is about to be seen.
///
/// A button bears its picture's address, so that the switch needs nothing but the page (`crate::charts`).
pub fn figure(edition: &Edition, secid: &str, name: &str, at_once: bool) -> Element {
    let words = edition.words();
    let alt = |period: Period| format!("{name} {} {}", period.name(words), words.chart);
    let switch = Period::ALL.map(|period| {
        el("button")
            .attr("type", "button")
            .attr("aria-pressed", (period == Period::Day).to_string())
            .attr("data-src", edition.chart(secid, period))
            .attr("data-alt", alt(period))
            .add(period.name(words))
    });
    let page = el("a").attr("href", edition.href(&Address::list(ListKind::Quote, secid))).add(name);
    let caption = el("figcaption")
        .add(el("span").class("chart-name").add(page).add(" ").add(el("span").class("secid").add(secid)))
        .add(el("span").class("periods").attr("role", "group").attr("aria-label", words.period).add_all(switch));
    el("figure")
        .class("chart-figure")
        .add(caption)
        .add(el("div").class("chart-box").add(picture(edition, secid, Period::Day, alt(Period::Day), at_once)))
        .add(el("p").class("chart-note").add(words.chart_of_today))
}

/// A chart in running text: the image alone.
pub fn image(edition: &Edition, secid: &str, name: &str) -> Element {
    let words = edition.words();
    let alt = format!("{name} {} {} · {}", Period::Day.name(words), words.chart, words.chart_of_today);
    picture(edition, secid, Period::Day, alt, false)
}

fn picture(edition: &Edition, secid: &str, period: Period, alt: String, at_once: bool) -> Element {
    let (width, height) = edition.manifest.settings.chart_size;
    // The source comes last: a browser begins to load when it is set, and lazily only if told so before.
    el("img")
        .class("chart")
        .attr("data-secid", secid)
        .attr("alt", alt)
        .attr("width", width.to_string())
        .attr("height", height.to_string())
        .attr("loading", if at_once { "eager" } else { "lazy" })
        .attr("decoding", "async")
        .attr("referrerpolicy", "no-referrer")
        .attr("src", edition.chart(secid, period))
}
