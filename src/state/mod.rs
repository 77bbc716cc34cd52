//! What views show, without views: reading pages, formatting, and signals for what changes later.

#[cfg(not(target_arch = "wasm32"))]
pub mod folder;
pub mod format;
pub mod language;
pub mod news;
pub mod page;
pub mod remote;
pub mod rows;
pub mod site;
pub mod theme;
