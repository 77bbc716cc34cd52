//! Pictures.

use bundle::PictureSize;
use bundle::href::Href;
use leptos::prelude::*;

use super::erased::{Erase as _, Erased};
use crate::state::site::SiteContext;

/// A picture. `src` is its address on the host, whose fragment may tell its size and its copies.
#[component]
pub(crate) fn Picture(src: String, alt: String, title: Option<String>) -> Erased {
    let (path, size) = PictureSize::split(&src);
    let srcset = size.and_then(|size| size.srcset(path));
    view! {
        <img
            alt=alt
            title=title
            width=size.map(|size| size.width.to_owned())
            height=size.map(|size| size.height.to_owned())
            loading="lazy"
            decoding="async"
            referrerpolicy="no-referrer"
            // No story is broader than `--measure`.
            sizes=srcset.is_some().then_some("(min-width: 45rem) 45rem, 100vw")
            srcset=srcset
            src=path.to_owned()
        />
    }
    .erase()
}

/// The address on the host of the small picture of a headline.
pub(crate) fn small_picture(site: &SiteContext, address: &str) -> Option<String> {
    match Href::parse(address)? {
        Href::External(src) => Some(src),
        Href::Internal(path) => Some(site.base.path_href(&path)),
        _ => None,
    }
}
