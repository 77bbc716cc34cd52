//! The subcommands, one a file.

pub(crate) mod build;
pub(crate) mod check;
pub(crate) mod serve;
mod watch;
