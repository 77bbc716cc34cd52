//! The subcommands, one module for each, and `build --watch`.

pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod serve;
mod watch;
