//! A site without a browser: what the command writes of posts, and what is read of it. One file per subject.

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
