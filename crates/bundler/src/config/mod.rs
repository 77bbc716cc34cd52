//! A site's configuration: that of its program, overridden by `finews.toml`.

mod jekyll;
mod names;
mod overrides;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use bundle::{Base, Settings, Site, fold};
use globset::GlobSet;
use jiff::Timestamp;
use posts::{Dialect, Map, Names, TimeZone, Value, Warning};

pub(crate) use self::overrides::MenuSetting;
use self::overrides::{MarkdownName, check_settings, globs, read_overrides};
use crate::digest::{Digest, Digester};
use crate::jekyll::{Defaults, Filter};
use crate::kind::{Configuration, Sections, SiteKind, address_keys};
use crate::library::surroundings;
use crate::library::traits::Traits;
use crate::permalink::Permalink;

/// The configuration of a build.
pub(crate) struct Config {
    /// The folder given on the command line: a Jekyll site's root or a folder of posts.
    pub(crate) root: PathBuf,
    pub(crate) kind: SiteKind,
    /// The name of the file with the configuration of the site's program; finews's own if there is none.
    configuration_file: &'static str,
    /// The keys of front matter whose values the addresses of stories have.
    pub(crate) address_keys: Vec<String>,
    /// The configuration of the site's program, by Jekyll's names: its `_config.yml`.
    pub(crate) jekyll: Map,
    /// The digest of everything in the configuration that affects how posts are read.
    pub(crate) digest: Digest,
    /// How authors write Markdown; `None` if nothing says so.
    pub(crate) dialect: Option<Dialect>,
    /// The form of stories' addresses; the default if `None`.
    pub(crate) permalink: Option<Permalink>,
    /// Which files are read.
    pub(crate) filter: Filter,
    /// Files that are published even if nothing names them, HTML and scripts among them: `[files] include`.
    pub(crate) included_files: GlobSet,
    /// The widths in pixels of smaller copies of pictures, smallest first: `[pictures] widths`.
    pub(crate) picture_widths: Vec<u32>,
    /// The folders whose posts the site's program keeps back.
    kept_back_folders: Vec<String>,
    /// Whether there is full-text search.
    pub(crate) has_search: bool,
    /// What the publisher wants in the menu; the pages at the top level if `None`.
    pub(crate) menu: Option<Vec<MenuSetting>>,
    /// The folders of Jekyll's collections that are published, with their names.
    collections: BTreeMap<String, String>,
    /// Front matter for posts that do not set it themselves.
    pub(crate) defaults: Defaults,
    /// The real paths of files and folders that the build writes, which are not read.
    pub(crate) own: Vec<PathBuf>,
    /// The time of the build in Unix seconds: stories dated later are kept back.
    pub(crate) now: i64,
    /// Whether stories dated later than the build are published.
    pub(crate) future: bool,
    pub(crate) site: Site,
    pub(crate) settings: Settings,
    /// The site's time zone.
    pub(crate) zone: TimeZone,
    /// The site's folder on its host.
    pub(crate) base: Base,
    /// Titles for categories, by folded name.
    pub(crate) categories: BTreeMap<String, String>,
    /// The author of stories that name none, for feeds and metadata; empty if unknown.
    pub(crate) author: String,
    /// Authors by the keys that posts use for them.
    pub(crate) authors: Map,
    /// Names of securities: `names.csv`.
    pub(crate) names: Names,
    /// Problems in configuration files that do not stop the build.
    pub(crate) warnings: Vec<(PathBuf, Warning)>,
    /// Sentences about what the posts told, because the configuration does not, and about what it says that is not
    /// carried out.
    pub(crate) found: Vec<String>,
}

impl Config {
    /// Reads the configuration of a folder of posts. `base_url` overrides the site's address in the files.
    ///
    /// # Errors
    /// Fails if the folder does not exist, if a configuration file cannot be read or parsed, or if a value is
    /// invalid. The error contains the file's path, with the line if the file cannot be parsed, or the
    /// invalid value.
    pub(crate) fn read(root: &Path, base_url: Option<&str>, from: Option<SiteKind>) -> Result<Self> {
        if !root.is_dir() {
            bail!("{} is not a folder: choose a Jekyll site's root or a folder of posts", root.display());
        }
        let kind = from.unwrap_or_else(|| SiteKind::of(root));
        let Configuration { file, text: jekyll_text, values: jekyll } = kind.configuration(root)?;
        let mut found = if kind == SiteKind::Jekyll { jekyll::not_carried_out(&jekyll) } else { Vec::new() };
        let authors = jekyll::read_authors(root, &jekyll)?;
        let overrides = read_overrides(root)?;
        let permalink =
            overrides.permalink.as_deref().or(jekyll::permalink(kind, &jekyll)).map(Permalink::new);
        let dialect = match overrides.markdown {
            Some(MarkdownName::Kramdown) => Some(Dialect::Kramdown),
            Some(MarkdownName::CommonMark) => Some(Dialect::GFM),
            None if kind == SiteKind::Jekyll => Some(jekyll::dialect(&jekyll)),
            None => kind.dialect(&jekyll),
        };
        let mut settings = overrides.settings.with_defaults(Settings::default());
        settings.permalink = permalink.as_ref().map(Permalink::setting).unwrap_or_default();
        check_settings(&settings).with_context(|| root.join("finews.toml").display().to_string())?;
        let setting = |own: Option<String>, key: &str| {
            own.or_else(|| text(&jekyll, key).map(str::to_owned)).filter(|value| !value.is_empty())
        };
        let timezone = setting(overrides.timezone, "timezone").unwrap_or_default();
        let zone = time_zone(&timezone)?;
        let given = base_url.map(str::to_owned).or(overrides.url);
        let (url, base) = match given {
            Some(url) => split_url(&url)?,
            None => jekyll::url(&jekyll).unwrap_or_else(|error| {
                found.push(format!("{file}: the site's address is ignored: {error}"));
                (String::new(), jekyll::base(&jekyll))
            }),
        };
        // As in `zh_CN`, the form of locales.
        let lang = setting(overrides.lang, "lang").unwrap_or_default().replace('_', "-");
        let root_name = root
            .canonicalize()
            .ok()
            .and_then(|root| Some(root.file_name()?.to_string_lossy().into_owned()))
            .unwrap_or_default();
        let site = Site {
            title: setting(overrides.title, "title").unwrap_or(root_name),
            description: setting(overrides.description, "description").unwrap_or_default(),
            lang,
            timezone,
            url,
        };
        let included_files = globs(&overrides.files.include)
            .with_context(|| format!("{}: [files] include", root.join("finews.toml").display()))?;
        let picture_widths = (overrides.pictures.sorted_widths())
            .with_context(|| root.join("finews.toml").display().to_string())?;
        let now = Timestamp::now().as_second();
        let future = overrides.future.or_else(|| jekyll.get("future").and_then(Value::bool)).unwrap_or(false);
        let sections = Sections::read(kind, root, &jekyll);
        let cascades = format!("{:?}", sections.cascades);
        let mut config = Self {
            root: root.to_owned(),
            kept_back_folders: sections.kept_back,
            kind,
            configuration_file: file,
            address_keys: address_keys(kind, &jekyll),
            digest: Digest::default(),
            dialect,
            filter: Filter::new(&jekyll),
            included_files,
            picture_widths,
            has_search: overrides.search.enabled,
            menu: overrides.menu.map(|menu| menu.pages),
            collections: if kind == SiteKind::Jekyll {
                jekyll::collections(&jekyll)
            } else {
                BTreeMap::new()
            },
            defaults: Defaults::new(&jekyll).with_cascades(sections.cascades),
            own: Vec::new(),
            now,
            future,
            author: overrides
                .author
                .or_else(|| {
                    jekyll.get("author").map(|author| posts::author_names(author, &authors).join(", "))
                })
                .unwrap_or_default(),
            authors,
            permalink,
            names: Names::new(),
            warnings: Vec::new(),
            found,
            jekyll,
            site,
            settings,
            zone,
            base,
            categories: (sections.titles.into_iter())
                .chain(overrides.categories)
                .map(|(name, title)| (fold(&name), title))
                .collect(),
        };
        config.digest = digest_of_reading(&config, &(jekyll_text + &cascades));
        Ok(config)
    }
}

/// The time zone of this name; UTC if it is empty.
fn time_zone(name: &str) -> Result<TimeZone> {
    let zone = if name.is_empty() { Ok(TimeZone::UTC) } else { TimeZone::get(name) };
    zone.map_err(|_| {
        anyhow::anyhow!(
            "the timezone “{name}” is not in the IANA database; write a name such as Asia/Shanghai"
        )
    })
}

fn text<'a>(map: &'a Map, key: &str) -> Option<&'a str> {
    map.get(key).and_then(Value::text)
}

impl Config {
    /// Whether a file is in a folder whose posts are kept back.
    pub(crate) fn is_kept_back(&self, path: &str) -> bool {
        let is_in =
            |folder: &String| path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'));
        self.kept_back_folders.iter().any(is_in)
    }

    /// Whether Liquid means all that it means in Jekyll.
    pub(crate) fn is_jekyll(&self) -> bool {
        matches!(self.kind, SiteKind::Jekyll | SiteKind::Hexo) || self.permalink.is_some()
    }

    /// Whether a folder is one of a collection that is published.
    pub(crate) fn is_collection(&self, folder: &str) -> bool {
        self.collections.contains_key(folder)
    }

    /// The name of the collection that a file belongs to.
    pub(crate) fn collection(&self, path: &str) -> Option<&str> {
        let in_folder = |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        self.collections.iter().find(|(folder, _)| in_folder(folder)).map(|(_, name)| name.as_str())
    }

    /// Adds what a sample of the posts says, where the configuration says nothing, and what depends on that. Without
    /// a time zone, the clock is UTC, as in Jekyll, but Beijing's if the posts are EastMoney's.
    ///
    /// # Errors
    /// Fails if names.csv cannot be read.
    pub(crate) fn adopt(&mut self, traits: &Traits) -> Result<()> {
        let place = match self.configuration_file {
            "finews.toml" => "finews.toml".to_owned(),
            file => format!("finews.toml or {file}"),
        };
        let site = &mut self.site;
        if site.timezone.is_empty() {
            let (name, reason) = match TimeZone::get(BEIJING) {
                Ok(zone) if traits.is_eastmoney => {
                    self.zone = zone;
                    (BEIJING, "because most posts are EastMoney's")
                }
                _ => ("UTC", "because none is set"),
            };
            name.clone_into(&mut site.timezone);
            self.found.push(format!("timezone {name}, {reason}; set it in {place}"));
        }
        if site.lang.is_empty() {
            let lang = traits.lang.unwrap_or("en");
            lang.clone_into(&mut site.lang);
            let reason = if traits.lang.is_some() { "found from the posts" } else { "because none is set" };
            self.found.push(format!("lang {lang}, {reason}; set it in {place}"));
        }
        (self.names, self.warnings) = names::read(&self.root, &site.lang)?;
        let mut digester = Digester::default();
        digester.add(&self.digest).add(site.timezone.as_bytes());
        for secid in self.names.keys() {
            digester.add(secid.as_bytes());
        }
        self.digest = digester.finish();
        Ok(())
    }
}

const BEIJING: &str = "Asia/Shanghai";

/// The digest of everything in the configuration that affects how posts are read. Posts of a Jekyll site may contain
/// the site's address, its data and its includes.
fn digest_of_reading(config: &Config, jekyll_text: &str) -> Digest {
    let mut digester = Digester::default();
    digester.add(jekyll_text.as_bytes());
    let own = (&config.authors, config.dialect, &config.picture_widths);
    digester.add(format!("{own:?}").as_bytes());
    for folder in &config.kept_back_folders {
        digester.add(folder.as_bytes());
    }
    if config.is_jekyll() {
        digester.add(config.site.url.as_bytes());
        surroundings::add_to_digest(config, &mut digester);
    }
    digester.finish()
}

fn read_if_exists(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} could not be read", path.display())),
    }
}

/// Splits an address into the site's URL without a final slash, and its base.
fn split_url(url: &str) -> Result<(String, Base)> {
    if url.is_empty() {
        return Ok((String::new(), Base::new("/")));
    }
    let url = bundle::href::Href::external(url).with_context(|| {
        format!("the site's address “{url}” is not an http(s) address such as https://name.github.io/finews/")
    })?;
    let url = url.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/').to_owned();
    let path = url.splitn(4, '/').nth(3).unwrap_or_default();
    let base = Base::new(&if path.is_empty() { "/".to_owned() } else { format!("/{path}/") });
    Ok((url, base))
}
