//! Finds an article by date and slug, or by its address.

use bundle::address::Address;
use bundle::{Article, Date, Folder, Month, PathFile, Target, Time};
use serde::Deserialize;

use crate::archive::Archive;
use crate::source::{Failure, Source};

/// The fields that identify an article within its shard.
#[derive(Deserialize)]
struct ArticleId {
    slug: String,
    time: Time,
}

impl<S: Source> Archive<'_, S> {
    /// Reads the story or the standalone page at an address; at the home page's, the page that stands above its lists.
    /// Returns `None` if there is none.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub async fn article_at(&self, address: &Address) -> Result<Option<Article>, Failure> {
        let mut target = match address {
            Address::Home if self.index.home.is_empty() => return Ok(None),
            Address::Home => Some(Target::Standalone(self.index.home.clone())),
            Address::Article { date, slug, .. } => Some(Target::Story(*date, slug.clone())),
            _ => None,
        };
        let mut is_looked_up = false;
        loop {
            match &target {
                Some(Target::Story(date, slug)) => {
                    let article = self.article(*date, slug).await?;
                    // Where several stories have this date and slug, the whole address decides.
                    if article.as_ref().is_some_and(|article| is_looked_up || !article.shared) {
                        return Ok(article);
                    }
                }
                Some(Target::Standalone(hash)) => {
                    let page = self.document(Folder::Standalone, hash).await?;
                    return page.read().map(Some).map_err(|_| Failure::Damaged);
                }
                None => {}
            }
            let key = address.key();
            let (partition, place) = PathFile::place(&key, self.index.paths.len());
            let Some(file) = self.index.paths.get(partition).filter(|_| !is_looked_up) else {
                return Ok(None);
            };
            let paths = self.document(Folder::Paths, file).await?;
            let value: Option<String> = paths.at(&[&place]).map_err(|_| Failure::Damaged)?;
            target = value.map(|value| PathFile::target(&key, &value));
            is_looked_up = true;
        }
    }

    /// Reads the article of a slug. It may be dated one day before or after `date`. Returns `None` if it does
    /// not exist.
    ///
    /// # Errors
    /// Fails if a file cannot be read.
    pub async fn article(&self, date: Date, slug: &str) -> Result<Option<Article>, Failure> {
        let mut month: Option<(String, Month)> = None;
        for date in [date, date.plus(-1), date.plus(1)] {
            let name = date.year_month();
            if month.as_ref().is_none_or(|(loaded, _)| *loaded != name) {
                month = self.month(date).await?.map(|index| (name, index));
            }
            let shard = month
                .as_ref()
                .and_then(|(_, month)| month.shard(date, slug).filter(|_| month.day(date).is_some()));
            let Some(shard) = shard else { continue };
            let shard = self.document(Folder::Shards, &shard.file).await?;
            let is_match = |article: &ArticleId| article.slug == slug && article.time.date() == date;
            if let Some(article) = shard.find(is_match).map_err(|_| Failure::Damaged)? {
                return Ok(Some(article));
            }
        }
        Ok(None)
    }
}
