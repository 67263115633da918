//! A whole ISP on a laptop: fakes of the remote systems, simulated modems, and the hub in
//! front of them, all in one process over real sockets. Nothing of it is reachable from the
//! other binaries.

pub mod door;
pub mod env_file;
pub mod fake_acs;
pub mod fake_erp;
pub mod fake_stripe;
pub mod fleet;
pub mod time;
pub mod tour;
pub mod world;
