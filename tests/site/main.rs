//! Tests of a site without a browser: what the command writes, and reading it. One module for each subject.

mod archive;
mod budget;
mod cases;
mod command;
mod faults;
mod hostile;
mod pages;
mod properties;
mod scale;
mod shipped;
mod spec;
