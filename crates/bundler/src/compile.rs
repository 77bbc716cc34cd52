//! From posts to the bundle: shards, months, lists, names and the manifest.

mod lists;
mod months;

use std::collections::HashSet;

use anyhow::Result;
use bundle::{Article, Block, Counts, FORMAT, Folder, Front, Headline, ListKind, Manifest, NameFile, NameFiles, NamedList};

use crate::collect::Found;
use crate::config::Config;
use crate::site::Shelf;

/// How long a shard gets, in bytes of JSON: news text compresses to 0.43 and less, so that 60 KB compressed hold it.
const SHARD: usize = 120_000;
/// How long a page of a list gets, in bytes of JSON: rows compress to a quarter and less, so that 48 KB compressed hold it.
const PAGE: usize = 160_000;

/// A story on its way into the bundle.
struct Story {
    article: Article,
    headline: Headline,
}

/// Compiles posts into a bundle on `shelf` and returns the manifest, which is not put anywhere.
///
/// `now` is the instant, in Unix seconds, until which stories count as published for the newest headlines.
///
/// # Errors
/// Where the shelf cannot take a file.
pub(crate) fn compile(found: Vec<Found>, config: &Config, now: i64, shelf: &dyn Shelf) -> Result<Manifest> {
    let mut stories: Vec<Story> = found
        .into_iter()
        .filter(|found| found.post.published)
        .map(|Found { post, .. }| {
            let headline = post.headline();
            Story { article: post.article, headline }
        })
        .collect();
    stories.sort_by(|a, b| (a.headline.time.unix, &a.headline.slug).cmp(&(b.headline.time.unix, &b.headline.slug)));
    let months = months::write(&stories, shelf)?;
    let lists = lists::write(&stories, shelf)?;
    let (blocks, names) = (blocks(&lists.all, &stories), write_names(&lists.all, shelf)?);
    let count = |kind| lists.all.iter().filter(|list| list.id.kind == kind).count();
    Ok(Manifest {
        format: FORMAT,
        site: config.site.clone(),
        settings: config.settings.clone(),
        counts: Counts {
            articles: stories.len(),
            days: stories.iter().map(|story| story.headline.time.date()).collect::<HashSet<_>>().len(),
            categories: count(ListKind::Category),
            tags: count(ListKind::Tag),
            securities: count(ListKind::Quote),
        },
        newest: stories.iter().rev().map(|story| &story.headline).filter(|headline| headline.time.unix <= now).take(Manifest::NEWEST).cloned().collect(),
        front: shelf.put(Folder::Front, &bundle::encode(&Front { blocks, names }))?,
        months,
        lists: lists.directories,
    })
}

/// The row a list shows of a story: without the summary, which the newest headlines and the days have.
fn row(story: &Story) -> Headline {
    Headline { summary: String::new(), ..story.headline.clone() }
}

fn blocks(lists: &[lists::Named], stories: &[Story]) -> Vec<Block> {
    let mut categories: Vec<&lists::Named> = lists.iter().filter(|list| list.id.kind == ListKind::Category).collect();
    categories.sort_by_key(|list| (std::cmp::Reverse(list.stories.len()), &list.id.key));
    categories
        .into_iter()
        .take(Front::BLOCKS)
        .map(|list| Block { category: named(list), rows: list.stories.iter().rev().take(Front::ROWS).map(|at| row(&stories[*at])).collect() })
        .collect()
}

fn named(list: &lists::Named) -> NamedList {
    NamedList { key: list.id.key.clone(), title: list.title.clone(), count: list.stories.len() }
}

fn write_names(lists: &[lists::Named], shelf: &dyn Shelf) -> Result<NameFiles> {
    let write = |kind| -> Result<Vec<String>> {
        let mut names: Vec<NamedList> = lists.iter().filter(|list| list.id.kind == kind).map(named).collect();
        names.sort_by(|a, b| (b.count, &a.key).cmp(&(a.count, &b.key)));
        names.chunks(NameFile::NAMES).map(|names| shelf.put(Folder::Names, &bundle::encode(&NameFile { names: names.to_vec() }))).collect()
    };
    Ok(NameFiles { category: write(ListKind::Category)?, tag: write(ListKind::Tag)?, quote: write(ListKind::Quote)? })
}
