//! Messages where a page cannot be shown: what is the matter, and the way on.

use bundle::address::Address;
use leptos::prelude::*;

use crate::edition::Edition;
use crate::state::archive::Failure;
use crate::state::language::Words;

/// What went wrong, and a button that tries again.
pub fn failure(words: &'static Words, failure: &Failure, retry: impl Fn() + 'static) -> AnyView {
    let (title, why) = match failure {
        Failure::Offline => (words.offline, words.offline_why.to_owned()),
        Failure::Gone => (words.gone, words.gone_why.to_owned()),
        Failure::Refused(status) => (words.refused, format!("{}{status}", words.refused_why)),
        Failure::Damaged => (words.damaged, words.damaged_why.to_owned()),
        Failure::Newer(_) => (words.newer, words.newer_why.to_owned()),
    };
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
            <h1 tabindex="-1">{title}</h1>
            <p>{why}</p>
            <p><button type="button" class="retry" on:click=move |_| retry()>{action}</button></p>
        </section>
    }
    .into_any()
}

/// There is no such place, or no such story.
pub fn not_found(edition: &Edition, address: &Address) -> AnyView {
    let words = edition.words();
    let title = if matches!(address, Address::Article { .. }) { words.not_found_story } else { words.not_found };
    let day = super::article::day_of(address).map(|day| view! { <li><a href=edition.href(&day)>{words.that_day}</a></li> });
    view! {
        <section class="message not-found">
            <h1 tabindex="-1">{title}</h1>
            <p>{words.not_found_why}</p>
            <ul>
                {day}
                <li><a href=edition.href(&Address::Home)>{words.to_home}</a></li>
                <li><a href=edition.href(&Address::Archive)>{words.archive}</a></li>
            </ul>
        </section>
    }
    .into_any()
}
