//! Hostile content in the viewer, on prerendered pages and in the widget: it has no effect, and no word is
//! lost.
//!
//! `tests/fixtures/hostile` has the attacks; its `watch.js` detects their effects.

mod broken;
mod json;
mod posts;
mod strangers;
mod watch;
