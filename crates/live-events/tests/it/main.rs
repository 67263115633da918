//! Behaviour of the crate.
#![allow(clippy::unwrap_used, reason = "tests")]

#[cfg(feature = "axum")]
mod body;
#[cfg(feature = "listener")]
mod listener;
mod model;
mod races;
mod replay;
mod streams;
mod support;
