//! What the comparisons read from HTML.

use markup5ever_rcdom::{Handle, NodeData};
use percent_encoding::percent_decode_str;
use url::Url;

/// The value of an element's attribute.
pub(crate) fn attribute(node: &Handle, wanted: &str) -> Option<String> {
    let NodeData::Element { attrs, .. } = &node.data else { return None };
    let attributes = attrs.borrow();
    let found = attributes.iter().find(|attribute| &*attribute.name.local == wanted)?;
    Some(found.value.to_string())
}

/// The address that a link on a page of the site leads to; `None` if it leads elsewhere.
pub(crate) fn within_site(href: &str, page: &str) -> Option<Url> {
    let page = Url::parse("https://site.invalid/").ok()?.join(page).ok()?;
    page.join(href.trim()).ok().filter(|url| url.host_str() == Some("site.invalid"))
}

pub(crate) fn percent_decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
