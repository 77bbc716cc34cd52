//! Renders a body's Markdown to HTML, in the dialect of its site.

use comrak::options::{Extension, Parse, Render};
use comrak::{Options, markdown_to_html};

use crate::kramdown;

/// How a site's authors write Markdown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// kramdown with GFM's input, as Jekyll has it.
    Kramdown,
    /// CommonMark with the extensions of GFM, footnotes and definition lists.
    CommonMark {
        /// Whether straight quotation marks, hyphens and full stops become curly marks, dashes and ellipses.
        smart: bool,
        /// Whether an address without signs around it is a link.
        autolink: bool,
    },
}

impl Dialect {
    /// What sites without Jekyll's configuration use.
    pub const GFM: Self = Self::CommonMark { smart: false, autolink: true };
}

/// Renders a body to HTML.
pub(crate) fn to_html(text: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Kramdown => {
            let translated = kramdown::translate(text);
            let html = markdown_to_html(&translated.markdown, &options(false, false));
            translated.restore(&html)
        }
        Dialect::CommonMark { smart, autolink } => {
            let (before, html) = text.split_at(start_of_html(text));
            markdown_to_html(before, &options(smart, autolink)) + html
        }
    }
}

/// Where a text becomes HTML to its end by CommonMark's rules for blocks, with nothing before it but
/// quotations; the length of the text if it does not.
///
/// Archives of news are mostly such texts. Leaving their HTML to its own parser saves a tenth of the time that
/// reading them takes.
fn start_of_html(text: &str) -> usize {
    let mut start = None;
    // Whether the line before was blank, or ended a block in another way.
    let mut begins_block = true;
    // Markdown replaces these characters.
    let is_plain = memchr::memchr2(0, b'\r', text.as_bytes()).is_none();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let is_blank = line.trim_ascii().is_empty();
        let is_comment = line.starts_with("<!--") && line.contains("-->");
        let is_html = begins_block && (is_comment || begins_html(line));
        if is_html {
            start.get_or_insert(at);
        }
        let is_in_html = is_html || start.is_some() && !begins_block;
        let is_in_quote = start.is_none() && line.starts_with('>') && !line.contains("[^");
        if !is_plain || !is_blank && !is_in_html && !is_in_quote {
            return text.len();
        }
        begins_block = is_blank || is_comment;
        at += line.len();
    }
    start.unwrap_or(text.len())
}

/// Whether a line begins HTML that lasts until a blank line (CommonMark's sixth kind), with one of the usual
/// elements.
fn begins_html(line: &str) -> bool {
    let Some(tag) = line.strip_prefix('<') else { return false };
    let tag = tag.strip_prefix('/').unwrap_or(tag);
    let name = &tag[..tag.bytes().take_while(u8::is_ascii_alphanumeric).count()];
    ["p", "div", "table", "ul", "ol", "center"].iter().any(|known| name.eq_ignore_ascii_case(known))
        && tag[name.len()..].starts_with([' ', '>', '\n'])
}

fn options(smart: bool, autolink: bool) -> Options<'static> {
    Options {
        extension: Extension {
            strikethrough: true,
            table: true,
            tasklist: true,
            footnotes: true,
            description_lists: true,
            // As kramdown and authors of Chinese texts expect; CommonMark's rules need spaces around words.
            cjk_friendly_emphasis: true,
            autolink,
            ..Extension::default()
        },
        parse: Parse { smart, ..Parse::default() },
        // Raw HTML is read by the rules of browsers, and never reaches a page as it is.
        render: Render { r#unsafe: true, ..Render::default() },
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The lines that are not blank, which is how Markdown separates blocks and HTML need not.
    fn lines(html: &str) -> Vec<&str> {
        html.lines().filter(|line| !line.trim().is_empty()).collect()
    }

    #[test]
    fn html_behind_a_quotation_is_not_read_as_markdown() {
        let html = "<!-- a --><p>*b*</p>\n<p>c\nd\n\n<p>e</p>";
        assert_eq!(start_of_html(html), 0);
        assert_eq!(start_of_html(&format!("> q\n> r\n\n{html}\n")), 9);
        for text in [
            "a\n\n<p>b</p>",
            "<p>a</p>\n\nb",
            "<!-- a -->\nb",
            "<!-- a\n\n<p>b",
            "> a\n<p>b\n\n c",
            "> [^1]: a\n\n<p>b",
            "<pre>\n\n<p>a",
            "<p>a\r\n\r\n*b*",
            "<p:a>b",
        ] {
            assert_eq!(start_of_html(text), text.len(), "{text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn html_that_is_not_read_as_markdown_is_as_markdown_leaves_it(
            text in "(> a\\*\\n|\\n|<p>|</p>|<!--|-->|<table>|<div a='b'>|<b>|<pre>|\\*c\\*|  |[a-z]|\\n\\n|```|- ){0,14}"
        ) {
            let as_markdown = markdown_to_html(&text, &options(false, true));
            let html = to_html(&text, Dialect::GFM);
            prop_assert_eq!(lines(&html), lines(&as_markdown));
        }
    }
}
