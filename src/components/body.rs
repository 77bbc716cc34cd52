//! Builds a body's elements from Markdown operations: text nodes, and attributes of elements that this file
//! names.

use bundle::Label;
use bundle::href::Href;
use leptos::html::{br, custom, hr};
use leptos::prelude::*;
use markdown::MarkdownOp;

use super::chart::{ChartFigure, ChartImage};
use super::erased::{Erase as _, Erased};
use super::picture::Picture;
use crate::state::rows::security_name;
use crate::state::site::{SiteContext, use_site};

/// The depth beyond which elements become plain text, because each level is a recursive call.
const MAX_DEPTH: usize = 100;

/// The elements of a body on the page `here`. `securities` names the securities in its charts.
#[component]
pub(crate) fn Body(ops: Vec<MarkdownOp>, securities: Vec<Label>, here: String) -> Erased {
    let site = use_site();
    let ops = ops.into_iter();
    BodyBuilder { site: &site, here: &here, securities: &securities, ops, charts: 0, depth: 0 }
        .nodes()
        .erase()
}

struct BodyBuilder<'a> {
    site: &'a SiteContext,
    /// The page's address, for links within it.
    here: &'a str,
    securities: &'a [Label],
    ops: std::vec::IntoIter<MarkdownOp>,
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
                MarkdownOp::Open(_) | MarkdownOp::OpenLink { .. } if self.depth >= MAX_DEPTH => {
                    nodes.append(&mut self.plain_text());
                }
                MarkdownOp::Open(name) => {
                    self.depth += 1;
                    self.element(name, &mut nodes);
                    self.depth -= 1;
                }
                MarkdownOp::OpenLink { address, title } => {
                    self.depth += 1;
                    self.link(&address, title, &mut nodes);
                    self.depth -= 1;
                }
                MarkdownOp::Text(text) => nodes.push(text.erase()),
                MarkdownOp::Code(text) => nodes.push(view! { <code>{text}</code> }.erase()),
                MarkdownOp::CodeBlock { class, text } => {
                    // Focusable, so that the keyboard can scroll long lines.
                    nodes.push(
                        view! { <pre tabindex="0"><code class=some(class)>{text}</code></pre> }.erase(),
                    );
                }
                MarkdownOp::LineBreak => nodes.push(br().erase()),
                MarkdownOp::Rule => nodes.push(hr().erase()),
                // Of an element that is a paragraph or text.
                MarkdownOp::Attribute { .. } => {}
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
                MarkdownOp::Open(_) | MarkdownOp::OpenLink { .. } => depth += 1,
                MarkdownOp::Close => {
                    depth -= 1;
                    if depth == 0 {
                        break;
                    }
                }
                MarkdownOp::Text(text) | MarkdownOp::Code(text) | MarkdownOp::CodeBlock { text, .. } => {
                    texts.push(text.erase());
                }
                MarkdownOp::Attribute { .. }
                | MarkdownOp::LineBreak
                | MarkdownOp::Rule
                | MarkdownOp::Image { .. } => {}
            }
        }
        texts
    }

    /// Builds an element. Its name and its attributes are those that `crates/markdown` chose.
    fn element(&mut self, name: String, nodes: &mut Vec<Erased>) {
        match name.as_str() {
            "p" => return self.paragraph(nodes),
            "table" => {
                // Focusable, so that the keyboard can scroll a wide table.
                return nodes.push(
                    view! { <div class="table" tabindex="0"><table>{self.nodes()}</table></div> }.erase(),
                );
            }
            _ => {}
        }
        // All elements have one type, with three attributes, so that its code is compiled only once.
        let [first, second, third] = [(); 3].map(|()| self.attribute());
        let element = custom(name).attr(first.0, first.1).attr(second.0, second.1).attr(third.0, third.1);
        nodes.push(element.child(self.nodes()).erase());
    }

    /// The next attribute of the element that has just been opened. Without one, it has no value.
    fn attribute(&mut self) -> (String, Option<String>) {
        if !matches!(self.ops.as_slice(), [MarkdownOp::Attribute { .. }, ..]) {
            return Default::default();
        }
        match self.ops.next() {
            Some(MarkdownOp::Attribute { name, value }) if name == "src" => {
                let src = Href::parse(&value).and_then(|href| self.resolve(href));
                (name, src.map(|(src, _)| src))
            }
            Some(MarkdownOp::Attribute { name, value }) => (name, Some(value)),
            _ => Default::default(),
        }
    }

    /// The address of a page or a file as the page writes it, and whether it is of another site.
    fn resolve(&self, href: Href) -> Option<(String, bool)> {
        Some(match href {
            Href::External(href) => (href, true),
            Href::Internal(path) => (self.site.base.path_href(&path), false),
            Href::Relative(path) => {
                let folder = self.here.rfind('/').map_or("", |end| &self.here[..=end]);
                ([folder, &path].concat(), false)
            }
            Href::Fragment(fragment) => ([self.here, &fragment].concat(), false),
            Href::App(href) => (href, false),
            Href::Quote(_) | Href::Chart(_) => return None,
        })
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
        let title = some(title);
        let href = Href::parse(address);
        if let Some(Href::Quote(secid)) = &href {
            let secid = secid.as_str();
            return nodes.push(anchor(self.site.quote_page(secid), true, Some(secid), title, inner));
        }
        match href.and_then(|href| self.resolve(href)) {
            Some((href, is_external)) => nodes.push(anchor(href, is_external, None, title, inner)),
            None => nodes.extend(inner),
        }
    }

    fn picture(&mut self, address: &str, title: String, alt: String) -> Erased {
        let href = Href::parse(address);
        if let Some(Href::Chart(secid)) = &href {
            let name = security_name(self.securities, secid.as_str()).to_owned();
            return view! { <ChartImage secid=secid.as_str().to_owned() name/> }.erase();
        }
        let Some((src, _)) = href.and_then(|href| self.resolve(href)) else { return alt.erase() };
        view! { <Picture src alt title=some(title)/> }.erase()
    }
}

fn some(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
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
