//! Parses the text of a news post into an article and warnings. This crate does no IO and never panics, and
//! [`read`] never fails.
//!
//! A post passes through these steps: `front_matter` splits the text; pulldown-cmark renders the body to
//! HTML; `html` reads that into blocks, as a browser would; `body` takes out the summary, the source and the
//! navigation; `markdown` prints the remaining blocks as the bundle's Markdown.

mod body;
mod date;
mod encoding;
mod front_matter;
mod html;
mod markdown;
mod security;
mod tree;
mod warning;

use std::borrow::Cow;

use bundle::{Article, Headline, Label, Time, fingerprint, slugify};
pub use jiff::tz::TimeZone;

use front_matter::FrontMatter;
pub use warning::{Warning, WarningKind};

/// The result of reading a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The article.
    pub article: Article,
    /// The first words of the summary, or of the body if there is no summary; shown in lists.
    pub excerpt: String,
    /// Whether to publish the post; `false` if its front matter contains `published: false` (or `no` or
    /// `off`).
    pub published: bool,
    /// What could not be read as written.
    pub warnings: Vec<Warning>,
}

impl Post {
    /// The headline for lists, with the excerpt as its summary.
    pub fn headline(&self) -> Headline {
        let article = &self.article;
        Headline {
            slug: article.slug.clone(),
            title: article.title.clone(),
            time: article.time,
            category: article.categories.first().cloned(),
            securities: article.securities.iter().take(Headline::MAX_SECURITIES).cloned().collect(),
            summary: self.excerpt.clone(),
        }
    }
}

/// Reads a post from a file's bytes. `name` is the file's name without folders, `zone` the site's time zone.
pub fn read(name: &str, bytes: &[u8], zone: &TimeZone) -> Post {
    let mut warnings = Vec::new();
    let text = decode(bytes, &mut warnings);
    let matter = FrontMatter::parse(&text, &mut warnings);
    let (slug, name_date) = slug_and_date(name, &matter);
    let time = publication_time(&slug, name_date, &matter, zone, &mut warnings);
    let body = body::read(matter.body, matter.body_line, &mut warnings);
    let title = title(&matter, &body, &slug, &mut warnings);
    let (categories, tags) = categories_and_tags(&matter);
    let summary = body.summary;
    let excerpt = excerpt(if summary.is_empty() { &body.text } else { &summary });
    let published = !matches!(
        matter.text("published"),
        Some((_, "false" | "no" | "off" | "False" | "FALSE" | "No" | "Off"))
    );
    warnings.sort_by_key(|warning| warning.line);
    Post {
        article: Article {
            slug,
            title,
            time,
            categories,
            tags,
            summary,
            source: body.source,
            original: body.original,
            securities: body.securities,
            body: body.markdown,
        },
        excerpt,
        published,
        warnings,
    }
}

/// Reads the top-level scalars of a YAML file such as Jekyll's `_config.yml`.
///
/// # Errors
/// Fails if the text is not YAML, or is a list or a scalar instead of a mapping. The error is the line,
/// counted from 1, and the reason.
pub fn read_yaml(text: &str) -> Result<std::collections::BTreeMap<String, String>, (usize, String)> {
    front_matter::scalars(text)
}

/// Decodes a file and normalises its line ends to `\n`.
fn decode<'a>(bytes: &'a [u8], warnings: &mut Vec<Warning>) -> Cow<'a, str> {
    let text = encoding::text(bytes).unwrap_or_else(|problem| {
        warnings.push(Warning { line: problem.line, kind: WarningKind::Encoding, message: problem.message });
        Cow::Owned(problem.text)
    });
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n").into() } else { text }
}

/// Returns Jekyll's slug (the front matter's `slug`, or the file name after its date), and the date in the
/// file name.
fn slug_and_date(name: &str, matter: &FrontMatter<'_>) -> (String, Option<bundle::Date>) {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let (date, rest) = date::date_of_name(stem);
    let mut slug = slugify(matter.text("slug").map_or(rest, |(_, slug)| slug));
    if slug.is_empty() {
        // The same slug on every machine, for a name without letters or digits.
        slug = format!("post-{:016x}", fingerprint(name));
    }
    (slug, date)
}

fn publication_time(
    slug: &str,
    name_date: Option<bundle::Date>,
    matter: &FrontMatter<'_>,
    zone: &TimeZone,
    warnings: &mut Vec<Warning>,
) -> Time {
    if let Some((_, text)) = matter.text("date")
        && let Some(time) = date::parse_time(text, zone)
    {
        return time;
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
        && let Some(time) = date::midnight(date, zone)
    {
        // Jekyll's posts often have the date in their names only, which needs no warning.
        if matter.text("date").is_some() || name_date.is_none() {
            warnings.push(Warning {
                line,
                kind: WarningKind::Date,
                message: format!("{problem}; {date} from {place} is used instead"),
            });
        }
        return time;
    }
    warnings.push(Warning {
        line,
        kind: WarningKind::Date,
        message: format!("{problem}, and the file's name has none; 1970-01-01 is used. Add a line such as “date: 2022-03-01 12:51:18 +0800”"),
    });
    Time { unix: 0, offset: 0 }
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

/// The categories and tags, with the post's spelling.
fn categories_and_tags(matter: &FrontMatter<'_>) -> (Vec<Label>, Vec<Label>) {
    let labels = |names: Vec<String>| {
        let mut labels: Vec<Label> = Vec::new();
        for label in names.iter().map(|name| Label::from_spelling(name)) {
            if !label.key.is_empty() && !labels.iter().any(|earlier| earlier.key == label.key) {
                labels.push(label);
            }
        }
        labels
    };
    (labels(matter.names("category", "categories")), labels(matter.names("tag", "tags")))
}

fn excerpt(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(&line, Headline::MAX_SUMMARY_CHARS)
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
        read("2022-03-01-x.md", format!("---\ntitle: T\n---\n{body}").as_bytes(), &TimeZone::UTC).article
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
            let post = read("x.md", &bytes, &TimeZone::UTC);
            prop_assert!(!post.article.title.is_empty() && !post.article.slug.is_empty());
        }

        #[test]
        fn any_text_in_any_markup_becomes_an_article(text in "(---\\n|[a-z]+: |\\[|\\]|[>|*_`#-]{1,3} ?|</?(p|b|table|tr|td|ul|li|pre|a href=x|img src=y|svg|style)>?|&[a-z]+;?|\\n|\\PC){0,60}") {
            let post = read("2022-03-01-x.md", text.as_bytes(), &TimeZone::UTC);
            prop_assert!(!post.article.title.is_empty());
        }
    }
}
