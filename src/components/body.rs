//! A body's outline as elements: text nodes and attributes of elements that this file names, nothing else.
//!
//! What the signs of an outline mean stands in `crates/markdown`.

use bundle::Label;
use bundle::href::Href;
use leptos::html::{br, custom, hr};
use leptos::prelude::*;

use super::chart::{ChartFigure, ChartImage};
use super::erased::{Erase as _, Erased};
use crate::state::rows::security_name;
use crate::state::site::{SiteContext, use_site};

/// Nesting deeper than this is shown flat; every level of elements is a level of calls.
const DEPTH: usize = 100;

/// The elements of a body. `securities` names what its charts show.
#[component]
pub(crate) fn Body(outline: Vec<String>, securities: Vec<Label>) -> Erased {
    let site = use_site();
    Reader { site: &site, securities: &securities, outline: outline.iter(), charts: 0, depth: 0 }
        .nodes()
        .erase()
}

/// The elements of a body that have neither attributes nor a rule of their own.
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

struct Reader<'a> {
    site: &'a SiteContext,
    securities: &'a [Label],
    outline: std::slice::Iter<'a, String>,
    /// How many charts there were so far: the first is loaded at once.
    charts: usize,
    depth: usize,
}

impl Reader<'_> {
    /// The nodes up to the end of the element that is open.
    fn nodes(&mut self) -> Vec<Erased> {
        let mut nodes = Vec::new();
        while let Some(step) = self.outline.next() {
            let Some((sign, text)) = step.split_at_checked(1) else { continue };
            match sign {
                ">" => break,
                "<" | "@" if self.depth >= DEPTH => nodes.append(&mut self.flat()),
                "<" => {
                    self.depth += 1;
                    self.element(text, &mut nodes);
                    self.depth -= 1;
                }
                "@" => {
                    self.depth += 1;
                    self.link(text, &mut nodes);
                    self.depth -= 1;
                }
                "=" => nodes.push(text.to_owned().erase()),
                "`" => nodes.push(view! { <code>{text.to_owned()}</code> }.erase()),
                // Focusable, for long lines scroll sideways.
                "#" => nodes.push(view! { <pre tabindex="0"><code>{text.to_owned()}</code></pre> }.erase()),
                "/" => nodes.push(br().erase()),
                "-" => nodes.push(hr().erase()),
                "!" => nodes.push(self.picture(text)),
                _ => {}
            }
        }
        nodes
    }

    /// The words of the element that is open, to its end.
    fn flat(&mut self) -> Vec<Erased> {
        let (mut words, mut open) = (Vec::new(), 1);
        for step in self.outline.by_ref() {
            match step.split_at_checked(1) {
                Some(("<" | "@", _)) => open += 1,
                Some((">", _)) => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                }
                Some(("=" | "`" | "#", text)) => words.push(text.to_owned().erase()),
                _ => {}
            }
        }
        words
    }

    fn element(&mut self, text: &str, nodes: &mut Vec<Erased>) {
        let (name, more) = text.split_once(' ').unwrap_or((text, ""));
        let (tag, start, class) = match name {
            "p" => return self.paragraph(nodes),
            "table" => {
                // Focusable, for a wide table scrolls sideways.
                return nodes.push(
                    view! { <div class="table" tabindex="0"><table>{self.nodes()}</table></div> }.erase(),
                );
            }
            "ol" => ("ol", (more != "1").then_some(more), None),
            "th" => ("th", None, (!more.is_empty()).then_some(more)),
            "td" => ("td", None, (!more.is_empty()).then_some(more)),
            name => (TAGS.into_iter().find(|known| *known == name).unwrap_or("div"), None, None),
        };
        // Of whichever tag, so that there is one type of element and not twenty.
        let element =
            custom(tag).attr("start", start.map(str::to_owned)).attr("class", class.map(str::to_owned));
        nodes.push(element.child(self.nodes()).erase());
    }

    /// A paragraph; charts that stand alone in one are figures.
    fn paragraph(&mut self, nodes: &mut Vec<Erased>) {
        let before = nodes.len();
        loop {
            let mut next = self.outline.clone();
            let chart = next.next().and_then(|step| Href::parse(step.strip_prefix('!')?.lines().next()?));
            let Some(Href::Chart(secid)) = chart else { break };
            self.charts += 1;
            let name = security_name(self.securities, secid.as_str()).to_owned();
            nodes.push(
                view! { <ChartFigure secid=secid.as_str().to_owned() name at_once=self.charts == 1/> }
                    .erase(),
            );
            // A line's end between two charts.
            if next.as_slice().first().is_some_and(|step| step == "=\n") {
                next.next();
            }
            self.outline = next;
        }
        let rest = self.nodes();
        if !rest.is_empty() || nodes.len() == before {
            nodes.push(view! { <p>{rest}</p> }.erase());
        }
    }

    fn link(&mut self, text: &str, nodes: &mut Vec<Erased>) {
        let inner = self.nodes();
        let (address, title) = text.split_once('\n').unwrap_or((text, ""));
        let title = (!title.is_empty()).then(|| title.to_owned());
        match Href::parse(address) {
            Some(Href::Quote(secid)) => nodes.push(anchor(
                self.site.quote_page(secid.as_str()),
                true,
                Some(secid.as_str()),
                title,
                inner,
            )),
            Some(Href::Outbound(href)) => nodes.push(anchor(href, true, None, title, inner)),
            Some(Href::Own(path)) => nodes.push(anchor(self.site.base.own(&path), false, None, title, inner)),
            Some(Href::Chart(_)) | None => nodes.extend(inner),
        }
    }

    fn picture(&mut self, text: &str) -> Erased {
        let mut lines = text.splitn(3, '\n');
        let (address, title, alt) = (
            lines.next().unwrap_or_default(),
            lines.next().unwrap_or_default(),
            lines.next().unwrap_or_default(),
        );
        let src = match Href::parse(address) {
            Some(Href::Outbound(src)) => src,
            Some(Href::Own(path)) => self.site.base.own(&path),
            Some(Href::Chart(secid)) => {
                let name = security_name(self.securities, secid.as_str()).to_owned();
                return view! { <ChartImage secid=secid.as_str().to_owned() name/> }.erase();
            }
            Some(Href::Quote(_)) | None => return alt.to_owned().erase(),
        };
        let size = size(&src);
        view! {
            <img
                alt=alt.to_owned()
                title=(!title.is_empty()).then(|| title.to_owned())
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

/// A link; one to another site opens a window of its own that knows nothing of ours, and one to a security's
/// quote page bears its id.
fn anchor(
    href: String,
    is_outbound: bool,
    secid: Option<&str>,
    title: Option<String>,
    inner: Vec<Erased>,
) -> Erased {
    view! {
        <a
            href=href
            target=is_outbound.then_some("_blank")
            rel=is_outbound.then_some("noopener noreferrer")
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
pub(crate) fn OutboundLink(href: String, text: &'static str) -> Erased {
    anchor(href, true, None, None, vec![text.erase()])
}

/// A link to a security's quote page.
#[component]
pub(crate) fn QuoteLink(secid: String, text: &'static str) -> Erased {
    anchor(use_site().quote_page(&secid), true, Some(&secid), None, vec![text.erase()])
}

/// The size that a picture's address bears behind its hash: `…jpg#800x555`.
fn size(src: &str) -> Option<(u32, u32)> {
    let (width, height) = src.rsplit_once('#')?.1.split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}
