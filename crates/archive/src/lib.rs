//! Reads an archive: from an address, through the chain of hashes, to the rows or the article it means.
//!
//! Knows nothing of the network: a [`Source`] hands over files. So the browser and the tests read by the same
//! code, the tests from a folder.

mod archive;
mod article;
mod day;
mod files;
mod list;
mod source;

pub use archive::Archive;
pub use day::DayPage;
pub use list::{LEAST_ROWS, ListPage, Neighbours, ROWS};
pub use source::{Failure, Source};
