//! Faults of hosts and networks: every view says what is wrong, and recovers when the fault is over.

mod program;
mod time;
mod view;
mod views;
