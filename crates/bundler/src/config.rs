//! A site's configuration: Jekyll's `_config.yml`, overridden by `finews.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use bundle::Base;
use bundle::{Secid, Settings, Site, fold};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use jiff::Timestamp;
use posts::{Dialect, Map, Names, TimeZone, Value, Warning, WarningKind};
use serde::Deserialize;

use crate::digest::{Digest, Digester};
use crate::jekyll::{Defaults, Filter};
use crate::kind::{Sections, SiteKind};
use crate::library::surroundings;
use crate::library::traits::Traits;
use crate::library::walk::MARKDOWN_EXTENSIONS;
use crate::permalink::Permalink;

/// The configuration of a build.
pub(crate) struct Config {
    /// The folder given on the command line: a Jekyll site's root or a folder of posts.
    pub(crate) root: PathBuf,
    pub(crate) kind: SiteKind,
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

/// `finews.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Overrides {
    title: Option<String>,
    description: Option<String>,
    lang: Option<String>,
    timezone: Option<String>,
    url: Option<String>,
    future: Option<bool>,
    author: Option<String>,
    permalink: Option<String>,
    markdown: Option<MarkdownName>,
    settings: SettingsOverrides,
    categories: BTreeMap<String, String>,
    files: FilesOverrides,
    pictures: PicturesOverrides,
    menu: Option<MenuOverrides>,
}

/// `[menu]`: what the menu has after the lists.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct MenuOverrides {
    pages: Vec<MenuSetting>,
}

/// An entry of the menu.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum MenuSetting {
    /// The file or the address of a page.
    Page(String),
    /// A link to any place.
    Link { title: String, url: String },
}

/// `[files]`: what is published beside stories.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct FilesOverrides {
    include: Vec<String>,
}

/// `[pictures]`: which smaller copies of pictures are made.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PicturesOverrides {
    widths: Vec<u32>,
}

impl PicturesOverrides {
    /// The widths, smallest first.
    fn sorted_widths(mut self) -> Result<Vec<u32>> {
        if let Some(width) = self.widths.iter().find(|width| !PICTURE_WIDTHS.contains(width)) {
            let (smallest, largest) = (PICTURE_WIDTHS.start(), PICTURE_WIDTHS.end());
            bail!("[pictures] widths: {width} is not a number of pixels from {smallest} to {largest}");
        }
        self.widths.sort_unstable();
        self.widths.dedup();
        if self.widths.len() > MAX_PICTURE_WIDTHS {
            bail!(
                "[pictures] widths: there are more than {MAX_PICTURE_WIDTHS}; each is a copy of each picture"
            );
        }
        Ok(self.widths)
    }
}

/// The widths in pixels that copies of pictures may have.
const PICTURE_WIDTHS: std::ops::RangeInclusive<u32> = 50..=4000;
/// The largest number of copies of a picture.
const MAX_PICTURE_WIDTHS: usize = 6;

/// `markdown`: the dialect's name.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum MarkdownName {
    Kramdown,
    CommonMark,
}

/// `[settings]`: the bundle's settings, but an unknown key is an error, so that a typo is noticed.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SettingsOverrides {
    quote: Option<String>,
    chart: Option<String>,
    intraday: Option<String>,
    chart_size: Option<(u32, u32)>,
    poll: Option<u32>,
    accent: Option<(String, String)>,
}

impl SettingsOverrides {
    fn with_defaults(self, defaults: Settings) -> Settings {
        Settings {
            quote: self.quote.unwrap_or(defaults.quote),
            chart: self.chart.unwrap_or(defaults.chart),
            intraday: self.intraday.unwrap_or(defaults.intraday),
            chart_size: self.chart_size.unwrap_or(defaults.chart_size),
            poll: self.poll.unwrap_or(defaults.poll),
            accent: self.accent.unwrap_or(defaults.accent),
            permalink: defaults.permalink,
        }
    }
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
        let (jekyll_text, jekyll) = kind.configuration(root)?;
        let mut found = if kind == SiteKind::Jekyll { not_carried_out(&jekyll) } else { Vec::new() };
        let authors = read_authors(root, &jekyll)?;
        let overrides = read_overrides(root)?;
        let permalink =
            overrides.permalink.as_deref().or(jekyll_permalink(kind, &jekyll)).map(Permalink::new);
        let dialect = match overrides.markdown {
            Some(MarkdownName::Kramdown) => Some(Dialect::Kramdown),
            Some(MarkdownName::CommonMark) => Some(Dialect::GFM),
            None if kind == SiteKind::Jekyll => Some(jekyll_dialect(&jekyll)),
            None => kind.dialect(&jekyll),
        };
        let mut settings = overrides.settings.with_defaults(Settings::default());
        settings.permalink = permalink.as_ref().map(Permalink::setting).unwrap_or_default();
        check_settings(&settings).with_context(|| root.join("finews.toml").display().to_string())?;
        let setting = |own: Option<String>, key: &str| {
            own.or_else(|| text(&jekyll, key).map(str::to_owned)).filter(|value| !value.is_empty())
        };
        let timezone = setting(overrides.timezone, "timezone").unwrap_or_default();
        let zone = if timezone.is_empty() { Ok(TimeZone::UTC) } else { TimeZone::get(&timezone) };
        let zone = zone.map_err(|_| {
            anyhow::anyhow!(
                "the timezone “{timezone}” is not in the IANA database; write a name such as Asia/Shanghai"
            )
        })?;
        let given = base_url.map(str::to_owned).or(overrides.url);
        let (url, base) = match given {
            Some(url) => split_url(&url)?,
            None => jekyll_url(&jekyll).unwrap_or_else(|error| {
                found.push(format!("{}: the site's address is ignored: {error}", kind.configuration_file()));
                (String::new(), jekyll_base(&jekyll))
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
        let sections = Sections::read(kind, root);
        let mut config = Self {
            root: root.to_owned(),
            kept_back_folders: sections.kept_back,
            kind,
            digest: Digest::default(),
            dialect,
            filter: Filter::new(&jekyll),
            included_files,
            picture_widths,
            menu: overrides.menu.map(|menu| menu.pages),
            collections: if kind == SiteKind::Jekyll { collections(&jekyll) } else { BTreeMap::new() },
            defaults: Defaults::new(&jekyll),
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
        config.digest = digest_of_reading(&config, &jekyll_text);
        Ok(config)
    }
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
        let place = match self.kind.configuration_file() {
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
        (self.names, self.warnings) = read_names(&self.root, &site.lang)?;
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

/// Reads `names.csv`: lines of a secid, a name, and perhaps an English name, which is used unless the site is
/// Chinese.
fn read_names(root: &Path, lang: &str) -> Result<(Names, Vec<(PathBuf, Warning)>)> {
    let path = root.join("names.csv");
    let (mut names, mut warnings) = (Names::new(), Vec::new());
    let Some(text) = read_if_exists(&path)? else { return Ok((names, warnings)) };
    let text = text.trim_start_matches('\u{feff}');
    let mut lines = csv::ReaderBuilder::new();
    let lines = lines.has_headers(false).flexible(true).trim(csv::Trim::All).comment(Some(b'#'));
    for (at, record) in lines.from_reader(text.as_bytes()).records().enumerate() {
        let line = |record: &csv::StringRecord| {
            record.position().map_or(at + 1, |at| usize::try_from(at.line()).unwrap_or(0))
        };
        let problem = match record {
            Ok(record) => {
                let field = |at: usize| record.get(at).filter(|field| !field.is_empty());
                let english = field(2).filter(|_| !lang.starts_with("zh"));
                match (field(0).map(str::parse::<Secid>), english.or(field(1))) {
                    (Some(Ok(secid)), Some(name)) => {
                        names.insert(secid.to_string(), name.to_owned());
                        continue;
                    }
                    // A line with the names of the columns.
                    (Some(Err(_)), _) if at == 0 => continue,
                    _ => (
                        line(&record),
                        "the line is not a secid and a name, such as 116.00700,腾讯控股".to_owned(),
                    ),
                }
            }
            Err(error) => (at + 1, error.to_string()),
        };
        let (line, message) = (problem.0, format!("{}; it is ignored", problem.1));
        warnings.push((path.clone(), Warning { line, kind: WarningKind::Security, message }));
    }
    Ok((names, warnings))
}

/// The style or template of addresses on a Jekyll site; `None` on another one.
fn jekyll_permalink(kind: SiteKind, jekyll: &Map) -> Option<&str> {
    let posts = jekyll.get("collections").and_then(Value::map).and_then(|all| all.get("posts")?.map());
    let own = posts.and_then(|posts| posts.get("permalink")).or_else(|| jekyll.get("permalink"));
    (kind == SiteKind::Jekyll).then(|| own.and_then(Value::text).unwrap_or_default())
}

/// The dialect of a Jekyll site: kramdown, unless it has the plugin `jekyll-commonmark`.
fn jekyll_dialect(jekyll: &Map) -> Dialect {
    let is_commonmark =
        text(jekyll, "markdown").is_some_and(|name| name.to_ascii_lowercase().starts_with("commonmark"));
    if !is_commonmark {
        return Dialect::Kramdown;
    }
    let has = |key: &str, wanted: &str| {
        let list = jekyll.get("commonmark").and_then(|settings| settings.map()?.get(key));
        let Some(Value::List(names)) = list else { return false };
        names.iter().filter_map(Value::text).any(|name| name.eq_ignore_ascii_case(wanted))
    };
    Dialect::CommonMark {
        smart: has("options", "SMART"),
        autolink: has("extensions", "autolink"),
        breaks: has("options", "HARDBREAKS"),
    }
}

/// Authors by the keys that posts use for them: `authors` in `_config.yml`, and `_data/authors.yml`.
fn read_authors(root: &Path, jekyll: &Map) -> Result<Map> {
    let mut authors = jekyll.get("authors").and_then(Value::map).cloned().unwrap_or_default();
    for name in ["_data/authors.yml", "_data/authors.yaml", "_data/authors.json"] {
        let path = root.join(name);
        if let Some(text) = read_if_exists(&path)? {
            // JSON is YAML.
            let map = posts::read_yaml(&text).map_err(|(line, error)| {
                anyhow::anyhow!("{}:{line}: the file is not valid YAML: {error}", path.display())
            })?;
            authors.extend(map);
        }
    }
    Ok(authors)
}

/// The folders of the collections that Jekyll publishes besides posts, with their names.
fn collections(jekyll: &Map) -> BTreeMap<String, String> {
    let is_published = |collection: &Value| {
        collection.map().and_then(|collection| collection.get("output")).and_then(Value::bool) == Some(true)
    };
    let folder = text(jekyll, "collections_dir").unwrap_or_default().trim_matches('/');
    let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    (jekyll.get("collections").and_then(Value::map).into_iter().flatten())
        .filter(|(name, collection)| *name != "posts" && is_published(collection))
        .map(|(name, _)| (format!("{folder}_{name}"), name.clone()))
        .collect()
}

/// Sentences about the keys of `_config.yml` that say what Jekyll publishes, and that are not carried out.
fn not_carried_out(jekyll: &Map) -> Vec<String> {
    let is_true = |value: Option<&Value>| value.and_then(Value::bool) == Some(true);
    let mut told = Vec::new();
    if let Some(limit) = text(jekyll, "limit_posts").filter(|limit| *limit != "0") {
        told.push(format!("limit_posts: {limit} is not carried out; all posts are published"));
    }
    for (key, what) in [("show_drafts", "drafts"), ("unpublished", "posts with “published: false”")] {
        if is_true(jekyll.get(key)) {
            told.push(format!("{key} is not carried out; {what} are kept back"));
        }
    }
    if let Some(source) = text(jekyll, "source").filter(|source| !matches!(*source, "." | "./")) {
        told.push(format!("source is not carried out; build the folder “{source}” instead"));
    }
    let extensions = text(jekyll, "markdown_ext").unwrap_or_default().split(',').map(str::trim);
    let unknown: Vec<&str> = extensions
        .filter(|extension| !extension.is_empty() && !MARKDOWN_EXTENSIONS.contains(extension))
        .collect();
    if !unknown.is_empty() {
        told.push(format!(
            "files that end in .{} are not read, although markdown_ext names them",
            unknown.join(" or .")
        ));
    }
    told.into_iter().map(|told| format!("_config.yml: {told}")).collect()
}

fn read_overrides(root: &Path) -> Result<Overrides> {
    let path = root.join("finews.toml");
    let Some(text) = read_if_exists(&path)? else { return Ok(Overrides::default()) };
    toml::from_str(&text).with_context(|| format!("{}", path.display()))
}

/// Patterns of paths from the root, in which `*` does not stand for slashes and `**` does.
fn globs(patterns: &[String]) -> Result<GlobSet> {
    let mut globs = GlobSetBuilder::new();
    for pattern in patterns {
        globs.add(GlobBuilder::new(pattern.trim_start_matches('/')).literal_separator(true).build()?);
    }
    Ok(globs.build()?)
}

fn check_settings(settings: &Settings) -> Result<()> {
    for address in [&settings.quote, &settings.chart, &settings.intraday] {
        if !Settings::is_address_template(address) {
            bail!("“{address}” is not an http(s) address with {{secid}} in it");
        }
    }
    for colour in [&settings.accent.0, &settings.accent.1] {
        let hex = colour
            .strip_prefix('#')
            .is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|b| b.is_ascii_hexdigit()));
        if !colour.is_empty() && !hex {
            bail!("accent “{colour}” is not a colour such as #b3261e");
        }
    }
    Ok(())
}

fn read_if_exists(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} could not be read", path.display())),
    }
}

/// The address of a Jekyll site, from its `url` and `baseurl`; either may be missing.
fn jekyll_url(jekyll: &Map) -> Result<(String, Base)> {
    let url = text(jekyll, "url").unwrap_or_default().trim_matches('/');
    if url.is_empty() {
        return Ok((String::new(), jekyll_base(jekyll)));
    }
    split_url(&format!("{url}/{}", jekyll_folder(jekyll)))
}

fn jekyll_folder(jekyll: &Map) -> &str {
    text(jekyll, "baseurl").unwrap_or_default().trim_matches('/')
}

fn jekyll_base(jekyll: &Map) -> Base {
    let folder = jekyll_folder(jekyll);
    Base::new(&if folder.is_empty() { "/".to_owned() } else { format!("/{folder}/") })
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
