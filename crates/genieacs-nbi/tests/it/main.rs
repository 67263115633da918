//! Behaviour of the crate against its fake, and where it can, against the server named by
//! `GENIEACS_NBI_TEST_URL`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::needless_pass_by_value,
    reason = "tests"
)]

mod asking;
mod crashes;
mod devices;
mod documents;
mod ids;
mod lists;
mod presets;
mod properties;
mod queries;
mod resources;
mod tasks;
mod transport;
mod watch;
mod wire;
mod world;
