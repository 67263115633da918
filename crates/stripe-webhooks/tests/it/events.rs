//! Every type that is used, as its builder makes it.

use serde_json::json;
use stripe_webhooks::testing::{EventBuilder, Payment};
use stripe_webhooks::{
    CancellationReason, ChargeStatus, CheckoutMode, CheckoutStatus, Currency, DisputeStatus,
    EventType, InvoiceStatus, Object, PaymentIntentStatus, PaymentStatus, RefundStatus,
    SetupIntentStatus, SubscriptionStatus, Verifier,
};

use crate::{NOW, SECRET};

/// Takes the one kind of object, or says which one it is.
macro_rules! object {
    ($event:expr, $kind:ident) => {
        match $event.event().object() {
            Object::$kind(object) => object,
            other => panic!("{other:?}"),
        }
    };
}

#[test]
fn every_type_makes_an_object_of_its_own_kind() {
    for (kind, id, object) in [
        (
            "checkout.session.completed",
            "cs_test_1",
            "checkout.session",
        ),
        (
            "checkout.session.async_payment_succeeded",
            "cs_test_1",
            "checkout.session",
        ),
        (
            "checkout.session.async_payment_failed",
            "cs_test_1",
            "checkout.session",
        ),
        ("checkout.session.expired", "cs_test_1", "checkout.session"),
        ("payment_intent.succeeded", "pi_1", "payment_intent"),
        ("payment_intent.payment_failed", "pi_1", "payment_intent"),
        ("payment_intent.processing", "pi_1", "payment_intent"),
        ("payment_intent.requires_action", "pi_1", "payment_intent"),
        ("payment_intent.canceled", "pi_1", "payment_intent"),
        ("setup_intent.succeeded", "seti_1", "setup_intent"),
        ("setup_intent.setup_failed", "seti_1", "setup_intent"),
        ("charge.refunded", "ch_1", "charge"),
        ("refund.created", "re_1", "refund"),
        ("refund.updated", "re_1", "refund"),
        ("refund.failed", "re_1", "refund"),
        ("charge.dispute.created", "dp_1", "dispute"),
        ("charge.dispute.closed", "dp_1", "dispute"),
        ("invoice.paid", "in_1", "invoice"),
        ("invoice.payment_failed", "in_1", "invoice"),
        ("invoice.payment_action_required", "in_1", "invoice"),
        ("customer.subscription.updated", "sub_1", "subscription"),
        ("customer.subscription.deleted", "sub_1", "subscription"),
        ("payment_method.attached", "pm_1", "payment_method"),
        ("payment_method.detached", "pm_1", "payment_method"),
        (
            "payment_method.automatically_updated",
            "pm_1",
            "payment_method",
        ),
        ("customer.updated", "cus_1", "customer"),
    ] {
        let builder = EventBuilder::new(kind, id)
            .metadata("invoice", "INV-1")
            .created(7);
        let sent = builder.sign(SECRET, NOW);
        let event = Verifier::new([SECRET])
            .and_then(|verifier| verifier.event(&sent.body, &sent.header, NOW))
            .unwrap();
        assert!(!matches!(event.kind, EventType::Other(_)), "{kind}");
        assert_eq!(event.kind.as_str(), kind);
        assert_eq!(event.created, Some(7));
        let read = event.object();
        assert!(!matches!(read, Object::Other(_)), "{kind}");
        assert_eq!(read.id(), Some(id), "{kind}");
        assert_eq!(read.metadata().unwrap()["invoice"], "INV-1", "{kind}");
        assert_eq!(
            event.object_as::<serde_json::Value>().unwrap()["object"],
            object
        );
        // As Stripe writes it: what it is comes first, indented by two spaces.
        let start = format!("{{\n      \"id\": \"{id}\",\n      \"object\": \"{object}\",\n");
        assert!(event.object_json().starts_with(&start), "{}", event.json());
        // The same call, the same bytes.
        assert_eq!(builder.body(), sent.body);
    }
}

#[test]
fn checkout_sessions() {
    let paid = object!(
        EventBuilder::checkout_session_completed("cs_test_1"),
        CheckoutSession
    );
    assert!(paid.is_paid());
    assert_eq!(paid.mode, Some(CheckoutMode::Payment));
    assert_eq!(paid.status, Some(CheckoutStatus::Complete));
    assert_eq!(paid.amount_total, Some(11_497));
    assert_eq!(paid.currency, Currency::parse("cad"));
    assert_eq!(paid.expires_at, Some(1_763_827_200 + 86_400));
    let failed = object!(
        EventBuilder::checkout_session_async_payment_failed("cs_test_1"),
        CheckoutSession
    );
    assert_eq!(failed.payment_status, Some(PaymentStatus::Unpaid));
    assert!(!failed.is_paid());
    let expired = object!(
        EventBuilder::checkout_session_expired("cs_test_1"),
        CheckoutSession
    );
    assert_eq!(expired.status, Some(CheckoutStatus::Expired));
    let setup = object!(
        EventBuilder::checkout_session_completed("cs_test_1")
            .field("mode", json!("setup"))
            .field("setup_intent", json!("seti_1"))
            .field("payment_status", json!("no_payment_required")),
        CheckoutSession
    );
    assert_eq!(setup.mode, Some(CheckoutMode::Setup));
    assert_eq!(setup.setup_intent.as_deref(), Some("seti_1"));
    assert!(setup.is_paid());
}

#[test]
fn payments() {
    let paid = object!(
        EventBuilder::payment_intent_succeeded("pi_1").amount(500),
        PaymentIntent
    );
    assert_eq!(paid.status, Some(PaymentIntentStatus::Succeeded));
    assert_eq!((paid.amount, paid.amount_received), (Some(500), Some(500)));
    assert_eq!(paid.latest_charge.as_deref(), Some("ch_1"));
    let failed = object!(
        EventBuilder::payment_intent_payment_failed("pi_1").amount(500),
        PaymentIntent
    );
    assert_eq!(
        (failed.amount, failed.amount_received),
        (Some(500), Some(0))
    );
    let error = failed.last_payment_error.unwrap();
    assert_eq!(error.kind.as_deref(), Some("card_error"));
    assert_eq!(error.code.as_deref(), Some("card_declined"));
    assert_eq!(error.decline_code.as_deref(), Some("insufficient_funds"));
    assert_eq!(error.advice_code.as_deref(), Some("try_again_later"));
    assert_eq!(error.payment_method.as_deref(), Some("pm_declined"));
    let canceled = object!(EventBuilder::payment_intent_canceled("pi_1"), PaymentIntent);
    assert_eq!(
        canceled.cancellation_reason,
        Some(CancellationReason::Abandoned)
    );
    let processing = object!(
        EventBuilder::payment_intent_processing("pi_1"),
        PaymentIntent
    );
    assert_eq!(processing.status, Some(PaymentIntentStatus::Processing));
    let asks = object!(
        EventBuilder::payment_intent_requires_action("pi_1"),
        PaymentIntent
    );
    assert_eq!(asks.status, Some(PaymentIntentStatus::RequiresAction));
}

#[test]
fn both_events_of_a_payment_tell_of_the_same_money() {
    let [completed, succeeded] = Payment::new("pi_7")
        .amount(12_345)
        .customer("cus_1")
        .metadata("invoice", "INV-7")
        .client_reference_id("INV-7")
        .events();
    let session = object!(completed, CheckoutSession);
    let intent = object!(succeeded, PaymentIntent);
    assert_eq!(session.payment_intent.as_deref(), Some(intent.id.as_str()));
    assert_eq!(session.amount_total, intent.amount_received);
    assert_eq!(session.customer, intent.customer);
    assert_eq!(session.metadata, intent.metadata);
    assert_eq!(session.client_reference_id.as_deref(), Some("INV-7"));
    assert_ne!(completed.event().id, succeeded.event().id);
    let other = Payment::new("pi_8").events();
    assert_ne!(other[0].event().id, completed.event().id);
}

#[test]
fn money_that_goes_back() {
    let charge = object!(
        EventBuilder::charge_refunded("ch_1").field(
            "refunds",
            json!({"object": "list", "data": [{"id": "re_1", "amount": 200}, {"id": "re_2"}]})
        ),
        Charge
    );
    assert_eq!(charge.status, Some(ChargeStatus::Succeeded));
    assert!(charge.refunded && !charge.disputed);
    assert_eq!(charge.amount_refunded, Some(11_497));
    assert_eq!(charge.payment_intent.as_deref(), Some("pi_1"));
    assert_eq!(charge.refunds.len(), 2);
    assert_eq!(charge.refunds[0].amount, Some(200));
    let failed = object!(EventBuilder::refund_failed("re_1"), Refund);
    assert_eq!(failed.status, Some(RefundStatus::Failed));
    assert_eq!(
        failed.failure_reason.as_deref(),
        Some("expired_or_canceled_card")
    );
    assert_eq!(failed.charge.as_deref(), Some("ch_1"));
    let lost = object!(EventBuilder::charge_dispute_closed("dp_1"), Dispute);
    assert_eq!(lost.status, Some(DisputeStatus::Lost));
    assert_eq!(lost.payment_intent.as_deref(), Some("pi_1"));
}

#[test]
fn cards_customers_and_billing() {
    let saved = object!(EventBuilder::setup_intent_succeeded("seti_1"), SetupIntent);
    assert_eq!(saved.status, Some(SetupIntentStatus::Succeeded));
    assert_eq!(saved.payment_method.as_deref(), Some("pm_1"));
    let refused = object!(
        EventBuilder::setup_intent_setup_failed("seti_1"),
        SetupIntent
    );
    assert!(refused.last_setup_error.is_some());
    let method = object!(
        EventBuilder::payment_method_attached("pm_1").customer("cus_1"),
        PaymentMethod
    );
    let card = method.card.unwrap();
    assert_eq!((card.exp_month, card.exp_year), (Some(8), Some(2_030)));
    assert_eq!(method.customer.as_deref(), Some("cus_1"));
    let gone = EventBuilder::payment_method_detached("pm_1")
        .previous_attributes(json!({"customer": "cus_1"}))
        .event();
    assert_eq!(
        gone.previous_attributes_json().map(str::len),
        Some("{\n      \"customer\": \"cus_1\"\n    }".len())
    );
    let customer = object!(
        EventBuilder::customer_updated("cus_1").field(
            "invoice_settings",
            json!({"default_payment_method": {"id": "pm_1"}})
        ),
        Customer
    );
    assert_eq!(customer.default_payment_method(), Some("pm_1"));
    let open = object!(EventBuilder::invoice_payment_failed("in_1"), Invoice);
    assert_eq!(open.status, Some(InvoiceStatus::Open));
    assert_eq!(open.subscription(), Some("sub_1"));
    let old = object!(
        EventBuilder::invoice_paid("in_1")
            .field("parent", json!(null))
            .field("subscription", json!("sub_2")),
        Invoice
    );
    assert_eq!(old.subscription(), Some("sub_2"));
    let over = object!(
        EventBuilder::customer_subscription_deleted("sub_1"),
        Subscription
    );
    assert_eq!(over.status, Some(SubscriptionStatus::Canceled));
    assert!(over.ended_at.is_some());
}

#[test]
fn texts_line_up_in_columns() {
    let event = EventBuilder::invoice_paid("in_1").id("evt_1").event();
    assert_eq!(
        format!("{:<8}|{:>13}|", event.id, event.kind),
        "evt_1   | invoice.paid|"
    );
}
