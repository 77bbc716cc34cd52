//! The lists of a catalog: categories, tags and securities with their titles and stories.

use std::collections::HashMap;

use bundle::{List, ListId, ListKind};
use rayon::prelude::*;

use super::catalog::Catalog;
use crate::digest::Digest;
use crate::library::story::LabelId;

/// A list: its title and its stories.
pub(crate) struct CatalogList {
    pub(crate) id: ListId,
    /// The name to show: the most frequent one, unless `Resolved` has chosen another for a category.
    pub(crate) title: String,
    /// Other names of a security, the most frequent first.
    names: Vec<String>,
    /// The ranks of its stories, oldest first.
    pub(crate) stories: Vec<usize>,
    /// For a category, the digest of its entries in the directories, which determine what its page shows.
    pub(crate) entries_digest: Digest,
}

impl CatalogList {
    pub(super) fn entry(&self, count: usize) -> List {
        List {
            title: self.title.clone(),
            names: self.names.clone(),
            count,
            newest: Vec::new(),
            pages: Vec::new(),
        }
    }
}

/// Gathers all lists of a catalog, sorted by kind and key.
pub(super) fn gather(catalog: &Catalog<'_>) -> Vec<CatalogList> {
    struct Gathered {
        label: LabelId,
        titles: HashMap<LabelId, usize>,
        stories: Vec<usize>,
    }
    // A security has one label for each of its names; the first label represents all of them.
    let mut first_by_key: HashMap<&str, LabelId> = HashMap::new();
    let first_labels: Vec<LabelId> = (0..)
        .zip(&catalog.library.labels.0)
        .map(|(id, label)| *first_by_key.entry(label.key.as_str()).or_insert(id))
        .collect();
    let mut lists: HashMap<(ListKind, LabelId), Gathered> = HashMap::new();
    for rank in 0..catalog.order.len() {
        let story = catalog.story(rank);
        let categories =
            story.categories.iter().map(|id| (ListKind::Category, catalog.resolved.category(*id)));
        let tags = story.tags.iter().map(|id| (ListKind::Tag, catalog.resolved.tag(*id)));
        // A security's other names are kept, so that it can be found by them.
        let securities = story.securities.iter().filter_map(|id| {
            let shown = catalog.resolved.security(*id)?;
            let is_same = catalog.label(shown).key == catalog.label(*id).key;
            Some((ListKind::Quote, if is_same { *id } else { shown }))
        });
        for (kind, id) in categories.chain(tags).chain(securities) {
            let label = first_labels[id as usize];
            let list = lists.entry((kind, label)).or_insert_with(|| Gathered {
                label,
                titles: HashMap::new(),
                stories: Vec::new(),
            });
            *list.titles.entry(id).or_default() += 1;
            list.stories.push(rank);
        }
    }
    let mut all: Vec<CatalogList> = lists
        .into_iter()
        .map(|((kind, _), Gathered { label, titles, stories })| {
            // The label itself may be that of a post that is kept back.
            let published = titles.keys().min().copied().unwrap_or(label);
            let mut titles: Vec<(&str, usize)> =
                titles.into_iter().map(|(id, count)| (catalog.label(id).title.as_str(), count)).collect();
            titles.sort_unstable_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
            let mut titles: Vec<String> = titles.into_iter().map(|(title, _)| title.to_owned()).collect();
            let id = ListId::new(kind, catalog.label(label).key.clone());
            let title = if kind == ListKind::Quote {
                let shown = catalog.resolved.security(published).unwrap_or(published);
                let title = catalog.label(shown).title.clone();
                let code = id.key.split_once('.').map_or("", |(_, code)| code);
                titles.retain(|name| *name != title && name != code);
                title
            } else {
                titles.remove(0)
            };
            titles.truncate(List::MAX_NAMES);
            CatalogList { id, title, names: titles, stories, entries_digest: Digest::default() }
        })
        .collect();
    all.par_sort_unstable_by(|a, b| a.id.cmp(&b.id));
    all
}
