//! The one element type that all views are made of.
//!
//! Leptos' `view!` gives every view a type of its own, whose code is compiled anew each time: 70 KB of this program's download (brotli 11; 247 KB before, 177 after, in November 2026).
//! Here an element is a value: a tag that our code chose, attributes, children. Live parts are effects of Leptos' reactive
//! graph. It is also the one door to the page: text becomes text nodes, and nothing is ever parsed as HTML.
//!
//! An element is printed where a page is rendered ahead, built where the program shows one, and one that [stands](Element::standing)
//! takes over what was printed: its attributes and words are there, so it adds what is alive.

use std::any::Any;

use leptos_dom::helpers::document;
use reactive_graph::effect::RenderEffect;
use wasm_bindgen::JsCast as _;
use wasm_bindgen::prelude::Closure;

/// An element to be. Boxed, so that handing it on is handing on a pointer.
pub struct Element(Box<Parts>);

struct Parts {
    tag: &'static str,
    attributes: Vec<(&'static str, Value)>,
    listeners: Vec<(&'static str, Listener)>,
    children: Vec<Node>,
    /// Whether it takes over what was printed in its place.
    standing: bool,
}

/// What stands in an element.
pub enum Node {
    /// Text, never parsed.
    Text(String),
    /// An element.
    Element(Element),
    /// An element that is made anew when what it was made from changes.
    Live(Box<dyn Fn() -> Element>),
}

enum Value {
    Fixed(String),
    Live(Box<dyn Fn() -> Option<String>>),
}

type Listener = Box<dyn FnMut(web_sys::Event)>;

/// An element of this tag, without attributes and children.
pub fn el(tag: &'static str) -> Element {
    Element(Box::new(Parts { tag, attributes: Vec::new(), listeners: Vec::new(), children: Vec::new(), standing: false }))
}

/// An element made anew by `make` when a signal it reads changes.
pub fn live(make: impl Fn() -> Element + 'static) -> Node {
    Node::Live(Box::new(make))
}

impl Element {
    /// Sets the class.
    pub fn class(self, class: &'static str) -> Self {
        self.attr("class", class)
    }

    /// Sets an attribute. Event handlers cannot be set like this, and addresses have passed `bundle::href` or `bundle::address`.
    pub fn attr(self, name: &'static str, value: impl Into<String>) -> Self {
        self.set(name, Value::Fixed(value.into()))
    }

    /// Sets an attribute, if there is a value for it.
    pub fn maybe(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// Sets an attribute to what `value` gives, as often as a signal it reads changes; takes it off where it gives none.
    pub fn live_attr(self, name: &'static str, value: impl Fn() -> Option<String> + 'static) -> Self {
        self.set(name, Value::Live(Box::new(value)))
    }

    /// Calls `listener` at an event.
    pub fn on(mut self, event: &'static str, listener: impl FnMut(web_sys::Event) + 'static) -> Self {
        self.0.listeners.push((event, Box::new(listener)));
        self
    }

    /// Takes over the printed element of its tag in whose place it comes, and those in it; where another stands, it is built
    /// anew. One without children of its own keeps all that stands in it.
    pub fn standing(mut self) -> Self {
        self.0.standing = true;
        self
    }

    /// Adds a child.
    #[allow(clippy::should_implement_trait, reason = "an element is no sum")]
    pub fn add(self, child: impl Into<Node>) -> Self {
        self.push(child.into())
    }

    /// Adds any number of children.
    pub fn add_all<N: Into<Node>>(mut self, children: impl IntoIterator<Item = N>) -> Self {
        for child in children {
            self = self.push(child.into());
        }
        self
    }

    // Out of line: these two stand behind every attribute and every child of the program.

    #[inline(never)]
    fn set(mut self, name: &'static str, value: Value) -> Self {
        self.0.attributes.push((name, value));
        self
    }

    #[inline(never)]
    fn push(mut self, child: Node) -> Self {
        self.0.children.push(child);
        self
    }

    /// The element as HTML: as it is when it is printed, without what is alive.
    pub fn to_html(&self) -> String {
        let mut html = String::new();
        self.print(&mut html);
        html
    }

    /// Shows the element in a parent for as long as the page is open, in the place of what is there.
    pub fn mount(self, parent: &web_sys::Element) {
        let there = parent.first_element_child();
        let built = Built::new(self, there.as_ref());
        match there {
            Some(there) => there.replace(&built.element),
            None => drop(parent.append_child(&built.element)),
        }
        std::mem::forget(built);
    }

    fn print(&self, out: &mut String) {
        out.push('<');
        out.push_str(self.0.tag);
        for (name, value) in &self.0.attributes {
            let live;
            let value = match value {
                Value::Fixed(value) => value,
                Value::Live(value) => match value() {
                    Some(value) => {
                        live = value;
                        &live
                    }
                    None => continue,
                },
            };
            out.push(' ');
            out.push_str(name);
            out.push_str("=\"");
            escape(value, out);
            out.push('"');
        }
        out.push('>');
        if matches!(self.0.tag, "br" | "hr" | "img" | "input") {
            return;
        }
        for child in &self.0.children {
            match child {
                Node::Text(text) => escape(text, out),
                Node::Element(element) => element.print(out),
                Node::Live(make) => make().print(out),
            }
        }
        out.push_str("</");
        out.push_str(self.0.tag);
        out.push('>');
    }
}

fn escape(mut text: &str, out: &mut String) {
    while let Some(at) = text.find(['&', '<', '>', '"']) {
        out.push_str(&text[..at]);
        out.push_str(match text.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => "&quot;",
        });
        text = &text[at + 1..];
    }
    out.push_str(text);
}

impl From<Element> for Node {
    fn from(element: Element) -> Self {
        Self::Element(element)
    }
}

impl From<String> for Node {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Node {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// An element in the page, and what must live as long as it does: effects and listeners, also its children's.
struct Built {
    element: web_sys::Element,
    _kept: Vec<Box<dyn Any>>,
}

impl Built {
    /// `there` is what stands in its place.
    fn new(element: Element, there: Option<&web_sys::Element>) -> Self {
        let mut kept: Vec<Box<dyn Any>> = Vec::new();
        let there = there.filter(|_| element.0.standing);
        let element = build(element, there, &mut kept);
        Self { element, _kept: kept }
    }
}

trait Replace {
    /// Puts another element in this one's place, unless it is the same.
    fn replace(&self, other: &web_sys::Element);
}

impl Replace for web_sys::Element {
    fn replace(&self, other: &web_sys::Element) {
        if self != other {
            drop(self.replace_with_with_node_1(other));
        }
    }
}

/// Builds an element, or takes over what stands in its place.
#[allow(clippy::expect_used, reason = "the tags are ours, and a browser can make any of them")]
fn build(element: Element, there: Option<&web_sys::Element>, kept: &mut Vec<Box<dyn Any>>) -> web_sys::Element {
    let element = *element.0;
    let there = there.filter(|there| there.local_name() == element.tag);
    let built = there.cloned().unwrap_or_else(|| document().create_element(element.tag).expect("a tag of our own"));
    for (name, value) in element.attributes {
        match value {
            Value::Fixed(value) if there.is_none() => drop(built.set_attribute(name, &value)),
            Value::Fixed(_) => {}
            Value::Live(value) => {
                let built = built.clone();
                kept.push(Box::new(RenderEffect::new(move |_| match value() {
                    Some(value) => drop(built.set_attribute(name, &value)),
                    None => drop(built.remove_attribute(name)),
                })));
            }
        }
    }
    for (event, listener) in element.listeners {
        let listener = Closure::<dyn FnMut(web_sys::Event)>::new(listener);
        drop(built.add_event_listener_with_callback(event, listener.as_ref().unchecked_ref()));
        kept.push(Box::new(listener));
    }
    if let Some(there) = there {
        let words: Option<String> = element.children.iter().map(|child| if let Node::Text(text) = child { Some(text.as_str()) } else { None }).collect();
        // As they were printed, but for the few that a reader's choices change.
        if let Some(words) = words.filter(|words| !words.is_empty() && there.text_content().as_ref() != Some(words)) {
            there.set_text_content(Some(&words));
        }
    }
    // Of what stands in it words stay as they are, so only elements count.
    let mut next = there.and_then(web_sys::Element::first_element_child);
    for child in element.children {
        let place = |child: &web_sys::Element, stood: Option<&web_sys::Element>| match stood {
            Some(stood) => stood.replace(child),
            None => drop(built.append_child(child)),
        };
        let stood = if matches!(child, Node::Text(_)) { None } else { next.take() };
        if let Some(stood) = &stood {
            next = stood.next_element_sibling();
        }
        match child {
            Node::Text(text) if there.is_none() => drop(built.append_child(&document().create_text_node(&text))),
            Node::Text(_) => {}
            Node::Element(child) => place(&build(child, stood.as_ref(), kept), stood.as_ref()),
            Node::Live(make) => {
                let parent = built.clone();
                let mut stood = stood;
                kept.push(Box::new(RenderEffect::new(move |before: Option<Built>| {
                    // What was printed is taken over, as its parent was.
                    let element = if stood.is_some() { make().standing() } else { make() };
                    let there = before.map(|before| before.element).or(stood.take());
                    let now = Built::new(element, there.as_ref());
                    match there {
                        Some(there) => there.replace(&now.element),
                        None => drop(parent.append_child(&now.element)),
                    }
                    now
                })));
            }
        }
    }
    built
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_attributes_are_escaped() {
        let element = el("p").attr("title", "\"><b>").add("<script>&").add(el("br"));
        assert_eq!(element.to_html(), "<p title=\"&quot;&gt;&lt;b&gt;\">&lt;script&gt;&amp;<br></p>");
    }
}
