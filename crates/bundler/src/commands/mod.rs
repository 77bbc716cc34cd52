//! The subcommands, one module for each, and `build --watch`.

pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod dev;
pub(crate) mod new;
pub(crate) mod serve;
mod watch;
