//! A body's outline to elements: text nodes and attributes of elements that this file names, nothing else.
//!
//! What the signs of an outline mean stands in `crates/markdown`.

use bundle::Label;
use bundle::href::Href;

use super::chart;
use super::element::{Element, Node, el};
use crate::edition::Edition;
use crate::state::rows::security_name;

/// Nesting deeper than this is shown flat; every level of elements is a level of calls.
const DEPTH: usize = 100;

/// The elements of a body. `securities` names what its charts show.
pub fn body(edition: &Edition, outline: &[String], securities: &[Label]) -> Vec<Node> {
    Reader { edition, securities, outline: outline.iter(), charts: 0, depth: 0 }.nodes()
}

struct Reader<'a> {
    edition: &'a Edition,
    securities: &'a [Label],
    outline: std::slice::Iter<'a, String>,
    /// How many charts there were so far: the first is loaded at once.
    charts: usize,
    depth: usize,
}

impl Reader<'_> {
    /// The nodes up to the end of the element that is open.
    fn nodes(&mut self) -> Vec<Node> {
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
                "=" => nodes.push(text.into()),
                "`" => nodes.push(el("code").add(text).into()),
                // Focusable, for long lines scroll sideways.
                "#" => nodes.push(el("pre").attr("tabindex", "0").add(el("code").add(text)).into()),
                "/" => nodes.push(el("br").into()),
                "-" => nodes.push(el("hr").into()),
                "!" => nodes.push(self.picture(text)),
                _ => {}
            }
        }
        nodes
    }

    /// The words of the element that is open, to its end.
    fn flat(&mut self) -> Vec<Node> {
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
                Some(("=" | "`" | "#", text)) => words.push(text.into()),
                _ => {}
            }
        }
        words
    }

    fn element(&mut self, text: &str, nodes: &mut Vec<Node>) {
        let (name, more) = text.split_once(' ').unwrap_or((text, ""));
        let element = match name {
            "p" => return self.paragraph(nodes),
            "table" => {
                let table = el("table").add_all(self.nodes());
                // Focusable, for a wide table scrolls sideways.
                return nodes.push(el("div").class("table").attr("tabindex", "0").add(table).into());
            }
            "ol" => el("ol").maybe("start", (more != "1").then_some(more)),
            "th" => el("th").maybe("class", (!more.is_empty()).then_some(more)),
            "td" => el("td").maybe("class", (!more.is_empty()).then_some(more)),
            name => el(["h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "ul", "li", "em", "strong", "del", "thead", "tbody", "tr"]
                .into_iter()
                .find(|known| *known == name)
                .unwrap_or("div")),
        };
        nodes.push(element.add_all(self.nodes()).into());
    }

    /// A paragraph; charts that stand alone in one are figures.
    fn paragraph(&mut self, nodes: &mut Vec<Node>) {
        let before = nodes.len();
        loop {
            let mut ahead = self.outline.clone();
            let chart = ahead.next().and_then(|step| Href::parse(step.strip_prefix('!')?.lines().next()?));
            let Some(Href::Chart(secid)) = chart else { break };
            self.charts += 1;
            let name = security_name(self.securities, secid.as_str());
            nodes.push(chart::figure(self.edition, secid.as_str(), name, self.charts == 1).into());
            // A line's end between two charts.
            if ahead.as_slice().first().is_some_and(|step| step == "=\n") {
                ahead.next();
            }
            self.outline = ahead;
        }
        let rest = self.nodes();
        if !rest.is_empty() || nodes.len() == before {
            nodes.push(el("p").add_all(rest).into());
        }
    }

    fn link(&mut self, text: &str, nodes: &mut Vec<Node>) {
        let inner = self.nodes();
        let (address, title) = text.split_once('\n').unwrap_or((text, ""));
        let link = match Href::parse(address) {
            Some(Href::Quote(secid)) => quote_link(self.edition, secid.as_str()),
            Some(Href::Outbound(href)) => outbound(href),
            Some(Href::Own(path)) => el("a").attr("href", self.edition.base.own(&path)),
            Some(Href::Chart(_)) | None => return nodes.extend(inner),
        };
        nodes.push(link.maybe("title", (!title.is_empty()).then_some(title)).add_all(inner).into());
    }

    fn picture(&mut self, text: &str) -> Node {
        let mut lines = text.splitn(3, '\n');
        let (address, title, alt) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
        let src = match Href::parse(address) {
            Some(Href::Outbound(src)) => src,
            Some(Href::Own(path)) => self.edition.base.own(&path),
            Some(Href::Chart(secid)) => {
                let name = security_name(self.securities, secid.as_str());
                return chart::image(self.edition, secid.as_str(), name).into();
            }
            Some(Href::Quote(_)) | None => return alt.into(),
        };
        let size = size(&src);
        el("img")
            .attr("alt", alt)
            .maybe("title", (!title.is_empty()).then_some(title))
            .maybe("width", size.map(|(width, _)| width.to_string()))
            .maybe("height", size.map(|(_, height)| height.to_string()))
            .attr("loading", "lazy")
            .attr("decoding", "async")
            .attr("referrerpolicy", "no-referrer")
            .attr("src", src)
            .into()
    }
}

/// A link to another site, in a window of its own that knows nothing of ours.
pub fn outbound(href: String) -> Element {
    el("a").attr("href", href).attr("target", "_blank").attr("rel", "noopener noreferrer")
}

/// A link to a security's quote page.
pub fn quote_link(edition: &Edition, secid: &str) -> Element {
    outbound(edition.quote_page(secid)).class("quote").attr("data-secid", secid)
}

/// The size that a picture's address bears behind its hash: `…jpg#800x555`.
fn size(src: &str) -> Option<(u32, u32)> {
    let (width, height) = src.rsplit_once('#')?.1.split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}
