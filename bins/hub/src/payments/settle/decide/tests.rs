//! Every type, and every way in which it may lack something.
#![allow(
    clippy::needless_pass_by_value,
    reason = "written as json!(…) where it is called"
)]

use serde_json::{Value, json};

use super::*;

fn event(kind: &str, object: Value) -> Action {
    let body = json!({
        "id": "evt_1", "object": "event", "type": kind, "created": 1_763_827_200,
        "data": {"object": object},
    });
    decide(&Event::parse(body.to_string().as_bytes()).unwrap())
}

/// The same value with some fields in place of its own; null takes one out.
fn with(mut value: Value, changes: Value) -> Value {
    for (key, change) in changes.as_object().unwrap() {
        if change.is_null() {
            value.as_object_mut().unwrap().remove(key);
        } else {
            value[key] = change.clone();
        }
    }
    value
}

fn session() -> Value {
    json!({
        "id": "cs_1", "object": "checkout.session", "mode": "payment", "status": "complete",
        "payment_status": "paid", "amount_total": 11_497, "currency": "cad",
        "payment_intent": "pi_1", "customer": "cus_1", "client_reference_id": "SINV-2",
        "metadata": {"invoice": "SINV-1", "customer": "Zoé Gagnon"},
    })
}

fn intent() -> Value {
    json!({
        "id": "pi_1", "object": "payment_intent", "status": "succeeded", "amount": 12_000,
        "amount_received": 11_497, "currency": "cad", "customer": "cus_1",
        "metadata": {"invoice": "SINV-1", "customer": "Zoé Gagnon"},
    })
}

fn refund() -> Value {
    json!({
        "id": "re_1", "object": "refund", "status": "succeeded", "amount": 500, "currency": "cad",
        "payment_intent": "pi_1", "created": 1_763_800_000,
    })
}

fn money() -> Money {
    Money {
        intent: "pi_1".to_owned(),
        amount: 11_497,
        currency: "cad".to_owned(),
        invoice: Some("SINV-1".to_owned()),
        customer: Some("Zoé Gagnon".to_owned()),
        payer: Some("cus_1".to_owned()),
        at: Timestamp::from_second(1_763_827_200).unwrap(),
    }
}

fn is_nothing(action: &Action) -> bool {
    matches!(action, Action::Nothing(_))
}

#[test]
fn the_events_of_one_payment_speak_of_the_same_money() {
    let paid = Action::Book(money());
    assert_eq!(event("checkout.session.completed", session()), paid);
    let delayed = event("checkout.session.async_payment_succeeded", session());
    assert_eq!(delayed, paid);
    assert_eq!(event("payment_intent.succeeded", intent()), paid);
    // Whole objects in place of ids, and numbers as text, change nothing.
    let expanded = with(
        session(),
        json!({"payment_intent": {"id": "pi_1"}, "customer": {"id": "cus_1"}}),
    );
    assert_eq!(event("checkout.session.completed", expanded), paid);
}

#[test]
fn an_invoice_is_named_by_metadata_before_the_reference() {
    let of = |object| match event("checkout.session.completed", object) {
        Action::Book(money) => money.invoice,
        other => panic!("{other:?}"),
    };
    assert_eq!(
        of(with(session(), json!({"metadata": {}}))).as_deref(),
        Some("SINV-2")
    );
    assert_eq!(
        of(with(
            session(),
            json!({"metadata": null, "client_reference_id": null})
        )),
        None
    );
    let odd = json!({"metadata": {"invoice": "  "}, "client_reference_id": "x".repeat(200)});
    assert_eq!(of(with(session(), odd)), None);
    let control = json!({"metadata": {"invoice": "a\u{0}b"}, "client_reference_id": "\n"});
    assert_eq!(of(with(session(), control)), None);
}

#[test]
fn what_is_not_paid_is_not_booked() {
    let completed = |changes| event("checkout.session.completed", with(session(), changes));
    for changes in [
        json!({"payment_status": "unpaid"}),
        json!({"payment_status": "no_payment_required"}),
        json!({"payment_status": null}),
        json!({"payment_status": "of_another_time"}),
        json!({"payment_intent": null}),
        json!({"payment_intent": ""}),
        json!({"amount_total": 0}),
        json!({"amount_total": -5}),
        json!({"amount_total": 11.5}),
        json!({"amount_total": null}),
        json!({"currency": null}),
        json!({"currency": "dollar"}),
    ] {
        assert!(is_nothing(&completed(changes.clone())), "{changes}");
    }
    let succeeded = |changes| event("payment_intent.succeeded", with(intent(), changes));
    for changes in [
        json!({"status": "processing"}),
        json!({"id": null}),
        json!({"amount_received": 0}),
        json!({"currency": null}),
    ] {
        assert!(is_nothing(&succeeded(changes.clone())), "{changes}");
    }
    // Old API versions do not say what was received.
    let Action::Book(money) = succeeded(json!({"amount_received": null})) else {
        panic!("not booked");
    };
    assert_eq!(money.amount, 12_000);
}

#[test]
fn a_refund_counts_once_it_has_arrived_and_no_longer_once_it_has_failed() {
    let booked = Refund {
        id: "re_1".to_owned(),
        intent: Some("pi_1".to_owned()),
        amount: 500,
        currency: "cad".to_owned(),
        customer: None,
        at: Timestamp::from_second(1_763_800_000).unwrap(),
    };
    for kind in ["refund.created", "refund.updated"] {
        assert_eq!(
            event(kind, refund()),
            Action::Refund(booked.clone()),
            "{kind}"
        );
        assert!(is_nothing(&event(
            kind,
            with(refund(), json!({"status": "pending"}))
        )));
    }
    for (kind, status) in [
        ("refund.failed", "failed"),
        ("refund.updated", "failed"),
        ("refund.updated", "canceled"),
    ] {
        let failed = event(kind, with(refund(), json!({"status": status})));
        assert_eq!(failed, Action::Unrefund(booked.clone()), "{kind} {status}");
    }
    for changes in [
        json!({"id": null}),
        json!({"amount": 0}),
        json!({"currency": null}),
        json!({"status": null}),
    ] {
        assert!(is_nothing(&event(
            "refund.updated",
            with(refund(), changes)
        )));
    }
    let charge =
        json!({"id": "ch_1", "object": "charge", "payment_intent": "pi_1", "amount_refunded": 500});
    let asked = Action::Refunds {
        intent: "pi_1".to_owned(),
    };
    assert_eq!(event("charge.refunded", charge.clone()), asked);
    let bare = with(charge, json!({"payment_intent": null}));
    assert!(is_nothing(&event("charge.refunded", bare)));
}

#[test]
fn a_refusal_names_its_reason() {
    let object = with(
        intent(),
        json!({"status": "requires_payment_method", "last_payment_error": {
            "code": "card_declined", "decline_code": "insufficient_funds", "message": "secret"}}),
    );
    let Action::Failed(failed) = event("payment_intent.payment_failed", object) else {
        panic!("not failed");
    };
    assert_eq!(failed.code.as_deref(), Some("insufficient_funds"));
    assert_eq!(failed.invoice.as_deref(), Some("SINV-1"));
    let debit = event("checkout.session.async_payment_failed", session());
    assert!(matches!(debit, Action::Failed(failed) if failed.amount == Some(11_497)));
    let bare = with(session(), json!({"payment_intent": null}));
    assert!(is_nothing(&event(
        "checkout.session.async_payment_failed",
        bare
    )));
}

#[test]
fn disputes_and_cards_are_told() {
    let dispute = json!({"id": "dp_1", "object": "dispute", "payment_intent": "pi_1", "amount": 500,
        "currency": "cad", "reason": "fraudulent", "status": "needs_response"});
    for (kind, closed) in [
        ("charge.dispute.created", false),
        ("charge.dispute.closed", true),
    ] {
        let Action::Contest(contest) = event(kind, dispute.clone()) else {
            panic!("not contested");
        };
        assert_eq!((contest.closed, contest.id.as_str()), (closed, "dp_1"));
    }
    assert!(is_nothing(&event(
        "charge.dispute.created",
        with(dispute, json!({"id": null}))
    )));

    let card = |kind, object| match event(kind, object) {
        Action::Card(card) => (card.what, card.payer),
        other => panic!("{other:?}"),
    };
    let method = json!({"id": "pm_1", "object": "payment_method", "customer": "cus_1"});
    let cus = || Some("cus_1".to_owned());
    assert_eq!(
        card("payment_method.attached", method.clone()),
        ("payment_method.saved", cus())
    );
    let updated = card("payment_method.automatically_updated", method.clone());
    assert_eq!(updated, ("payment_method.updated", cus()));
    let setup = json!({"id": "seti_1", "object": "setup_intent", "customer": "cus_1", "payment_method": "pm_1"});
    assert_eq!(
        card("setup_intent.succeeded", setup),
        ("payment_method.saved", cus())
    );
    let saved = with(
        session(),
        json!({"mode": "setup", "payment_status": "no_payment_required"}),
    );
    assert_eq!(
        card("checkout.session.completed", saved),
        ("payment_method.saved", cus())
    );

    let body = json!({"id": "evt_1", "object": "event", "type": "payment_method.detached", "data": {
        "object": with(method, json!({"customer": null})), "previous_attributes": {"customer": "cus_1"}}});
    let Action::Card(removed) = decide(&Event::parse(body.to_string().as_bytes()).unwrap()) else {
        panic!("not told");
    };
    assert_eq!(
        (removed.what, removed.payer),
        ("payment_method.removed", cus())
    );
}

#[test]
fn everything_else_is_nothing() {
    for kind in [
        "checkout.session.expired",
        "payment_intent.processing",
        "payment_intent.canceled",
        "setup_intent.setup_failed",
        "invoice.paid",
        "customer.updated",
        "customer.subscription.deleted",
        "fish.caught",
    ] {
        for object in [
            session(),
            intent(),
            refund(),
            json!({"object": "fish"}),
            json!(null),
        ] {
            assert!(is_nothing(&event(kind, object)), "{kind}");
        }
    }
    // An object of another kind than the type speaks of.
    for kind in [
        "checkout.session.completed",
        "payment_intent.succeeded",
        "refund.created",
    ] {
        assert!(is_nothing(&event(
            kind,
            json!({"id": "x", "object": "customer"})
        )));
    }
}
