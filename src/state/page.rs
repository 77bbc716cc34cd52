//! Pages as plain values: what an address shows, and how to read it from the archive.

use std::sync::Arc;

use archive::{Archive, DayPage, Failure, ListPage, Source};
use bundle::address::Address;
use bundle::{Article, Date, ListId, ListKind, Month, NamedList};
use markdown::MarkdownOp;

/// The content of a page.
///
/// The years have no fields, because the manifest contains what they show; so it does for most of the home page, whose
/// other parts load later (`state::remote`).
#[derive(Debug, Clone, PartialEq)]
pub enum Page {
    /// The newest headlines, below the site's own words, if it has any.
    Home(Option<(Arc<Article>, Vec<MarkdownOp>)>),
    /// A page of a list.
    List(ListPage),
    /// An article or a standalone page, and its body's Markdown operations.
    Article(Arc<Article>, Vec<MarkdownOp>),
    /// The names of one kind of list: those with the most stories.
    Names(ListKind, Vec<NamedList>),
    /// The search page, which a program of its own fills.
    Search,
    /// The years and their months.
    Archive,
    /// A month's calendar: its first day and its days.
    Month(Date, Month),
    /// A day's headlines.
    Day(DayPage),
    /// The address has no page, or what it names does not exist.
    NotFound,
}

/// Parses a body's Markdown.
pub trait MarkdownParser {
    /// Parses Markdown into operations.
    ///
    /// # Errors
    /// Fails if the parser cannot be loaded: in the browser it is a separate program.
    fn parse_markdown(&self, markdown: &str) -> impl Future<Output = Result<Vec<MarkdownOp>, Failure>>;

    /// Starts loading the parser, because it will be needed soon.
    fn preload_parser(&self) {}
}

/// Reads the page of an address.
///
/// # Errors
/// Fails if a file cannot be read. A page that does not exist is [`Page::NotFound`], not an error.
pub async fn read<S: Source + MarkdownParser>(
    archive: Archive<'_, S>,
    address: &Address,
) -> Result<Page, Failure> {
    let page = match address {
        Address::Home => Page::Home(None),
        Address::Archive => Page::Archive,
        Address::Search if !archive.index.search.is_empty() => Page::Search,
        Address::Search | Address::Unknown => Page::NotFound,
        Address::List { id, before } => {
            let mut found = archive.list(id, before.as_ref()).await?;
            // Old addresses may name a category “a b”. It has no list, because posts are read as by Jekyll,
            // which splits `categories: a b` at the space. Its stories are in the category “a”.
            if found.is_none()
                && id.kind == ListKind::Category
                && let Some((first, _)) = id.key.split_once(' ')
            {
                found = archive.list(&ListId::new(ListKind::Category, first), before.as_ref()).await?;
            }
            found.map_or(Page::NotFound, Page::List)
        }
        Address::Article { .. } | Address::Path(_) => {
            archive.source.preload_parser();
            Page::NotFound
        }
        Address::Names(kind) => {
            let names = archive.names(*kind, false).await?;
            Page::Names(*kind, names)
        }
        Address::Month(date) => match archive.month(*date).await? {
            Some(month) => Page::Month(*date, month),
            None => Page::NotFound,
        },
        Address::Day { date, before } => {
            let day = archive.day(*date, before.as_ref()).await?;
            if day.rows.is_empty() && day.earlier.is_none() && day.later.is_none() {
                Page::NotFound
            } else {
                Page::Day(day)
            }
        }
    };
    // A list's address may also be that of a story or of a standalone page, and the home page may have words.
    if !matches!(page, Page::Home(_) | Page::NotFound) {
        return Ok(page);
    }
    let Some(article) = archive.article_at(address).await? else { return Ok(page) };
    let ops = archive.source.parse_markdown(&article.body).await?;
    let article = Arc::new(article);
    Ok(if let Page::Home(_) = page { Page::Home(Some((article, ops))) } else { Page::Article(article, ops) })
}
