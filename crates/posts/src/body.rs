//! Splits a post's body into its text, its summary, its source and the original's address, finds its
//! securities, and removes the old site's navigation.

use bundle::href::Href;
use bundle::{Label, Secid};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::front_matter::FrontMatter;
use crate::html;
use crate::kept_back::KeptBack;
use crate::markdown;
use crate::tree::{Block, Inline, Mark, blocks_text, inline_text, visit_inlines};
use crate::warning::{Warning, WarningKind};

/// A body's parts.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) summary: String,
    pub(crate) source: String,
    pub(crate) original: String,
    pub(crate) securities: Vec<Label>,
    pub(crate) markdown: String,
    /// The plain text of the body without the summary.
    pub(crate) text: String,
}

/// Reads a post's body. `shown` is its text without what its author keeps back, if that differs.
pub(crate) fn read(
    matter: &FrontMatter<'_>,
    shown: Option<&str>,
    kept_back: &mut KeptBack,
    warnings: &mut Vec<Warning>,
) -> Body {
    let (source, first_line) = (matter.body, matter.body_line);
    let text = shown.unwrap_or(source);
    report_jekyll_syntax(text, source, first_line, kept_back, warnings);
    let mut rendered = String::with_capacity(text.len() * 5 / 4);
    pulldown_cmark::html::push_html(
        &mut rendered,
        limit_nesting(Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)),
    );
    let found = html::read(&rendered);
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
    let mut blocks = found.blocks;
    let mut body = Body { source: found.source, ..Body::default() };
    take_navigation(&mut blocks);
    body.original = take_original(&mut blocks);
    if body.source.is_empty() {
        body.source = take_source(&mut blocks);
    }
    body.summary = take_summary(&mut blocks);
    sanitize_addresses(&mut blocks, source, first_line, warnings);
    body.securities = securities(&mut blocks);
    body.text = blocks_text(&blocks);
    body.markdown = markdown::print(&blocks);
    body
}

/// The largest number of warnings of one kind for a post. Finding the line of a security or an address takes
/// a search of the post's text for each warning.
const MAX_WARNINGS: usize = 50;
/// The nesting depth of quotations, lists and list items beyond which further levels are ignored. Browsers
/// stop at 512.
const MAX_NESTING: usize = 200;

/// Drops the events that would nest quotations, lists and list items deeper than [`MAX_NESTING`].
fn limit_nesting<'a>(events: impl Iterator<Item = Event<'a>>) -> impl Iterator<Item = Event<'a>> {
    let mut depth = 0_usize;
    events.filter(move |event| match event {
        Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::Item) => {
            depth += 1;
            depth <= MAX_NESTING
        }
        Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item) => {
            depth -= 1;
            depth < MAX_NESTING
        }
        _ => true,
    })
}

fn report_jekyll_syntax(
    text: &str,
    source: &str,
    first_line: usize,
    kept_back: &KeptBack,
    warnings: &mut Vec<Warning>,
) {
    let tags = kept_back.unsupported.iter().map(|tag| (tag.as_str(), "a Liquid tag"));
    let attributes = text
        .lines()
        .filter(|line| line.split_once("{:").is_some_and(|(_, rest)| rest.contains('}')))
        .map(|line| (line, "a kramdown attribute"));
    for (found, what) in tags.chain(attributes).take(MAX_WARNINGS) {
        warnings.push(Warning {
            line: line_of(source, found, first_line),
            kind: WarningKind::Jekyll,
            message: format!("{what} is not supported; it stays as text"),
        });
    }
}

fn line_of(text: &str, part: &str, first_line: usize) -> usize {
    let at = if part.is_empty() { None } else { text.find(part) };
    at.map_or(first_line, |at| first_line + text[..at].matches('\n').count())
}

/// Removes links back to the old site's pages: trailing paragraphs that consist of links whose texts begin
/// with 返回 and whose addresses begin with `//`, `./` or `../`.
fn take_navigation(blocks: &mut Vec<Block>) {
    let is_back = |(href, text): &(String, String)| {
        text.trim().starts_with("返回")
            && (href.starts_with("//") || href.starts_with("./") || href.starts_with("../"))
    };
    while let Some(Block::Paragraph(inlines)) = blocks.last()
        && html::only_links(inlines).is_some_and(|links| links.iter().all(is_back))
    {
        blocks.pop();
    }
}

/// Removes and returns the original's address: a last paragraph that is only a link with its own address as
/// its text, such as an address in angle brackets. Empty brackets mean that there is none.
fn take_original(blocks: &mut Vec<Block>) -> String {
    let Some(Block::Paragraph(inlines)) = blocks.last() else { return String::new() };
    if inline_text(inlines).trim() == "<>" {
        blocks.pop();
        return String::new();
    }
    if let Some([(href, text)]) = html::only_links(inlines).as_deref()
        && percent_encoding::percent_decode_str(href).decode_utf8_lossy()
            == percent_encoding::percent_decode_str(text).decode_utf8_lossy()
        && let Some(address) = Href::external(href)
    {
        blocks.pop();
        return address;
    }
    String::new()
}

fn take_source(blocks: &mut Vec<Block>) -> String {
    if let Some(Block::Paragraph(inlines)) = blocks.last() {
        let text = inline_text(inlines);
        if let Some(source) = html::source_name(&text) {
            blocks.pop();
            return source.to_owned();
        }
    }
    String::new()
}

/// Removes and returns the summary: a quotation at the very start that contains only paragraphs without
/// pictures.
fn take_summary(blocks: &mut Vec<Block>) -> String {
    match blocks.first() {
        Some(Block::Quote(inner))
            if inner
                .iter()
                .all(|block| matches!(block, Block::Paragraph(inlines) if !has_picture(inlines))) =>
        {
            let summary = blocks_text(inner);
            blocks.remove(0);
            summary
        }
        _ => String::new(),
    }
}

fn has_picture(inlines: &[Inline]) -> bool {
    inlines.iter().any(|inline| match inline {
        Inline::Image(_) | Inline::Chart(..) => true,
        Inline::Marked(_, inner) => has_picture(inner),
        _ => false,
    })
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
            message: format!("“{shown}” is not an http(s) address or a path of this site; {what}"),
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
                    match Href::parse(href) {
                        Some(Href::External(address) | Href::Internal(address)) => *href = address,
                        Some(Href::Quote(secid)) => *mark = Mark::Quote(secid),
                        Some(Href::Chart(_)) | None => {
                            // A link within the page needs no warning.
                            if !href.starts_with('#') {
                                refused.push((std::mem::take(href), "the link keeps only its text"));
                            }
                            html::append(&mut kept, std::mem::take(inner));
                            continue;
                        }
                    }
                }
                // The mark contained only pictures, which have been removed.
                if inner.is_empty() {
                    continue;
                }
            }
            Inline::Image(image) => match Href::parse(&image.src) {
                Some(Href::External(address) | Href::Internal(address)) => image.src = address,
                Some(Href::Chart(secid)) => inline = Inline::Chart(secid, std::mem::take(&mut image.alt)),
                Some(Href::Quote(_)) | None => {
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
