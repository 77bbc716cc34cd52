//! An article.

use bundle::archive::Neighbours;
use bundle::{Article, Headline, Label, ListKind};
use reactive_graph::prelude::*;
use reactive_graph::signal::ArcRwSignal;

use super::body::{body, outbound};
use super::element::{Element, el, live};
use super::headline::list_link;
use crate::edition::Edition;

/// The story with everything that belongs to it. `outline` is its body's.
pub fn article(edition: &Edition, article: &Article, outline: &[String]) -> Element {
    let words = edition.words();
    let moment = edition.language.moment(article.time, &edition.manifest.site.timezone);
    let categories = article.categories.iter().map(|label| list_link(edition, ListKind::Category, label, "category"));
    let source = (!article.source.is_empty()).then(|| el("span").add(words.source).add(el("span").class("source").add(article.source.clone())));
    let head = el("header")
        .add(el("p").class("kicker").add_all(categories))
        .add(el("h1").attr("tabindex", "-1").add(article.title.clone()))
        .add(el("p").class("byline").add(el("time").attr("datetime", article.time.to_string()).add(moment)).add_all(source));
    let summary = (!article.summary.is_empty()).then(|| el("div").class("summary").add_all(article.summary.lines().map(|line| el("p").add(line))));
    let original = bundle::href::Href::outbound(&article.original).map(|href| el("p").class("original").add(outbound(href).add(words.original)));
    let links = |class, title, kind, labels: &[Label]| {
        let links = labels.iter().map(|label| el("li").add(list_link(edition, kind, label, class)));
        (!labels.is_empty()).then(|| el("section").add(el("h2").add(title)).add(el("ul").add_all(links)))
    };
    let foot = el("footer").add_all(original).add_all(links("security", words.mentioned, ListKind::Quote, &article.securities)).add_all(links(
        "tag",
        words.tags,
        ListKind::Tag,
        &article.tags,
    ));
    el("article").class("story").add(head).add_all(summary).add(el("div").class("body").add_all(body(edition, outline, &article.securities))).add(foot)
}

/// The stories before and after; they may be known later, and their place is kept.
pub fn neighbours(edition: &Edition, neighbours: ArcRwSignal<Option<Neighbours>>) -> Element {
    let words = edition.words();
    let label = words.neighbours;
    let edition = edition.clone();
    let link = move |headline: &Headline, word: &'static str, rel: &'static str| {
        let title = el("span").class("title").add(headline.title.clone());
        el("a").attr("rel", rel).attr("href", edition.href(&headline.address())).add(el("span").class("which").add(word)).add(title)
    };
    let stories = move || {
        let found = neighbours.get().unwrap_or_default();
        let older = found.older.as_ref().map(|headline| link(headline, words.previous, "prev"));
        let newer = found.newer.as_ref().map(|headline| link(headline, words.next, "next"));
        el("div").class("pair").add_all(older).add_all(newer)
    };
    el("nav").class("neighbours").attr("aria-label", label).add(live(stories))
}
