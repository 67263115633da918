//! Behaviour of the client against the fake, and of the fake against the rules of Stripe.
#![allow(clippy::unwrap_used, reason = "tests")]

mod amounts;
mod checkout;
mod form;
mod lists;
mod objects;
mod pages;
mod payments;
mod real;
mod retries;
mod support;
mod webhooks;
