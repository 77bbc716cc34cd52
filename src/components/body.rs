//! A body's Markdown to elements: text nodes and attributes of elements that this file names, nothing else.

use bundle::Label;
use bundle::href::Href;
use leptos::prelude::*;
use pulldown_cmark::{Alignment, Event, HeadingLevel, Options, Parser, Tag};

use super::chart;
use crate::edition::Edition;
use crate::state::archive::security_name;

/// Nesting deeper than this is shown flat; every level of views is a level of calls.
const DEPTH: usize = 100;

/// The elements of a body. `securities` names what its charts show.
pub fn body(edition: &Edition, markdown: &str, securities: &[Label]) -> AnyView {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut reader = Reader { edition, securities, events: Parser::new_ext(markdown, options).collect::<Vec<_>>().into_iter().peekable(), charts: 0, depth: 0 };
    reader.views().into_any()
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
    /// The views up to the end of the element that is open.
    fn views(&mut self) -> Vec<AnyView> {
        let mut views = Vec::new();
        while let Some(event) = self.events.next() {
            match event {
                Event::End(_) => break,
                Event::Start(tag) if self.depth < DEPTH => {
                    self.depth += 1;
                    views.push(self.element(tag));
                    self.depth -= 1;
                }
                // Too deep: its content is what counts, and its end must not end ours.
                Event::Start(_) => views.push(self.flat().into_any()),
                // Raw HTML of somebody's bundle is text.
                Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => views.push(text.into_string().into_any()),
                Event::Code(text) => views.push(view! { <code>{text.into_string()}</code> }.into_any()),
                Event::SoftBreak => views.push("\n".into_any()),
                Event::HardBreak => views.push(view! { <br/> }.into_any()),
                Event::Rule => views.push(view! { <hr/> }.into_any()),
                // Extensions that are not switched on.
                Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => views.push(text.into_string().into_any()),
                Event::TaskListMarker(_) => {}
            }
        }
        views
    }

    /// The text of the element that is open, to its end.
    fn flat(&mut self) -> String {
        let (mut text, mut open) = (String::new(), 1);
        for event in self.events.by_ref() {
            match event {
                Event::Start(_) => open += 1,
                Event::End(_) => {
                    open -= 1;
                    if open == 0 {
                        break;
                    }
                }
                Event::Text(more) | Event::Code(more) | Event::Html(more) | Event::InlineHtml(more) => text.push_str(&more),
                Event::SoftBreak | Event::HardBreak => text.push(' '),
                _ => {}
            }
        }
        text
    }

    fn element(&mut self, tag: Tag<'a>) -> AnyView {
        match tag {
            Tag::Paragraph => self.paragraph(),
            Tag::Heading { level, .. } => self.heading(level),
            Tag::BlockQuote(_) => view! { <blockquote>{self.views()}</blockquote> }.into_any(),
            Tag::CodeBlock(_) => {
                let text = self.flat();
                // Focusable, for long lines scroll sideways.
                view! { <pre tabindex="0"><code>{text}</code></pre> }.into_any()
            }
            Tag::List(None) => view! { <ul>{self.views()}</ul> }.into_any(),
            Tag::List(Some(start)) => view! { <ol start=(start != 1).then(|| start.to_string())>{self.views()}</ol> }.into_any(),
            Tag::Item => view! { <li>{self.views()}</li> }.into_any(),
            Tag::Table(alignments) => self.table(&alignments),
            Tag::Emphasis => view! { <em>{self.views()}</em> }.into_any(),
            Tag::Strong => view! { <strong>{self.views()}</strong> }.into_any(),
            Tag::Strikethrough => view! { <del>{self.views()}</del> }.into_any(),
            Tag::Link { dest_url, title, .. } => self.link(&dest_url, &title),
            Tag::Image { dest_url, title, .. } => {
                let alt = self.flat();
                self.picture(&dest_url, &title, alt)
            }
            // What holds raw HTML, and extensions that are not switched on.
            _ => self.views().into_any(),
        }
    }

    /// A paragraph; charts that stand alone in one are figures.
    fn paragraph(&mut self) -> AnyView {
        let is_chart = |event: Option<&Event<'_>>| matches!(event, Some(Event::Start(Tag::Image { dest_url, .. })) if dest_url.starts_with("chart:"));
        if !is_chart(self.events.peek()) {
            return view! { <p>{self.views()}</p> }.into_any();
        }
        let mut charts = Vec::new();
        while is_chart(self.events.peek()) {
            if let Some(Event::Start(Tag::Image { dest_url, .. })) = self.events.next() {
                let alt = self.flat();
                charts.push(match Href::parse(&dest_url) {
                    Some(Href::Chart(secid)) => {
                        self.charts += 1;
                        let name = security_name(self.securities, secid.as_str());
                        chart::figure(self.edition, secid.as_str(), name, self.charts == 1)
                    }
                    _ => alt.into_any(),
                });
                if matches!(self.events.peek(), Some(Event::SoftBreak)) {
                    self.events.next();
                }
            }
        }
        let rest = self.views();
        let rest = (!rest.is_empty()).then(|| view! { <p>{rest}</p> });
        view! { {charts}{rest} }.into_any()
    }

    fn heading(&mut self, level: HeadingLevel) -> AnyView {
        let views = self.views();
        match level {
            HeadingLevel::H1 => view! { <h1>{views}</h1> }.into_any(),
            HeadingLevel::H2 => view! { <h2>{views}</h2> }.into_any(),
            HeadingLevel::H3 => view! { <h3>{views}</h3> }.into_any(),
            HeadingLevel::H4 => view! { <h4>{views}</h4> }.into_any(),
            HeadingLevel::H5 => view! { <h5>{views}</h5> }.into_any(),
            HeadingLevel::H6 => view! { <h6>{views}</h6> }.into_any(),
        }
    }

    fn table(&mut self, alignments: &[Alignment]) -> AnyView {
        let mut head = None;
        let mut rows = Vec::new();
        while let Some(event) = self.events.next() {
            match event {
                Event::Start(Tag::TableHead) => head = Some(self.cells(alignments, true)),
                Event::Start(Tag::TableRow) => {
                    let cells = self.cells(alignments, false);
                    rows.push(view! { <tr>{cells}</tr> });
                }
                Event::End(_) => break,
                _ => {}
            }
        }
        let rows = (!rows.is_empty()).then(|| view! { <tbody>{rows}</tbody> });
        view! { <div class="table" tabindex="0"><table><thead><tr>{head}</tr></thead>{rows}</table></div> }.into_any()
    }

    fn cells(&mut self, alignments: &[Alignment], head: bool) -> Vec<AnyView> {
        let mut cells = Vec::new();
        while let Some(Event::Start(Tag::TableCell)) = self.events.next() {
            let class = match alignments.get(cells.len()) {
                Some(Alignment::Right) => Some("right"),
                Some(Alignment::Center) => Some("center"),
                Some(Alignment::Left) => Some("left"),
                _ => None,
            };
            let views = self.views();
            cells.push(if head { view! { <th class=class>{views}</th> }.into_any() } else { view! { <td class=class>{views}</td> }.into_any() });
        }
        cells
    }

    fn link(&mut self, address: &str, title: &str) -> AnyView {
        let views = self.views();
        let title = (!title.is_empty()).then(|| title.to_owned());
        match Href::parse(address) {
            Some(Href::Quote(secid)) => {
                let href = self.edition.quote_page(secid.as_str());
                view! { <a class="quote" data-secid=secid.to_string() href=href target="_blank" rel="noopener noreferrer">{views}</a> }.into_any()
            }
            Some(Href::Outbound(href)) => view! { <a href=href title=title target="_blank" rel="noopener noreferrer">{views}</a> }.into_any(),
            Some(Href::Own(path)) => view! { <a href=self.edition.base.own(&path) title=title>{views}</a> }.into_any(),
            Some(Href::Chart(_)) | None => views.into_any(),
        }
    }

    fn picture(&mut self, address: &str, title: &str, alt: String) -> AnyView {
        let src = match Href::parse(address) {
            Some(Href::Outbound(src)) => src,
            Some(Href::Own(path)) => self.edition.base.own(&path),
            Some(Href::Chart(secid)) => {
                let name = security_name(self.securities, secid.as_str());
                return chart::image(self.edition, secid.as_str(), name);
            }
            Some(Href::Quote(_)) | None => return alt.into_any(),
        };
        let size = size(&src);
        let (width, height) = (size.map(|size| size.0), size.map(|size| size.1));
        let title = (!title.is_empty()).then(|| title.to_owned());
        view! { <img src=src alt=alt title=title width=width height=height loading="lazy" decoding="async" referrerpolicy="no-referrer"/> }.into_any()
    }
}

/// The size that a picture's address bears behind its hash: `…jpg#800x555`.
fn size(src: &str) -> Option<(u32, u32)> {
    let (width, height) = src.rsplit_once('#')?.1.split_once('x')?;
    Some((width.parse().ok()?, height.parse().ok()?))
}
