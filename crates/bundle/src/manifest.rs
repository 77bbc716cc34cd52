//! The manifest, which is the only file of a bundle that changes; the front, which only the home page and the
//! pages of all names need; and the files of these names.

use serde::{Deserialize, Serialize};

use crate::article::Headline;
use crate::folder::{Hash, Store};
use crate::href::Href;
use crate::list::Directories;
use crate::list_id::ListKind;
use crate::time::Date;

/// The root of the bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "ManifestFields")]
pub struct Manifest {
    /// The format's version: [`crate::FORMAT`].
    pub format: u32,
    /// The site's title, language and address.
    pub site: Site,
    /// What a publisher can change.
    pub settings: Settings,
    /// How many stories, days and names there are.
    pub counts: Counts,
    /// The newest headlines with summaries, newest first, none dated in the future; at most
    /// [`Manifest::NEWEST`].
    pub newest: Vec<Headline>,
    /// References to all other files.
    #[serde(flatten)]
    pub index: Index,
}

/// The manifest's fields without `#[serde(flatten)]`, which would make serde buffer all of them first.
#[derive(Deserialize)]
struct ManifestFields {
    format: u32,
    site: Site,
    settings: Settings,
    counts: Counts,
    newest: Vec<Headline>,
    #[serde(default)]
    store: Store,
    front: Hash,
    months: Vec<MonthRef>,
    lists: Directories,
    #[serde(default)]
    paths: Vec<Hash>,
    #[serde(default)]
    home: Hash,
    #[serde(default)]
    search: Hash,
}

impl From<ManifestFields> for Manifest {
    fn from(fields: ManifestFields) -> Self {
        let ManifestFields {
            format,
            site,
            settings,
            counts,
            newest,
            store,
            front,
            months,
            lists,
            paths,
            home,
            search,
        } = fields;
        let index = Index { store, front, months, lists, paths, home, search };
        Self { format, site, settings, counts, newest, index }
    }
}

impl Manifest {
    /// The largest number of headlines in the manifest.
    pub const NEWEST: usize = 50;
}

/// References to the other files: a chain of hashes leads from here to each of them. Its fields are keys of
/// the manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// How the other files are stored.
    #[serde(default, skip_serializing_if = "Store::is_plain")]
    pub store: Store,
    /// The [`Front`]'s hash.
    pub front: Hash,
    /// The months that have stories, oldest first.
    pub months: Vec<MonthRef>,
    /// The [`crate::Directory`]s of the lists.
    pub lists: Directories,
    /// The [`crate::PathFile`]s, by partition; none if every address tells its story and there are no standalone pages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<Hash>,
    /// The hash of the standalone page that stands above the lists of the home page; empty if nothing does.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub home: Hash,
    /// The hash of the head of the index for full-text search; empty if there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub search: Hash,
}

impl Index {
    /// Finds a month by its name (`2022-03`).
    pub fn month(&self, year_month: &str) -> Option<&MonthRef> {
        self.months.iter().find(|month| month.month == year_month)
    }
}

/// The site's title, language and address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The title in the masthead.
    pub title: String,
    /// A sentence below the title.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The language of stories and interface, a BCP 47 tag such as `zh-CN`.
    pub lang: String,
    /// The IANA name of the site's time zone, such as `Asia/Shanghai`.
    pub timezone: String,
    /// The site's address without a slash at the end; empty if unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
}

/// What a publisher can change: the addresses of quote pages and charts (in which `{secid}` and `{period}`
/// are replaced), the size of charts, the polling interval and the accent colours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The address of a security's quote page.
    pub quote: String,
    /// The address of a candlestick chart; `{period}` is `D`, `W` or `M`.
    pub chart: String,
    /// The address of today's intraday chart.
    pub intraday: String,
    /// Width and height of chart images in pixels.
    pub chart_size: (u32, u32),
    /// Seconds between two checks for news; 0 for no checks.
    pub poll: u32,
    /// The accent colours, `#rrggbb`, of the light and of the dark colour scheme; the default red if empty.
    pub accent: (String, String),
    /// The form of a story's address, as in Jekyll, with `:categories` (the canonical category), `:year`, `:month`,
    /// `:day` and `:title` (the slug); the default form if empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub permalink: String,
}

impl Default for Settings {
    /// EastMoney's addresses, as its own pages used them in November 2026.
    fn default() -> Self {
        Self {
            quote: "https://quote.eastmoney.com/unify/r/{secid}".into(),
            chart: "https://webquoteklinepic.eastmoney.com/GetPic.aspx?nid={secid}&imageType=k&type={period}"
                .into(),
            intraday: "https://webquotepic.eastmoney.com/GetPic.aspx?nid={secid}&imageType=r".into(),
            chart_size: (578, 276),
            poll: 60,
            accent: (String::new(), String::new()),
            permalink: String::new(),
        }
    }
}

const BRACES: [char; 2] = ['{', '}'];

impl Settings {
    /// Whether a text can be the address of a quote page or a chart: http(s), and with `{secid}` in it.
    pub fn is_address_template(text: &str) -> bool {
        text.split(BRACES).any(|part| part == "secid") && Href::external(&Self::fill(text, "", "")).is_some()
    }

    /// The address that such a text means for a security and a period. Other braces are left out.
    pub fn fill(template: &str, secid: &str, period: &str) -> String {
        let value = |part| match part {
            "secid" => secid,
            "period" => period,
            part => part,
        };
        template.split(BRACES).map(value).collect()
    }

    /// Replaces invalid addresses with the defaults, because a manifest is as untrusted as a story.
    pub fn with_valid_addresses(mut self) -> Self {
        let defaults = Self::default();
        for (address, default) in [
            (&mut self.quote, defaults.quote),
            (&mut self.chart, defaults.chart),
            (&mut self.intraday, defaults.intraday),
        ] {
            if !Self::is_address_template(address) {
                *address = default;
            }
        }
        self
    }
}

/// How many stories, days and names there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Articles.
    pub articles: usize,
    /// Days with articles.
    pub days: usize,
    /// Categories.
    pub categories: usize,
    /// Tags.
    pub tags: usize,
    /// Securities mentioned.
    pub securities: usize,
}

impl Counts {
    /// How many lists of a kind there are.
    pub const fn lists(&self, kind: ListKind) -> usize {
        match kind {
            ListKind::Category => self.categories,
            ListKind::Tag => self.tags,
            ListKind::Quote => self.securities,
        }
    }
}

/// A reference to a month's index.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MonthRef {
    /// `2022-03`.
    pub month: String,
    /// How many articles it has.
    pub count: usize,
    /// The [`crate::month::Month`]'s hash.
    pub file: Hash,
}

impl MonthRef {
    /// The month's first day. Returns `None` if the name is not a month.
    pub fn first_day(&self) -> Option<Date> {
        format!("{}-01", self.month).parse().ok()
    }
}

/// The categories on the home page, and references to the files that list all names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Front {
    /// The largest categories, largest first; at most [`Front::BLOCKS`].
    pub blocks: Vec<Block>,
    /// The files that list all names.
    pub names: NameFiles,
}

impl Front {
    /// The largest number of categories on the home page.
    pub const BLOCKS: usize = 12;
    /// The largest number of headlines of a category on the home page.
    pub const ROWS: usize = 5;
}

/// A category on the home page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// The category.
    pub category: NamedList,
    /// Its newest headlines, newest first.
    pub rows: Vec<Headline>,
}

/// References to the files that list all names. The names of a kind are sorted across its files, the name
/// with the most stories first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NameFiles {
    /// [`NameFile`]s of categories.
    pub category: Vec<Hash>,
    /// [`NameFile`]s of tags.
    pub tag: Vec<Hash>,
    /// [`NameFile`]s of securities.
    pub quote: Vec<Hash>,
}

impl NameFiles {
    /// The files of one kind of list.
    pub fn of_kind(&self, kind: ListKind) -> &Vec<Hash> {
        match kind {
            ListKind::Category => &self.category,
            ListKind::Tag => &self.tag,
            ListKind::Quote => &self.quote,
        }
    }
}

/// Names of one kind of list, the one with the most stories first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NameFile {
    /// The names.
    pub names: Vec<NamedList>,
}

impl NameFile {
    /// The largest number of names in a file.
    pub const MAX_NAMES: usize = 2000;
}

/// A list's key, name and count: `["emnews", "东财滚动新闻", 412]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(String, String, usize)", into = "(String, String, usize)")]
pub struct NamedList {
    /// The key of the list.
    pub key: String,
    /// The name to show.
    pub title: String,
    /// How many stories it has.
    pub count: usize,
}

impl From<(String, String, usize)> for NamedList {
    fn from((key, title, count): (String, String, usize)) -> Self {
        Self { key, title, count }
    }
}

impl From<NamedList> for (String, String, usize) {
    fn from(list: NamedList) -> Self {
        (list.key, list.title, list.count)
    }
}
