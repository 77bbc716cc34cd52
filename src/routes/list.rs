//! `/:category/`, `/tag/:tag`, `/quote/:secid`: a page of a list.

use bundle::ListKind;
use bundle::address::Address;
use bundle::archive::ListPage;

use super::{keep, page_head};
use crate::components::body::quote_link;
use crate::components::element::{Element, el};
use crate::components::{chart, headline};
use crate::edition::Edition;

pub(super) fn list(edition: &Edition, list: &ListPage) -> Element {
    let words = edition.words();
    let head = page_head(&list.title, edition.language.stories(list.count)).add_all((list.newest && !list.rows.is_empty()).then(|| keep(edition)));
    let page = el("div").class("list").add(head);
    let page = if list.id.kind == ListKind::Quote { page.add_all(security(edition, list)) } else { page };
    let link = |before, rel: &'static str, word: &'static str| {
        let address = Address::List { id: list.id.clone(), before };
        el("a").class("button").attr("rel", rel).attr("href", edition.href(&address)).add(word)
    };
    let older = match &list.older {
        Some(key) => link(Some(key.clone()), "next", words.older),
        None => el("span").class("end").add(if list.rows.is_empty() { words.empty_list } else { words.no_more }),
    };
    let pager = el("nav").class("more").attr("aria-label", words.older).add_all((!list.newest).then(|| link(None, "first", words.to_newest))).add(older);
    page.add_all(headline::headlines(edition, &list.rows, list.id.kind != ListKind::Category)).add(pager)
}

/// What a security's page has above its stories: the id, the quote page, and on the newest page the chart.
fn security(edition: &Edition, list: &ListPage) -> Vec<Element> {
    let secid = &list.id.key;
    let links =
        el("p").class("security-links").add(el("span").class("secid").add(secid.clone())).add(quote_link(edition, secid).add(edition.words().quote_page));
    let chart = list.newest.then(|| chart::figure(edition, secid, &list.title, true));
    let names = (!list.names.is_empty()).then(|| el("p").class("names-too").add(list.names.join(" · ")));
    names.into_iter().chain([links]).chain(chart).collect()
}
