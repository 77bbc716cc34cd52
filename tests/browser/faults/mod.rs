//! Faults of a host and of the network: every view says what is wrong, and shows what it should when it is over.

mod program;
mod time;
mod view;
mod views;
