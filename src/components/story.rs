//! An article and its neighbours.

use std::sync::Arc;

use archive::Neighbours as NeighbourStories;
use bundle::{Article, Headline, Label, ListKind};
use leptos::prelude::*;
use markdown::MarkdownOp;

use super::body::{Body, ExternalLink};
use super::erased::{Erase as _, Erased};
use super::headline::ListLink;
use crate::state::remote::Remote;
use crate::state::site::use_site;

/// An article or a standalone page on the page `here`. `ops` are its body's Markdown operations.
#[component]
pub(crate) fn Story(article: Arc<Article>, ops: Vec<MarkdownOp>, here: String) -> Erased {
    let site = use_site();
    let words = site.words();
    let moment = if article.date_only {
        site.language.date(article.time.date())
    } else {
        site.language.moment(article.time, &site.manifest.site.timezone)
    };
    let updated = article.updated.get(..10).and_then(|date| date.parse().ok());
    let updated =
        updated.map(|date| words.updated.to_owned() + &site.language.date(date)).unwrap_or_default();
    let note = |text: String| (!text.is_empty()).then(|| view! { <span>{text}</span> }.erase());
    let (authors, updated) = (note(article.authors.join(words.comma)), note(updated));
    let lang = (!article.lang.is_empty()).then(|| article.lang.clone());
    let source = (!article.source.is_empty()).then(|| {
        view! {
            <span>
                {words.source}
                <span class="source">{article.source.clone()}</span>
            </span>
        }
        .erase()
    });
    let byline = (!article.is_standalone()).then(|| {
        view! {
            <p class="byline">
                <time datetime=article.datetime()>{moment}</time>
                {updated}
                {authors}
                {source}
            </p>
        }
        .erase()
    });
    let paragraph = |line: &str| view! { <p>{line.to_owned()}</p> }.erase();
    let summary = (!article.summary.is_empty()).then(|| {
        view! { <div class="summary">{article.summary.lines().map(paragraph).collect::<Vec<_>>()}</div> }
            .erase()
    });
    let original = bundle::href::Href::external(&article.original).map(|href| {
        view! {
            <p class="original">
                <ExternalLink href text=words.original/>
            </p>
        }
        .erase()
    });
    view! {
        <article class="story" lang=lang>
            <header>
                <p class="kicker">{links(ListKind::Category, &article.categories, "category")}</p>
                <h1 tabindex="-1">{article.title.clone()}</h1>
                {byline}
            </header>
            {summary}
            <div class="body">
                <Body ops securities=article.securities.clone() here/>
            </div>
            <footer>
                {original}
                <Links title=words.mentioned kind=ListKind::Quote labels=article.securities.clone() class="security"/>
                <Links title=words.tags kind=ListKind::Tag labels=article.tags.clone() class="tag"/>
            </footer>
        </article>
    }
    .erase()
}

fn links(kind: ListKind, labels: &[Label], class: &'static str) -> Vec<Erased> {
    labels.iter().map(|label| view! { <ListLink kind label=label.clone() class/> }.erase()).collect()
}

/// Links to lists below a heading, if there are any.
#[component]
fn Links(title: &'static str, kind: ListKind, labels: Vec<Label>, class: &'static str) -> Erased {
    let links: Vec<Erased> =
        links(kind, &labels, class).into_iter().map(|link| view! { <li>{link}</li> }.erase()).collect();
    let section = (!links.is_empty()).then(|| {
        view! {
            <section>
                <h2>{title}</h2>
                <ul>{links}</ul>
            </section>
        }
        .erase()
    });
    section.erase()
}

/// The stories before and after an article. Space is reserved for them, because they may load after the
/// article; it stays empty if they cannot be loaded.
#[component]
pub(crate) fn Neighbours(stories: ArcRwSignal<Remote<NeighbourStories>>) -> Erased {
    let words = use_site().words();
    let pair = move || {
        let NeighbourStories { older, newer } = stories.with(|stories| {
            if let Remote::Ready(stories) = stories { stories.clone() } else { NeighbourStories::default() }
        });
        let older =
            older.map(|headline| view! { <Neighbour headline direction=words.previous rel="prev"/> }.erase());
        let newer =
            newer.map(|headline| view! { <Neighbour headline direction=words.next rel="next"/> }.erase());
        view! { <div class="pair">{older}{newer}</div> }.erase()
    };
    view! { <nav class="neighbours" aria-label=words.neighbours>{pair}</nav> }.erase()
}

#[component]
fn Neighbour(headline: Headline, direction: &'static str, rel: &'static str) -> Erased {
    let href = use_site().story(&headline);
    view! {
        <a rel=rel href=href>
            <span class="which">{direction}</span>
            <span class="title">{headline.title}</span>
        </a>
    }
    .erase()
}
