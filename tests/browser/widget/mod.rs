//! The widget on a page of another origin, in three engines.

mod element;
mod look;
mod network;
mod pages;
mod safety;
mod stage;
