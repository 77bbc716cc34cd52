//! Messages where a page cannot be shown: what is the matter, and the way on.

use bundle::address::Address;
use bundle::archive::Failure;

use super::element::{Element, el};
use crate::edition::Edition;
use crate::state::language::Words;

/// What went wrong, in a few words.
pub fn title(words: &'static Words, failure: Failure) -> &'static str {
    match failure {
        Failure::Offline => words.offline,
        Failure::Gone => words.gone,
        Failure::Refused(_) => words.refused,
        Failure::Damaged => words.damaged,
        Failure::Newer(_) => words.newer,
    }
}

/// What it means for the reader.
pub fn why(words: &'static Words, failure: Failure) -> String {
    match failure {
        Failure::Offline => words.offline_why.to_owned(),
        Failure::Gone => words.gone_why.to_owned(),
        Failure::Refused(status) => format!("{}{status}", words.refused_why),
        Failure::Damaged => words.damaged_why.to_owned(),
        Failure::Newer(_) => words.newer_why.to_owned(),
    }
}

/// What went wrong, and a button that tries again.
pub fn failure(words: &'static Words, failure: Failure, retry: impl Fn() + 'static) -> Element {
    let class = match failure {
        Failure::Offline => "message offline",
        Failure::Gone => "message gone",
        Failure::Refused(_) => "message refused",
        Failure::Damaged => "message damaged",
        Failure::Newer(_) => "message newer",
    };
    let action = if matches!(failure, Failure::Newer(_)) { words.reload } else { words.retry };
    let button = el("button").class("retry").attr("type", "button").on("click", move |_| retry()).add(action);
    el("section").class(class).attr("role", "alert").add(heading(title(words, failure))).add(el("p").add(why(words, failure))).add(el("p").add(button))
}

/// There is no such place, or no such story.
pub fn not_found(edition: &Edition, address: &Address) -> Element {
    let words = edition.words();
    let (title, day) = match address {
        Address::Article { date, .. } => (words.not_found_story, Some(Address::day(*date))),
        _ => (words.not_found, None),
    };
    let way = |word: &'static str, address: &Address| el("li").add(el("a").attr("href", edition.href(address)).add(word));
    let ways = el("ul").add_all(day.map(|day| way(words.that_day, &day))).add(way(words.to_home, &Address::Home)).add(way(words.archive, &Address::Archive));
    el("section").class("message not-found").add(heading(title)).add(el("p").add(words.not_found_why)).add(ways)
}

fn heading(title: &str) -> Element {
    el("h1").attr("tabindex", "-1").add(title)
}
