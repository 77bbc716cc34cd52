//! The titles of pages.

use bundle::ListKind;

use crate::state::page::Page as Content;
use crate::state::site::SiteContext;

/// A page's title for the window and the history.
pub fn title(site: &SiteContext, content: &Content) -> String {
    let (name, words, language) = (&site.manifest.site.title, site.words(), site.language);
    let page_title = match content {
        Content::Home(_) => return name.clone(),
        Content::List(list) => list.title.clone(),
        Content::Article(article, _) => article.title.clone(),
        Content::Names(kind, _) => names_title(*kind, site).to_owned(),
        Content::Archive => words.archive.to_owned(),
        Content::Search => words.search.to_owned(),
        Content::Month(first, _) => language.month(*first),
        Content::Day(day) => language.date(day.date),
        Content::NotFound => words.not_found.to_owned(),
    };
    format!("{page_title} · {name}")
}

/// The title of the page with all names of a kind.
pub(crate) fn names_title(kind: ListKind, site: &SiteContext) -> &'static str {
    let words = site.words();
    match kind {
        ListKind::Category => words.categories,
        ListKind::Tag => words.tags,
        ListKind::Quote => words.securities,
    }
}
