//! The foot of every page: whose it is, and how to have its news on another page. How much there is it does not say, for a page rendered ahead would change with every build.

use super::element::{Element, el};
use crate::edition::Nameplate;

/// The footer.
pub fn footer(plate: &Nameplate) -> Element {
    let embed = el("a").attr("href", plate.base.own("/embed/examples/")).add(plate.language.words().embed);
    el("footer").class("footer").add(el("p").add(el("span").add(plate.title.clone())).add(embed))
}
