//! What a stateful fake of a remote system is built on: a loopback server in front of
//! [wiremock], and a switchboard of faults.
//!
//! wiremock matches requests and asks a [`Respond`](wiremock::Respond) for the answer; it
//! cannot write a reason phrase, break a body off, or drop a connection. [`FakeServer`]
//! stands in front of it and does those, on request of the test ([`Faults`]) or of the
//! responder itself ([`REASON_HEADER`], [`ABORT_HEADER`]).

mod faults;
mod front;

pub use self::faults::{Fault, FaultRule, Faults};
pub use self::front::{ABORT_HEADER, FakeServer, FakeServerBuilder, FaultyProxy, REASON_HEADER};
