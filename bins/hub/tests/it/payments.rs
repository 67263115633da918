//! Payments through the hub: from a signed event to the books, against a stateful ERPNext.

mod asked;
mod booking;
mod door;
mod faults;
mod refunds;
pub(crate) mod room;
mod told;
