//! Tests of the whole site in real browsers, one module for each behaviour. `cargo xtask test` builds what
//! they need and runs them.

mod accessibility;
mod article;
mod bodies;
mod charts;
mod demo;
mod dev;
mod dist;
mod faults;
mod home;
mod hostile;
mod hosts;
mod indexes;
mod jekyll;
mod layout;
mod lists;
mod loading_and_failures;
mod navigation;
mod offline;
mod open_tab;
mod prerendered;
mod readers;
mod search;
mod standalone;
mod widget;
mod words;
