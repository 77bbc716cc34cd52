//! A view whose type is forgotten: what every component returns.
//!
//! `view!` gives each view a type of its own, and Leptos compiles building, updating and replacing it anew
//! for each. Its own remedy, [`AnyView`](leptos::prelude::AnyView), still compiles all of that behind its
//! pointers, updating included, because two views behind it may be of one type. Our pages do not need that:
//! what changes in a view changes by a signal within it, and a view that is replaced is built anew. So a view
//! can become what it is at once, nodes in the browser and HTML natively, and nothing of its type is left.
//! With `AnyView` the program is 160 KB (brotli 11), with `--cfg erase_components` 150, with this 141
//! (November 2026).
//!
//! A component ends in `.erase()`. Views in a list, behind an `Option` or in the arms of a `match` are then
//! of one type.

use leptos::prelude::*;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};

/// Nodes that are built already, as yet outside the page.
#[cfg(target_arch = "wasm32")]
type Made = send_wrapper::SendWrapper<Box<dyn Mountable>>;
/// HTML.
#[cfg(not(target_arch = "wasm32"))]
type Made = String;

/// A view of a forgotten type.
pub struct Erased(Made);

/// Forgets the type of a view.
pub trait Erase {
    /// This view, of a forgotten type.
    fn erase(self) -> Erased;
}

impl<V> Erase for V
where
    V: IntoView,
    V::State: 'static,
{
    #[cfg(target_arch = "wasm32")]
    fn erase(self) -> Erased {
        Erased(send_wrapper::SendWrapper::new(Box::new(self.build())))
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn erase(self) -> Erased {
        Erased(self.to_html())
    }
}

/// What is in the page of a view.
pub struct Mounted(Option<Box<dyn Mountable>>);

impl Render for Erased {
    type State = Mounted;

    #[cfg(target_arch = "wasm32")]
    fn build(self) -> Mounted {
        Mounted(Some(self.0.take()))
    }

    /// Natively nothing is built.
    #[cfg(not(target_arch = "wasm32"))]
    fn build(self) -> Mounted {
        Mounted(None)
    }

    /// Puts the new view in the old one's place.
    fn rebuild(self, state: &mut Mounted) {
        let mut new = self.build();
        state.insert_before_this(&mut new);
        state.unmount();
        *state = new;
    }
}

impl Mountable for Mounted {
    fn unmount(&mut self) {
        self.0.iter_mut().for_each(|view| view.unmount());
    }

    fn mount(&mut self, parent: &web_sys::Element, marker: Option<&web_sys::Node>) {
        self.0.iter_mut().for_each(|view| view.mount(parent, marker));
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.0.as_ref().is_some_and(|view| view.insert_before_this(child))
    }

    fn elements(&self) -> Vec<web_sys::Element> {
        self.0.as_ref().map(|view| view.elements()).unwrap_or_default()
    }
}

// The element is built already, so no attribute can be added.
leptos::tachys::no_attrs!(Erased);

impl RenderHtml for Erased {
    type AsyncOutput = Self;
    type Owned = Self;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Self {
        self
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn to_html_with_buf(
        self,
        html: &mut String,
        position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _attributes: Vec<AnyAttribute>,
    ) {
        html.push_str(&self.0);
        *position = Position::NextChild;
    }

    /// The browser's program prints nothing.
    #[cfg(target_arch = "wasm32")]
    fn to_html_with_buf(
        self,
        _html: &mut String,
        _position: &mut Position,
        _escape: bool,
        _mark_branches: bool,
        _attributes: Vec<AnyAttribute>,
    ) {
    }

    /// Pages are not hydrated (ARCHITECTURE.md): a view is built wherever it is alive.
    fn hydrate<const FROM_SERVER: bool>(self, _cursor: &Cursor, _position: &PositionState) -> Mounted {
        self.build()
    }

    fn into_owned(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_attributes_are_escaped() {
        let (title, text) = ("\"><b>".to_owned(), "<script>&<!>".to_owned());
        let html = view! { <p title=title>{text}<br/></p> }.erase().to_html();
        assert_eq!(html, "<p title=\"&quot;&gt;&lt;b&gt;\">&lt;script&gt;&amp;&lt;!&gt;<br></p>");
    }
}
