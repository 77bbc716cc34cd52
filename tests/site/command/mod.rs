//! The command `finews`: its output, its messages, and the files it must not touch.

mod again;
mod build;
mod check;
mod dev;
mod misuse;
mod new;
