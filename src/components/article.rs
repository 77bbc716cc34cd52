//! An article.

use bundle::address::Address;
use bundle::{Article, Headline, Label, ListKind};
use leptos::prelude::*;

use super::body::body;
use super::headline::list_link;
use crate::edition::Edition;
use crate::state::archive::Neighbours;

/// The story with everything that belongs to it. Its neighbours may be known later.
pub fn article(edition: &Edition, article: &Article, neighbours: Signal<Option<Neighbours>>) -> AnyView {
    let words = edition.words();
    let links = |kind, labels: &[Label], class| labels.iter().map(|label| view! { <li>{list_link(edition, kind, label, class)}</li> }).collect_view();
    let categories = article.categories.iter().map(|label| list_link(edition, ListKind::Category, label, "category")).collect_view();
    let moment = edition.language.moment(article.time, &edition.manifest.site.timezone);
    let source = (!article.source.is_empty()).then(|| view! { <span class="source">{words.source}{article.source.clone()}</span> });
    let summary = (!article.summary.is_empty()).then(|| {
        let lines = article.summary.lines().map(|line| view! { <p>{line.to_owned()}</p> }).collect_view();
        view! { <div class="summary">{lines}</div> }
    });
    let original = (!article.original.is_empty()).then(|| {
        let href = bundle::href::Href::outbound(&article.original);
        view! { <p class="original"><a href=href target="_blank" rel="noopener noreferrer">{words.original}</a></p> }
    });
    let securities = (!article.securities.is_empty()).then(|| {
        view! { <section class="mentioned"><h2>{words.mentioned}</h2><ul>{links(ListKind::Quote, &article.securities, "security")}</ul></section> }
    });
    let tags = (!article.tags.is_empty()).then(|| {
        view! { <section class="tags"><h2>{words.tags}</h2><ul>{links(ListKind::Tag, &article.tags, "tag")}</ul></section> }
    });
    let next = {
        let edition = edition.clone();
        move || neighbours.get().map(|neighbours| next_stories(&edition, &neighbours))
    };
    view! {
        <article class="story">
            <header>
                <p class="kicker">{categories}</p>
                <h1 tabindex="-1">{article.title.clone()}</h1>
                <p class="byline"><time datetime=article.time.to_string()>{moment}</time>{source}</p>
            </header>
            {summary}
            <div class="body">{body(edition, &article.body, &article.securities)}</div>
            <footer>{original}{securities}{tags}</footer>
        </article>
        <nav class="neighbours" aria-label=words.categories>{next}</nav>
    }
    .into_any()
}

fn next_stories(edition: &Edition, neighbours: &Neighbours) -> AnyView {
    let words = edition.words();
    let link = |headline: &Headline, word: &'static str, rel: &'static str| {
        view! { <a rel=rel href=edition.href(&headline.address())><span class="which">{word}</span><span class="title">{headline.title.clone()}</span></a> }
    };
    view! {
        {neighbours.older.as_ref().map(|headline| link(headline, words.previous, "prev"))}
        {neighbours.newer.as_ref().map(|headline| link(headline, words.next, "next"))}
    }
    .into_any()
}

/// The day of an address, for "see that day's stories".
pub fn day_of(address: &Address) -> Option<Address> {
    match address {
        Address::Article { date, .. } => Some(Address::Day(*date)),
        _ => None,
    }
}
