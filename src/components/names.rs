//! All names of a kind of list, with counts.

use bundle::address::Address;
use bundle::{ListKind, NamedList, lower};

use super::element::{Element, el};
use super::headline::count;
use crate::edition::Edition;
use crate::state::format::number;

/// How many names are shown at once: what a reader will scan; typing finds the others.
const SHOWN: usize = 500;

/// The names that hold `text`, most stories first; of `total`, where no text is given.
pub fn names(edition: &Edition, kind: ListKind, names: &[NamedList], total: usize, text: &str) -> Element {
    let wanted = lower(text.trim());
    let matches = |name: &&NamedList| wanted.is_empty() || lower(&name.title).contains(&wanted) || lower(&name.key).contains(&wanted);
    let name = |name: &NamedList| {
        let secid = (kind == ListKind::Quote).then(|| el("span").class("secid").add(name.key.clone()));
        let href = edition.href(&Address::list(kind, &name.key));
        let link = el("a").attr("href", href).add(el("span").class("name").add(name.title.clone())).add_all(secid).add(count(number(name.count)));
        el("li").add(link)
    };
    let found: Vec<Element> = names.iter().filter(matches).take(SHOWN).map(name).collect();
    if found.is_empty() {
        return el("p").class("empty").add(edition.words().no_match);
    }
    let beyond = if wanted.is_empty() { total.saturating_sub(found.len()) } else { 0 };
    let list = el("ul").class("names").add_all(found);
    let more = (beyond > 0).then(|| el("p").class("empty").add(edition.language.more_names(beyond)));
    el("div").add(list).add_all(more)
}
