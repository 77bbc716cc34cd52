//! The words of a story.

use bundle::Article;
use pulldown_cmark::{Event, Parser, TagEnd};

/// The text of a body's Markdown. Words of neighbouring blocks do not stand beside each other.
fn body_text(markdown: &str) -> String {
    let mut text = String::with_capacity(markdown.len());
    for event in Parser::new_ext(markdown, markdown::EXTENSIONS) {
        match event {
            Event::Text(words) | Event::Code(words) | Event::Html(words) | Event::InlineHtml(words) => {
                text.push_str(&words);
            }
            Event::SoftBreak | Event::HardBreak | Event::Rule => text.push('\n'),
            Event::End(end) if is_block(end) => text.push('\n'),
            _ => {}
        }
    }
    text
}

fn is_block(end: TagEnd) -> bool {
    !matches!(end, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image)
}

/// What a text of a story is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextKind {
    /// Its title, of which each character is a term.
    Title,
    /// The name or the code of a security, of which each character is a term too.
    Name,
    /// Its summary or its body.
    Body,
}

/// The texts of a story.
pub fn texts(article: &Article) -> Vec<(String, TextKind)> {
    let names = article.securities.iter().flat_map(|security| {
        let code = security.key.split_once('.').map_or("", |(_, code)| code);
        [(security.title.clone(), TextKind::Name), (code.to_owned(), TextKind::Name)]
    });
    let own = [
        (article.title.clone(), TextKind::Title),
        (article.summary.clone(), TextKind::Body),
        (body_text(&article.body), TextKind::Body),
    ];
    own.into_iter().chain(names).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_within_a_word_do_not_divide_it_and_blocks_do() {
        assert_eq!(body_text("**北向**资[金](/a)流入\n\n- 茅台\n- `code`\n"), "北向资金流入\n茅台\ncode\n\n");
        assert_eq!(body_text("10![8](as:sup) | a | b"), "108 | a | b\n");
    }
}
