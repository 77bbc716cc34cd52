//! Tests of the whole site in real browsers, one module for each behaviour. `cargo xtask test` builds what
//! they need and runs them.

mod accessibility;
mod article;
mod charts;
mod dist;
mod faults;
mod home;
mod hostile;
mod hosts;
mod indexes;
mod layout;
mod life;
mod lists;
mod navigation;
mod offline;
mod prerendered;
mod readers;
mod states;
mod widget;
mod words;
