//! The frame around the page stands as it was printed; this tells it where the reader is.

use std::rc::Rc;

use leptos::prelude::*;

use super::document;
use super::reader::Reader;
use crate::app::skip_href;
use crate::components::masthead::section;

/// Marks the section that the reader is in, and leads past the masthead on every page.
pub(super) fn start(reader: &Rc<Reader>) {
    let (header, here) = (reader.header.clone(), reader.here.clone());
    Effect::new(move |_| {
        let here = here.get();
        let current = section(&here).map(|section| header.base.href(&section));
        for link in document::query_all(".sections a") {
            let is_current = current.is_some() && link.get_attribute("href") == current;
            drop(if is_current {
                link.set_attribute("aria-current", "page")
            } else {
                link.remove_attribute("aria-current")
            });
        }
        if let Some(skip) = document::query(".skip") {
            drop(skip.set_attribute("href", &skip_href(&header, &here)));
        }
    });
}
