//! Components: views of plain values. They fetch nothing.

#![allow(unreachable_pub, reason = "`#[component]` generates a public struct of props for each component")]
#![allow(clippy::needless_pass_by_value, reason = "a component owns its props")]

pub(crate) mod body;
pub(crate) mod calendar;
pub(crate) mod chart;
pub mod erased;
pub(crate) mod footer;
pub(crate) mod headline;
pub(crate) mod masthead;
pub(crate) mod message;
pub(crate) mod names;
pub(crate) mod notice;
pub(crate) mod page_head;
pub(crate) mod picture;
pub(crate) mod remote;
pub(crate) mod search_form;
pub(crate) mod skeleton;
pub(crate) mod story;
