//! The one element type that all views are made of.
//!
//! Leptos' `view!` gives every view a type of its own, whose code is compiled anew each time: 70 KB of this program's download (brotli 11; 247 KB before, 177 after, in November 2026).
//! Here an element is a value: a tag that our code chose, attributes, children. It is a Leptos view like any other, and live
//! parts are Leptos effects. It is also the one door to the page: text becomes text nodes, and nothing is ever parsed as HTML.

use std::any::Any;

use leptos::reactive::effect::RenderEffect;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::no_attrs;
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};
use leptos::wasm_bindgen::JsCast as _;
use leptos::wasm_bindgen::prelude::Closure;
use leptos::web_sys;

/// An element to be. Boxed, so that handing it on is handing on a pointer.
pub struct Element(Box<Parts>);

struct Parts {
    tag: &'static str,
    attributes: Vec<(&'static str, Value)>,
    listeners: Vec<(&'static str, Listener)>,
    children: Vec<Node>,
}

/// What stands in an element.
pub enum Node {
    /// Text, never parsed.
    Text(String),
    /// An element.
    Element(Element),
    /// An element that is made anew when what it was made from changes.
    Live(Box<dyn Fn() -> Element + Send>),
}

enum Value {
    Fixed(String),
    Live(Box<dyn Fn() -> Option<String> + Send>),
}

type Listener = Box<dyn FnMut(web_sys::Event) + Send>;

/// An element of this tag, without attributes and children.
pub fn el(tag: &'static str) -> Element {
    Element(Box::new(Parts { tag, attributes: Vec::new(), listeners: Vec::new(), children: Vec::new() }))
}

/// An element made anew by `make` when a signal it reads changes.
pub fn live(make: impl Fn() -> Element + Send + 'static) -> Node {
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
    pub fn live_attr(self, name: &'static str, value: impl Fn() -> Option<String> + Send + 'static) -> Self {
        self.set(name, Value::Live(Box::new(value)))
    }

    /// Calls `listener` at an event.
    pub fn on(mut self, event: &'static str, listener: impl FnMut(web_sys::Event) + Send + 'static) -> Self {
        self.0.listeners.push((event, Box::new(listener)));
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

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
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
pub struct Built {
    element: web_sys::Element,
    _kept: Vec<Box<dyn Any>>,
}

impl Built {
    fn new(element: Element) -> Self {
        let mut kept: Vec<Box<dyn Any>> = Vec::new();
        let element = build(element, &mut kept);
        Self { element, _kept: kept }
    }
}

#[allow(clippy::expect_used, reason = "the tags are ours, and a browser can make any of them")]
fn build(element: Element, kept: &mut Vec<Box<dyn Any>>) -> web_sys::Element {
    let element = *element.0;
    let document = leptos::prelude::document();
    let built = document.create_element(element.tag).expect("a tag of our own");
    for (name, value) in element.attributes {
        match value {
            Value::Fixed(value) => drop(built.set_attribute(name, &value)),
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
    for child in element.children {
        match child {
            Node::Text(text) => drop(built.append_child(&document.create_text_node(&text))),
            Node::Element(child) => drop(built.append_child(&build(child, kept))),
            Node::Live(make) => {
                let parent = built.clone();
                kept.push(Box::new(RenderEffect::new(move |before: Option<Built>| {
                    let now = Built::new(make());
                    match before {
                        Some(before) => drop(before.element.replace_with_with_node_1(&now.element)),
                        None => drop(parent.append_child(&now.element)),
                    }
                    now
                })));
            }
        }
    }
    built
}

no_attrs!(Element);

impl Render for Element {
    type State = Built;

    fn build(self) -> Built {
        Built::new(self)
    }

    fn rebuild(self, state: &mut Built) {
        let now = Built::new(self);
        drop(state.element.replace_with_with_node_1(&now.element));
        *state = now;
    }
}

impl RenderHtml for Element {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 16;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    fn to_html_with_buf(self, out: &mut String, position: &mut Position, _escape: bool, _mark_branches: bool, _extra: Vec<AnyAttribute>) {
        self.print(out);
        *position = Position::NextChild;
    }

    /// What stands there is replaced by the same, alive.
    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Built {
        match position.get() {
            Position::FirstChild => cursor.child(),
            Position::Current => {}
            _ => cursor.sibling(),
        }
        let now = Built::new(self);
        if let Some(there) = cursor.current().dyn_ref::<web_sys::Element>() {
            drop(there.replace_with_with_node_1(&now.element));
        }
        cursor.set(now.element.clone().into());
        position.set(Position::NextChild);
        now
    }

    fn into_owned(self) -> Self {
        self
    }
}

impl Mountable for Built {
    fn unmount(&mut self) {
        self.element.remove();
    }

    fn mount(&mut self, parent: &web_sys::Element, marker: Option<&web_sys::Node>) {
        drop(parent.insert_before(&self.element, marker));
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let Some(parent) = self.element.parent_element() else { return false };
        child.mount(&parent, Some(&self.element));
        true
    }

    fn elements(&self) -> Vec<web_sys::Element> {
        vec![self.element.clone()]
    }
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
