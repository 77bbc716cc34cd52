//! Parses and prints every address of the site, for the viewer and the builder alike.
//!
//! `web/widget/archive.js` prints the addresses of articles and lists too; a test compares it with this
//! module.
//!
//! Old addresses keep working. They are Jekyll's `/:categories/:year/:month/:day/:slug.html`. The slug
//! and the date identify the article. There may be any number of category segments, in upper or lower case,
//! and the date may be off by one day.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::key::Key;
use crate::list_id::{ListId, ListKind};
use crate::name::concat;
use crate::name::{Label, fold, lower};
use crate::secid::Secid;
use crate::time::{Date, Time};

/// First path segments that finews uses itself. A category with such a name has its list at `/category/NAME/`.
pub const RESERVED: [&str; 8] =
    ["category", "quote", "tag", "archive", "search", "embed", "bundle", "assets"];

/// A place on the site.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Address {
    /// `/`
    Home,
    /// `/:category/`, `/category/:category.html`, `/tag/:tag`, `/quote/:secid`
    List {
        /// The list.
        id: ListId,
        /// The page shows rows older than this key (`?before=KEY`); the newest rows if `None`.
        before: Option<Key>,
    },
    /// `/:category/:year/:month/:day/:slug.html`
    Article {
        /// The canonical category's key when printed; whatever folders the path has in its place when parsed.
        folders: Vec<String>,
        /// The day it was published.
        date: Date,
        /// The slug. With the date, which may be off by one day, it identifies the article.
        slug: String,
    },
    /// `/category/`, `/tag/`, `/quote/`: all names of a kind.
    Names(ListKind),
    /// `/search/`: full-text search, for what its query says.
    Search,
    /// `/archive/`: the years.
    Archive,
    /// `/archive/:year/:month`: a calendar.
    Month(
        /// The first day of the month.
        Date,
    ),
    /// `/archive/:year/:month/:day`
    Day {
        /// The day.
        date: Date,
        /// The page shows rows older than this key (`?before=KEY`); the newest rows if `None`.
        before: Option<Key>,
    },
    /// Any other path, percent-encoded: perhaps a story's own address.
    Path(String),
    /// No page of the viewer.
    Unknown,
}

impl Address {
    /// The address of an article.
    pub fn article(category: Option<&Label>, time: Time, slug: &str) -> Self {
        Self::Article {
            folders: category.map(|category| category.key.clone()).into_iter().collect(),
            date: time.date(),
            slug: slug.to_owned(),
        }
    }

    /// The newest page of a day.
    pub const fn day(date: Date) -> Self {
        Self::Day { date, before: None }
    }

    /// The newest page of a list.
    pub fn list(kind: ListKind, key: &str) -> Self {
        Self::List { id: ListId::new(kind, key), before: None }
    }

    /// Parses a path and a query. `path` starts with a slash at the site's root and is still percent-encoded;
    /// `query` comes without its question mark.
    pub fn parse(path: &str, query: &str) -> Self {
        let mut segments: Vec<String> =
            path.split('/').filter(|segment| !segment.is_empty()).map(decode).collect();
        if let [categories @ .., year, month, day, slug] = segments.as_slice()
            && let Some(date) = parse_date(year, month, day)
        {
            let slug = lower(slug.strip_suffix(".html").unwrap_or(slug));
            let folders = categories.iter().map(|folder| fold(folder)).filter(|folder| !folder.is_empty());
            return Self::Article { folders: folders.collect(), date, slug };
        }
        if segments.last().is_some_and(|last| last == "index.html") {
            segments.pop();
        }
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let before = parse_before(query);
        let list = |kind, name: &str| {
            let key = fold(name.strip_suffix(".html").unwrap_or(name));
            if key.is_empty() {
                Self::Unknown
            } else {
                Self::List { id: ListId::new(kind, key), before: before.clone() }
            }
        };
        match segments.as_slice() {
            [] => Self::Home,
            ["category"] => Self::Names(ListKind::Category),
            ["tag"] => Self::Names(ListKind::Tag),
            ["tag", name] => list(ListKind::Tag, name),
            ["quote"] => Self::Names(ListKind::Quote),
            ["quote", secid] if secid.parse::<Secid>().is_ok() => {
                Self::List { id: ListId::new(ListKind::Quote, *secid), before }
            }
            ["search"] => Self::Search,
            ["archive"] => Self::Archive,
            ["archive", year] if parse_date(year, "1", "1").is_some() => Self::Archive,
            ["archive", year, month] => parse_date(year, month, "1").map_or(Self::Unknown, Self::Month),
            ["archive", year, month, day] => {
                parse_date(year, month, day).map_or(Self::Unknown, |date| Self::Day { date, before })
            }
            ["category", name] => list(ListKind::Category, name),
            [first, ..] if RESERVED.contains(first) => Self::Unknown,
            [name] => list(ListKind::Category, name),
            _ if is_path(path) => Self::Path(path.to_owned()),
            _ => Self::Unknown,
        }
    }

    /// The form in which addresses are compared: the decoded path in lower case, without `index.html`, without
    /// `.html` and without a slash at its end.
    pub fn key(&self) -> String {
        let path = lower(&decode(&self.path()));
        let path = path.strip_suffix("index.html").unwrap_or(&path);
        let path = path.strip_suffix(".html").unwrap_or(path);
        concat(&["/", path.trim_matches('/')])
    }

    /// Prints the address of a category's list in the shortest form that parses back to the same category.
    fn print_category(key: &str, before: Option<&Key>) -> String {
        let name = encode(key);
        // Some hosts and [`Address::parse`] strip one trailing `.html`; URL parsers resolve `.` and `..` as
        // folders.
        let form = if key.is_empty() {
            "/category/".to_owned()
        } else if key.ends_with(".html") || matches!(key, "." | "..") {
            format!("/category/{name}.html")
        } else if RESERVED.contains(&key) {
            format!("/category/{name}/")
        } else {
            format!("/{name}/")
        };
        form + &query(before)
    }
}

/// Prints the percent-encoded path and query below the site's base.
impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path())
    }
}

impl Address {
    /// Returns what [`Display`](fmt::Display) prints. It mostly concatenates strings, because `format!`
    /// compiles to three times as much WebAssembly.
    pub fn path(&self) -> String {
        match self {
            Self::Home | Self::Unknown => "/".to_owned(),
            Self::Path(path) => path.clone(),
            Self::List { id, before } => match id.kind {
                ListKind::Category => Self::print_category(&id.key, before.as_ref()),
                // A URL parser would resolve `.` and `..` as folders.
                ListKind::Tag if matches!(id.key.as_str(), "." | "..") => {
                    concat(&["/tag/", &id.key, ".html", &query(before.as_ref())])
                }
                kind => concat(&["/", kind.word(), "/", &encode(&id.key), &query(before.as_ref())]),
            },
            Self::Article { folders, date, slug } => {
                let mut path = String::new();
                // A browser would read a path that begins with two slashes as another host.
                for folder in folders.iter().filter(|folder| !folder.is_empty()) {
                    path.push('/');
                    path.push_str(&encode(folder));
                }
                push_date(&mut path, *date, 3);
                path.push('/');
                path.push_str(&encode(slug));
                path.push_str(".html");
                path
            }
            Self::Names(kind) => concat(&["/", kind.word(), "/"]),
            Self::Search => "/search/".to_owned(),
            Self::Archive => "/archive/".to_owned(),
            Self::Month(date) => {
                let mut path = "/archive".to_owned();
                push_date(&mut path, *date, 2);
                path
            }
            Self::Day { date, before } => {
                let mut path = "/archive".to_owned();
                push_date(&mut path, *date, 3);
                path + &query(before.as_ref())
            }
        }
    }
}

/// Fills in the form of a story's address ([`Settings::permalink`](crate::Settings::permalink)). Returns a
/// percent-encoded path. Where that would have two slashes, because the story has no category, its row has a path of
/// its own.
pub fn expand(permalink: &str, category: &str, date: Date, slug: &str) -> String {
    let (category, slug, date) = (encode(category), encode(slug), date.to_string());
    let mut path = String::new();
    for part in permalink.split(':') {
        let (value, name) = match part.as_bytes() {
            [b'c', b'a', ..] => (category.as_str(), "categories"),
            [b't', b'i', ..] => (slug.as_str(), "title"),
            [b'y', b'e', ..] => (date.get(..4).unwrap_or_default(), "year"),
            [b'm', b'o', ..] => (date.get(5..7).unwrap_or_default(), "month"),
            [b'd', b'a', ..] => (date.get(8..).unwrap_or_default(), "day"),
            _ => ("", ""),
        };
        path.push_str(value);
        path.push_str(part.strip_prefix(name).unwrap_or(part));
    }
    path
}

/// Whether a text is a path on its host for every URL parser: those take a backslash for a slash, and ignore
/// control characters.
pub(crate) fn is_path(text: &str) -> bool {
    let bytes = text.as_bytes();
    let is_special = |byte: &u8| matches!(byte, b'\\' | b'?' | b'#') || *byte < b' ';
    bytes.first() == Some(&b'/') && bytes.get(1) != Some(&b'/') && !bytes.iter().any(is_special)
}

/// Appends the first `parts` of year, month and day, each as a segment.
fn push_date(path: &mut String, date: Date, parts: usize) {
    let text = date.to_string();
    for part in text.split('-').take(parts) {
        path.push('/');
        path.push_str(part);
    }
}

/// Encodes all characters that RFC 3986 does not allow in a segment, and also `&`, `;` and `'`. Not all hosts
/// treat `'` in the same way.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b'(')
    .remove(b')')
    .remove(b'!')
    .remove(b'*')
    .remove(b',')
    .remove(b'@')
    .remove(b':')
    .remove(b'$')
    .remove(b'+')
    .remove(b'=');

/// Encodes everything in a key except ASCII letters, digits and hyphens, so that no character has a meaning
/// in a query.
const KEY: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-');

/// Decodes percent-encoded text. What would not be UTF-8 stays encoded.
pub fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8().map_or_else(|_| text.to_owned(), Cow::into_owned)
}

fn encode(segment: &str) -> String {
    utf8_percent_encode(segment, SEGMENT).to_string()
}

fn query(before: Option<&Key>) -> String {
    before.map(|key| format!("?before={}", utf8_percent_encode(&key.to_string(), KEY))).unwrap_or_default()
}

fn parse_before(query: &str) -> Option<Key> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("before="))?;
    percent_decode_str(value).decode_utf8().ok()?.parse().ok()
}

fn parse_date(year: &str, month: &str, day: &str) -> Option<Date> {
    let number = |text: &str, lengths: std::ops::RangeInclusive<usize>| {
        let digits = lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        digits.then(|| text.parse::<u16>().ok()).flatten()
    };
    let (year, month, day) = (number(year, 4..=4)?, number(month, 1..=2)?, number(day, 1..=2)?);
    Date::new(i32::from(year), u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn category(key: &str) -> Address {
        Address::list(ListKind::Category, key)
    }

    fn article(folders: &[&str], date: &str, slug: &str) -> Address {
        Address::Article {
            folders: folders.iter().map(|folder| (*folder).to_owned()).collect(),
            date: date.parse().unwrap(),
            slug: slug.into(),
        }
    }

    #[test]
    fn addresses_of_the_old_site_and_of_this_one_are_parsed() {
        let check = |path: &str, expected: &Address| {
            let (path, query) = path.split_once('?').unwrap_or((path, ""));
            assert_eq!(&Address::parse(path, query), expected, "{path}");
        };
        check("/", &Address::Home);
        check("/index.html", &Address::Home);
        check("/emnews/", &category("emnews"));
        check("/emnews", &category("emnews"));
        check("/emnews/index.html", &category("emnews"));
        check("/category/emnews.html", &category("emnews"));
        check("/category/emnews/", &category("emnews"));
        check("/TechWeb/", &category("techweb"));
        check("/category/tag/", &category("tag"));
        check("/anxinguojizhengquan(xianggang)/", &category("anxinguojizhengquan(xianggang)"));
        check(
            "/category/21shijijingjibaodao%20%20nancailicaitong.html",
            &category("21shijijingjibaodao nancailicaitong"),
        );
        check(
            "/emnews/2022/03/01/202203012292649174.html",
            &article(&["emnews"], "2022-03-01", "202203012292649174"),
        );
        check(
            "/emnews/2022/3/1/202203012292649174",
            &article(&["emnews"], "2022-03-01", "202203012292649174"),
        );
        check(
            "/21shijijingjibaodao/nancailicaitong/2022/03/01/A-B.html",
            &article(&["21shijijingjibaodao", "nancailicaitong"], "2022-03-01", "a-b"),
        );
        check("/a/2022/03/01/index.html", &article(&["a"], "2022-03-01", "index"));
        check("/2022/03/01/x.html", &article(&[], "2022-03-01", "x"));
        check("/archive/2022/03/01/x.html", &article(&["archive"], "2022-03-01", "x"));
        check("/archive/2022/03/01", &Address::day("2022-03-01".parse().unwrap()));
        check("/archive/2022/03/", &Address::Month("2022-03-01".parse().unwrap()));
        check("/archive/2022", &Address::Archive);
        check("/quote/116.09988", &Address::list(ListKind::Quote, "116.09988"));
        check("/quote/113.agm", &Address::list(ListKind::Quote, "113.agm"));
        check("/tag/%E4%B8%9C%E8%B4%A2/", &Address::list(ListKind::Tag, "东财"));
        check(
            "/emnews/?before=1646110278-2022",
            &Address::List {
                id: ListId::new(ListKind::Category, "emnews"),
                before: "1646110278-2022".parse().ok(),
            },
        );
        for unknown in [
            "/bundle",
            "/embed/",
            "/quote/x",
            "/archive/2022/13",
            "/archive/2022/02/30",
            "/assets/x.js",
            "/archive/x/y",
            "/%20/",
            "/a\\b/c",
            "//evil.example/c",
            "/a\tb/c",
            "/a#b/c",
        ] {
            check(unknown, &Address::Unknown);
        }
    }

    #[test]
    fn a_category_that_needs_a_longer_address_has_its_list_below_category() {
        assert_eq!(category("quote").to_string(), "/category/quote/");
        assert_eq!(category("index.html").to_string(), "/category/index.html.html");
        assert_eq!(category("..").to_string(), "/category/...html");
    }

    #[test]
    fn no_address_points_to_another_host() {
        assert_eq!(Address::parse("/%20/2022/03/02/x.html", ""), article(&[], "2022-03-02", "x"));
        assert_eq!(article(&[""], "2022-03-02", "x").to_string(), "/2022/03/02/x.html");
        assert_eq!(category("").to_string(), "/category/");
    }

    #[test]
    fn a_story_s_own_address_has_the_form_of_the_site() {
        let date = "2022-03-01".parse().unwrap();
        assert_eq!(expand("/:categories/:title/", "新闻", date, "a-b"), "/%E6%96%B0%E9%97%BB/a-b/");
        assert_eq!(expand("/:year/:month/:day/:title/", "x", date, "a"), "/2022/03/01/a/");
        assert_eq!(expand("/:categories/:year:month-:title.html", "x", date, "a"), "/x/202203-a.html");
    }

    #[test]
    fn spellings_of_an_address_have_the_same_key() {
        for path in ["/News/A-b/", "/news/a-b", "/news/a-b.html", "/news/a-b/index.html", "/%6Eews/a-b/"] {
            assert_eq!(Address::parse(path, "").key(), "/news/a-b", "{path}");
        }
        assert_eq!(Address::parse("/A/b/2022/3/1/X.html", "").key(), "/a/b/2022/03/01/x");
        assert_eq!(Address::parse("/about/", "").key(), "/about");
    }

    proptest! {
        #[test]
        fn every_printed_address_is_parsed_to_itself(name in "\\PC{1,12}", slug in "[a-z0-9\u{4e00}-\u{4e20}-]{1,9}", days in -700_000_i64..2_900_000, unix in any::<i32>()) {
            let date = Date::from_days(days);
            let key = Some(Key { unix: i64::from(unix), slug: slug.clone() });
            let name = fold(&name);
            prop_assume!(!name.is_empty() && fold(&name) == name && !name.ends_with(".html"));
            let addresses = [
                Address::List { id: ListId::new(ListKind::Category, name.clone()), before: key.clone() },
                Address::List { id: ListId::new(ListKind::Tag, name.clone()), before: key.clone() },
                Address::Day { date, before: key },
                Address::Article { folders: vec![name], date, slug },
                Address::day(date),
                Address::Names(ListKind::Tag),
            ];
            for address in addresses {
                let text = address.to_string();
                let (path, query) = text.split_once('?').unwrap_or((&text, ""));
                prop_assert_eq!(Address::parse(path, query), address);
            }
        }

        #[test]
        fn any_text_is_an_address_of_some_kind(path in "\\PC*", query in "\\PC*") {
            let _ = Address::parse(&path, &query).to_string();
        }
    }
}
