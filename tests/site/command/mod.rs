//! The command `finews`: a folder in, a site out; what it says, what it leaves alone, what it never loses.

mod again;
mod build;
mod desk;
