//! What names mean in a template: of the post, of the site, and of what the text sets itself.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::fmt;

use bundle::{Label, Time};
use jiff::tz::TimeZone;
use liquid_core::Value;
use liquid_core::model::Object;

use super::filters::date_time;
use super::value::{at, of_map, texts};
use crate::Program;
use crate::dialect::Dialect;
use crate::files::{NoFile, SiteFile};
use crate::value::Map;

/// The rest of a site, as far as Liquid and shortcodes in a post may read it. Paths are relative to the site's root, with
/// `/` as separator; nothing outside the root is read.
pub trait Surroundings: fmt::Debug + Sync {
    /// The site's values.
    fn values(&self) -> &SiteValues;
    /// The text of a file in the folder of includes.
    fn include(&self, name: &str) -> Option<String>;
    /// The text of a file.
    fn text(&self, path: &str) -> Option<String>;
    /// The address that a post, a page or another file has on the site.
    fn address(&self, path: &str) -> Option<String>;
    /// The address of the post whose file has this name, with or without its extension, its date, and the folders
    /// above it.
    fn address_of_post(&self, name: &str) -> Option<String>;
    /// The title of the post that [`Self::address_of_post`] finds.
    fn title_of_post(&self, name: &str) -> Option<String>;
    /// The address of the post or page whose file has a path, counted from the folder of posts and pages.
    fn address_of_file(&self, path: &str) -> Option<String>;
    /// The file at a path that may be published as it is. Its name's letters may be small or capital, and composed or
    /// not.
    ///
    /// # Errors
    /// Returns why the file is not there for a post.
    fn file(&self, path: &str) -> Result<SiteFile, NoFile>;
}

/// What `site` means in a template.
#[derive(Debug, Default)]
pub struct SiteValues {
    values: Object,
    pub(crate) url: String,
}

impl SiteValues {
    /// The values of `_config.yml` and of data files. `url` is the site's whole address without a slash at its end.
    pub fn new(config: &Map, data: &Map, url: &str) -> Self {
        let mut values = of_map(config);
        values.insert("data".into(), of_map(data).into());
        values.insert("url".into(), Value::scalar(url.to_owned()));
        // The viewer adds the folder on the host to each address.
        values.insert("baseurl".into(), Value::scalar(""));
        Self { values, url: url.to_owned() }
    }
}

/// A post and its site, as names in a template see them.
pub(crate) struct Scope<'a> {
    /// The post's front matter.
    pub(crate) page: &'a Map,
    pub(crate) title: &'a str,
    pub(crate) slug: &'a str,
    pub(crate) time: Option<Time>,
    /// The path of its file, relative to the site's root.
    pub(crate) path: &'a str,
    /// The post's categories and tags.
    pub(crate) categories: &'a [Label],
    pub(crate) tags: &'a [Label],
    /// The site's `_config.yml`.
    pub(crate) site: &'a Map,
    /// Whether the site is Jekyll's, so that Liquid means all that it means there.
    pub(crate) is_jekyll: bool,
    /// The program that the site was written for.
    pub(crate) program: Program,
    /// The rest of the site.
    pub(crate) surroundings: Option<&'a dyn Surroundings>,
    pub(crate) dialect: Option<Dialect>,
    pub(crate) zone: &'a TimeZone,
}

/// The values of a scope, made when they are needed.
pub(super) struct Names<'a> {
    pub(super) scope: &'a Scope<'a>,
    page: OnceCell<Value>,
    site: OnceCell<Value>,
    address: OnceCell<Option<String>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(scope: &'a Scope<'a>) -> Self {
        Self { scope, page: OnceCell::new(), site: OnceCell::new(), address: OnceCell::new() }
    }

    pub(super) fn url(&self) -> String {
        self.scope.surroundings.map(|rest| rest.values().url.clone()).unwrap_or_default()
    }

    /// The value of a name that the text does not set itself; `None` if it is not known here. As in Jekyll, a name
    /// that nothing defines is nil.
    pub(super) fn find(&self, root: &str, path: &[String]) -> Option<Cow<'a, Value>> {
        let value = match root {
            "page" => self.of_page(path)?,
            "site" => return self.of_site(path),
            // What GitHub Pages and other hosts set.
            "jekyll" if path == ["environment"] => Value::scalar("production"),
            // Of a post's own text, Jekyll knows no layout and no content yet.
            "content" | "jekyll" | "layout" | "theme" => return None,
            _ => Value::Nil,
        };
        Some(Cow::Owned(value))
    }

    fn of_page(&self, path: &[String]) -> Option<Value> {
        let name = path.first()?;
        let own = self.page.get_or_init(|| self.page());
        match name.as_str() {
            "url" | "id" => {
                let rest = self.scope.surroundings.filter(|_| self.scope.is_jekyll)?;
                let address = || rest.address(self.scope.path);
                let address = self.address.get_or_init(address).clone()?;
                let id = || address.rsplit_once('.').map_or(&*address, |(path, _)| path).to_owned();
                Some(Value::scalar(if name == "id" { id() } else { address.clone() }))
            }
            "content" | "dir" | "excerpt" | "next" | "output" | "previous" => None,
            "date" | "ext" | "name" | "path" | "relative_path" | "slug" | "title"
                if !self.scope.is_jekyll =>
            {
                self.scope.page.contains_key(name).then(|| at(own, path))
            }
            _ => Some(at(own, path)),
        }
    }

    fn page(&self) -> Value {
        let scope = self.scope;
        let mut values = of_map(scope.page);
        let titles = |labels: &[Label]| texts(labels.iter().map(|label| label.title.clone()));
        values.insert("tags".into(), titles(scope.tags));
        values.insert("categories".into(), titles(scope.categories));
        // A post that is published is no draft.
        values.insert("draft".into(), Value::scalar(false));
        values.insert("collection".into(), Value::scalar("posts"));
        if scope.is_jekyll {
            let name = scope.path.rsplit('/').next().unwrap_or_default();
            let extension = name.rfind('.').map_or("", |at| &name[at..]);
            for (key, text) in [
                ("ext", extension),
                ("name", name),
                ("path", scope.path),
                ("relative_path", scope.path),
                ("slug", scope.slug),
                ("title", scope.title),
            ] {
                values.insert(key.into(), Value::scalar(text.to_owned()));
            }
            let time = scope.time.and_then(date_time).map(Value::scalar);
            values.extend(time.map(|time| ("date".into(), time)));
        }
        values.into()
    }

    fn of_site(&self, path: &[String]) -> Option<Cow<'a, Value>> {
        let name = path.first()?;
        if let Some(rest) = self.scope.surroundings.filter(|_| self.scope.is_jekyll) {
            let is_known = rest.values().values.contains_key(name.as_str());
            return match name.as_str() {
                "time" => Some(Cow::Owned(Value::scalar(liquid_core::model::DateTime::now()))),
                "baseurl" | "data" | "url" => Some(find(&rest.values().values, path)),
                name if LISTS.contains(&name) => None,
                _ if is_known => Some(find(&rest.values().values, path)),
                _ => Some(Cow::Owned(Value::Nil)),
            };
        }
        let own = self.scope.site.get(name);
        match own {
            Some(_) => {
                let site = self.site.get_or_init(|| of_map(self.scope.site).into());
                Some(Cow::Owned(at(site, path)))
            }
            None if LISTS.contains(&name.as_str()) || SETTINGS.contains(&name.as_str()) => None,
            None => Some(Cow::Owned(Value::Nil)),
        }
    }
}

/// The value at a path that is not empty.
fn find<'v>(values: &'v Object, path: &[String]) -> Cow<'v, Value> {
    let mut values = values;
    let mut rest = path;
    while let Some((name, after)) = rest.split_first() {
        match values.get(name.as_str()) {
            Some(value) if after.is_empty() => return Cow::Borrowed(value),
            Some(Value::Object(inner)) if inner.contains_key(after[0].as_str()) => {
                (values, rest) = (inner, after);
            }
            Some(value) => return Cow::Owned(at(value, after)),
            None => break,
        }
    }
    Cow::Owned(Value::Nil)
}

/// Names of the site that stand for other stories, pages and files.
const LISTS: [&str; 12] = [
    "categories",
    "collections",
    "documents",
    "github",
    "html_files",
    "html_pages",
    "pages",
    "posts",
    "related_posts",
    "static_files",
    "tags",
    "theme",
];

/// Other names that the site has without its configuration.
const SETTINGS: [&str; 5] = ["baseurl", "data", "lang", "time", "url"];
