//! What every capability stands on: settings, identity, errors, the edge of the HTTP server.

pub mod api;
pub mod asked;
pub mod call;
pub mod config;
pub mod connection;
pub mod csrf;
pub mod docs;
pub mod edge;
pub mod error;
pub mod health;
pub mod home;
pub mod idempotency;
pub mod identity;
pub mod journal;
pub mod log;
pub mod metrics;
pub mod pages;
pub mod serve;
pub mod turns;
pub mod visit;
