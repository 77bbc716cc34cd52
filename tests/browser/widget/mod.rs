//! The widget on a page of another origin, in three engines.

mod appearance;
mod element;
mod network;
mod pages;
mod safety;
mod stage;
