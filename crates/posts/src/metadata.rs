//! What front matter says about a story beside its title, date and names.

use bundle::href::Href;
use bundle::{Time, datetime};

use crate::front_matter::FrontMatter;
use crate::tree::Image;
use crate::value::{Map, Value};
use crate::{Dates, MenuPlace, Program};

/// When the story was last updated: a time, or a date if only that is told.
pub(crate) fn updated(matter: &FrontMatter<'_>, dates: Dates<'_>, published: Time) -> Option<String> {
    // `lastmod` is Hugo's.
    let moment =
        ["updated", "last_modified_at", "lastmod"].iter().find_map(|key| dates.read(matter, key)?.ok())?;
    let is_after = moment.time.unix > published.unix;
    is_after.then(|| datetime(moment.time, !moment.has_clock))
}

/// The authors' names. `known` are authors by the keys that posts may use for them.
pub(crate) fn authors(matter: &FrontMatter<'_>, known: &Map) -> Vec<String> {
    let values = ["authors", "author"].iter().filter_map(|key| matter.value(key));
    values.map(|value| names(value, known)).find(|names| !names.is_empty()).unwrap_or_default()
}

/// The names of authors: texts, mappings with a `name`, or lists of these.
pub fn names(value: &Value, known: &Map) -> Vec<String> {
    let mut found = Vec::new();
    match value {
        Value::List(values) => found.extend(values.iter().flat_map(|value| names(value, known))),
        Value::Map(map) => found.extend(map.get("name").and_then(Value::text).map(str::to_owned)),
        value => {
            let Some(text) = value.text() else { return found };
            let name = match known.get(text) {
                Some(Value::Map(map)) => map.get("name").and_then(Value::text),
                Some(value) => value.text(),
                None => None,
            };
            found.push(name.unwrap_or(text).to_owned());
        }
    }
    found.dedup();
    found
}

/// The story's language, if it is a language tag such as `en` or `zh-TW`.
pub(crate) fn lang(matter: &FrontMatter<'_>) -> String {
    let is_tag = |text: &str| {
        text.split('-')
            .all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
            && text.len() >= 2
            && text.as_bytes()[0].is_ascii_alphabetic()
    };
    matter
        .text("lang")
        .map(|(_, text)| text.replace('_', "-"))
        .filter(|text| is_tag(text))
        .unwrap_or_default()
}

/// The key of the story's picture: `image`, or the `cover` or `thumbnail` of other programs. A default counts only if the
/// post has none of them.
pub(crate) fn image_key(matter: &FrontMatter<'_>) -> Option<&'static str> {
    const KEYS: [&str; 3] = ["image", "cover", "thumbnail"];
    let is_set = |key: &&str| matter.value(key).is_some();
    KEYS.into_iter().find(|key| matter.is_own(key) && is_set(key)).or_else(|| KEYS.into_iter().find(is_set))
}

/// The story's picture; its address has the form of the bundle. As in jekyll-seo-tag, a relative path begins at the
/// site's root.
pub(crate) fn image(matter: &FrontMatter<'_>) -> Option<Image> {
    let (text, alt) = match matter.value(image_key(matter)?)? {
        Value::Map(map) => {
            let text = ["path", "url", "src", "image"].iter().find_map(|key| map.get(*key)?.text())?;
            (text, map.get("alt").and_then(Value::text).unwrap_or_default())
        }
        value => (value.text()?, ""),
    };
    let is_relative = !text.contains(':') && !text.starts_with('/');
    let address = if is_relative { format!("/{text}") } else { text.to_owned() };
    match Href::parse(&address) {
        Some(Href::External(src) | Href::Internal(src)) => {
            Some(Image { src, alt: alt.to_owned(), ..Image::default() })
        }
        _ => None,
    }
}

/// The place of a page in menus: `nav_order` and `nav_exclude` are those of Just the Docs, `weight` is Hugo's.
pub(crate) fn menu_place(matter: &FrontMatter<'_>) -> MenuPlace {
    let order = ["nav_order", "weight", "order"].iter().find_map(|key| matter.text(key));
    let is_excluded = matter.value("nav_exclude").and_then(Value::bool) == Some(true);
    MenuPlace { order: order.map(|(_, text)| text.to_owned()).unwrap_or_default(), is_excluded }
}

/// What the front matter itself says about the story's content, for lists and search engines.
pub(crate) fn description<'m>(matter: &'m FrontMatter<'_>) -> Option<&'m str> {
    ["description", "excerpt", "summary"].iter().find_map(|key| Some(matter.text(key)?.1))
}

/// The address or the form of addresses that the post gives itself. `url` is Hugo's, and `path` Zola's.
pub(crate) fn permalink(matter: &FrontMatter<'_>, is_jekyll: bool, program: Program) -> String {
    if let Some((_, path)) = matter.text("path").filter(|_| program == Program::Zola) {
        return format!("/{}/", path.trim_matches('/'));
    }
    let url = || matter.text("url").filter(|(_, url)| !is_jekyll && url.starts_with('/'));
    matter.text("permalink").or_else(url).map(|(_, text)| text.to_owned()).unwrap_or_default()
}

/// The values of some keys. `category` is Hexo's last category, with those above it (<https://hexo.io/docs/front-matter>):
/// of a list, each is above the next; of a list of lists, each list is.
pub(crate) fn address_values(matter: &FrontMatter<'_>, keys: &[String]) -> Vec<(String, String)> {
    let value = |key: &String| {
        let value = match key.as_str() {
            "category" => {
                path_of_categories(matter.value("categories").or_else(|| matter.value("category"))?)
            }
            key => matter.values().get(key)?.text()?.to_owned(),
        };
        Some((key.clone(), value))
    };
    keys.iter().filter_map(value).collect()
}

fn path_of_categories(value: &Value) -> String {
    let Value::List(all) = value else { return value.text().unwrap_or_default().to_owned() };
    let is_nested = all.iter().any(|value| matches!(value, Value::List(_)));
    match all.last() {
        Some(last) if is_nested => path_of_categories(last),
        _ => all.iter().filter_map(Value::text).collect::<Vec<_>>().join("/"),
    }
}

/// Old addresses of the post: paths of the site. `aliases` are Hugo's, and `redirect_from` is that of
/// jekyll-redirect-from.
pub(crate) fn aliases(matter: &FrontMatter<'_>, is_jekyll: bool) -> Vec<String> {
    let url = if is_jekyll { Some("url") } else { None };
    let values = ["redirect_from", "aliases"].into_iter().chain(url).filter_map(|key| matter.value(key));
    let is_path = |text: &&str| !text.contains("://") && !text.starts_with("//");
    values.flat_map(Value::texts).filter(is_path).map(str::to_owned).collect()
}
