//! Pages: what an address shows, as plain values, and how it is read from the archive.

use std::sync::Arc;

use archive::{Archive, DayPage, Failure, ListPage, Source};
use bundle::address::Address;
use bundle::{Article, Date, ListId, ListKind, Month, NamedList};

/// What an address shows. The home page and the years come from the manifest alone.
#[derive(Debug, Clone, PartialEq)]
pub enum Page {
    /// The newest headlines.
    Home,
    /// A page of a list.
    List(ListPage),
    /// An article, and its body's outline.
    Article(Arc<Article>, Vec<String>),
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

/// Reads a body's Markdown.
pub trait MarkdownReader {
    /// The outline of a body, as `crates/markdown` describes it.
    ///
    /// # Errors
    /// Fails if what reads Markdown cannot be loaded: in the browser it is a program of its own.
    fn outline(&self, markdown: &str) -> impl Future<Output = Result<Vec<String>, Failure>>;

    /// Says that a body will be read, so that what reads it can be on its way.
    fn expect_markdown(&self) {}
}

/// Reads what an address shows.
///
/// # Errors
/// Fails if a file cannot be read. What does not exist is [`Page::NotFound`], never an error.
pub async fn read<S: Source + MarkdownReader>(
    archive: Archive<'_, S>,
    address: &Address,
) -> Result<Page, Failure> {
    Ok(match address {
        Address::Home => Page::Home,
        Address::Archive => Page::Archive,
        Address::Unknown => Page::NotFound,
        Address::List { id, before } => {
            let mut found = archive.list(id, before.as_ref()).await?;
            // The old site's category of several words was Jekyll's several categories: the first has the
            // story too.
            if found.is_none()
                && id.kind == ListKind::Category
                && let Some((first, _)) = id.key.split_once(' ')
            {
                found = archive.list(&ListId::new(ListKind::Category, first), before.as_ref()).await?;
            }
            found.map_or(Page::NotFound, Page::List)
        }
        Address::Article { date, slug, .. } => {
            archive.source.expect_markdown();
            match archive.article(*date, slug).await? {
                Some(article) => {
                    let outline = archive.source.outline(&article.body).await?;
                    Page::Article(Arc::new(article), outline)
                }
                None => Page::NotFound,
            }
        }
        Address::Names(kind) => {
            let names = archive.names(*kind, false).await?;
            Page::Names(*kind, names)
        }
        Address::Month(date) => {
            archive.month(*date).await?.map_or(Page::NotFound, |month| Page::Month(*date, month))
        }
        Address::Day { date, before } => {
            let day = archive.day(*date, before.as_ref()).await?;
            if day.rows.is_empty() && day.earlier.is_none() && day.later.is_none() {
                Page::NotFound
            } else {
                Page::Day(day)
            }
        }
    })
}
