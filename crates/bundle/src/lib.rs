//! The bundle format: what a news archive looks like as files, for those who write it and those who read it.
//!
//! This crate has the types, names and addresses of format 1; it does no IO. `docs/bundle-format.md`
//! describes the format for other languages.

pub mod address;
mod article;
mod base;
mod chunk;
mod codec;
mod document;
mod folder;
pub mod href;
#[cfg(target_arch = "wasm32")]
mod js;
mod key;
mod list;
mod list_id;
mod manifest;
mod month;
mod name;
mod paths;
mod picture;
mod secid;
mod text;
mod time;

pub use article::{Article, Headline, datetime};
pub use base::Base;
pub use chunk::{chunks, fingerprint, join_short_end};
pub use codec::{DecodeError, FORMAT, File, decode, encode, join_array};
pub use document::{Document, JsonError};
pub use folder::{Folder, Hash, MANIFEST_PATH, Store};
pub use key::Key;
pub use list::{Directories, Directory, List, PageFile, PageRef, Rows};
pub use list_id::{ListId, ListKind, partition};
pub use manifest::{
    Block, Counts, Front, Index, Manifest, MonthRef, NameFile, NameFiles, NamedList, Settings, Site,
};
pub use month::{Day, Month, ShardFile, ShardRef};
pub use name::{Label, fold, lower, slugify, slugify_pretty};
pub use paths::{PathFile, Target};
pub use picture::{PictureSize, picture_copy, picture_fragment};
pub use secid::Secid;
pub use time::{Date, Time};
