//! Behaviour of the HTTP seam: against a scripted transport under paused time, and over
//! real sockets against the fake server.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod retry;
mod scripted;
mod secrets;
mod urls;
#[cfg(feature = "testing")]
mod wire;
