//! The site as a whole, in a real browser: one file per behaviour. `cargo xtask test` builds what is needed
//! and runs these.

mod accessibility;
mod ahead;
mod article;
mod charts;
#[path = "../common/mod.rs"]
mod common;
mod devtools;
mod dist;
mod faults;
mod harness;
mod home;
mod hostile;
mod hosts;
mod indexes;
mod layout;
mod life;
mod lists;
mod navigation;
mod offline;
mod readers;
mod states;
mod widget;
mod words;
