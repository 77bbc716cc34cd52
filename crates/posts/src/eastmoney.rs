//! Habits of EastMoney's posts. They are applied only to posts that bear EastMoney's own marks, because a first
//! quotation or a link at the end means nothing special elsewhere.

use bundle::href::Href;
use memchr::memmem;

use crate::body::Body;
use crate::date;
use crate::html;
use crate::tree::{Block, Inline, any_inline, blocks_text, inline_text};

/// Classes and comments of EastMoney's HTML.
const MARKS: [&str; 6] =
    ["EM_StockImg_", "em_media", "em_stock_key_common", "EmImageRemark", "em_xuangu", "\"keytip\""];

/// The number of digits of an id, such as `202203012292649174`.
const ID_DIGITS: usize = 18;

/// Whether a post is EastMoney's: its file is named by an id that begins with its date, or its body contains one
/// of EastMoney's classes or comments.
pub fn is_post(name: &str, body: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default();
    let id = date::date_of_name(stem).1.trim_start_matches('-');
    let is_id =
        id.len() == ID_DIGITS && id.bytes().all(|b| b.is_ascii_digit()) && date::date_of_id(id).is_some();
    is_id || MARKS.iter().any(|mark| memmem::find(body.as_bytes(), mark.as_bytes()).is_some())
}

/// Whether an HTML comment is one of those around EastMoney's charts, such as `<!-- EM_StockImg_Start -->`.
pub(crate) fn is_mark(comment: &str) -> bool {
    comment.trim_start().starts_with("EM_")
}

/// Takes the navigation, the original's address, the source and the digest out of a post's blocks.
pub(crate) fn take_parts(blocks: &mut Vec<Block>, body: &mut Body) {
    take_navigation(blocks);
    body.original = take_original(blocks);
    if body.source.is_empty() {
        body.source = take_source(blocks);
    }
    body.summary = take_summary(blocks);
    if repeats(&body.summary, blocks, &body.source) {
        body.summary.clear();
    }
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
        if let Some(source) = source_name(&text) {
            blocks.pop();
            return source.to_owned();
        }
    }
    String::new()
}

/// The name in a text such as “（文章来源：美港电讯）”.
pub(crate) fn source_name(text: &str) -> Option<&str> {
    let text = text.trim();
    let inner = text.strip_prefix(['（', '('])?.strip_suffix(['）', ')'])?;
    let name = inner.trim().strip_prefix("文章来源")?.trim_start().strip_prefix(['：', ':'])?.trim();
    (!name.is_empty() && !name.contains('\n')).then_some(name)
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
    any_inline(inlines, &|inline| matches!(inline, Inline::Image(_) | Inline::Chart(..)))
}

/// Whether a digest only repeats the beginning of the body, white space and a cut apart. A source in brackets at
/// its end counts as repeated if the story names it.
fn repeats(digest: &str, body: &[Block], source: &str) -> bool {
    // Most bodies differ from their digest at the first characters, so texts are read only as far as needed.
    let first = |text: &str| text.chars().find(|c| !c.is_whitespace());
    let first_of_body = body.iter().find_map(|block| first(&blocks_text(std::slice::from_ref(block))));
    if first(digest) != first_of_body {
        return false;
    }
    let plain = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let begins_with = |digest: &str| {
        let mut rest = digest;
        for block in body {
            for c in blocks_text(std::slice::from_ref(block)).chars().filter(|c| !c.is_whitespace()) {
                match rest.strip_prefix(c) {
                    Some("") => return true,
                    Some(left) => rest = left,
                    None => return false,
                }
            }
        }
        false
    };
    let digest = plain(digest);
    let digest = digest.trim_end_matches(['…', '.']);
    let without_source = || {
        let (digest, name) = digest.rsplit_once(['（', '('])?;
        let name = name.strip_suffix(['）', ')'])?;
        let is_source = || name == plain(source) || plain(&blocks_text(body)).contains(name);
        (begins_with(digest) && is_source()).then_some(digest)
    };
    begins_with(digest) || without_source().is_some()
}
