//! Reads an archive: follows the chain of hashes from an address to an article or to rows of a list.
//!
//! It knows nothing about the network: a [`Source`] provides the files, so the browser and the tests share
//! this code.

mod archive;
mod article;
mod day;
mod files;
mod list;
mod source;

pub use archive::Archive;
pub use day::DayPage;
pub use list::{ListPage, MIN_ROWS, Neighbours, PAGE_ROWS};
pub use source::{Failure, Source};
