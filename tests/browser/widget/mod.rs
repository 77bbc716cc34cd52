//! The widget on pages of another origin, and its own pages.

mod appearance;
mod element;
mod network;
mod packaged;
mod pages;
mod safety;
mod stage;
