//! The addresses that Hugo, Zola and Hexo give their stories and pages.

use posts::{Map, Post, Value};
use viewer::state::format::MONTHS;

use super::SiteKind;
use super::configuration::value;

impl SiteKind {
    /// The address that Hugo and Zola give a page, with its slug; empty if it has another one.
    pub(crate) fn page_permalink(self, source: &str, post: &Post) -> String {
        let path = self.site_path(source);
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let is_own = !matches!(self, Self::Hugo | Self::Zola) || !post.permalink.is_empty();
        if is_own || name.starts_with("_index.") || (folder.is_empty() && name.starts_with("index.")) {
            return post.permalink.clone();
        }
        let folder = if name.starts_with("index.") {
            folder.rsplit_once('/').map_or("", |(above, _)| above)
        } else {
            folder
        };
        let slug = if post.title_slug.is_empty() { &post.article.slug } else { &post.title_slug };
        format!("{}/{}/", in_address(folder), in_address(slug))
    }

    /// The address that the program gives a story: a path that may not be percent-encoded. `None` if that is not its
    /// own, or if the story has one.
    pub(crate) fn story_address(self, source: &str, post: &Post, config: &Map) -> Option<String> {
        let path = self.site_path(source);
        let stem = path.rsplit_once('.').map_or(&*path, |(stem, _)| stem);
        let stem = stem.strip_suffix("/index").unwrap_or(stem);
        let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
        let article = &post.article;
        let slug = if post.title_slug.is_empty() { &article.slug } else { &post.title_slug };
        let date = article.time.date().to_string();
        let part = |range: std::ops::Range<usize>| date.get(range).unwrap_or_default();
        let form = match self {
            Self::Plain | Self::Jekyll => return None,
            Self::Zola => "/:sections/:slug/".to_owned(),
            Self::Hugo => {
                let section = path.split('/').next().unwrap_or_default();
                let own = |keys: &[&str]| value(config, keys).and_then(Value::text).map(str::to_owned);
                own(&["permalinks", "page", section])
                    .or_else(|| own(&["permalinks", section]))
                    .unwrap_or_else(|| "/:sections/:slug/".to_owned())
            }
            Self::Hexo => {
                let own = config.get("permalink").and_then(Value::text).filter(|form| !form.is_empty());
                format!("/{}", own.unwrap_or(":year/:month/:day/:title/"))
            }
        };
        let sections =
            if self == Self::Hexo { folder.strip_prefix("posts").unwrap_or(folder) } else { folder };
        let sections = sections.trim_matches('/');
        let lower = |text: &str| if self == Self::Hexo { text.to_owned() } else { in_address(text) };
        let own_name = match self {
            Self::Hexo if new_post_has_date(config) => bare_name(name),
            _ => name,
        };
        let whole = if sections.is_empty() { own_name.to_owned() } else { format!("{sections}/{own_name}") };
        let category = article.categories.first().map_or("", |label| label.title.as_str());
        let month = usize::from(article.time.date().month());
        let values: [(&str, String); 17] = [
            ("monthname", MONTHS.get(month.wrapping_sub(1)).copied().unwrap_or_default().to_owned()),
            ("slugorfilename", lower(slug)),
            ("slugorcontentbasename", lower(slug)),
            ("contentbasename", lower(name)),
            ("filename", lower(name)),
            ("post_title", bundle::slugify(&article.title)),
            ("sections", lower(sections)),
            ("section", lower(sections.split('/').next().unwrap_or_default())),
            ("category", category.to_owned()),
            ("i_month", part(5..7).trim_start_matches('0').to_owned()),
            ("i_day", part(8..10).trim_start_matches('0').to_owned()),
            ("year", part(0..4).to_owned()),
            ("month", part(5..7).to_owned()),
            ("day", part(8..10).to_owned()),
            ("title", if self == Self::Hexo { whole } else { bundle::slugify(&article.title) }),
            ("name", own_name.to_owned()),
            ("slug", lower(slug)),
        ];
        let own =
            |name: &str| post.address_values.iter().find(|(key, _)| key == name).map(|(_, value)| value);
        let known = |name: &str| values.iter().find(|(known, _)| *known == name).map(|(_, value)| value);
        let mut address = String::new();
        let mut after = 0;
        for (place, name) in names_in(&form) {
            address.push_str(&form[after..place]);
            // A story without such a value, as of a plugin, has an address of ours.
            address.push_str(known(name).or_else(|| own(name))?);
            after = place + 1 + name.len();
        }
        address.push_str(&form[after..]);
        while address.contains("//") {
            address = address.replace("//", "/");
        }
        Some(address)
    }
}

/// A part of an address as Hugo and Zola write it: small letters, and hyphens for spaces.
fn in_address(text: &str) -> String {
    text.to_lowercase().split_whitespace().collect::<Vec<_>>().join("-")
}

/// The name of a post without its date.
fn bare_name(name: &str) -> &str {
    if posts::has_date(name) { name.splitn(4, '-').nth(3).unwrap_or(name) } else { name }
}

/// Whether the names of Hexo's posts begin with their dates, as its configuration says.
fn new_post_has_date(config: &Map) -> bool {
    config.get("new_post_name").and_then(Value::text).is_some_and(|form| form.contains(":year"))
}

/// The names in a form of addresses, with the places of their colons.
fn names_in(form: &str) -> impl Iterator<Item = (usize, &str)> {
    form.match_indices(':').map(|(place, _)| {
        let after = &form[place + 1..];
        let length = after.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(after.len());
        (place, &after[..length])
    })
}

/// The keys of front matter whose values the addresses of stories have: Hexo's `permalink` may name any.
/// <https://hexo.io/docs/permalinks>
pub(crate) fn address_keys(kind: SiteKind, config: &Map) -> Vec<String> {
    let form = config.get("permalink").and_then(Value::text).filter(|_| kind == SiteKind::Hexo);
    form.into_iter().flat_map(names_in).map(|(_, name)| name.to_owned()).collect()
}
