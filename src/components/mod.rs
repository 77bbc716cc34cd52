//! Views from plain values; none fetches anything.

pub mod article;
pub mod body;
pub mod calendar;
pub mod chart;
pub mod element;
pub mod footer;
pub mod frame;
pub mod headline;
pub mod masthead;
pub mod message;
pub mod names;
pub mod skeleton;
