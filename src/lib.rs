//! The viewer: reads a news archive in the browser.
//!
//! `state` knows what to read and how to tell it; `components` and `routes` make views from plain values and
//! fetch nothing. Both compile natively too, for tests and for `prerender`. `browser` is all that touches a
//! browser.

#![recursion_limit = "256"]

mod app;
#[cfg(target_arch = "wasm32")]
pub mod browser;
pub mod components;
#[cfg(not(target_arch = "wasm32"))]
pub mod prerender;
pub mod routes;
pub mod state;
