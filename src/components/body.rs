//! Builds a body's elements from Markdown operations: text nodes, and attributes of elements that this file
//! names.

use bundle::Label;
use bundle::href::Href;
use leptos::html::{br, custom, hr};
use leptos::prelude::*;
use markdown::MarkdownOp;

use super::chart::{ChartFigure, ChartImage};
use super::erased::{Erase as _, Erased};
use crate::state::rows::security_name;
use crate::state::site::{SiteContext, use_site};

/// The depth beyond which elements become plain text, because each level is a recursive call.
const MAX_DEPTH: usize = 100;

/// The elements of a body. `securities` names the securities in its charts; `ids` are those of its headings.
#[component]
pub(crate) fn Body(ops: Vec<MarkdownOp>, securities: Vec<Label>, ids: Vec<String>) -> Erased {
    let site = use_site();
    let (ops, ids) = (ops.into_iter(), ids.into_iter());
    BodyBuilder { site: &site, securities: &securities, ops, ids, charts: 0, depth: 0 }.nodes().erase()
}

/// The elements without attributes or special treatment.
const TAGS: [&str; 15] = [
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "blockquote",
    "ul",
    "li",
    "em",
    "strong",
    "del",
    "thead",
    "tbody",
    "tr",
];

struct BodyBuilder<'a> {
    site: &'a SiteContext,
    securities: &'a [Label],
    ops: std::vec::IntoIter<MarkdownOp>,
    /// The ids of the headings that follow.
    ids: std::vec::IntoIter<String>,
    /// The number of charts so far: the first one loads immediately.
    charts: usize,
    depth: usize,
}

impl BodyBuilder<'_> {
    /// Builds the nodes up to the end of the open element.
    fn nodes(&mut self) -> Vec<Erased> {
        let mut nodes = Vec::new();
        while let Some(op) = self.ops.next() {
            match op {
                MarkdownOp::Close => break,
                MarkdownOp::Open { .. } | MarkdownOp::OpenLink { .. } if self.depth >= MAX_DEPTH => {
                    nodes.append(&mut self.plain_text());
                }
                MarkdownOp::Open { name, attribute } => {
                    self.depth += 1;
                    self.element(&name, attribute, &mut nodes);
                    self.depth -= 1;
                }
                MarkdownOp::OpenLink { address, title } => {
                    self.depth += 1;
                    self.link(&address, title, &mut nodes);
                    self.depth -= 1;
                }
                MarkdownOp::Text(text) => nodes.push(text.erase()),
                MarkdownOp::Code(text) => nodes.push(view! { <code>{text}</code> }.erase()),
                MarkdownOp::CodeBlock(text) => {
                    // Focusable, so that the keyboard can scroll long lines.
                    nodes.push(view! { <pre tabindex="0"><code>{text}</code></pre> }.erase());
                }
                MarkdownOp::LineBreak => nodes.push(br().erase()),
                MarkdownOp::Rule => nodes.push(hr().erase()),
                MarkdownOp::Image { address, title, alt } => nodes.push(self.picture(&address, title, alt)),
            }
        }
        nodes
    }

    /// Returns only the text of the open element, up to its end.
    fn plain_text(&mut self) -> Vec<Erased> {
        let (mut texts, mut depth) = (Vec::new(), 1);
        for op in self.ops.by_ref() {
            match op {
                MarkdownOp::Open { .. } | MarkdownOp::OpenLink { .. } => depth += 1,
                MarkdownOp::Close => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                MarkdownOp::Text(text) | MarkdownOp::Code(text) | MarkdownOp::CodeBlock(text) => {
                    texts.push(text.erase());
                }
                MarkdownOp::LineBreak | MarkdownOp::Rule | MarkdownOp::Image { .. } => {}
            }
        }
        texts
    }

    fn element(&mut self, name: &str, attribute: String, nodes: &mut Vec<Erased>) {
        let attribute = Some(attribute).filter(|attribute| !attribute.is_empty());
        let (tag, start, class) = match name {
            "p" => return self.paragraph(nodes),
            "table" => {
                // Focusable, so that the keyboard can scroll a wide table.
                return nodes.push(
                    view! { <div class="table" tabindex="0"><table>{self.nodes()}</table></div> }.erase(),
                );
            }
            "ol" => ("ol", attribute.filter(|start| start != "1"), None),
            "th" => ("th", None, attribute),
            "td" => ("td", None, attribute),
            name => (TAGS.into_iter().find(|known| *known == name).unwrap_or("div"), None, None),
        };
        let id = if name.len() == 2 && name.starts_with('h') { self.ids.next() } else { None };
        let id = id.filter(|id| !id.is_empty());
        // All tags have the same type of element, so that its code is compiled only once.
        let element = custom(tag).attr("start", start).attr("class", class).attr("id", id);
        nodes.push(element.child(self.nodes()).erase());
    }

    /// Builds a paragraph. Charts at its start become figures before it; if nothing else is left, there is no
    /// `<p>`.
    fn paragraph(&mut self, nodes: &mut Vec<Erased>) {
        let before = nodes.len();
        while let [MarkdownOp::Image { address, .. }, next @ ..] = self.ops.as_slice() {
            let Some(Href::Chart(secid)) = Href::parse(address) else { break };
            // The line end between two charts.
            let has_line_end = matches!(next, [MarkdownOp::Text(text), ..] if text == "\n");
            self.ops.by_ref().take(if has_line_end { 2 } else { 1 }).for_each(drop);
            self.charts += 1;
            let name = security_name(self.securities, secid.as_str()).to_owned();
            nodes.push(
                view! { <ChartFigure secid=secid.as_str().to_owned() name at_once=self.charts == 1/> }
                    .erase(),
            );
        }
        let rest = self.nodes();
        if !rest.is_empty() || nodes.len() == before {
            nodes.push(view! { <p>{rest}</p> }.erase());
        }
    }

    fn link(&mut self, address: &str, title: String, nodes: &mut Vec<Erased>) {
        let inner = self.nodes();
        let title = Some(title).filter(|title| !title.is_empty());
        match Href::parse(address) {
            Some(Href::Quote(secid)) => nodes.push(anchor(
                self.site.quote_page(secid.as_str()),
                true,
                Some(secid.as_str()),
                title,
                inner,
            )),
            Some(Href::External(href)) => nodes.push(anchor(href, true, None, title, inner)),
            Some(Href::Internal(path)) => {
                nodes.push(anchor(self.site.base.path_href(&path), false, None, title, inner));
            }
            Some(Href::Chart(_)) | None => nodes.extend(inner),
        }
    }

    fn picture(&mut self, address: &str, title: String, alt: String) -> Erased {
        let src = match Href::parse(address) {
            Some(Href::External(src)) => src,
            Some(Href::Internal(path)) => self.site.base.path_href(&path),
            Some(Href::Chart(secid)) => {
                let name = security_name(self.securities, secid.as_str()).to_owned();
                return view! { <ChartImage secid=secid.as_str().to_owned() name/> }.erase();
            }
            Some(Href::Quote(_)) | None => return alt.erase(),
        };
        let size = size(&src);
        view! {
            <img
                alt=alt
                title=Some(title).filter(|title| !title.is_empty())
                width=size.map(|(width, _)| width.to_string())
                height=size.map(|(_, height)| height.to_string())
                loading="lazy"
                decoding="async"
                referrerpolicy="no-referrer"
                src=src
            />
        }
        .erase()
    }
}

/// A link. An external one opens a new window, which has no access to this one and gets no referrer; a quote
/// link carries the security's id.
fn anchor(
    href: String,
    is_external: bool,
    secid: Option<&str>,
    title: Option<String>,
    inner: Vec<Erased>,
) -> Erased {
    view! {
        <a
            href=href
            target=is_external.then_some("_blank")
            rel=is_external.then_some("noopener noreferrer")
            class=secid.is_some().then_some("quote")
            data-secid=secid.map(str::to_owned)
            title=title
        >
            {inner}
        </a>
    }
    .erase()
}

/// A link to another site.
#[component]
pub(crate) fn ExternalLink(href: String, text: &'static str) -> Erased {
    anchor(href, true, None, None, vec![text.erase()])
}

/// A link to a security's quote page.
#[component]
pub(crate) fn QuoteLink(secid: String, text: &'static str) -> Erased {
    anchor(use_site().quote_page(&secid), true, Some(&secid), None, vec![text.erase()])
}

/// Reads the size in the fragment of a picture's address: `…jpg#800x555`.
fn size(src: &str) -> Option<(u32, u32)> {
    let (width, height) = src.rsplit_once('#')?.1.split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}
