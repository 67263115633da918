//! `fsm verify` and `fsm sign`: the signatures of webhooks.

mod input;
mod sign;
mod verify;

pub(crate) use sign::Sign;
pub(crate) use verify::Verify;
