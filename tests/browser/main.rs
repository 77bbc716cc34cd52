//! The site as a whole, in a real browser: one file per behaviour. `cargo xtask test` builds what is needed
//! and runs these.

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
