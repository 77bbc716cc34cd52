//! Parses a body's Markdown into operations, from which the viewer builds elements.
//!
//! In the browser this is a separate program of about 70 KB (compressed), which loads when the first page is
//! idle or when an article needs it. The viewer depends on this crate without the feature `parser`, because
//! it needs only [`MarkdownOp`].

mod op;
#[cfg(feature = "parser")]
mod parser;

pub use op::MarkdownOp;
#[cfg(feature = "parser")]
pub use parser::{EXTENSIONS, parse};

/// Parses Markdown into encoded operations: the one function that the program exports.
#[cfg(all(target_arch = "wasm32", feature = "parser"))]
#[wasm_bindgen::prelude::wasm_bindgen(js_name = parse)]
pub fn parse_encoded(markdown: &str) -> Vec<String> {
    parse(markdown).iter().map(MarkdownOp::encode).collect()
}
