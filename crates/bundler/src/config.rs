//! A site's configuration: Jekyll's `_config.yml`, overridden by `finews.toml`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use bundle::Base;
use bundle::{Settings, Site, fold};
use jiff::Timestamp;
use posts::{Map, TimeZone, Value};
use serde::Deserialize;

use crate::digest::{Digest, Digester};
use crate::jekyll::{Defaults, Filter};

/// The configuration of a build.
pub(crate) struct Config {
    /// The folder given on the command line: a Jekyll site's root or a folder of posts.
    pub(crate) root: PathBuf,
    /// Jekyll's `_config.yml`.
    pub(crate) jekyll: Map,
    /// The digest of everything in the configuration that affects how posts are read.
    pub(crate) digest: Digest,
    /// Which files are read.
    pub(crate) filter: Filter,
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
    settings: SettingsOverrides,
    categories: BTreeMap<String, String>,
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
    pub(crate) fn read(root: &Path, base_url: Option<&str>) -> Result<Self> {
        if !root.is_dir() {
            bail!("{} is not a folder: choose a Jekyll site's root or a folder of posts", root.display());
        }
        let (jekyll_text, jekyll) = read_jekyll(root)?;
        let overrides = read_overrides(root)?;
        let settings = overrides.settings.with_defaults(Settings::default());
        check_settings(&settings).with_context(|| root.join("finews.toml").display().to_string())?;
        let setting = |own: Option<String>, key: &str| {
            own.or_else(|| text(&jekyll, key).map(str::to_owned)).filter(|value| !value.is_empty())
        };
        let timezone = setting(overrides.timezone, "timezone").unwrap_or_else(|| "Asia/Shanghai".into());
        let zone = TimeZone::get(&timezone).map_err(|_| {
            anyhow::anyhow!(
                "the timezone “{timezone}” is not in the IANA database; write a name such as Asia/Shanghai"
            )
        })?;
        let given = base_url.map(str::to_owned).or(overrides.url);
        let (url, base) = match given {
            Some(url) => split_url(&url)?,
            None => jekyll_url(&jekyll)?,
        };
        let root_name = root
            .canonicalize()
            .ok()
            .and_then(|root| Some(root.file_name()?.to_string_lossy().into_owned()))
            .unwrap_or_default();
        let site = Site {
            title: setting(overrides.title, "title").unwrap_or(root_name),
            description: setting(overrides.description, "description").unwrap_or_default(),
            lang: setting(overrides.lang, "lang").unwrap_or_else(|| "zh-CN".into()),
            timezone,
            url,
        };
        Ok(Self {
            root: root.to_owned(),
            digest: digest_of_reading(&site.timezone, &jekyll_text),
            filter: Filter::new(&jekyll),
            defaults: Defaults::new(&jekyll),
            own: Vec::new(),
            now: Timestamp::now().as_second(),
            future: overrides.future.or_else(|| jekyll.get("future").and_then(Value::bool)).unwrap_or(false),
            jekyll,
            site,
            settings,
            zone,
            base,
            categories: overrides.categories.into_iter().map(|(name, title)| (fold(&name), title)).collect(),
        })
    }
}

fn text<'a>(map: &'a Map, key: &str) -> Option<&'a str> {
    map.get(key).and_then(Value::text)
}

fn digest_of_reading(timezone: &str, jekyll: &str) -> Digest {
    let mut digester = Digester::default();
    digester.add(timezone.as_bytes()).add(jekyll.as_bytes());
    digester.finish()
}

/// The text of `_config.yml` and its values.
fn read_jekyll(root: &Path) -> Result<(String, Map)> {
    let path = root.join("_config.yml");
    let text = read_if_exists(&path)?.unwrap_or_default();
    let map = posts::read_yaml(&text).map_err(|(line, error)| {
        anyhow::anyhow!("{}:{line}: the file is not valid YAML: {error}", path.display())
    })?;
    Ok((text, map))
}

fn read_overrides(root: &Path) -> Result<Overrides> {
    let path = root.join("finews.toml");
    let Some(text) = read_if_exists(&path)? else { return Ok(Overrides::default()) };
    toml::from_str(&text).with_context(|| format!("{}", path.display()))
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
    let setting = |key| text(jekyll, key).unwrap_or_default().trim_matches('/');
    let (url, folder) = (setting("url"), setting("baseurl"));
    if url.is_empty() {
        return Ok((
            String::new(),
            Base::new(&if folder.is_empty() { "/".to_owned() } else { format!("/{folder}/") }),
        ));
    }
    split_url(&format!("{url}/{folder}"))
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
