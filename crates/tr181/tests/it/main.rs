//! Behaviour of the extractor and of the health verdicts.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod bad_input;
mod captures;
mod devices;
mod health;
mod optical;
mod properties;
mod rules;
mod secrets;
mod support;
