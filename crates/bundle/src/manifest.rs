//! The manifest, the one file of a bundle that changes, and the two files only the front pages need.

use serde::{Deserialize, Serialize};

use crate::article::Headline;
use crate::folder::{Hash, Store};
use crate::href::Href;
use crate::list::Directories;
use crate::list_id::ListKind;
use crate::time::Date;

/// The root of the bundle.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Flat")]
pub struct Manifest {
    /// The format's version: [`crate::FORMAT`].
    pub format: u32,
    /// What the site says of itself.
    pub site: Site,
    /// Addresses and habits a publisher can change.
    pub settings: Settings,
    /// How much there is.
    pub counts: Counts,
    /// The newest headlines with summaries, newest first, none from the future; at most
    /// [`Manifest::NEWEST`].
    pub newest: Vec<Headline>,
    /// Where everything else is.
    #[serde(flatten)]
    pub index: Index,
}

/// A manifest as it is read: `#[serde(flatten)]` would put all of it aside first, to look at it twice.
#[derive(Deserialize)]
struct Flat {
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
}

impl From<Flat> for Manifest {
    fn from(flat: Flat) -> Self {
        let Flat { format, site, settings, counts, newest, store, front, months, lists } = flat;
        Self { format, site, settings, counts, newest, index: Index { store, front, months, lists } }
    }
}

impl Manifest {
    /// How many headlines the manifest carries at most.
    pub const NEWEST: usize = 50;
}

/// What the manifest names: from here a chain of hashes reaches every other file. Its fields are the
/// manifest's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// How all other files are stored.
    #[serde(default, skip_serializing_if = "Store::is_plain")]
    pub store: Store,
    /// The [`Front`]'s hash.
    pub front: Hash,
    /// The months that have stories, oldest first.
    pub months: Vec<MonthRef>,
    /// The [`crate::Directory`]s of the lists.
    pub lists: Directories,
}

impl Index {
    /// Where a month's index is.
    pub fn month(&self, year_month: &str) -> Option<&MonthRef> {
        self.months.iter().find(|month| month.month == year_month)
    }
}

/// What the site says of itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    /// The masthead.
    pub title: String,
    /// A sentence below it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub description: String,
    /// The language of stories and interface, a BCP 47 tag such as `zh-CN`.
    pub lang: String,
    /// The IANA name of the clock's zone, such as `Asia/Shanghai`.
    pub timezone: String,
    /// Where the site stands, without a slash at the end; empty where unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub url: String,
}

/// Addresses and habits a publisher can change. `{secid}` and `{period}` in addresses are filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The address of a security's quote page.
    pub quote: String,
    /// The address of a chart image of candles; `{period}` is `D`, `W` or `M`.
    pub chart: String,
    /// The address of the chart image of today's course.
    pub intraday: String,
    /// Width and height of chart images in pixels.
    pub chart_size: (u32, u32),
    /// Seconds between two looks for news; 0 for none.
    pub poll: u32,
    /// The one colour of the site, `#rrggbb`, by day and by night; the viewer's red where empty.
    pub accent: (String, String),
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
        }
    }
}

impl Settings {
    /// Whether a text can be the address of quote pages or charts: http(s), with `{secid}` in it.
    pub fn is_address(text: &str) -> bool {
        text.contains("{secid}") && Href::outbound(&text.replace(['{', '}'], "")).is_some()
    }

    /// These, with the usual addresses where one is none: a manifest can be a stranger's as much as a story
    /// is.
    pub fn checked(mut self) -> Self {
        let usual = Self::default();
        for (address, usual) in [
            (&mut self.quote, usual.quote),
            (&mut self.chart, usual.chart),
            (&mut self.intraday, usual.intraday),
        ] {
            if !Self::is_address(address) {
                *address = usual;
            }
        }
        self
    }
}

/// How much there is.
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

/// Where a month's index is.
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
    /// The month's first day.
    pub fn first(&self) -> Option<Date> {
        format!("{}-01", self.month).parse().ok()
    }
}

/// What the home page shows below the newest headlines, and where all names are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Front {
    /// The largest categories, largest first; at most [`Front::BLOCKS`].
    pub blocks: Vec<Block>,
    /// The files of all names.
    pub names: NameFiles,
}

impl Front {
    /// How many categories the home page shows at most.
    pub const BLOCKS: usize = 12;
    /// How many headlines of each.
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

/// The files of all names, most stories first across the files of one kind.
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
    pub fn of(&self, kind: ListKind) -> &Vec<Hash> {
        match kind {
            ListKind::Category => &self.category,
            ListKind::Tag => &self.tag,
            ListKind::Quote => &self.quote,
        }
    }
}

/// Names of one kind of list, most stories first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NameFile {
    /// The names.
    pub names: Vec<NamedList>,
}

impl NameFile {
    /// How many names a file holds at most.
    pub const NAMES: usize = 2000;
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
