//! Keeps the frame up to date while the reader moves between pages.

use std::rc::Rc;

use leptos::prelude::*;

use super::document;
use super::viewer::Viewer;
use crate::app::skip_href;
use crate::components::masthead::{is_same_page, section};

/// Marks the current section in the masthead, and updates the target of the skip link.
pub(super) fn start(viewer: &Rc<Viewer>) {
    let (header, here) = (viewer.header.clone(), viewer.here.clone());
    Effect::new(move |_| {
        let here = here.get();
        let current = section(&here).map(|section| header.base.href(&section));
        for link in document::query_all(".sections a") {
            let href = link.get_attribute("href");
            // A story or a standalone page is in no section, but may be in the menu.
            let is_current = match &current {
                Some(_) => href == current,
                None => href.is_some_and(|href| is_same_page(&header.base, &href, &here)),
            };
            drop(if is_current {
                link.set_attribute("aria-current", "page")
            } else {
                link.remove_attribute("aria-current")
            });
        }
        if let Some(skip) = document::query(".skip") {
            // As the browser writes the address, so that the link stays on the page.
            drop(skip.set_attribute("href", &skip_href(&document::here())));
        }
    });
}
