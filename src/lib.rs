//! The viewer: shows a news archive in the browser.
//!
//! `state` decides what to read and how to format it. `components` and `routes` make views of plain values
//! and fetch nothing. All three also compile natively, for tests and for `prerender`. `browser` contains
//! everything that uses the browser.

#![recursion_limit = "256"]

mod app;
#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod components;
#[cfg(not(target_arch = "wasm32"))]
pub mod prerender;
pub mod routes;
pub mod state;
