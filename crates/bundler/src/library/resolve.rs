//! Resolves what depends on all posts together: slugs claimed more than once, and the titles of categories
//! and tags.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

use posts::{Warning, WarningKind};

use bundle::Label;

use super::Library;
use super::addresses::{self, Addresses};
use super::story::{LabelId, Labels, Story};
use crate::config::Config;

/// The results, where they differ from what the posts say.
#[derive(Default)]
pub(crate) struct Resolved {
    /// The slugs assigned to stories that could not keep the slug they claim, by the story's index, with the
    /// story that kept it.
    slugs: HashMap<u32, (Box<str>, u32)>,
    pub(crate) addresses: Addresses,
    /// The label to show instead of another, for categories, tags and securities.
    categories: HashMap<LabelId, LabelId>,
    tags: HashMap<LabelId, LabelId>,
    /// `None` for American stocks whose exchange no post tells: they have no list.
    securities: HashMap<LabelId, Option<LabelId>>,
    /// Warnings about conflicting slugs, by the story's index.
    pub(crate) warnings: Vec<(u32, Warning)>,
}

impl Resolved {
    /// Resolves the slugs and names of all published posts.
    pub(crate) fn new(library: &mut Library, config: &Config) -> Self {
        let mut resolved = Self::default();
        resolved.resolve_slugs(&library.stories);
        resolved.addresses = addresses::resolve(&library.stories, &library.labels, config, &resolved.slugs);
        resolved.warnings.append(&mut resolved.addresses.warnings);
        resolved.warn_of_numbers(&library.stories);
        resolved.resolve_names(&library.stories, &mut library.labels, config);
        resolved
    }

    pub(crate) fn slug<'a>(&'a self, at: u32, story: &'a Story) -> &'a str {
        self.slugs.get(&at).map_or(&*story.slug, |(slug, _)| slug)
    }

    pub(crate) fn category(&self, label: LabelId) -> LabelId {
        *self.categories.get(&label).unwrap_or(&label)
    }

    pub(crate) fn tag(&self, label: LabelId) -> LabelId {
        *self.tags.get(&label).unwrap_or(&label)
    }

    pub(crate) fn security(&self, label: LabelId) -> Option<LabelId> {
        *self.securities.get(&label).unwrap_or(&Some(label))
    }

    /// The indices of stories that claim a slug or were assigned it.
    pub(crate) fn with_slug<'a>(&'a self, library: &'a Library, slug: &'a str) -> impl Iterator<Item = u32> {
        (0..)
            .zip(&library.stories)
            .filter(move |(at, story)| &*story.slug == slug || self.slug(*at, story) == slug)
            .map(|(at, _)| at)
    }

    /// Resolves slugs that are claimed more than once on a day.
    ///
    /// The post whose path comes first keeps the slug. The others get the slug with a number appended that makes
    /// it unique on the day. Posts of different days, such as daily reports, keep the same slug.
    fn resolve_slugs(&mut self, stories: &[Story]) {
        let mut order: Vec<u32> =
            (0..).zip(stories).filter(|(_, story)| story.published).map(|(at, _)| at).collect();
        let slug = |at: u32| &*stories[at as usize].slug;
        let day = |at: u32| stories[at as usize].time.date().days();
        // Indices are in the order of paths.
        order.sort_unstable_by_key(|at| (slug(*at), *at));
        let mut lost: Vec<(u32, u32)> = Vec::new();
        for claims in order.chunk_by(|a, b| slug(*a) == slug(*b)).filter(|claims| claims.len() > 1) {
            let mut owners: HashMap<i64, u32> = HashMap::new();
            for at in claims {
                match owners.get(&day(*at)) {
                    Some(owner) => lost.push((*at, *owner)),
                    None => {
                        owners.insert(day(*at), *at);
                    }
                }
            }
        }
        lost.sort_unstable();
        let claimed = |wanted: &str, date: i64| {
            let from = order.partition_point(|at| slug(*at) < wanted);
            order[from..].iter().take_while(|at| slug(**at) == wanted).any(|at| day(*at) == date)
        };
        let mut assigned: HashMap<String, Vec<i64>> = HashMap::new();
        let mut numbers: HashMap<&str, u32> = HashMap::new();
        for (at, owner) in lost {
            let (claim, date) = (slug(at), day(at));
            // The search continues from the last number given for this slug, because thousands of stories may
            // claim one slug.
            let number = numbers.entry(claim).or_insert(2);
            let slug = loop {
                let candidate = format!("{claim}-{number}");
                let free = assigned.get(&candidate).is_none_or(|days| !days.contains(&date));
                if free && !claimed(&candidate, date) {
                    break candidate;
                }
                *number += 1;
            };
            assigned.entry(slug.clone()).or_default().push(date);
            self.slugs.insert(at, (slug.into(), owner));
        }
    }

    /// Warns of stories whose addresses have a number because another story has the address without it.
    fn warn_of_numbers(&mut self, stories: &[Story]) {
        let mut numbered: Vec<(u32, &(Box<str>, u32))> = self
            .slugs
            .iter()
            .filter(|(at, _)| !self.addresses.paths.contains_key(at))
            .map(|(at, assigned)| (*at, assigned))
            .collect();
        numbered.sort_unstable();
        for (at, (slug, owner)) in numbered {
            let story = |at: u32| &stories[at as usize];
            let claim = &story(at).slug;
            self.warnings.push((
                *owner,
                duplicate_warning(format!(
                    "{} claims the slug “{claim}” too; this post keeps it because its path comes first",
                    story(at).path
                )),
            ));
            let message = format!(
                "the slug “{claim}” belongs to {}, whose path comes first; this post is published as “{slug}”. Give one of them another slug",
                story(*owner).path
            );
            self.warnings.push((at, duplicate_warning(message)));
        }
    }

    /// Decides which title every row shows for a category, a tag or a security.
    ///
    /// It is the most frequent spelling; for a security, a name counts before its code, and one in names.csv before
    /// all others. EastMoney's posts have a category's name as their tag: if at least nine of ten stories of a
    /// category are EastMoney's and have the same tag and no other, and if at least nine of ten stories with that tag
    /// are in the category, the category gets the tag's title, provided that this is so for at least
    /// [`MIN_AGREEING`] stories of the site. A category's title in the configuration overrides both.
    fn resolve_names(&mut self, stories: &[Story], labels: &mut Labels, config: &Config) {
        // How many stories have each label, by its id.
        let mut spellings: [Vec<usize>; 3] = std::array::from_fn(|_| vec![0; labels.0.len()]);
        let mut label_pair_counts: HashMap<(LabelId, LabelId), usize> = HashMap::new();
        for story in stories.iter().filter(|story| story.published) {
            let ids = [&story.categories, &story.tags, &story.securities];
            for (counts, ids) in spellings.iter_mut().zip(ids) {
                for id in ids {
                    counts[*id as usize] += 1;
                }
            }
            if let ([category, ..], [tag], true) = (&*story.categories, &*story.tags, story.is_eastmoney) {
                *label_pair_counts.entry((*category, *tag)).or_default() += 1;
            }
        }
        let [mut categories, tags, securities] =
            spellings.each_ref().map(|counts| Names::new(counts, labels));
        self.resolve_securities(securities, labels, config);
        let mut key_pair_counts: HashMap<(&str, &str), usize> = HashMap::new();
        for ((category, tag), count) in label_pair_counts {
            *key_pair_counts.entry((&labels.get(category).key, &labels.get(tag).key)).or_default() += count;
        }
        key_pair_counts.retain(|(category, tag), count| {
            let nine_of_ten = |all: usize| *count * 10 >= all * 9;
            nine_of_ten(categories.stories(category)) && nine_of_ten(tags.stories(tag))
        });
        let agreeing: usize = key_pair_counts.values().sum();
        let titles: Vec<(String, String)> = key_pair_counts
            .keys()
            .filter(|_| agreeing >= MIN_AGREEING)
            .filter_map(|(category, tag)| Some(((*category).to_owned(), tags.title(tag)?.to_owned())))
            .collect();
        for (category, title) in titles.into_iter().chain(config.categories.clone()) {
            categories.rename(&category, title);
        }
        for (names, shown) in [(categories, &mut self.categories), (tags, &mut self.tags)] {
            for (key, Name { title, variants, .. }) in names.0 {
                let label = labels.intern(Label { key, title });
                shown.extend(variants.into_iter().filter(|id| *id != label).map(|id| (id, label)));
            }
        }
    }
}

impl Resolved {
    fn resolve_securities(&mut self, securities: Names, labels: &mut Labels, config: &Config) {
        let mut unknown = Vec::new();
        let mut shown: HashMap<String, LabelId> = HashMap::new();
        for (key, Name { variants, .. }) in securities.0 {
            if let Some(secids) = posts::american_secids(&key) {
                unknown.push((secids, variants));
                continue;
            }
            let code = key.split_once('.').map_or(key.as_str(), |(_, code)| code);
            let commonest = variants.iter().map(|id| &labels.get(*id).title).find(|title| *title != code);
            let title = config.names.get(&key).or(commonest).cloned().unwrap_or_else(|| code.to_owned());
            let label = labels.intern(Label { key: key.clone(), title });
            self.securities
                .extend(variants.into_iter().filter(|id| *id != label).map(|id| (id, Some(label))));
            shown.insert(key, label);
        }
        for (secids, variants) in unknown {
            let label = secids.iter().find_map(|secid| shown.get(secid)).copied();
            self.securities.extend(variants.into_iter().map(|id| (id, label)));
        }
    }
}

/// How many stories must have their category's name as their tag before categories are shown by it.
const MIN_AGREEING: usize = 3;

/// The spellings of a name, the most frequent first, then by bytes.
type Spellings<'a> = BTreeSet<(Reverse<usize>, &'a str, LabelId)>;

/// Names by their keys.
struct Names(HashMap<String, Name>);

struct Name {
    title: String,
    stories: usize,
    variants: Vec<LabelId>,
}

impl Names {
    fn new(counts: &[usize], labels: &Labels) -> Self {
        let mut spellings: HashMap<&str, Spellings<'_>> = HashMap::new();
        for (id, count) in (0..).zip(counts).filter(|(_, count)| **count > 0) {
            let label = labels.get(id);
            spellings.entry(&label.key).or_default().insert((Reverse(*count), &label.title, id));
        }
        let name = |variants: Spellings<'_>| Name {
            title: variants.first().map(|(_, title, _)| (*title).to_owned()).unwrap_or_default(),
            stories: variants.iter().map(|(count, ..)| count.0).sum(),
            variants: variants.into_iter().map(|(.., id)| id).collect(),
        };
        Self(spellings.into_iter().map(|(key, variants)| (key.to_owned(), name(variants))).collect())
    }

    fn stories(&self, key: &str) -> usize {
        self.0.get(key).map_or(0, |name| name.stories)
    }

    fn title(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(|name| name.title.as_str())
    }

    fn rename(&mut self, key: &str, title: String) {
        if let Some(name) = self.0.get_mut(key) {
            name.title = title;
        }
    }
}

fn duplicate_warning(message: String) -> Warning {
    Warning { line: 1, kind: WarningKind::Duplicate, message }
}
