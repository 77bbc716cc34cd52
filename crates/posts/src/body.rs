//! A post's body: the story told apart from its digest, its source, its original's address and the old site's
//! navigation.

use bundle::href::Href;
use bundle::{Label, Secid};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::html;
use crate::markdown;
use crate::tree::{Block, Inline, Mark, block_words, visit_inlines, words};
use crate::warning::{Warning, WarningKind};

/// What was read of a body.
#[derive(Debug, Default)]
pub(crate) struct Body {
    pub(crate) summary: String,
    pub(crate) source: String,
    pub(crate) original: String,
    pub(crate) securities: Vec<Label>,
    pub(crate) markdown: String,
    /// The words of the body without the summary.
    pub(crate) words: String,
}

/// Reads the text behind the front matter, which begins on `first_line` of the file.
pub(crate) fn read(text: &str, first_line: usize, warnings: &mut Vec<Warning>) -> Body {
    report_jekyll_syntax(text, first_line, warnings);
    let mut rendered = String::with_capacity(text.len() * 5 / 4);
    pulldown_cmark::html::push_html(
        &mut rendered,
        shallow(Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH)),
    );
    let found = html::read(&rendered);
    for untold in found.untold.iter().take(REPORTED) {
        let line = line_of(text, untold, first_line);
        warnings.push(Warning {
            line,
            kind: WarningKind::Security,
            message: format!(
                "“{untold}” is marked as a security, but its id (market.code) is not told; it stays as text"
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
    settle_addresses(&mut blocks, text, first_line, warnings);
    body.securities = securities(&mut blocks);
    body.words = block_words(&blocks);
    body.markdown = markdown::print(&blocks);
    body
}

/// How many warnings of a kind a post gets: each is looked up in its text, and nobody mends more at a time.
const REPORTED: usize = 50;
/// Quotations and lists nested deeper than this are read as if they went no deeper: browsers stop at 512.
const NESTED: usize = 200;

/// The events with quotations and lists no deeper than [`NESTED`].
fn shallow<'a>(events: impl Iterator<Item = Event<'a>>) -> impl Iterator<Item = Event<'a>> {
    let mut depth = 0_usize;
    events.filter(move |event| match event {
        Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::Item) => {
            depth += 1;
            depth <= NESTED
        }
        Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item) => {
            depth -= 1;
            depth < NESTED
        }
        _ => true,
    })
}

fn report_jekyll_syntax(text: &str, first_line: usize, warnings: &mut Vec<Warning>) {
    let suspects = text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains("{%") || line.contains("{{") || line.contains("{:"));
    for (at, line) in suspects.take(REPORTED) {
        let what = if line.contains("{%") || line.contains("{{") {
            "a Liquid tag"
        } else if line.contains("{:") && line.contains('}') {
            "a kramdown attribute"
        } else {
            continue;
        };
        warnings.push(Warning {
            line: first_line + at,
            kind: WarningKind::Jekyll,
            message: format!("{what} is not carried out; it stays as text"),
        });
    }
}

fn line_of(text: &str, part: &str, first_line: usize) -> usize {
    let at = if part.is_empty() { None } else { text.find(part) };
    at.map_or(first_line, |at| first_line + text[..at].matches('\n').count())
}

/// Links back to the old site's pages: the last paragraphs, of links alone, whose texts begin with 返回 and
/// whose addresses are relative or leave out the scheme.
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

/// The address in angle brackets at the end, or the empty brackets that stand for none.
fn take_original(blocks: &mut Vec<Block>) -> String {
    let Some(Block::Paragraph(inlines)) = blocks.last() else { return String::new() };
    if words(inlines).trim() == "<>" {
        blocks.pop();
        return String::new();
    }
    if let Some([(href, text)]) = html::only_links(inlines).as_deref()
        && percent_encoding::percent_decode_str(href).decode_utf8_lossy()
            == percent_encoding::percent_decode_str(text).decode_utf8_lossy()
        && let Some(address) = Href::outbound(href)
    {
        blocks.pop();
        return address;
    }
    String::new()
}

fn take_source(blocks: &mut Vec<Block>) -> String {
    if let Some(Block::Paragraph(inlines)) = blocks.last() {
        let text = words(inlines);
        if let Some(source) = html::unframed(&text) {
            blocks.pop();
            return source.to_owned();
        }
    }
    String::new()
}

/// The digest: a quotation of paragraphs alone at the very start.
fn take_summary(blocks: &mut Vec<Block>) -> String {
    match blocks.first() {
        Some(Block::Quote(inner))
            if inner
                .iter()
                .all(|block| matches!(block, Block::Paragraph(inlines) if !holds_picture(inlines))) =>
        {
            let summary = block_words(inner);
            blocks.remove(0);
            summary
        }
        _ => String::new(),
    }
}

fn holds_picture(inlines: &[Inline]) -> bool {
    inlines.iter().any(|inline| match inline {
        Inline::Image(_) | Inline::Chart(..) => true,
        Inline::Marked(_, inner) => holds_picture(inner),
        _ => false,
    })
}

/// Makes every address one that may stand in a bundle; a link to any other keeps its text only, a picture
/// goes.
pub(crate) fn settle_addresses(
    blocks: &mut [Block],
    text: &str,
    first_line: usize,
    warnings: &mut Vec<Warning>,
) {
    let mut refused = Vec::new();
    visit_inlines(blocks, &mut |inlines| settle(inlines, &mut refused));
    for (address, what) in refused.into_iter().take(REPORTED) {
        let line = line_of(text, &address, first_line);
        let shown: String = address.chars().take(80).collect();
        warnings.push(Warning {
            line,
            kind: WarningKind::Address,
            message: format!("“{shown}” is not an http(s) address or a path of this site; {what}"),
        });
    }
}

fn settle(inlines: &mut Vec<Inline>, refused: &mut Vec<(String, &'static str)>) {
    let mut settled = Vec::with_capacity(inlines.len());
    for mut inline in inlines.drain(..) {
        match &mut inline {
            Inline::Marked(mark, inner) => {
                settle(inner, refused);
                if let Mark::Link(href) = mark {
                    match Href::parse(href) {
                        Some(Href::Outbound(address) | Href::Own(address)) => *href = address,
                        Some(Href::Quote(secid)) => *mark = Mark::Quote(secid),
                        Some(Href::Chart(_)) | None => {
                            // A place on the same page is no address: nothing is lost with it.
                            if !href.starts_with('#') {
                                refused.push((std::mem::take(href), "the link keeps its text only"));
                            }
                            html::append(&mut settled, std::mem::take(inner));
                            continue;
                        }
                    }
                }
                // A mark of nothing: its picture was left out.
                if inner.is_empty() {
                    continue;
                }
            }
            Inline::Image(image) => match Href::parse(&image.src) {
                Some(Href::Outbound(address) | Href::Own(address)) => image.src = address,
                Some(Href::Chart(secid)) => inline = Inline::Chart(secid, std::mem::take(&mut image.alt)),
                Some(Href::Quote(_)) | None => {
                    refused.push((std::mem::take(&mut image.src), "the picture is left out"));
                    continue;
                }
            },
            _ => {}
        }
        // What stood between two marks may be gone.
        html::append(&mut settled, vec![inline]);
    }
    *inlines = settled;
}

/// The securities in order of first mention, each by the first name it is given.
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
            Inline::Marked(Mark::Quote(secid), inner) => (secid, words(inner).trim().to_owned()),
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
