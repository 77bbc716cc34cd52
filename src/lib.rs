//! The viewer: reads a news archive in the browser.
//!
//! `state` knows what to read and how to tell it, `components` and `routes` make views from plain values and fetch nothing;
//! both compile natively too, for tests and for rendering pages ahead. `app`, `shell`, `router` and `fetch` are the browser's.

#[cfg(not(target_arch = "wasm32"))]
pub mod ahead;
#[cfg(target_arch = "wasm32")]
pub mod app;
#[cfg(target_arch = "wasm32")]
mod charts;
pub mod components;
pub mod edition;
#[cfg(target_arch = "wasm32")]
mod fetch;
#[cfg(target_arch = "wasm32")]
mod keep;
#[cfg(target_arch = "wasm32")]
mod router;
pub mod routes;
#[cfg(target_arch = "wasm32")]
mod shell;
pub mod state;
