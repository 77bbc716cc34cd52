//! A body's Markdown to elements: text nodes and attributes of elements that this file names, nothing else.

use bundle::Label;
use bundle::href::Href;
use pulldown_cmark::{Alignment, Event, HeadingLevel, Options, Parser, Tag};

use super::chart;
use super::element::{Element, Node, el};
use crate::edition::Edition;
use crate::state::archive::security_name;

/// Nesting deeper than this is shown flat; every level of elements is a level of calls.
const DEPTH: usize = 100;

/// The elements of a body. `securities` names what its charts show.
pub fn body(edition: &Edition, markdown: &str, securities: &[Label]) -> Vec<Node> {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(markdown, options).collect::<Vec<_>>().into_iter().peekable();
    Reader { edition, securities, events, charts: 0, depth: 0 }.nodes()
}

struct Reader<'a> {
    edition: &'a Edition,
    securities: &'a [Label],
    events: std::iter::Peekable<std::vec::IntoIter<Event<'a>>>,
    /// How many charts there were so far: the first is loaded at once.
    charts: usize,
    depth: usize,
}

impl<'a> Reader<'a> {
    /// The nodes up to the end of the element that is open.
    fn nodes(&mut self) -> Vec<Node> {
        let mut nodes = Vec::new();
        while let Some(event) = self.events.next() {
            match event {
                Event::End(_) => break,
                Event::Start(tag) if self.depth < DEPTH => {
                    self.depth += 1;
                    self.element(tag, &mut nodes);
                    self.depth -= 1;
                }
                // Too deep: its words are what counts, and its end must not end ours.
                Event::Start(_) => nodes.push(self.words().into()),
                // Raw HTML of somebody's bundle is text.
                Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => nodes.push(text.into_string().into()),
                Event::Code(text) => nodes.push(el("code").add(text.into_string()).into()),
                Event::SoftBreak => nodes.push("\n".into()),
                Event::HardBreak => nodes.push(el("br").into()),
                Event::Rule => nodes.push(el("hr").into()),
                // Extensions that are not switched on.
                Event::InlineMath(_) | Event::DisplayMath(_) | Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
            }
        }
        nodes
    }

    /// The words of the element that is open, to its end.
    fn words(&mut self) -> String {
        let (mut words, mut open) = (String::new(), 1);
        for event in self.events.by_ref() {
            match event {
                Event::Start(_) => open += 1,
                Event::End(_) => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                }
                Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text) => words.push_str(&text),
                Event::SoftBreak | Event::HardBreak => words.push(' '),
                _ => {}
            }
        }
        words
    }

    fn element(&mut self, tag: Tag<'a>, nodes: &mut Vec<Node>) {
        let name = match tag {
            Tag::Paragraph => return self.paragraph(nodes),
            Tag::Table(alignments) => return nodes.push(self.table(&alignments).into()),
            Tag::Link { dest_url, title, .. } => return self.link(&dest_url, &title, nodes),
            Tag::Image { dest_url, title, .. } => {
                let alt = self.words();
                return nodes.push(self.picture(&dest_url, &title, alt));
            }
            Tag::CodeBlock(_) => {
                // Focusable, for long lines scroll sideways.
                let code = el("code").add(self.words());
                return nodes.push(el("pre").attr("tabindex", "0").add(code).into());
            }
            Tag::List(Some(start)) => {
                let list = el("ol").maybe("start", (start != 1).then(|| start.to_string()));
                return nodes.push(list.add_all(self.nodes()).into());
            }
            // What holds raw HTML.
            Tag::HtmlBlock => return nodes.extend(self.nodes()),
            Tag::Heading { level, .. } => match level {
                HeadingLevel::H1 => "h1",
                HeadingLevel::H2 => "h2",
                HeadingLevel::H3 => "h3",
                HeadingLevel::H4 => "h4",
                HeadingLevel::H5 => "h5",
                HeadingLevel::H6 => "h6",
            },
            Tag::BlockQuote(_) => "blockquote",
            Tag::List(None) => "ul",
            Tag::Item => "li",
            Tag::Emphasis => "em",
            Tag::Strong => "strong",
            Tag::Strikethrough => "del",
            // Extensions that are not switched on.
            _ => "div",
        };
        nodes.push(el(name).add_all(self.nodes()).into());
    }

    /// A paragraph; charts that stand alone in one are figures.
    fn paragraph(&mut self, nodes: &mut Vec<Node>) {
        let before = nodes.len();
        while let Some(Event::Start(Tag::Image { dest_url, .. })) = self.events.peek()
            && let Some(Href::Chart(secid)) = Href::parse(dest_url)
        {
            self.events.next();
            self.words();
            self.charts += 1;
            let name = security_name(self.securities, secid.as_str());
            nodes.push(chart::figure(self.edition, secid.as_str(), name, self.charts == 1).into());
            if matches!(self.events.peek(), Some(Event::SoftBreak)) {
                self.events.next();
            }
        }
        let rest = self.nodes();
        if !rest.is_empty() || nodes.len() == before {
            nodes.push(el("p").add_all(rest).into());
        }
    }

    fn table(&mut self, alignments: &[Alignment]) -> Element {
        let mut table = el("table");
        let mut rows = Vec::new();
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(Tag::TableHead) => table = table.add(el("thead").add(self.row(alignments, "th"))),
                Event::Start(Tag::TableRow) => rows.push(self.row(alignments, "td")),
                Event::End(_) => break,
                _ => {}
            }
        }
        let table = table.add_all((!rows.is_empty()).then(|| el("tbody").add_all(rows)));
        // Focusable, for a wide table scrolls sideways.
        el("div").class("table").attr("tabindex", "0").add(table)
    }

    fn row(&mut self, alignments: &[Alignment], cell: &'static str) -> Element {
        let mut row = el("tr");
        let mut columns = alignments.iter();
        while let Some(Event::Start(Tag::TableCell)) = self.events.next() {
            let class = match columns.next() {
                Some(Alignment::Right) => Some("right"),
                Some(Alignment::Center) => Some("center"),
                Some(Alignment::Left) => Some("left"),
                _ => None,
            };
            row = row.add(el(cell).maybe("class", class).add_all(self.nodes()));
        }
        row
    }

    fn link(&mut self, address: &str, title: &str, nodes: &mut Vec<Node>) {
        let inner = self.nodes();
        let link = match Href::parse(address) {
            Some(Href::Quote(secid)) => quote_link(self.edition, secid.as_str()),
            Some(Href::Outbound(href)) => outbound(href),
            Some(Href::Own(path)) => el("a").attr("href", self.edition.base.own(&path)),
            Some(Href::Chart(_)) | None => return nodes.extend(inner),
        };
        let link = link.maybe("title", (!title.is_empty()).then_some(title));
        nodes.push(link.add_all(inner).into());
    }

    fn picture(&mut self, address: &str, title: &str, alt: String) -> Node {
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
