//! What strangers wrote goes through the viewer, prerendered pages and the widget: it does nothing, and no word is lost.
//!
//! `tests/fixtures/hostile` has the attacks, `tests/fixtures/hostile/watch.js` sees what they come to.

mod broken;
mod json;
mod posts;
mod strangers;
mod watch;
