//! The addresses that Hugo, Zola and Hexo give their stories and pages.

use posts::{Map, Post, Value};
use unicode_normalization::char::is_combining_mark;
use viewer::state::format::MONTHS;

use super::SiteKind;
use super::configuration::value;

impl SiteKind {
    /// The address that Hugo and Zola give a page, with its slug; empty if it has another one.
    pub(crate) fn page_permalink(self, source: &str, post: &Post, config: &Map) -> String {
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
        format!("{}/{}/", in_address(self, config, folder), in_address(self, config, slug))
    }

    /// The address that the program gives a story: a path that may not be percent-encoded. `None` if the program is none
    /// or Jekyll.
    ///
    /// # Errors
    /// Fails with what the form of addresses has and the story does not tell; then it has an address of ours.
    pub(crate) fn story_address(
        self,
        source: &str,
        post: &Post,
        config: &Map,
    ) -> Result<Option<String>, String> {
        let path = self.site_path(source);
        let stem = path.rsplit_once('.').map_or(&*path, |(stem, _)| stem);
        let stem = stem.strip_suffix("/index").unwrap_or(stem);
        let (folder, name) = stem.rsplit_once('/').unwrap_or(("", stem));
        let form = match self {
            Self::Plain | Self::Jekyll => return Ok(None),
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
        let name = if self == Self::Hexo && new_post_has_date(config) { bare_name(name) } else { name };
        let parts = Parts { kind: self, post, config, sections: sections.trim_matches('/'), name };
        let mut address = String::new();
        let mut after = 0;
        for (place, name) in names_in(&form) {
            address.push_str(&form[after..place]);
            address.push_str(&parts.value(name).ok_or_else(|| format!(":{name}"))?);
            after = place + 1 + name.len();
        }
        address.push_str(&form[after..]);
        while address.contains("//") {
            address = address.replace("//", "/");
        }
        Ok(Some(address))
    }
}

/// What addresses may have of a story.
struct Parts<'a> {
    kind: SiteKind,
    post: &'a Post,
    config: &'a Map,
    /// The folders above its file.
    sections: &'a str,
    /// The name of its file without its extension.
    name: &'a str,
}

impl Parts<'_> {
    /// The value of a name in a form of addresses: <https://gohugo.io/configuration/permalinks/#tokens>,
    /// <https://hexo.io/docs/permalinks>.
    fn value(&self, name: &str) -> Option<String> {
        let article = &self.post.article;
        let title_slug = &self.post.title_slug;
        let slug = if title_slug.is_empty() { &article.slug } else { title_slug };
        let date = article.time.date();
        let in_address = |text: &str| in_address(self.kind, self.config, text);
        let second = (article.time.unix + i64::from(article.time.offset) * 60).rem_euclid(86_400);
        let is_hexo = self.kind == SiteKind::Hexo;
        Some(match name {
            "year" => format!("{:04}", date.year()),
            "month" => format!("{:02}", date.month()),
            "day" => format!("{:02}", date.day()),
            "i_month" => date.month().to_string(),
            "i_day" => date.day().to_string(),
            "monthname" => MONTHS.get(usize::from(date.month()).wrapping_sub(1))?.to_string(),
            "hour" if is_hexo => format!("{:02}", second / 3600),
            "minute" if is_hexo => format!("{:02}", second / 60 % 60),
            "second" if is_hexo => format!("{:02}", second % 60),
            "timestamp" if is_hexo => (article.time.unix * 1000).to_string(),
            "title" if is_hexo && self.sections.is_empty() => self.name.to_owned(),
            "title" if is_hexo => format!("{}/{}", self.sections, self.name),
            "title" | "post_title" => bundle::slugify(&article.title),
            "name" => self.name.to_owned(),
            "category" if is_hexo => self.hexo_category(),
            "slug" | "slugorfilename" | "slugorcontentbasename" => in_address(slug),
            "filename" | "contentbasename" => in_address(self.name),
            "sections" => in_address(self.sections),
            "section" => in_address(self.sections.split('/').next()?),
            _ => self.own(name)?.to_owned(),
        })
    }

    /// The value of a key of the post's front matter.
    fn own(&self, name: &str) -> Option<&str> {
        self.post.address_values.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Hexo's last category with those above it, as `category_map` writes them.
    fn hexo_category(&self) -> String {
        let default = || self.config.get("default_category").and_then(Value::text).unwrap_or("uncategorized");
        let category = self.own("category").filter(|path| !path.is_empty()).unwrap_or_else(default);
        let map = self.config.get("category_map").and_then(Value::map);
        let part = |name: &str| {
            let mapped = map.and_then(|map| map.get(name)?.text()).unwrap_or(name);
            let words: Vec<&str> = mapped.split(|c: char| c.is_whitespace() || is_special(c)).collect();
            words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
        };
        category.split('/').map(part).collect::<Vec<_>>().join("/")
    }
}

/// What Hexo replaces in names (`rSpecial` in hexo-util's `slugize.ts`).
const fn is_special(c: char) -> bool {
    matches!(c, '~' | '`' | '!'..='/' | ':'..='@' | '['..='_' | '{'..='}')
}

/// A part of an address as the program writes it.
fn in_address(kind: SiteKind, config: &Map, text: &str) -> String {
    match kind {
        SiteKind::Zola => {
            // https://www.getzola.org/documentation/getting-started/configuration/#slugification-strategies
            let strategy = value(config, &["slugify", "paths"]).and_then(Value::text).unwrap_or("on");
            let part = |part: &str| match strategy {
                "off" => part.to_owned(),
                "safe" => part
                    .chars()
                    .filter(|c| !"<>:/|?*#\n\"\\()[]{}&".contains(*c))
                    .map(|c| if c.is_whitespace() { '_' } else { c })
                    .collect(),
                _ => slug::slugify(part),
            };
            text.split('/').map(part).collect::<Vec<_>>().join("/")
        }
        SiteKind::Hugo => in_hugo_address(text),
        SiteKind::Plain | SiteKind::Jekyll | SiteKind::Hexo => text.to_owned(),
    }
}

/// A path in small letters, with a hyphen for each run of spaces and without other signs (`UnicodeSanitize` and
/// `isAllowedPathCharacter` in Hugo's `common/paths/url.go` and `path.go`).
fn in_hugo_address(text: &str) -> String {
    let mut address = String::with_capacity(text.len());
    let (mut is_space, mut was_hyphen) = (false, false);
    for c in text.chars().flat_map(char::to_lowercase) {
        let is_allowed = c.is_alphanumeric()
            || is_combining_mark(c)
            || matches!(c, '.' | '/' | '\\' | '_' | '#' | '+' | '~' | '-' | '@');
        if is_allowed {
            was_hyphen = c == '-';
            if std::mem::take(&mut is_space) && !was_hyphen {
                address.push('-');
            }
            address.push(c);
        } else if !address.is_empty() && !was_hyphen && c.is_whitespace() {
            is_space = true;
        }
    }
    address
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
