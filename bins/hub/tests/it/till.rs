//! Asking for money through the hub: links, charges, refunds, consent, against a stateful ERPNext
//! and a stateful Stripe.

mod charge;
mod checkout;
mod refund;
mod screens;
mod shop;
mod wishes;
