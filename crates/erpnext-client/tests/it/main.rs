//! Behaviour of the crate against its fake in both dialects, and where it can, against the site
//! named by `ERPNEXT_TEST_URL`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::needless_pass_by_value,
    reason = "tests"
)]

// Types and values.
mod codegen;
mod doctypes;
mod meta;
mod values;
// Reading.
mod ahead;
mod cache;
mod errors;
mod reading;
mod session;
mod streams;
mod transport;
// Writing.
mod creating;
mod files;
mod modifying;
mod queries;
mod webhooks;
mod writing;
// A site made ready.
mod bootstrap;
// The fake itself.
mod fake_access;
mod fake_documents;
mod fake_http;
mod fake_methods;
mod fake_money;
mod fake_queries;
mod fake_seed;
// What they all stand on.
mod caller;
mod lossy;
mod wire;
mod world;
