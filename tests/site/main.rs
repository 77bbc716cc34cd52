//! Tests of sites without a browser: they check what the command writes, and read it natively. There is one
//! module for each subject.

mod action;
mod addresses;
mod archive;
mod budget;
mod cases;
mod command;
mod faults;
mod files;
mod front_matter;
mod hostile;
mod kept_back;
mod kinds;
mod liquid;
mod pages;
mod project;
mod properties;
mod scale;
mod search;
mod shipped;
mod spec;
mod standalone;
mod writing;
