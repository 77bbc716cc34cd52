//! Full-text search in plain files: the form of an index, its writer, and what a search of it needs next. Nothing here reads
//! or writes files.
//!
//! A text is folded (`fold`) and divided into terms (`terms`). An index has segments (`segment`) of rows, the stories. A
//! segment has a list (`list`) for each term, and pages (`page`) that tell where the lists are. A query (`query`) becomes a
//! search (`search`), which says which parts of files it needs, takes their bytes, and finds rows. `docs/bundle-format.md`
//! describes the files, and `docs/decisions/search.md` the reasons.

#![allow(clippy::cast_possible_truncation, reason = "numbers are cut into bits and bytes")]

pub mod bits;
#[cfg(all(target_arch = "wasm32", feature = "browser"))]
mod browser;
pub mod fold;
mod found;
pub mod head;
mod indexed;
pub mod list;
pub mod marks;
pub mod page;
pub mod query;
pub mod search;
pub mod segment;
pub mod stem;
pub mod terms;
#[cfg(feature = "write")]
pub mod write;
