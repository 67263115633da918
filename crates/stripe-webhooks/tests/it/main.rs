//! Behaviour of stripe-webhooks.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod events;
#[cfg(feature = "axum")]
mod extract;
mod lenience;
mod properties;
mod vectors;
mod verifier;

/// The secret of every test.
const SECRET: &str = "whsec_5f1c0a4e9b7d4c2f8a6e3d1b0c9f7e55";
/// The time of every test.
const NOW: i64 = 1_763_827_200;
