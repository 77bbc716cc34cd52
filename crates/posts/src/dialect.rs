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
        /// Whether the end of a line in a paragraph is one in what is shown, too.
        breaks: bool,
    },
}

impl Dialect {
    /// What sites without Jekyll's configuration use.
    pub const GFM: Self = Self::CommonMark { smart: false, autolink: true, breaks: false };
}

/// Renders a body to HTML.
pub(crate) fn to_html(text: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Kramdown => {
            let translated = kramdown::translate(text);
            let html = markdown_to_html(&translated.markdown, &options(false, false, false));
            translated.restore(&html)
        }
        Dialect::CommonMark { smart, autolink, breaks } => {
            let options = options(smart, autolink, breaks);
            let Some(parts) = html_apart(text) else { return markdown_to_html(text, &options) };
            let part_to_html = |(is_html, part): (bool, &str)| {
                if is_html { part.to_owned() } else { markdown_to_html(part, &options) }
            };
            parts.into_iter().map(part_to_html).collect()
        }
    }
}

/// Splits a text into parts that are HTML (`true`) and parts that are Markdown, by CommonMark's rules for
/// blocks. Returns `None` if a part might depend on another.
///
/// Archives of news mostly consist of such texts. Leaving their HTML to its own parser saves a tenth of the time
/// that reading them takes.
fn html_apart(text: &str) -> Option<Vec<(bool, &str)>> {
    // Markdown replaces these characters.
    if memchr::memchr2(0, b'\r', text.as_bytes()).is_some() {
        return None;
    }
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    let mut in_html = false;
    // Whether the line before was blank, or ended a block in another way.
    let mut begins_block = true;
    for line in text.split_inclusive('\n') {
        let is_blank = line.trim_ascii().is_empty();
        let is_comment = begins_block && line.starts_with("<!--") && line.contains("-->");
        if begins_block && !is_blank {
            let is_html = is_comment || begins_html(line);
            if is_html != in_html {
                parts.push((in_html, &text[start..at]));
                (start, in_html) = (at, is_html);
            }
        }
        if !in_html && reaches_further(line) {
            return None;
        }
        begins_block = is_blank || is_comment;
        at += line.len();
    }
    parts.push((in_html, &text[start..]));
    Some(parts)
}

/// Whether a line of Markdown may change what later blocks are: as a fence, as other HTML, or as a footnote or a
/// link's definition.
fn reaches_further(line: &str) -> bool {
    let begins_other_html = line.trim_start().strip_prefix('<').is_some_and(|rest| !rest.starts_with("http"));
    begins_other_html || ["```", "~~~", "[^", "]:"].iter().any(|sign| line.contains(sign))
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

fn options(smart: bool, autolink: bool, breaks: bool) -> Options<'static> {
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
        render: Render { r#unsafe: true, hardbreaks: breaks, ..Render::default() },
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
    fn html_is_set_apart_where_no_markdown_reaches_into_it() {
        let text = "> q\n\n<!-- a --><p>*b*</p>\n<p>c\nd\n\n<p>e</p>\n\n<http://f.example/>\n";
        let parts = [(false, 5), (true, 39), (false, 20)];
        let lengths = |parts: Vec<(bool, &str)>| {
            parts.iter().map(|(is_html, part)| (*is_html, part.len())).collect::<Vec<_>>()
        };
        assert_eq!(html_apart(text).map(lengths), Some(parts.to_vec()));
        for text in
            ["> [^1]: a\n\n<p>b", "<pre>\n\n<p>a", "<p>a\r\n\r\n*b*", "a\n<p>b", "```\n\n<p>a", "<p:a>b"]
        {
            assert_eq!(html_apart(text), None, "{text:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]
        #[test]
        fn html_that_is_not_read_as_markdown_is_as_markdown_leaves_it(
            text in "(> a\\*\\n|\\n|<p>|</p>|<http:a>|: |\\[a\\]|\\(b\\)|# |<!--|-->|<table>|<div a='b'>|<b>|<pre>|\\*c\\*|  |[a-z]|\\n\\n|```|- ){0,14}"
        ) {
            let as_markdown = markdown_to_html(&text, &options(false, true, false));
            let html = to_html(&text, Dialect::GFM);
            prop_assert_eq!(lines(&html), lines(&as_markdown));
        }
    }
}
