//! Payments: a bill is paid once, and every screen knows.
//!
//! Whatever moves money is an effect of the journal: written down before Stripe is asked, looked up
//! before it is asked again. ERPNext learns of money from Stripe's events alone.

mod back;
mod bill;
mod charge;
mod checkout;
mod decline;
mod known;
mod methods;
mod outcome;
mod page;
mod payer;
mod ppa;
mod provider;
mod read;
mod refund;
mod rows;
mod screens;
mod send_link;
pub mod settle;
mod under_way;
mod webhook;

pub(crate) use known::Known;
pub(crate) use page::{EVENTS, PART, act_href, href, live_href};
pub use provider::{probe, stripe_client};
pub(crate) use webhook::verifier;

use crate::platform::api::Api;

/// Routes and screens of this room.
pub fn api() -> Api {
    Api::new()
        .merge(webhook::api())
        .merge(checkout::api())
        .merge(methods::api())
        .merge(charge::api())
        .merge(refund::api())
        .merge(ppa::api())
        .merge(send_link::api())
        .merge(screens::api())
        .merge(back::api())
}
