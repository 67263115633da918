//! Behaviour of the crate.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod kill;
mod once;
mod processor;
mod sqlite;
