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
        Dialect::CommonMark { smart, autolink } => markdown_to_html(text, &options(smart, autolink)),
    }
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
