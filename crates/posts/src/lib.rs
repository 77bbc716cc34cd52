//! Parses the text of a news post into an article and warnings. This crate does no IO and never panics, and
//! [`read`] never fails.
//!
//! A post passes through these steps: `front_matter` splits the text; `kept_back` removes comments;
//! comrak renders the body to HTML in the site's `dialect`; `html` reads that into blocks, as a browser would; `body` takes out
//! the summary, the source and the navigation; `markdown` prints the remaining blocks as the bundle's Markdown.

mod body;
mod date;
mod dialect;
mod eastmoney;
mod encoding;
mod files;
mod front_matter;
mod headings;
mod html;
mod kept_back;
mod kramdown;
mod liquid;
mod markdown;
mod metadata;
mod security;
mod tree;
mod value;
mod visibility;
mod warning;

use std::borrow::Cow;
use std::collections::BTreeMap;

use bundle::{Article, Headline, Label, Time, fingerprint, slugify, slugify_pretty};
pub use jiff::tz::TimeZone;

use date::{Clock, Moment};
pub use dialect::Dialect;
pub use eastmoney::is_post as is_eastmoney;
pub use files::{NamedFile, NoFile, SiteFile, is_page_or_program, without_dots};
use front_matter::FrontMatter;
pub use front_matter::{KEYS as FRONT_MATTER_KEYS, cascade};
use kept_back::KeptBack;
use liquid::Scope;
pub use liquid::{NEVER_IN_URLS, SiteValues, Surroundings};
pub use metadata::names as author_names;
pub use security::{american_secids, link_american_stock};
pub use value::{Map, Problem, Value, read_toml, read_yaml, read_yaml_value};
pub use visibility::Visibility;
pub use warning::{Warning, WarningKind};

/// The result of reading a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The article.
    pub article: Article,
    /// The first words of the summary, or of the body if there is no summary; shown in lists.
    pub excerpt: String,
    /// The address of its picture for lists; empty if it has none of its own.
    pub small_image: String,
    /// The `permalink` of the front matter, or on other than Jekyll's sites its `url`; empty if there is none.
    pub permalink: String,
    /// Old addresses: `redirect_from` and `aliases`.
    pub aliases: Vec<String>,
    /// What Jekyll's addresses have for `:title`, if it differs from the slug.
    pub title_slug: String,
    /// The values of [`Context::address_keys`] that the post has, with their keys.
    pub address_values: Vec<(String, String)>,
    /// Whether the post is EastMoney's.
    pub is_eastmoney: bool,
    /// Whether the front matter or the file's name has a date. A file without one is a page, not a story.
    pub has_date: bool,
    /// Whether and when the post may be shown.
    pub visibility: Visibility,
    /// A fingerprint of what the body takes from other files than its own and the site's configuration, includes and
    /// data; 0 if nothing.
    pub outside: u64,
    /// Front matter for everything in its folder: Hugo's `cascade`.
    pub cascade: Vec<Map>,
    /// The files of the site that it names, or that it would name if they were there.
    pub files: Vec<NamedFile>,
    /// The addresses within the site that it links to and that are no files.
    pub links: Vec<String>,
    /// Its place in menus, if it is a page.
    pub menu: MenuPlace,
    /// What could not be read as written.
    pub warnings: Vec<Warning>,
}

/// The place of a page in menus, as its front matter tells it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MenuPlace {
    /// A number: pages with smaller ones come first. Empty if there is none.
    pub order: String,
    /// Whether it is in no menu.
    pub is_excluded: bool,
}

impl Post {
    /// The headline for lists, with the excerpt as its summary.
    pub fn headline(&self) -> Headline {
        let article = &self.article;
        Headline {
            slug: article.slug.clone(),
            title: article.title.clone(),
            time: article.time,
            date_only: article.date_only,
            path: String::new(),
            category: article.categories.first().cloned(),
            securities: article.securities.iter().take(Headline::MAX_SECURITIES).cloned().collect(),
            image: self.small_image.clone(),
            summary: self.excerpt.clone(),
        }
    }
}

/// A program that publishes sites, as far as posts differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Program {
    /// Hugo: the keys of front matter may be written in small or capital letters.
    Hugo,
    /// Zola: front matter's `path` is the address, which may have the date.
    Zola,
    /// Hexo: no tags are carried out in Markdown's code.
    Hexo,
    /// Jekyll, or none.
    Other,
}

/// What a site says about a post.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The site's time zone.
    pub zone: &'a TimeZone,
    /// The site's `_config.yml`.
    pub site: &'a Map,
    /// Front matter for posts that do not set it themselves.
    pub defaults: &'a Map,
    /// Folders whose names are categories of the post.
    pub folders: &'a [&'a str],
    /// Authors by the keys that posts may use for them: names, or mappings with a `name`.
    pub authors: &'a Map,
    /// The names of securities.
    pub names: &'a Names,
    /// Whether the site is Jekyll's.
    pub is_jekyll: bool,
    /// How its authors write Markdown; GFM if nothing says so.
    pub dialect: Option<Dialect>,
    /// The program that the site was written for.
    pub program: Program,
    /// The category of posts that have no other.
    pub section: Option<&'a str>,
    /// The keys of front matter whose values the site's addresses have.
    pub address_keys: &'a [String],
    /// The path of the post's file, relative to the site's root, with `/` as separator.
    pub path: &'a str,
    /// The rest of the site; without it, Liquid's links and includes show nothing, and no file is found.
    pub surroundings: Option<&'a dyn Surroundings>,
}

/// Names of securities by their secids.
pub type Names = BTreeMap<String, String>;

static EMPTY: Map = Map::new();
static NO_NAMES: Names = Names::new();

impl<'a> Context<'a> {
    /// A site without configuration, in a time zone.
    pub const fn new(zone: &'a TimeZone) -> Self {
        Self {
            zone,
            site: &EMPTY,
            defaults: &EMPTY,
            folders: &[],
            authors: &EMPTY,
            names: &NO_NAMES,
            is_jekyll: false,
            dialect: None,
            program: Program::Other,
            section: None,
            address_keys: &[],
            path: "",
            surroundings: None,
        }
    }
}

/// Reads a post from a file's bytes. `name` is the file's name without folders.
pub fn read(name: &str, bytes: &[u8], context: &Context<'_>) -> Post {
    let zone = context.zone;
    let mut warnings = Vec::new();
    let text = decode_with(bytes, &mut warnings);
    let mut matter = FrontMatter::parse(&text, &mut warnings);
    if context.program == Program::Hugo {
        matter.fold_keys();
    }
    matter.add_defaults(context.defaults);
    let (slug, title_slug, name_date) = slug_and_date(name, &matter);
    let is_eastmoney = eastmoney::is_post(name, matter.body);
    let dates = Dates { is_eastmoney, zone };
    let folder_date = date::date_in_path(context.path)
        .or_else(|| date::date_in_path(matter.text("path").filter(|_| context.program == Program::Zola)?.1));
    let moment = publication_time(&slug, name_date.or(folder_date), &matter, dates, &mut warnings);
    let has_date = moment.is_some();
    let Moment { time, has_clock } =
        moment.unwrap_or(Moment { time: Time { unix: 0, offset: 0 }, has_clock: false });
    let mut kept_back = KeptBack::default();
    let (categories, tags) = categories_and_tags(&matter, context);
    // EastMoney's posts are HTML between lines of Markdown that each dialect reads alike; an address without signs
    // around it is no link there.
    let dialect = if is_eastmoney {
        Dialect::CommonMark { smart: false, autolink: false, breaks: false }
    } else {
        context.dialect.unwrap_or(Dialect::GFM)
    };
    let dialect = (!is_html(name)).then_some(dialect);
    let scope = Scope {
        page: matter.values(),
        title: matter.text("title").map_or("", |(_, title)| title),
        slug: &slug,
        time: has_date.then_some(time),
        path: context.path,
        categories: &categories,
        tags: &tags,
        site: context.site,
        is_jekyll: context.is_jekyll,
        program: context.program,
        surroundings: context.surroundings,
        dialect,
        zone,
    };
    let has_liquid = matter.value("render_with_liquid").and_then(Value::bool) != Some(false);
    let shown = kept_back::remove(matter.body, has_liquid.then_some(&scope), &mut kept_back);
    let body =
        body::read(&matter, shown.as_deref(), is_eastmoney, dialect, context, &mut kept_back, &mut warnings);
    for what in kept_back.unclosed.drain(..) {
        warnings.push(Warning {
            line: matter.body_line,
            kind: WarningKind::KeptBack,
            message: format!("{what} has no end, so everything after it is kept back"),
        });
    }
    let title = title(&matter, &body, &slug, &mut warnings);
    let updated = metadata::updated(&matter, dates, time);
    let summary = body.summary;
    let words = if summary.is_empty() { &body.text } else { &summary };
    let excerpt = excerpt(metadata::description(&matter).unwrap_or(words));
    let mut visibility = Visibility::read(&matter, time, kept_back.fingerprint, dates, &mut warnings);
    visibility.is_kept_back |= match context.program {
        Program::Hugo => visibility::is_headless(&matter),
        Program::Zola => matter.value("render").and_then(Value::bool) == Some(false),
        _ => false,
    };
    warnings.sort_by_key(|warning| warning.line);
    Post {
        article: Article {
            slug,
            title,
            time,
            date_only: !has_clock,
            updated: updated.unwrap_or_default(),
            authors: metadata::authors(&matter, context.authors),
            lang: metadata::lang(&matter),
            image: body.image,
            shared: false,
            categories,
            tags,
            summary,
            source: body.source,
            original: body.original,
            securities: body.securities,
            body: body.markdown,
        },
        excerpt,
        small_image: body.small_image,
        permalink: metadata::permalink(&matter, context.is_jekyll, context.program),
        aliases: metadata::aliases(&matter, context.is_jekyll),
        title_slug,
        address_values: metadata::address_values(&matter, context.address_keys),
        is_eastmoney,
        has_date,
        visibility,
        outside: kept_back.liquid.outside,
        cascade: front_matter::cascade(matter.value("cascade")),
        files: body.files,
        links: body.links,
        menu: metadata::menu_place(&matter),
        warnings,
    }
}

/// Whether a file contains only HTML.
fn is_html(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| {
        extension.eq_ignore_ascii_case("html") || extension.eq_ignore_ascii_case("htm")
    })
}

/// Whether a file's name begins with a date, as the names of Jekyll's posts do.
pub fn has_date(name: &str) -> bool {
    date::date_of_name(name).0.is_some()
}

/// Decodes a post's file as [`read`] does.
pub fn decode(bytes: &[u8]) -> Cow<'_, str> {
    decode_with(bytes, &mut Vec::new())
}

/// Decodes a file and normalises its line ends to `\n`.
fn decode_with<'a>(bytes: &'a [u8], warnings: &mut Vec<Warning>) -> Cow<'a, str> {
    let text = encoding::text(bytes).unwrap_or_else(|problem| {
        warnings.push(Warning { line: problem.line, kind: WarningKind::Encoding, message: problem.message });
        Cow::Owned(problem.text)
    });
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text }
}

/// Returns Jekyll's slug (the front matter's `slug`, or the file name after its date), what Jekyll's `:title` is if
/// that differs, and the date in the file name.
fn slug_and_date(name: &str, matter: &FrontMatter<'_>) -> (String, String, Option<bundle::Date>) {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let (date, rest) = date::date_of_name(stem);
    let own = matter.text("slug").map_or(rest.trim_end_matches('.'), |(_, slug)| slug);
    let mut slug = slugify(own);
    let title = slugify_pretty(own);
    if slug.is_empty() {
        // The same slug on every machine, for a name without letters or digits.
        slug = format!("post-{:016x}", fingerprint(name));
    }
    let title = if title == slug { String::new() } else { title };
    (slug, title, date)
}

/// How a post's dates are read.
#[derive(Debug, Clone, Copy)]
struct Dates<'a> {
    is_eastmoney: bool,
    zone: &'a TimeZone,
}

impl Dates<'_> {
    /// Reads the date under a key. `None` if there is none, or an error if it is not a date.
    fn read<'m>(self, matter: &'m FrontMatter<'_>, key: &str) -> Option<Result<Moment, &'m str>> {
        let (_, text) = matter.text(key)?;
        // EastMoney's posts mean Beijing's clock.
        let clock = if matter.is_plain(key) && !self.is_eastmoney { Clock::Yaml } else { Clock::Site };
        Some(date::parse(text, clock, self.zone).ok_or(text))
    }
}

/// When the post was published; `None` if neither its front matter nor its name has a date.
fn publication_time(
    slug: &str,
    name_date: Option<bundle::Date>,
    matter: &FrontMatter<'_>,
    dates: Dates<'_>,
    warnings: &mut Vec<Warning>,
) -> Option<Moment> {
    if let Some(Ok(moment)) = dates.read(matter, "date") {
        return Some(moment);
    }
    let line = matter.line("date");
    let problem = match matter.text("date") {
        Some((_, text)) => format!("“{text}” is not a date such as 2022-03-01 12:51:18 +0800"),
        None => "the date is missing".to_owned(),
    };
    let guess = name_date
        .map(|date| (date, "the file's name"))
        .or_else(|| date::date_of_id(slug).map(|date| (date, "the id in the file's name")));
    if let Some((date, place)) = guess
        && let Some(time) = date::midnight(date, dates.zone)
    {
        // Jekyll's posts often have the date in their names only, which needs no warning.
        if matter.text("date").is_some() || name_date.is_none() {
            warnings.push(Warning {
                line,
                kind: WarningKind::Date,
                message: format!("{problem}; {date} from {place} is used instead"),
            });
        }
        return Some(Moment { time, has_clock: false });
    }
    warnings.push(Warning {
        line,
        kind: WarningKind::Date,
        message: format!("{problem}, and the file's name has none, so this is a page and not a story. To publish it as a story, add a line such as “date: 2022-03-01 12:51:18 +0800”"),
    });
    None
}

fn title(matter: &FrontMatter<'_>, body: &body::Body, slug: &str, warnings: &mut Vec<Warning>) -> String {
    if let Some((_, title)) = matter.text("title") {
        return title.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    let words = if body.summary.is_empty() { &body.text } else { &body.summary };
    let line = words.lines().next().unwrap_or_default();
    let end = line.find(['。', '！', '？', '；']).unwrap_or(line.len());
    let title = cut(&line[..end], 40);
    let title = if title.is_empty() { slug.to_owned() } else { title };
    warnings.push(Warning {
        line: matter.line("title"),
        kind: WarningKind::Title,
        message: format!("the title is missing; the story's first words are used instead: “{title}”"),
    });
    title
}

/// The categories and tags, with the post's spelling. As in Jekyll, the categories are those of the folders,
/// of the defaults and of the post itself.
fn categories_and_tags(matter: &FrontMatter<'_>, context: &Context<'_>) -> (Vec<Label>, Vec<Label>) {
    let labels = |names: Vec<String>| {
        let mut labels: Vec<Label> = Vec::new();
        for label in names.iter().map(|name| Label::from_spelling(name)) {
            if !label.key.is_empty() && !labels.iter().any(|earlier| earlier.key == label.key) {
                labels.push(label);
            }
        }
        labels
    };
    let folders = context.folders.iter().map(|name| (*name).to_owned());
    let defaults = front_matter::names(context.defaults, "", "categories");
    let own = matter.names("category", "categories");
    // Zola's.
    let taxonomies = matter.value("taxonomies").and_then(Value::map);
    let of = |name: &str| taxonomies.and_then(|map| map.get(name)).map(Value::texts).unwrap_or_default();
    let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let mut categories: Vec<String> =
        folders.chain(defaults).chain(own).chain(owned(of("categories"))).collect();
    if categories.is_empty() {
        categories.extend(context.section.map(str::to_owned));
    }
    let tags = matter.names("tag", "tags").into_iter().chain(owned(of("tags"))).collect();
    (labels(categories), labels(tags))
}

/// About two lines: a number of characters in Chinese, Japanese and Korean, and whole words in other scripts.
fn excerpt(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_wide = |c: char| matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}');
    if line.chars().take(Headline::MAX_SUMMARY_CHARS).any(is_wide) {
        return cut(&line, Headline::MAX_SUMMARY_CHARS);
    }
    let cut = cut(&line, Headline::MAX_NARROW_SUMMARY_CHARS);
    match cut.strip_suffix('…').and_then(|cut| cut.rsplit_once(' ')) {
        Some((words, _)) if cut != line => {
            format!("{}…", words.trim_end_matches([' ', ',', ';', ':', '–', '—', '-']))
        }
        _ => cut,
    }
}

/// Shortens a text to at most `length` characters, the last an ellipsis if something is left out.
fn cut(text: &str, length: usize) -> String {
    let text = text.trim();
    if text.char_indices().nth(length).is_none() {
        return text.to_owned();
    }
    let kept: String = text.chars().take(length - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn article(body: &str) -> Article {
        read(
            "2022-03-01-x.md",
            format!("---\ntitle: T\n---\n{body}").as_bytes(),
            &Context::new(&TimeZone::UTC),
        )
        .article
    }

    #[test]
    fn a_table_s_cost_depends_on_its_cells_not_on_their_spans() {
        let wide = "<td colspan=50>甲</td>".repeat(3000);
        let tall = "<tr><td>乙</td></tr>".repeat(3000);
        let body = article(&format!("<table><tr>{wide}</tr>{tall}</table>")).body;
        assert_eq!(body.matches('甲').count(), 3000);
        assert_eq!(body.matches('乙').count(), 3000);
        assert!(body.len() < 1_000_000);
    }

    #[test]
    fn words_nested_thousands_of_levels_deep_are_kept() {
        assert!(article(&format!("{}深", "> ".repeat(20_000))).body.contains('深'));
        assert!(article(&format!("{}深", "<div><b>".repeat(3_000))).body.contains('深'));
    }

    proptest! {
        #[test]
        fn any_bytes_become_an_article(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
            let post = read("x.md", &bytes, &Context::new(&TimeZone::UTC));
            prop_assert!(!post.article.title.is_empty() && !post.article.slug.is_empty());
        }

        #[test]
        fn any_text_in_any_markup_becomes_an_article(text in "(---\\n|[a-z]+: |\\[|\\]|[>|*_`#-]{1,3} ?|</?(p|b|table|tr|td|ul|li|pre|a href=x|img src=y|svg|style)>?|&[a-z]+;?|\\n|\\PC){0,60}") {
            let post = read("2022-03-01-x.md", text.as_bytes(), &Context::new(&TimeZone::UTC));
            prop_assert!(!post.article.title.is_empty());
        }
    }
}
