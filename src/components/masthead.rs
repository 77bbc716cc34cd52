//! The masthead: the site's name, its sections, and the choice of light or dark.

use bundle::ListKind;
use bundle::address::Address;
use reactive_graph::prelude::*;
use reactive_graph::signal::ArcRwSignal;

use super::element::{Element, el, live};
use crate::edition::Nameplate;
use crate::state::language::Words;

/// Light, dark, or as the system is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theme {
    /// As the system is.
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// All themes.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Light, Self::Dark];

    /// The word in storage and in `data-theme`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a word; `Auto` for any other.
    pub fn of_word(word: &str) -> Self {
        Self::ALL.into_iter().find(|theme| theme.word() == word).unwrap_or(Self::Auto)
    }

    /// The theme after this one, as a switch goes round.
    pub const fn next(self) -> Self {
        match self {
            Self::Auto => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::Auto,
        }
    }

    const fn name(self, words: &Words) -> &'static str {
        match self {
            Self::Auto => words.theme_auto,
            Self::Light => words.theme_light,
            Self::Dark => words.theme_dark,
        }
    }
}

/// The masthead. `here` is the address being shown.
pub fn masthead(plate: &Nameplate, here: &ArcRwSignal<Address>, theme: &ArcRwSignal<Theme>) -> Element {
    let words = plate.language.words();
    let sections = [
        (words.home, Address::Home),
        (words.categories, Address::Names(ListKind::Category)),
        (words.securities, Address::Names(ListKind::Quote)),
        (words.tags, Address::Names(ListKind::Tag)),
        (words.archive, Address::Archive),
    ];
    let sections = sections.map(|(name, address)| {
        let href = plate.base.href(&address);
        let here = here.clone();
        let current = move || (section(&here.get()).as_ref() == Some(&address)).then(|| "page".to_owned());
        el("li").add(el("a").attr("href", href).live_attr("aria-current", current).add(name))
    });
    let (turned, theme) = (theme.clone(), theme.clone());
    let switch = el("button")
        .class("theme")
        .attr("type", "button")
        .on("click", move |_| turned.update(|theme| *theme = theme.next()))
        .add(el("span").class("visually-hidden").add(words.theme).add(" "))
        .add(live(move || el("span").add(theme.get().name(words))));
    let title = el("p").class("site-title").add(el("a").attr("href", plate.base.href(&Address::Home)).add(plate.title.clone()));
    let motto = (!plate.motto.is_empty()).then(|| el("p").class("motto").add(plate.motto.clone()));
    let nav = el("nav").class("sections").attr("aria-label", words.site_menu).add(el("ul").add_all(sections)).add(switch);
    el("header").class("masthead").add(el("div").class("nameplate").add(title).add_all(motto)).add(nav)
}

/// The section that an address belongs to.
fn section(address: &Address) -> Option<Address> {
    match address {
        Address::Home => Some(Address::Home),
        Address::List { id, .. } => Some(Address::Names(id.kind)),
        Address::Names(kind) => Some(Address::Names(*kind)),
        Address::Archive | Address::Month(_) | Address::Day { .. } => Some(Address::Archive),
        Address::Article { .. } | Address::Unknown => None,
    }
}
