//! Behaviour of the sandbox.
#![allow(clippy::unwrap_used, reason = "tests")]

mod fleet;
mod world;
