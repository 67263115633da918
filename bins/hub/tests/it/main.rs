//! The hub as its callers see it: the router with a peer of the test's choice, or a real socket.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod clients;
mod config;
mod csrf;
mod devices;
mod edge;
mod identity;
mod life;
mod live;
mod pages;
mod payments;
mod process;
mod settings;
mod support;
mod till;
