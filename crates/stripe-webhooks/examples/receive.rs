//! A receiver in a few lines: each delivery is checked, read and answered; what it tells is
//! printed. Run with `cargo run -p stripe-webhooks --example receive --features testing`.
#![allow(clippy::print_stdout, reason = "an example talks to a terminal")]

use std::collections::BTreeSet;

use stripe_webhooks::testing::{EventBuilder, Payment, SignedEvent, ThinEventBuilder};
use stripe_webhooks::{Error, Object, Verifier};

const NOW: i64 = 1_763_827_200;

fn main() -> Result<(), Error> {
    let verifier = Verifier::new(["whsec_new", "whsec_old"])?.with_livemode(false);

    // What Stripe would deliver: a payment told twice, each of it repeated, and the odd ones.
    let mut deliveries: Vec<SignedEvent> = Vec::new();
    for event in Payment::new("pi_1")
        .metadata("invoice", "INV-0000123")
        .events()
    {
        deliveries.push(event.sign("whsec_old", NOW));
        deliveries.push(event.pending_webhooks(0).sign("whsec_new", NOW));
    }
    deliveries.push(EventBuilder::new("fish.caught", "fish_1").sign("whsec_new", NOW));
    deliveries
        .push(ThinEventBuilder::new("v2.core.account.updated", "acct_1").sign("whsec_new", NOW));
    deliveries.push(EventBuilder::invoice_paid("in_1").sign("whsec_forged", NOW));

    let mut booked = BTreeSet::new();
    for sent in &deliveries {
        let line = match verifier.event(&sent.body, &sent.header, NOW) {
            Ok(event) => {
                // Both events of a payment name it: that is what it is booked under.
                let payment = match event.object() {
                    Object::CheckoutSession(session) if session.is_paid() => session.payment_intent,
                    Object::PaymentIntent(intent) => Some(intent.id),
                    _ => None,
                };
                let news = match payment {
                    Some(payment) if booked.insert(payment.clone()) => format!("{payment} booked"),
                    Some(payment) => format!("{payment} is booked already"),
                    None => "nothing to book".to_owned(),
                };
                format!("200  {:<28}  {news}", event.kind)
            }
            Err(Error::Thin(thin)) => format!("200  {:<28}  fetch it for more", thin.kind),
            Err(error) => format!("400  refused: {}", error.code()),
        };
        println!("{line}");
    }
    Ok(())
}
