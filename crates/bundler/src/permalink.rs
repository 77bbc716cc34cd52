//! The forms of stories' addresses, as Jekyll 4.3 has them (`configuration.rb`, `url.rb`, `drops/url_drop.rb`).

use bundle::Time;
use jiff::Timestamp;
use jiff::fmt::strtime;
use jiff::tz::Offset;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// Jekyll's default.
const DATE: &str = "/:categories/:year/:month/:day/:title:output_ext";
/// The form that the viewer assumes without a setting, in the words of the bundle's `permalink`.
const OWN: &str = "/:categories/:year/:month/:day/:title.html";

/// The form of addresses: one of Jekyll's styles, or a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Permalink(String);

/// What an address may contain of a story.
pub(crate) struct Parts<'a> {
    /// The names of its categories.
    pub(crate) categories: Vec<&'a str>,
    /// The file's name without its extension.
    pub(crate) name: &'a str,
    /// The extension of its page: `.html`, or `.htm` if the file has it.
    pub(crate) extension: &'static str,
    /// The name in addresses as Jekyll's `:title` has it, which keeps case and some signs.
    pub(crate) title: &'a str,
    pub(crate) slug: &'a str,
    pub(crate) time: Time,
}

/// Characters of a template that are encoded; it may contain encoded ones.
const LITERAL: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'<').add(b'>').add(b'\\').add(b'`');

/// Characters that Jekyll encodes in a value (`Addressable::URI.encode`).
const ENCODED: &AsciiSet = &posts::NEVER_IN_URLS.add(b'%').add(b'#');

impl Permalink {
    /// The form that a style or template of `_config.yml` names.
    pub(crate) fn new(style: &str) -> Self {
        Self(match style {
            "" | "date" => DATE.to_owned(),
            "pretty" => "/:categories/:year/:month/:day/:title/".to_owned(),
            "ordinal" => "/:categories/:year/:y_day/:title:output_ext".to_owned(),
            "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext".to_owned(),
            "none" => "/:categories/:title:output_ext".to_owned(),
            template => template.to_owned(),
        })
    }

    /// Whether this is Jekyll's default.
    pub(crate) fn is_default(&self) -> bool {
        self.0 == DATE
    }

    /// The value of the bundle's `permalink`: this form in terms of what a row of a list has. Empty if it is the
    /// default, or if it needs something else, so that rows must have their addresses themselves.
    pub(crate) fn setting(&self) -> String {
        let template = format!("/{}", self.0.trim_start_matches('/'))
            .replace(":slugified_categories", ":categories")
            .replace(":slug", ":title")
            .replace(":output_ext", ".html");
        let known = [":categories", ":year", ":month", ":day", ":title"];
        let rest = known.iter().fold(template.clone(), |rest, name| rest.replace(name, ""));
        let has_title = template.contains(":title");
        if rest.contains(':') || !has_title || template == OWN { String::new() } else { template }
    }

    /// A story's address: a percent-encoded path that begins with one slash.
    pub(crate) fn address(&self, parts: &Parts<'_>) -> String {
        fill_in(&self.0, parts)
    }
}

/// Fills in a template. A name that Jekyll does not know stays as it is.
pub(crate) fn fill_in(template: &str, parts: &Parts<'_>) -> String {
    let mut path = String::from("/");
    let mut rest = template;
    let encode = |path: &mut String, text: &str| path.extend(utf8_percent_encode(text, LITERAL));
    while let Some(at) = rest.find(':') {
        encode(&mut path, &rest[..at]);
        let after = &rest[at + 1..];
        let length = after.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(after.len());
        let name = &after[..length];
        // As in Jekyll, `:title_` may be followed by an underscore that is not part of the name.
        let (value, used) = match (parts.value(name), name.strip_suffix('_')) {
            (Some(value), _) => (Some(value), length),
            (None, Some(shorter)) => (parts.value(shorter), length - 1),
            (None, None) => (None, length),
        };
        match value {
            Some(value) => path.extend(utf8_percent_encode(&value, ENCODED)),
            None => encode(&mut path, &rest[at..=at + used]),
        }
        rest = &after[used..];
    }
    encode(&mut path, rest);
    let mut path = path.replace("..", "/").replace("./", "");
    while path.contains("//") {
        path = path.replace("//", "/");
    }
    path
}

impl Parts<'_> {
    fn value(&self, name: &str) -> Option<String> {
        let unique = |names: Vec<String>| {
            let mut unique: Vec<String> = Vec::new();
            for name in names {
                if !unique.contains(&name) {
                    unique.push(name);
                }
            }
            unique.join("/")
        };
        let format = match name {
            "collection" => return Some("posts".into()),
            "output_ext" => return Some(self.extension.into()),
            "title" => return Some(self.title.to_owned()),
            "slug" => return Some(self.slug.to_owned()),
            "name" => return Some(bundle::slugify(self.name)),
            "path" => return Some(self.name.to_owned()),
            "categories" => {
                return Some(unique(self.categories.iter().map(|name| name.to_lowercase()).collect()));
            }
            "slugified_categories" => {
                return Some(unique(self.categories.iter().map(|name| bundle::slugify(name)).collect()));
            }
            "year" => "%Y",
            "month" => "%m",
            "day" => "%d",
            "hour" => "%H",
            "minute" => "%M",
            "second" => "%S",
            "i_day" => "%-d",
            "i_month" => "%-m",
            "short_month" => "%b",
            "long_month" => "%B",
            "short_year" => "%y",
            "w_year" => "%G",
            "week" => "%V",
            "w_day" => "%u",
            "short_day" => "%a",
            "long_day" => "%A",
            "y_day" => "%j",
            _ => return None,
        };
        let instant = Timestamp::from_second(self.time.unix).ok()?;
        let offset = Offset::from_seconds(i32::from(self.time.offset) * 60).ok()?;
        strtime::format(format, offset.to_datetime(instant)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_of_jekyll() {
        let parts = Parts {
            categories: vec!["News", "C++ & co", "news"],
            name: "2022-03-01-A_b.C!",
            extension: ".html",
            title: "A_b.C!",
            slug: "a-b-c",
            time: "2022-03-01T09:05:07+08:00".parse().unwrap(),
        };
        for (style, expected) in [
            ("date", "/news/c++%20&%20co/2022/03/01/A_b.C!.html"),
            ("pretty", "/news/c++%20&%20co/2022/03/01/A_b.C!/"),
            ("ordinal", "/news/c++%20&%20co/2022/060/A_b.C!.html"),
            ("weekdate", "/news/c++%20&%20co/2022/W09/Tue/A_b.C!.html"),
            ("none", "/news/c++%20&%20co/A_b.C!.html"),
            ("/:year/:month/:day/:title/", "/2022/03/01/A_b.C!/"),
            (":slugified_categories/:slug", "/news/c-co/a-b-c"),
            ("/:year_:month-:i_day/:name/", "/2022_03-1/2022-03-01-a-b-c/"),
            ("/:short_year/:long_month/:hour:minute:second/:what", "/22/March/090507/:what"),
            ("/a/../b/./:title", "/a/b/A_b.C!"),
            ("//evil.example/:title", "/evil.example/A_b.C!"),
        ] {
            assert_eq!(Permalink::new(style).address(&parts), expected, "{style}");
        }
        let nothing = Parts { categories: Vec::new(), ..parts };
        assert_eq!(Permalink::new("pretty").address(&nothing), "/2022/03/01/A_b.C!/");
    }

    #[test]
    fn the_bundle_has_the_form_if_rows_have_what_it_needs() {
        for (style, expected) in [
            ("", ""),
            ("date", ""),
            ("/:categories/:year/:month/:day/:slug.html", ""),
            ("pretty", "/:categories/:year/:month/:day/:title/"),
            (":title", "/:title"),
            ("ordinal", ""),
            ("/:year/", ""),
        ] {
            assert_eq!(Permalink::new(style).setting(), expected, "{style}");
        }
    }
}
