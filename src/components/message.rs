//! Messages shown instead of a page: what is wrong, and what the reader can do.

use archive::Failure;
use bundle::address::Address;
use leptos::prelude::*;

use super::erased::{Erase as _, Erased};
use crate::state::language::Words;
use crate::state::site::use_site;

/// The heading of a failure's message.
pub(crate) fn title(words: &'static Words, failure: Failure) -> &'static str {
    match failure {
        Failure::Offline => words.offline,
        Failure::Gone => words.gone,
        Failure::Refused(_) => words.refused,
        Failure::Damaged => words.damaged,
        Failure::Newer(_) => words.newer,
    }
}

/// What a failure means, and what to do.
pub(crate) fn explanation(words: &'static Words, failure: Failure) -> String {
    match failure {
        Failure::Offline => words.offline_why.to_owned(),
        Failure::Gone => words.gone_why.to_owned(),
        Failure::Refused(status) => format!("{}{status}", words.refused_why),
        Failure::Damaged => words.damaged_why.to_owned(),
        Failure::Newer(_) => words.newer_why.to_owned(),
    }
}

/// A failure's message with a button to retry.
#[component]
pub(crate) fn FailureMessage(words: &'static Words, failure: Failure, retry: UnsyncCallback<()>) -> Erased {
    let class = match failure {
        Failure::Offline => "message offline",
        Failure::Gone => "message gone",
        Failure::Refused(_) => "message refused",
        Failure::Damaged => "message damaged",
        Failure::Newer(_) => "message newer",
    };
    let action = if matches!(failure, Failure::Newer(_)) { words.reload } else { words.retry };
    view! {
        <section class=class role="alert">
            <h1 tabindex="-1">{title(words, failure)}</h1>
            <p>{explanation(words, failure)}</p>
            <p>
                <button class="retry" type="button" on:click=move |_| retry.run(())>{action}</button>
            </p>
        </section>
    }
    .erase()
}

/// The message for an address that has no page, or whose article or list does not exist.
#[component]
pub(crate) fn NotFound(address: Address) -> Erased {
    let site = use_site();
    let words = site.words();
    let (title, day) = match &address {
        Address::Article { date, .. } => (words.not_found_story, Some(Address::day(*date))),
        _ => (words.not_found, None),
    };
    let link = |word: &'static str, address: &Address| {
        view! { <li><a href=site.href(address)>{word}</a></li> }.erase()
    };
    view! {
        <section class="message not-found">
            <h1 tabindex="-1">{title}</h1>
            <p>{words.not_found_why}</p>
            <ul>
                {day.map(|day| link(words.that_day, &day))}
                {link(words.to_home, &Address::Home)}
                {link(words.archive, &Address::Archive)}
            </ul>
        </section>
    }
    .erase()
}
