//! What the macros write, used.
#![allow(clippy::unwrap_used, dead_code, reason = "tests")]

mod documents;
mod options;
