//! Plain structs and functions without views: what is read, how it is told, in which language.

pub mod archive;
pub mod format;
pub mod language;
pub mod page;
