//! The foot of every page: whose it is. How much there is it does not say, for a page rendered ahead would change with every build.

use super::element::{Element, el};
use crate::edition::Nameplate;

/// The footer.
pub fn footer(plate: &Nameplate) -> Element {
    el("footer").class("footer").add(el("p").add(plate.title.clone()))
}
