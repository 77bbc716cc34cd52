//! Pages: what an address shows, as plain values, and how it is read from the archive.

use bundle::address::Address;
use bundle::archive::{Archive, DayPage, Failure, ListPage, Source};
use bundle::{Article, Date, ListId, ListKind, Month, NamedList};

/// What an address shows. The home page and the years come from the manifest alone.
#[derive(Debug, Clone, PartialEq)]
pub enum Page {
    /// The newest headlines.
    Home,
    /// A page of a list.
    List(ListPage),
    /// An article, and its body's outline.
    Article(Box<Article>, Vec<String>),
    /// Names of a kind of list with counts: those with the most stories.
    Names(ListKind, Vec<NamedList>),
    /// The years and their months.
    Archive,
    /// A month as a calendar: its first day, and its days.
    Month(Date, Month),
    /// A day's headlines.
    Day(DayPage),
    /// Nothing: the address means no place, or no such story or list is there.
    NotFound,
}

/// What makes outlines of bodies.
pub trait Outliner {
    /// The outline of a body's Markdown, as `crates/markdown` describes it.
    ///
    /// # Errors
    /// Where what makes it is not to be had: in the browser it is a program of its own.
    fn outline(&self, markdown: &str) -> impl Future<Output = Result<Vec<String>, Failure>>;

    /// Says that an outline will be asked for, so that what makes it can be on its way.
    fn expect_outline(&self) {}
}

/// Reads what an address shows.
///
/// # Errors
/// Where a file is not to be had; that something is not there is [`Page::NotFound`], never an error.
pub async fn read<S: Source + Outliner>(archive: Archive<'_, S>, address: &Address) -> Result<Page, Failure> {
    Ok(match address {
        Address::Home => Page::Home,
        Address::Archive => Page::Archive,
        Address::Unknown => Page::NotFound,
        Address::List { id, before } => {
            let mut found = archive.list(id, before.as_ref()).await?;
            // The old site's category of several words was Jekyll's several categories: the first has the story too.
            if found.is_none()
                && id.kind == ListKind::Category
                && let Some((first, _)) = id.key.split_once(' ')
            {
                found = archive.list(&ListId::new(ListKind::Category, first), before.as_ref()).await?;
            }
            found.map_or(Page::NotFound, Page::List)
        }
        Address::Article { date, slug, .. } => {
            archive.source.expect_outline();
            match archive.article(*date, slug).await? {
                Some(article) => {
                    let outline = archive.source.outline(&article.body).await?;
                    Page::Article(Box::new(article), outline)
                }
                None => Page::NotFound,
            }
        }
        Address::Names(kind) => {
            let names = archive.names(*kind, false).await?;
            Page::Names(*kind, names)
        }
        Address::Month(date) => archive.month(*date).await?.map_or(Page::NotFound, |month| Page::Month(*date, month)),
        Address::Day { date, before } => {
            let day = archive.day(*date, before.as_ref()).await?;
            if day.rows.is_empty() && day.earlier.is_none() && day.later.is_none() { Page::NotFound } else { Page::Day(day) }
        }
    })
}
