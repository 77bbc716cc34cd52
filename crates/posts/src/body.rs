//! Reads a post's body: its text, its parts and its securities.

use bundle::href::Href;
use bundle::{Label, Secid, fingerprint, picture_copy};
use memchr::memmem;

use crate::dialect::{self, Dialect};
use crate::eastmoney;
use crate::files::{Finder, NamedFile, NoFile};
use crate::front_matter::FrontMatter;
use crate::headings;
use crate::html;
use crate::kept_back::KeptBack;
use crate::markdown;
use crate::metadata;
use crate::security;
use crate::tree::{Block, Inline, Mark, Media, any_inline, blocks_text, inline_text, visit_inlines};
use crate::warning::{Warning, WarningKind};
use crate::{Context, Names};

/// A body's parts.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) summary: String,
    pub(crate) source: String,
    pub(crate) original: String,
    pub(crate) securities: Vec<Label>,
    pub(crate) markdown: String,
    /// The address of the story's picture; empty if it has none.
    pub(crate) image: String,
    /// The address of the same picture for lists; empty if it is the site's rather than the story's.
    pub(crate) small_image: String,
    /// The plain text of the body without the summary.
    pub(crate) text: String,
    /// The files that it names.
    pub(crate) files: Vec<NamedFile>,
    /// The addresses within the site that it links to and that are no files.
    pub(crate) links: Vec<String>,
}

/// Reads a post's body, which is HTML if it has no `dialect` of Markdown. `shown` is its text without what its author keeps back, if that differs.
pub(crate) fn read(
    matter: &FrontMatter<'_>,
    shown: Option<&str>,
    is_eastmoney: bool,
    dialect: Option<Dialect>,
    context: &Context<'_>,
    kept_back: &mut KeptBack,
    warnings: &mut Vec<Warning>,
) -> Body {
    let (source, first_line) = (matter.body, matter.body_line);
    let text = shown.unwrap_or(source);
    report_jekyll_syntax(text, source, first_line, dialect, kept_back, warnings);
    let found = match dialect {
        Some(dialect) => html::read(&dialect::to_html(text, dialect)),
        None => html::read(text),
    };
    found.hidden.iter().for_each(|text| kept_back.add(text));
    for name in found.unidentified.iter().take(MAX_WARNINGS) {
        let line = line_of(source, name, first_line);
        warnings.push(Warning {
            line,
            kind: WarningKind::Security,
            message: format!(
                "“{name}” is marked as a security, but the markup does not give its id (market.code); it stays as text"
            ),
        });
    }
    for (name, count) in &found.lost {
        let times = if *count == 1 { String::new() } else { format!(" ({count} times)") };
        warnings.push(Warning {
            line: line_of(source, &format!("<{name}"), first_line),
            kind: WarningKind::Html,
            message: format!(
                "`<{name}>`{times} is not supported; its words are kept, if a browser shows any"
            ),
        });
    }
    let mut blocks = found.blocks;
    let mut body = Body { source: found.source, ..Body::default() };
    if is_eastmoney {
        // Its ids serve its scripts, and no link leads to them.
        visit_inlines(&mut blocks, &mut |inlines| html::remove_anchors(inlines));
        eastmoney::take_parts(&mut blocks, &mut body);
    }
    let unknown = link_american_stocks(&mut blocks, context.names);
    sanitize_addresses(&mut blocks, source, first_line, warnings);
    let mut finder = Finder::new(context.path, context.surroundings);
    finder.find_in(&mut blocks);
    body.securities = securities(&mut blocks);
    body.securities.extend(unknown);
    headings::add_ids(&mut blocks);
    headings::add_contents(&mut blocks);
    body.text = blocks_text(&blocks);
    if let Some(mut image) = metadata::image(matter) {
        let missing = finder.missing.len();
        finder.find_picture(&mut image);
        let key = metadata::image_key(matter);
        // Another program's picture may not be for the story's page; this one's may be on the host already.
        let is_there = finder.missing.len() == missing || key == Some("image");
        if finder.missing.len() > missing
            && let Some((address, why)) = finder.missing.pop()
        {
            let line = key.map_or(1, |key| matter.line(key));
            let message = missing_message(&address, why);
            warnings.push(Warning { line, kind: WarningKind::File, message });
        }
        if is_there {
            body.image.clone_from(&image.src);
        }
        // A default is the site's picture rather than the story's.
        let is_own = metadata::image_key(matter).is_some_and(|key| matter.is_own(key));
        if is_own && is_there {
            let src = image.src.split('#').next().unwrap_or_default();
            let smallest = image.widths.first();
            body.small_image =
                smallest.map_or_else(|| src.to_owned(), |width| picture_copy(src, &width.to_string()));
        }
        if is_own && is_there && !shows(&mut blocks, &image.src) {
            blocks.insert(0, Block::Paragraph(vec![Inline::Image(image)]));
        }
    }
    body.markdown = markdown::print(&blocks);
    report_files(&finder, source, first_line, warnings);
    body.files = finder.named;
    body.links = finder.links;
    for address in &finder.addresses {
        let outside = &mut kept_back.liquid.outside;
        *outside = (outside.rotate_left(1) ^ fingerprint(address)).max(1);
    }
    body.files.sort_unstable();
    body.files.dedup();
    body
}

/// Reports files that are missing, and those that only systems find to which small and capital letters are the same.
fn report_files(finder: &Finder<'_>, source: &str, first_line: usize, warnings: &mut Vec<Warning>) {
    let missing = finder.missing.iter().map(|(address, why)| (address, missing_message(address, *why)));
    let misnamed = finder.misnamed.iter().map(|(address, path)| {
        (address, format!("“{address}” is used as “{path}”, as the file's name is written"))
    });
    for (address, message) in missing.chain(misnamed).take(MAX_WARNINGS) {
        let line = line_of(source, address, first_line);
        warnings.push(Warning { line, kind: WarningKind::File, message });
    }
}

fn missing_message(address: &str, why: NoFile) -> String {
    let why = match why {
        NoFile::Missing => "is no file of the site that can be published",
        NoFile::Harmful => "is not published, because it may run a script or ask another host for something",
    };
    format!("“{address}” {why}; nothing is shown for it")
}

/// Whether there is a picture with this address.
fn shows(blocks: &mut [Block], address: &str) -> bool {
    let is_picture = |inline: &Inline| matches!(inline, Inline::Image(image) if image.src == address);
    let mut found = false;
    visit_inlines(blocks, &mut |inlines| found |= any_inline(inlines, &is_picture));
    found
}

/// The largest number of warnings of one kind for a post. Finding the line of a security or an address takes
/// a search of the post's text for each warning.
const MAX_WARNINGS: usize = 50;

fn report_jekyll_syntax(
    text: &str,
    source: &str,
    first_line: usize,
    dialect: Option<Dialect>,
    kept_back: &KeptBack,
    warnings: &mut Vec<Warning>,
) {
    let is_commonmark = matches!(dialect, Some(Dialect::CommonMark { .. }));
    let lines = text.lines().filter(|line| is_commonmark && memmem::find(line.as_bytes(), b"{:").is_some());
    let attributes = lines.filter_map(|line| {
        let at = line.find("{:")?;
        let message = "a kramdown attribute is not supported; it stays as text".to_owned();
        line[at..].contains('}').then_some((line, message))
    });
    let tags = kept_back.liquid.tags.iter().map(|(tag, is_shown, times)| {
        let times = if *times == 1 { String::new() } else { format!(" ({times} times)") };
        let fate = if *is_shown { "it stays as text" } else { "nothing is shown for it" };
        (tag.as_str(), format!("`{}`{times} is not supported; {fate}", shortened(tag)))
    });
    for (found, message) in tags.chain(attributes).take(MAX_WARNINGS) {
        let line = line_of(source, found, first_line);
        warnings.push(Warning { line, kind: WarningKind::Jekyll, message });
    }
    if kept_back.liquid.is_exhausted {
        let message =
            "its Liquid does more than one post may, and stops; shorten its loops and includes".to_owned();
        warnings.push(Warning { line: first_line, kind: WarningKind::Jekyll, message });
    }
}

/// A part of a post for a warning: its first line, not too long.
fn shortened(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let shown: String = line.chars().take(80).collect();
    if shown.len() == text.len() { shown } else { shown + "…" }
}

fn line_of(text: &str, part: &str, first_line: usize) -> usize {
    let at = if part.is_empty() { None } else { text.find(part) };
    at.map_or(first_line, |at| first_line + text[..at].matches('\n').count())
}

/// Replaces each address with its form in the bundle. If the bundle does not allow an address, a link keeps
/// only its text, and a picture is removed.
pub(crate) fn sanitize_addresses(
    blocks: &mut [Block],
    text: &str,
    first_line: usize,
    warnings: &mut Vec<Warning>,
) {
    let mut refused = Vec::new();
    visit_inlines(blocks, &mut |inlines| sanitize(inlines, &mut refused));
    for (address, what) in refused.into_iter().take(MAX_WARNINGS) {
        let line = line_of(text, &address, first_line);
        let shown: String = address.chars().take(80).collect();
        warnings.push(Warning {
            line,
            kind: WarningKind::Address,
            message: format!("“{shown}” is neither an http(s) address nor a path; {what}"),
        });
    }
}

fn sanitize(inlines: &mut Vec<Inline>, refused: &mut Vec<(String, &'static str)>) {
    let mut kept = Vec::with_capacity(inlines.len());
    for mut inline in inlines.drain(..) {
        match &mut inline {
            Inline::Marked(mark, inner) => {
                sanitize(inner, refused);
                if let Mark::Link(href) = mark {
                    if let Some(meant) = mended(href) {
                        refused.push((std::mem::replace(href, meant), "https:// is used instead"));
                    }
                    match Href::parse(href) {
                        Some(
                            Href::External(address)
                            | Href::Internal(address)
                            | Href::Relative(address)
                            | Href::Fragment(address)
                            | Href::App(address),
                        ) => *href = address,
                        Some(Href::Quote(secid)) => *mark = Mark::Quote(secid),
                        Some(Href::Chart(_)) | None => {
                            refused.push((std::mem::take(href), "the link keeps only its text"));
                            html::append(&mut kept, std::mem::take(inner));
                            continue;
                        }
                    }
                }
                if let Mark::Media(media, address) = mark {
                    match Href::parse(address) {
                        Some(Href::Internal(path) | Href::Relative(path)) => *address = path,
                        Some(Href::External(url)) => {
                            // Pages may play only what is encrypted; another host's page may still do so.
                            if !url.starts_with("https:") {
                                *media = Media::Player;
                            }
                            *address = url;
                        }
                        _ => {
                            refused.push((std::mem::take(address), "the player is left out"));
                            html::append(&mut kept, std::mem::take(inner));
                            continue;
                        }
                    }
                } else if inner.is_empty() {
                    // The mark contained only pictures, which have been removed.
                    continue;
                }
            }
            Inline::Image(image) => match Href::parse(&image.src) {
                Some(Href::External(address) | Href::Internal(address) | Href::Relative(address)) => {
                    image.src = address;
                }
                Some(Href::Chart(secid)) => inline = Inline::Chart(secid, std::mem::take(&mut image.alt)),
                _ => {
                    refused.push((std::mem::take(&mut image.src), "the picture is left out"));
                    continue;
                }
            },
            _ => {}
        }
        // Two equal marks may have become neighbours, which `append` merges.
        html::append(&mut kept, vec![inline]);
    }
    *inlines = kept;
}

/// The address that is obviously meant by one with a slip in `http://` or `https://`, such as `ttps://`, `(https://` or
/// `URL:https://`.
fn mended(address: &str) -> Option<String> {
    let address = address.trim();
    // RFC 1738 recommends `URL:` before an address.
    if let Some(rest) =
        address.get(..4).filter(|sign| sign.eq_ignore_ascii_case("URL:")).map(|_| &address[4..])
    {
        return Href::external(rest);
    }
    let (scheme, rest) = address.split_once("://")?;
    let is_slip = |c: char| matches!(c.to_ascii_lowercase(), 'h' | 't' | 'p' | 's' | '(' | '[');
    let has_end = scheme.to_ascii_lowercase().trim_end_matches('s').ends_with("tp");
    let is_meant = scheme.len() <= 8 && scheme.chars().all(is_slip) && has_end;
    if !is_meant || Href::parse(address).is_some() {
        return None;
    }
    let rest = if scheme.starts_with(['(', '[']) { rest.trim_end_matches([')', ']']) } else { rest };
    Href::external(&format!("https://{rest}"))
}

/// Turns links to the pages of American stocks into quote links, where the post or the site's names tell the
/// exchange. Returns the other ones, which stay links until another post does.
fn link_american_stocks(blocks: &mut [Block], names: &Names) -> Vec<Label> {
    let mut keys = Vec::new();
    visit_inlines(blocks, &mut |inlines| collect_american_keys(inlines, &mut keys));
    if keys.is_empty() {
        return keys;
    }
    let known: Vec<String> = securities(blocks).into_iter().map(|label| label.key).collect();
    let find = |key: &str| {
        let secids = security::american_secids(key)?;
        secids.into_iter().find(|secid| known.contains(secid) || names.contains_key(secid))
    };
    visit_inlines(blocks, &mut |inlines| mark_american_stocks(inlines, &find));
    let mut unknown: Vec<Label> = Vec::new();
    for label in keys {
        if find(&label.key).is_none() && !unknown.iter().any(|earlier| earlier.key == label.key) {
            unknown.push(label);
        }
    }
    unknown
}

fn collect_american_keys(inlines: &[Inline], keys: &mut Vec<Label>) {
    for inline in inlines {
        if let Inline::Marked(mark, inner) = inline {
            if let Mark::Link(href) = mark
                && let Some(code) = security::american_code(href)
            {
                let title = inline_text(inner).trim().to_owned();
                keys.push(Label { key: security::american_key(code), title });
            }
            collect_american_keys(inner, keys);
        }
    }
}

fn mark_american_stocks(inlines: &mut [Inline], find: &impl Fn(&str) -> Option<String>) {
    for inline in inlines {
        if let Inline::Marked(mark, inner) = inline {
            if let Mark::Link(href) = mark
                && let Some(code) = security::american_code(href)
                && let Some(Ok(secid)) = find(&security::american_key(code)).map(|secid| secid.parse())
            {
                *mark = Mark::Quote(secid);
            }
            mark_american_stocks(inner, find);
        }
    }
}

/// The securities in order of first mention, each with the first name that the body gives it, or with its
/// code.
fn securities(blocks: &mut [Block]) -> Vec<Label> {
    let mut found: Vec<(Secid, String)> = Vec::new();
    visit_inlines(blocks, &mut |inlines| collect_securities(inlines, &mut found));
    found
        .into_iter()
        .map(|(secid, name)| Label {
            title: if name.is_empty() { secid.code().to_owned() } else { name },
            key: secid.to_string(),
        })
        .collect()
}

fn collect_securities(inlines: &[Inline], found: &mut Vec<(Secid, String)>) {
    for inline in inlines {
        let (secid, name) = match inline {
            Inline::Chart(secid, _) => (secid, String::new()),
            Inline::Marked(Mark::Quote(secid), inner) => (secid, inline_text(inner).trim().to_owned()),
            Inline::Marked(_, inner) => {
                collect_securities(inner, found);
                continue;
            }
            _ => continue,
        };
        match found.iter_mut().find(|(earlier, _)| earlier == secid) {
            Some((_, earlier)) if earlier.is_empty() => *earlier = name,
            Some(_) => {}
            None => found.push((secid.clone(), name)),
        }
    }
}
