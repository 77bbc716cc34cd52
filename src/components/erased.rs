//! A type-erased view, which every component returns.
//!
//! `view!` gives each view its own type, and the compiler generates code to build, update and replace each
//! one. Leptos's [`AnyView`] still contains all of that code, including updates between two views of the same
//! type. Our pages do not need these updates: a view changes through signals inside it, and is otherwise
//! replaced as a whole. So [`Erase::erase`] immediately builds the view (or, natively, renders it to HTML),
//! and nothing of its type remains. Compressed with brotli 11, the program is 160 KB with `AnyView`, 150 KB
//! with `--cfg erase_components`, and 141 KB with [`Erased`] (November 2026).
//!
//! Every component ends in `.erase()`, so views in a list, an `Option` or the arms of a `match` have one
//! type.

use leptos::prelude::*;
use leptos::tachys::html::attribute::any_attribute::AnyAttribute;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::view::{Mountable, Position, PositionState, Render, RenderHtml};

/// Built nodes that are not in the page yet.
#[cfg(target_arch = "wasm32")]
type Built = send_wrapper::SendWrapper<Box<dyn Mountable>>;
/// Rendered HTML.
#[cfg(not(target_arch = "wasm32"))]
type Built = String;

/// A type-erased view.
pub struct Erased(Built);

/// Erases the type of a view.
pub trait Erase {
    /// Builds the view or, natively, renders it to HTML.
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

/// A view's nodes in the page.
pub struct Mounted(Option<Box<dyn Mountable>>);

impl Render for Erased {
    type State = Mounted;

    #[cfg(target_arch = "wasm32")]
    fn build(self) -> Mounted {
        Mounted(Some(self.0.take()))
    }

    /// Nothing is built natively.
    #[cfg(not(target_arch = "wasm32"))]
    fn build(self) -> Mounted {
        Mounted(None)
    }

    /// Replaces the old view with the new one.
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

// The element is already built, so attributes cannot be added.
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

    /// Never called, because the program in the browser renders no HTML.
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

    /// Pages are not hydrated (docs/decisions/viewer.md), so this builds the view.
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
