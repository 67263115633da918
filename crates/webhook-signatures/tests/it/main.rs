//! Behaviour of every scheme through the public surface.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "tests")]

mod common;
mod docuseal;
mod frappe;
mod properties;
mod shared_secret;
mod standard_webhooks;
mod stripe;
mod twilio;
mod vectors;
