//! Resolves stories' addresses: which one each has, and which addresses must be looked up because they do not tell
//! their story.

use std::collections::{HashMap, HashSet};

use bundle::address::{Address, expand};
use bundle::{Date, ListKind, Time};
use posts::{Post, Warning, WarningKind};

use super::story::{Labels, Story};
use crate::config::Config;
use crate::paths::file;
use crate::permalink::{Parts, Permalink, fill_in};

/// The addresses of all published stories, where they differ from the default.
#[derive(Default)]
pub(crate) struct Addresses {
    /// Paths that the site's usual form does not give, by the story's index.
    pub(crate) paths: HashMap<u32, Box<str>>,
    /// Stories whose default address may mean another story too.
    pub(crate) shared: HashSet<u32>,
    /// The keys of addresses that must be looked up, with their stories; each key once.
    pub(crate) lookups: Vec<(Box<str>, u32)>,
    pub(crate) warnings: Vec<(u32, Warning)>,
}

/// Resolves the addresses. `slugs` are the slugs assigned to stories that could not keep theirs, with the story that
/// kept it.
pub(crate) fn resolve(
    stories: &[Story],
    labels: &Labels,
    config: &Config,
    slugs: &HashMap<u32, (Box<str>, u32)>,
) -> Addresses {
    let mut resolver = Resolver {
        stories,
        labels,
        config,
        slugs,
        setting: &config.settings.permalink,
        by_slug: HashMap::new(),
        categories: HashSet::new(),
        taken: HashMap::new(),
        found: Addresses::default(),
    };
    resolver.resolve();
    resolver.found
}

/// The address that a post has unless another story has it.
pub(crate) fn of_post(post: &Post, path: &str, config: &Config) -> String {
    let article = &post.article;
    let categories: Vec<&str> = article.categories.iter().map(|label| label.title.as_str()).collect();
    let form = form(config, post.is_eastmoney);
    if post.permalink.is_empty() && form.is_none() {
        let folders = article.categories.first().map(|label| label.key.clone());
        let address = Address::Article {
            folders: folders.into_iter().collect(),
            date: article.time.date(),
            slug: article.slug.clone(),
        };
        return address.path();
    }
    let parts = parts(path, categories, &post.title_slug, &article.slug, article.time);
    match form {
        Some(form) if post.permalink.is_empty() => form.address(&parts),
        _ => fill_in(&post.permalink, &parts),
    }
}

/// The form of a post's address. EastMoney's posts have the default one unless the publisher chose another.
fn form(config: &Config, is_eastmoney: bool) -> Option<&Permalink> {
    config.permalink.as_ref().filter(|form| !(is_eastmoney && form.is_default()))
}

/// What an address may contain of the post at a path. `title` is empty if it is the slug.
fn parts<'a>(
    path: &'a str,
    categories: Vec<&'a str>,
    title: &'a str,
    slug: &'a str,
    time: Time,
) -> Parts<'a> {
    let file = path.rsplit('/').next().unwrap_or_default();
    Parts {
        categories,
        name: file.rsplit_once('.').map_or(file, |(name, _)| name),
        extension: if file.ends_with(".htm") { ".htm" } else { ".html" },
        title: if title.is_empty() { slug } else { title },
        slug,
        time,
    }
}

struct Resolver<'a> {
    stories: &'a [Story],
    labels: &'a Labels,
    config: &'a Config,
    slugs: &'a HashMap<u32, (Box<str>, u32)>,
    /// The bundle's `permalink`.
    setting: &'a str,
    /// Stories by slug and day.
    by_slug: HashMap<(&'a str, i64), u32>,
    /// The keys of all categories.
    categories: HashSet<&'a str>,
    /// The stories at addresses, by their keys.
    taken: HashMap<String, u32>,
    found: Addresses,
}

impl<'a> Resolver<'a> {
    fn resolve(&mut self) {
        let stories = self.stories;
        let published = || (0..).zip(stories).filter(|(_, story)| story.published);
        let may_have_own = |story: &Story| {
            self.form(story).is_some()
                || story
                    .rare
                    .as_ref()
                    .is_some_and(|rare| !rare.permalink.is_empty() || !rare.aliases.is_empty())
        };
        let own: Vec<u32> = published().filter(|(_, story)| may_have_own(story)).map(|(at, _)| at).collect();
        if own.is_empty() && self.slugs.is_empty() {
            return;
        }
        let by_slug =
            published().map(|(at, story)| ((self.slug(at), story.time.date().days()), at)).collect();
        let categories = published()
            .flat_map(|(_, story)| &story.categories)
            .map(|id| self.labels.get(*id).key.as_str())
            .collect();
        (self.by_slug, self.categories) = (by_slug, categories);
        for at in &own {
            self.resolve_own(*at);
        }
        let mut numbered: Vec<(u32, u32)> = self.slugs.iter().map(|(at, (_, owner))| (*at, *owner)).collect();
        numbered.sort_unstable();
        for (at, owner) in numbered {
            self.resolve_numbered(at, owner);
        }
        for at in own {
            self.add_aliases(at);
        }
        let mut shared: Vec<u32> = self.found.shared.iter().copied().collect();
        shared.sort_unstable();
        for at in shared {
            self.look_up_default(at);
        }
        let lookups: Vec<(String, u32)> = self
            .taken
            .iter()
            .filter(|(key, at)| self.needs_lookup(key, **at))
            .map(|(key, at)| (key.clone(), *at))
            .collect();
        self.found.lookups = lookups.into_iter().map(|(key, at)| (key.into(), at)).collect();
        self.found.lookups.sort_unstable();
    }

    fn story(&self, at: u32) -> &'a Story {
        &self.stories[at as usize]
    }

    fn slug(&self, at: u32) -> &'a str {
        self.slugs.get(&at).map_or(&*self.story(at).slug, |(slug, _)| slug)
    }

    fn category(&self, at: u32) -> &'a str {
        self.story(at).categories.first().map_or("", |id| self.labels.get(*id).key.as_str())
    }

    /// The default address of a story, with the slug that it claims.
    fn default_address(&self, at: u32) -> Address {
        let story = self.story(at);
        let folders = Some(self.category(at).to_owned()).filter(|category| !category.is_empty());
        Address::Article {
            folders: folders.into_iter().collect(),
            date: story.time.date(),
            slug: story.slug.to_string(),
        }
    }

    /// The address that the publisher gives a story, if they give it one.
    fn own_address(&self, at: u32) -> Option<String> {
        let story = self.story(at);
        let rare = story.rare.as_deref();
        let own = rare.map(|rare| rare.permalink.as_str()).filter(|own| !own.is_empty());
        let form = self.form(story);
        if own.is_none() && form.is_none() {
            return None;
        }
        let title = rare.map(|rare| rare.title.as_str());
        let categories = story.categories.iter().map(|id| self.labels.get(*id).title.as_str()).collect();
        let parts = parts(&story.path, categories, title.unwrap_or_default(), &story.slug, story.time);
        match own {
            Some(own) => Some(fill_in(own, &parts)),
            None => form.map(|form| form.address(&parts)),
        }
    }

    fn form(&self, story: &Story) -> Option<&'a Permalink> {
        form(self.config, story.is_eastmoney)
    }

    fn resolve_own(&mut self, at: u32) {
        let Some(path) = self.own_address(at) else { return };
        let address = Address::parse(&path, "");
        let key = address.key();
        if self.is_reserved(&address) {
            return self.give_way(at, &path, "it is an address of the site itself");
        }
        if let Some(other) = self.taken.get(&key) {
            let other = self.story(*other).path.to_string();
            return self.give_way(
                at,
                &path,
                &format!("it is the address of {other} too, whose path comes first"),
            );
        }
        if file(&address).is_none() {
            let message = format!(
                "no file may have the address {path} on every host, so the story has no page of its own; the viewer shows it"
            );
            self.found.warnings.push((at, Warning { line: 1, kind: WarningKind::Address, message }));
        }
        // Without a category, the usual form may have two slashes.
        if path != self.usual_path(at)
            || (self.category(at).is_empty() && self.setting.contains(":categories"))
        {
            self.found.paths.insert(at, path.into());
        }
        self.take(key, &address, at);
    }

    /// What the viewer prints for a story that has no path of its own.
    fn usual_path(&self, at: u32) -> String {
        let story = self.story(at);
        if self.setting.is_empty() {
            Address::Article {
                folders: vec![self.category(at).to_owned()],
                date: story.time.date(),
                slug: self.slug(at).to_owned(),
            }
            .path()
        } else {
            expand(self.setting, self.category(at), story.time.date(), self.slug(at))
        }
    }

    /// Whether an address belongs to one of the viewer's other pages.
    fn is_reserved(&self, address: &Address) -> bool {
        match address {
            Address::List { id, .. } if id.kind == ListKind::Category => {
                self.categories.contains(id.key.as_str())
            }
            Address::Article { .. } | Address::Path(_) => false,
            _ => true,
        }
    }

    fn give_way(&mut self, at: u32, path: &str, reason: &str) {
        let usual =
            if self.setting.is_empty() { self.usual_path(at) } else { self.default_address(at).path() };
        if !self.setting.is_empty() {
            self.found.paths.insert(at, usual.clone().into());
        }
        if self.slugs.contains_key(&at) {
            // The report says so of its slug.
            return;
        }
        let message = format!("the story cannot have the address {path}, because {reason}; it is at {usual}");
        self.found.warnings.push((at, Warning { line: 1, kind: WarningKind::Duplicate, message }));
    }

    /// Notes that an address is a story's. If the address tells another story, that one must be looked up too.
    fn take(&mut self, key: String, address: &Address, at: u32) {
        if let Address::Article { date, slug, .. } = address
            && let Some(other) = self.told(*date, slug).filter(|other| *other != at)
        {
            self.found.shared.extend([other, at]);
        }
        self.taken.entry(key).or_insert(at);
    }

    /// The story that a date and a slug tell, as the viewer finds it.
    fn told(&self, date: Date, slug: &str) -> Option<u32> {
        [0, -1, 1].iter().find_map(|off| self.by_slug.get(&(slug, date.days() + off)).copied())
    }

    /// A story whose slug belongs to another one of the same day: it keeps its address if that is not the other
    /// story's.
    fn resolve_numbered(&mut self, at: u32, owner: u32) {
        if self.taken.values().any(|story| *story == at) {
            return;
        }
        let address = self.default_address(at);
        let key = address.key();
        if key == self.default_address(owner).key() || self.taken.contains_key(&key) {
            return;
        }
        self.found.paths.insert(at, address.path().into());
        self.found.shared.extend([owner, at]);
        self.take(key, &address, at);
    }

    fn add_aliases(&mut self, at: u32) {
        let Some(rare) = self.story(at).rare.as_deref() else { return };
        for alias in &rare.aliases {
            let address = Address::parse(&format!("/{}", alias.trim_start_matches('/')), "");
            let key = address.key();
            if self.taken.get(&key) == Some(&at) {
                continue;
            }
            if self.is_reserved(&address) || self.taken.contains_key(&key) {
                let message = format!(
                    "the old address {alias} belongs to another page, so it does not lead to this story"
                );
                self.found.warnings.push((at, Warning { line: 1, kind: WarningKind::Duplicate, message }));
            } else {
                self.take(key, &address, at);
            }
        }
    }

    /// Adds the default address of a story, with its first and with all categories, to the addresses to look up; also
    /// with the dates next to it, except where these tell another story.
    fn look_up_default(&mut self, at: u32) {
        let story = self.story(at);
        let Address::Article { folders, date, slug } = self.default_address(at) else { return };
        let all: Vec<String> = story.categories.iter().map(|id| self.labels.get(*id).key.clone()).collect();
        for off in [0, -1, 1] {
            let date = date.plus(off);
            let is_another = off != 0 && self.by_slug.contains_key(&(slug.as_str(), date.days()));
            for folders in [&folders, &all].into_iter().filter(|_| !is_another) {
                let address = Address::Article { folders: folders.clone(), date, slug: slug.clone() };
                self.taken.entry(address.key()).or_insert(at);
            }
        }
    }

    /// Whether the viewer must look up an address to find its story.
    fn needs_lookup(&self, key: &str, at: u32) -> bool {
        match Address::parse(key, "") {
            Address::Article { date, slug, .. } => {
                let told = self.told(date, &slug);
                told != Some(at) || self.found.shared.contains(&at)
            }
            _ => true,
        }
    }
}
