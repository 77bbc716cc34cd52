//! Parses and prints every address of the site, for the viewer and the builder alike.
//!
//! `web/widget/archive.js` prints the addresses of articles and lists too; a test compares it with this
//! module.
//!
//! Old addresses keep working. They are Jekyll's `/:categories/:year/:month/:day/:slug.html`. The slug
//! and the date identify the article. There may be any number of category segments, in upper or lower case,
//! and the date may be off by one day.

use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

use crate::key::Key;
use crate::list_id::{ListId, ListKind};
use crate::name::concat;
use crate::name::{Label, fold, lower};
use crate::secid::Secid;
use crate::time::{Date, Time};

/// First path segments that finews uses itself. A category with such a name has its list at `/category/NAME/`.
pub const RESERVED: [&str; 7] = ["category", "quote", "tag", "archive", "embed", "bundle", "assets"];

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
        /// The canonical category's key when printed; whatever the path has in its place when parsed.
        category: Option<String>,
        /// The day it was published.
        date: Date,
        /// The slug. With the date, which may be off by one day, it identifies the article.
        slug: String,
    },
    /// `/category/`, `/tag/`, `/quote/`: all names of a kind.
    Names(ListKind),
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
    /// Anything else.
    Unknown,
}

impl Address {
    /// The address of an article.
    pub fn article(category: Option<&Label>, time: Time, slug: &str) -> Self {
        Self::Article {
            category: category.map(|category| category.key.clone()),
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
        let mut segments: Vec<String> = path
            .split('/')
            .filter(|segment| !segment.is_empty())
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();
        if let [categories @ .., year, month, day, slug] = segments.as_slice()
            && let Some(date) = parse_date(year, month, day)
        {
            let slug = lower(slug.strip_suffix(".html").unwrap_or(slug));
            let category =
                categories.first().map(|category| fold(category)).filter(|category| !category.is_empty());
            return Self::Article { category, date, slug };
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
            ["archive"] => Self::Archive,
            ["archive", year] if parse_date(year, "1", "1").is_some() => Self::Archive,
            ["archive", year, month] => parse_date(year, month, "1").map_or(Self::Unknown, Self::Month),
            ["archive", year, month, day] => {
                parse_date(year, month, day).map_or(Self::Unknown, |date| Self::Day { date, before })
            }
            [first] if RESERVED.contains(first) => Self::Unknown,
            ["category", name] | [name] => list(ListKind::Category, name),
            _ => Self::Unknown,
        }
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
            Self::List { id, before } => match id.kind {
                ListKind::Category => Self::print_category(&id.key, before.as_ref()),
                // A URL parser would resolve `.` and `..` as folders.
                ListKind::Tag if matches!(id.key.as_str(), "." | "..") => {
                    concat(&["/tag/", &id.key, ".html", &query(before.as_ref())])
                }
                kind => concat(&["/", kind.word(), "/", &encode(&id.key), &query(before.as_ref())]),
            },
            Self::Article { category, date, slug } => {
                // A browser would read a path that begins with two slashes as another host.
                let category = category.as_ref().filter(|category| !category.is_empty());
                let mut path = category.map(|category| concat(&["/", &encode(category)])).unwrap_or_default();
                push_date(&mut path, *date, 3);
                path.push('/');
                path.push_str(&encode(slug));
                path.push_str(".html");
                path
            }
            Self::Names(kind) => concat(&["/", kind.word(), "/"]),
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

fn encode(segment: &str) -> String {
    utf8_percent_encode(segment, SEGMENT).to_string()
}

fn query(before: Option<&Key>) -> String {
    before.map(|key| format!("?before={}", utf8_percent_encode(&key.to_string(), KEY))).unwrap_or_default()
}

fn parse_before(query: &str) -> Option<Key> {
    let value = query.split('&').find_map(|pair| pair.strip_prefix("before="))?;
    percent_decode_str(value).decode_utf8_lossy().parse().ok()
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

    fn article(category: Option<&str>, date: &str, slug: &str) -> Address {
        Address::Article {
            category: category.map(str::to_owned),
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
            &article(Some("emnews"), "2022-03-01", "202203012292649174"),
        );
        check(
            "/emnews/2022/3/1/202203012292649174",
            &article(Some("emnews"), "2022-03-01", "202203012292649174"),
        );
        check(
            "/21shijijingjibaodao/nancailicaitong/2022/03/01/A-B.html",
            &article(Some("21shijijingjibaodao"), "2022-03-01", "a-b"),
        );
        check("/a/2022/03/01/index.html", &article(Some("a"), "2022-03-01", "index"));
        check("/2022/03/01/x.html", &article(None, "2022-03-01", "x"));
        check("/archive/2022/03/01/x.html", &article(Some("archive"), "2022-03-01", "x"));
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
            "/a/b",
            "/assets/x.js",
            "/%20/",
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
        assert_eq!(Address::parse("/%20/2022/03/02/x.html", ""), article(None, "2022-03-02", "x"));
        assert_eq!(article(Some(""), "2022-03-02", "x").to_string(), "/2022/03/02/x.html");
        assert_eq!(category("").to_string(), "/category/");
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
                Address::Article { category: Some(name), date, slug },
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
